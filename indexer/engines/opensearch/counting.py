"""How often a query stands in statements, where the cluster can count that by itself.

It can where all that is looked for are words and phrases of which no two match at the same place.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.documents import stemmed
from indexer.engines.opensearch.translate import Translation
from indexer.engines.whoosh.leaves import Sought
from indexer.query import Phrase, Term

#: The sum of occurrences, as an aggregation in a search for ``counted``.
OCCURRENCES: Body = {
    "occurrences": {"sum": {"script": {"source": "Math.round(_score.doubleValue())"}}}
}


def countable(wanted: Sequence[Sought], language: str) -> list[Sought] | None:
    """The leaves of which each place counts once, or None where the cluster cannot tell them.

    Words of one stem are one leaf: each stands where the other does.
    """
    words: dict[tuple[str, str], str] = {}
    kept = []
    for each in wanted:
        leaf = each.leaf
        if isinstance(leaf, Phrase) and len(leaf.words) > 1:
            kept += [Sought(leaf, (name,)) for name in each.fields]
            continue
        if not isinstance(leaf, Term | Phrase):
            return None
        word = leaf.word if isinstance(leaf, Term) else leaf.words[0]
        (stem,) = stemmed([word], language)
        # Any form of a stem, or this one form: both at once may share places.
        means = "" if isinstance(leaf, Term) else word
        for name in each.fields:
            known = words.setdefault((name, stem), means)
            if known != means and not (known and means):
                return None
            kept.append(Sought(Term(word) if not means else leaf, (name,)))
    return _once(kept, language)


def _once(leaves: Sequence[Sought], language: str) -> list[Sought]:
    found: dict[object, Sought] = {}
    for each in leaves:
        key: object = each
        if isinstance(each.leaf, Term):
            key = (*stemmed([each.leaf.word], language), each.fields)
        found.setdefault(key, each)
    return list(found.values())


def counted(within: Body, leaves: Sequence[Sought], translation: Translation) -> Body:
    """What is ``within``, scored by how often the leaves stand in it."""
    once = {"title": 1.0, "text": 1.0}
    should = [translation.frequency(leaf, once) for leaf in leaves]
    return {"bool": {"filter": [within], "should": should}}
