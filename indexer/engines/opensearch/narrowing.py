"""Filters and facets: what narrows a result, and how it is spread over values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.translate import all_of
from indexer.engines.whoosh.facets import ignored_by
from indexer.errors import EngineError
from indexer.search import FacetCount

#: The most values of a facet; the cluster's own limit for all of one answer.
MOST_VALUES = 65_000

_TIMES = ("year", "month")


class Narrowing:
    """The filters of a request."""

    def __init__(self, filters: Mapping[str, tuple[str, ...]]) -> None:
        self._clauses = {
            name: {"terms": {name: [_sent(value) for value in values]}}
            for name, values in filters.items()
        }

    def query(self, free: Iterable[str] = ()) -> Body:
        """What passes all filters but those named ``free``."""
        ignored = set(free)
        return all_of(c for name, c in self._clauses.items() if name not in ignored)

    def facet(self, name: str, inside: Body | None = None) -> Body:
        """The aggregation for a facet; ``inside`` are others for each of its values."""
        values: Body = {"terms": {"field": name, "size": MOST_VALUES}}
        if inside:
            values["aggs"] = inside
        return {"filter": self.query(ignored_by(name)), "aggs": {"values": values}}


def buckets(answer: Mapping[str, Any]) -> list[Body]:
    """The values in an answer to ``Narrowing.facet``, all of them or an error."""
    return every_bucket(answer["values"])


def every_bucket(values: Mapping[str, Any]) -> list[Body]:
    """The values in an answer to ``terms``, all of them or an error."""
    if values["sum_other_doc_count"]:
        raise EngineError(
            f"There are more than {MOST_VALUES:,} values to count: narrow the search."
        )
    found: list[Body] = values["buckets"]
    return found


def in_order(name: str, counts: Mapping[str, int]) -> tuple[FacetCount, ...]:
    """The counts of a facet as they are shown."""
    by_time = name in _TIMES  # figures stand before "undated"
    ordered = sorted(
        counts.items(), key=lambda pair: (0 if by_time else -pair[1], pair[0])
    )
    return tuple(FacetCount(value, count) for value, count in ordered if count)


def _sent(value: str) -> str:
    """A value as it can be sent: half of a pair of surrogates is no character."""
    return value.encode("utf-8", "replace").decode()
