"""Words of the corpus that are spelled nearly like another one.

The cluster finds statements with near spellings and never tells which words those are: some are
read, and it is asked again for what has others, until there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rapidfuzz.distance import OSA

from indexer.analysis import tokenize
from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.documents import statement_of
from indexer.engines.opensearch.translate import any_of
from indexer.query import Fuzzy
from indexer.query.tree import TEXT_FIELDS

# Statements that are read at a time, and the most times; a word that is typed has few neighbours.
_READ, _ROUNDS = 50, 40


def spellings(
    searches: Callable[..., list[Body]], word: str, whole: Mapping[str, Any]
) -> list[str]:
    """The nearest first, of those as near the most frequent, then in the order of letters.

    ``whole`` is what a search is told to bring of a document.
    """
    edits = Fuzzy(word).edits
    distances = {word: 0}
    for _ in range(_ROUNDS):
        query = any_of(_others(name, word, edits, distances) for name in TEXT_FIELDS)
        (answer,) = searches({"query": query, "size": _READ, **whole})
        hits = answer["hits"]["hits"]
        for hit in hits:
            statement = statement_of(hit["_source"])
            for token in {*tokenize(statement.headline), *tokenize(statement.text)}:
                distance = OSA.distance(word, token, score_cutoff=edits)
                if distance <= edits:
                    distances[token] = distance
        if len(hits) < _READ:
            break
    del distances[word]
    found = sorted(distances)
    often = dict(zip(found, _frequencies(searches, found), strict=True))
    return sorted(found, key=lambda each: (distances[each], -often[each], each))


def _others(name: str, word: str, edits: int, known: Mapping[str, int]) -> Body:
    """What has a near spelling in a field, and none of those that are known."""
    field = f"tokens.{name}"
    near = {"value": word, "fuzziness": edits, "rewrite": "constant_score"}
    return {
        "bool": {
            "filter": [{"fuzzy": {field: near}}],
            "must_not": [{"terms": {field: list(known)}}],
        }
    }


def _frequencies(searches: Callable[..., list[Body]], words: list[str]) -> list[int]:
    """How many tokens are each of the words."""
    if not words:
        return []
    total = {"total": {"sum": {"script": {"source": "_score.doubleValue()"}}}}
    answers = searches(
        *(
            {
                "query": any_of({"term": {f"tokens.{n}": word}} for n in TEXT_FIELDS),
                "size": 0,
                "aggs": total,
            }
            for word in words
        )
    )
    return [int(answer["aggregations"]["total"]["value"]) for answer in answers]
