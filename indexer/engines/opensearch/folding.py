"""Folding: of near-copies among the results of a search, the earliest stands for all.

Which one that is depends on what is found, so the copies among the results are read: their groups,
days and values, not their texts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.translate import all_of
from indexer.engines.whoosh.facets import ignored_by
from indexer.search import FACETS

# Rows are small: many at a time.
_ROWS = 10_000


class _Copy(NamedTuple):
    """What is known of a copy: its group, its place in it, its id, and its values by facet."""

    group: str
    oldest: int
    id: str
    values: Mapping[str, Set[str]]


class Folded:
    """The copies that match a query, with the filters of a search."""

    def __init__(
        self, copies: Iterable[_Copy], filters: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._copies = list(copies)
        self._filters = filters
        #: The ids of those that are folded under another, and how many under each that is shown.
        self.hidden: list[str] = []
        self.more: dict[str, int] = {}
        groups = defaultdict(list)
        for copy in self._passing(()):
            groups[copy.group].append(copy)
        for members in groups.values():
            first, *others = sorted(members, key=lambda each: (each.oldest, each.id))
            self.hidden += [each.id for each in others]
            self.more[first.id] = len(others)

    def _passing(self, free: Iterable[str]) -> Iterator[_Copy]:
        """Those that pass all filters but those named ``free``."""
        ignored = set(free)
        filters = {n: set(v) for n, v in self._filters.items() if n not in ignored}
        for copy in self._copies:
            if all(copy.values[name] & wanted for name, wanted in filters.items()):
                yield copy

    def counts(self, facet: str) -> Counter[str]:
        """How many groups have each value of a facet."""
        passing = self._passing(ignored_by(facet))
        pairs = {(copy.group, v) for copy in passing for v in copy.values[facet]}
        return Counter(value for _, value in pairs)


def folded(
    walk: Callable[..., Iterable[Body]],
    index: str,
    base: Body,
    filters: Mapping[str, tuple[str, ...]],
) -> Folded:
    """The copies that ``base`` finds."""
    body = {
        "query": all_of([base, {"exists": {"field": "group"}}]),
        "_source": False,
        "docvalue_fields": ["group", "oldest", "id", *FACETS],
    }
    hits = walk(index, body, [{"id": "asc"}], _ROWS)
    return Folded((_copy(hit["fields"]) for hit in hits), filters)


def _copy(fields: Mapping[str, Any]) -> _Copy:
    return _Copy(
        group=fields["group"][0],
        oldest=int(fields["oldest"][0]),
        id=fields["id"][0],
        values={name: frozenset(fields.get(name, ())) for name in FACETS},
    )
