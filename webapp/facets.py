"""The facets beside the hits: values with counts, chosen ones told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.search import FacetCount
from webapp.filters import label
from webapp.links import search_url
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
    """One value of a facet; a chosen one is there even where it has no statement.

    ``name`` is what people call it, ``title`` the whole of that, "" where there is no more; ``url``
    the search with it too, or without it where it is ``chosen``.
    """

    name: str
    count: int
    chosen: bool
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with something to choose; ``folded`` are the values after the first few."""

    name: str
    title: str
    shown: tuple[Value, ...]
    folded: tuple[Value, ...]


def facets(
    counts: Mapping[str, Sequence[FacetCount]],
    params: SearchParams,
    names: Mapping[str, str],
) -> Iterator[Facet]:
    """The facets to show: years the newest first, months only inside a chosen year.

    ``names`` are the sources' own by id.
    """
    for name, title in TITLES.items():
        if name == "month" and not (params.filters.keys() & {"year", "month"}):
            continue
        titles = names if name == "source" else {}
        values = _values(name, counts[name], params, titles)
        if values:
            cut = max(SHOWN, 1 + _last_chosen(values))
            cut = cut if cut + FEW < len(values) else len(values)
            yield Facet(name, title, values[:cut], values[cut:])


def _values(
    name: str,
    counts: Sequence[FacetCount],
    params: SearchParams,
    titles: Mapping[str, str],
) -> tuple[Value, ...]:
    found = [(each.value, each.count) for each in counts if each.value]
    if name == "year":
        found.sort(key=lambda each: each[0].isdigit() and int(each[0]), reverse=True)
    there = {value for value, _ in found}
    chosen = params.filters.get(name, ())
    found[:0] = [(value, 0) for value in chosen if value not in there]
    more = params.with_filter(name, "").args  # but for the value, that of all others

    def url(value: str) -> str:
        if value in chosen:
            return search_url(params.without_filter(name, value).args)
        return search_url(more | {name: [*chosen, value]})

    return tuple(
        Value(
            label(value, name),
            count,
            value in chosen,
            url(value),
            titles.get(value, ""),
        )
        for value, count in found
    )


def _last_chosen(values: tuple[Value, ...]) -> int:
    return max((i for i, each in enumerate(values) if each.chosen), default=-1)
