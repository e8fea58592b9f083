"""The facets beside the hits: values with counts, chosen ones told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.search import FacetCount
from webapp.params import SearchParams

TITLES = {
    "year": "Year",
    "month": "Month",
    "source": "Source",
    "kind": "Kind",
    "language": "Language",
}
SHOWN = 10  # values of a facet that are not folded away
FEW = 2  # so many more are shown too


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet; a chosen one is there even where it has no statement."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with something to choose; ``folded`` are the values after the first few."""

    name: str
    title: str
    shown: tuple[Value, ...]
    folded: tuple[Value, ...]


def facets(
    counts: Mapping[str, Sequence[FacetCount]], params: SearchParams
) -> Iterator[Facet]:
    """The facets to show: years the newest first, months only inside a chosen year."""
    for name, title in TITLES.items():
        if name == "month" and not (params.filters.keys() & {"year", "month"}):
            continue
        values = _values(name, counts[name], params)
        if values:
            cut = max(SHOWN, 1 + _last_chosen(values))
            cut = cut if cut + FEW < len(values) else len(values)
            yield Facet(name, title, values[:cut], values[cut:])


def _values(
    name: str, counts: Sequence[FacetCount], params: SearchParams
) -> tuple[Value, ...]:
    found = [
        Value(each.value, each.count, params.has(name, each.value))
        for each in counts
        if each.value
    ]
    if name == "year":
        found.sort(
            key=lambda each: each.value.isdigit() and int(each.value), reverse=True
        )
    there = {each.value for each in found}
    missing = [v for v in params.filters.get(name, ()) if v not in there]
    return (*(Value(value, 0, True) for value in missing), *found)


def _last_chosen(values: tuple[Value, ...]) -> int:
    return max((i for i, each in enumerate(values) if each.chosen), default=-1)
