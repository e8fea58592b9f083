"""Words near each other: which of them the cluster counts as we do, and how it is asked.

Lucene's intervals are the minimal ones that ours are too (Clarke, Cormack and Burkowski 1995), but
it lets parts overlap, and takes the words between two parts from the widest alternatives. So it is
asked where no two parts can stand at one place, and all alternatives of a part are as wide.
"""

from __future__ import annotations

from itertools import combinations

from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.documents import stemmed
from indexer.query import Near, Or, Phrase, Query, Term


def is_countable(near: Near, language: str) -> bool:
    """Whether the cluster's intervals are ours."""
    parts = [_alternatives(part) for part in near.parts]
    if not all(isinstance(each, Term | Phrase) for part in parts for each in part):
        return False
    if any(len({_width(each) for each in part}) > 1 for part in parts):
        return False
    # A word has one stem: words that differ in it stand at different places.
    stems = [
        {stem for each in part for stem in stemmed(_words(each), language)}
        for part in parts
    ]
    return not any(one & other for one, other in combinations(stems, 2))


def intervals(near: Near, name: str, language: str) -> Body:
    """The query for a Near that is countable, in one field."""
    rule = {
        "mode": "ordered" if near.ordered else "unordered",
        "max_gaps": near.distance - 1,
        "intervals": [_part(part, name, language) for part in near.parts],
    }
    return {"intervals": {f"tokens.{name}": {"all_of": rule}}}


def _part(part: Query, name: str, language: str) -> Body:
    found = [_source(each, name, language) for each in _alternatives(part)]
    return found[0] if len(found) == 1 else {"any_of": {"intervals": found}}


def _source(leaf: Query, name: str, language: str) -> Body:
    rule: Body = {"max_gaps": 0, "mode": "ordered"}
    if isinstance(leaf, Term):
        rule |= {
            "query": stemmed([leaf.word], language)[0],
            "use_field": f"stems.{name}",
        }
    else:
        rule |= {"query": " ".join(_words(leaf))}
    return {"match": rule}


def _alternatives(part: Query) -> tuple[Query, ...]:
    return part.parts if isinstance(part, Or) else (part,)


def _words(leaf: Query) -> list[str]:
    match leaf:
        case Term(word):
            return [word]
        case Phrase(words):
            return list(words)
    raise AssertionError(leaf)


def _width(leaf: Query) -> int:
    return len(_words(leaf))
