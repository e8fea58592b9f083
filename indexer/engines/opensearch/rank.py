"""The order of hits, and the scores that decide it.

Scores are those of the embedded engine (``indexer.engines.whoosh.rank``), by the same formula. The
cluster's own BM25 would count in each shard by itself, or with ``dfs_query_then_fetch`` ask all of
them before; here one small search before asks how many statements have each leaf, among those of
the days asked for, and the shards compute with these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.translate import Translation
from indexer.engines.whoosh.leaves import TITLE_WEIGHT, Sought
from indexer.engines.whoosh.rank import K1, B, rarity
from indexer.search import Sort

_BY_ID: Body = {"id": "asc"}
_NEWEST: Body = {"first_day": "desc"}

_SCORE = "params.weight * _score / (_score + params.base + params.slope * doc['length'].value)"

#: What the cluster is asked for each order; undated statements have the day 0.
ORDERS: Mapping[Sort, Sequence[Body]] = {
    Sort.RELEVANCE: ({"_score": "desc"}, _NEWEST, _BY_ID),
    Sort.NEWEST: (_NEWEST, _BY_ID),
    Sort.OLDEST: ({"oldest": "asc"}, _BY_ID),
}


def counting(leaves: Sequence[Body]) -> Body:
    """The aggregation that counts statements by leaf."""
    filters = {str(number): leaf for number, leaf in enumerate(leaves)}
    return {"leaves": {"filters": {"filters": filters}}}


def counted(answer: Mapping[str, Any]) -> list[int]:
    """The counts in an answer to ``counting``, by leaf."""
    found = answer["aggregations"]["leaves"]["buckets"]
    return [found[str(number)]["doc_count"] for number in range(len(found))]


def scores(
    wanted: Sequence[Sought],
    translation: Translation,
    counts: Sequence[int],
    population: int,
    average: float,
) -> list[Body]:
    """A query for each leaf that scores by it."""
    length = max(1.0, average)
    scored = []
    for leaf, count in zip(wanted, counts, strict=True):
        params = {
            "weight": float(np.float32(rarity(population, count) * (K1 + 1))),
            "base": K1 * (1 - B),
            "slope": K1 * B / length,
        }
        frequencies = translation.frequency(leaf, {"title": TITLE_WEIGHT, "text": 1.0})
        script = {"source": _SCORE, "params": params}
        scored.append({"script_score": {"query": frequencies, "script": script}})
    return scored
