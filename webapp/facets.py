"""The facets beside the hits: values with counts, chosen ones told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from markupsafe import escape

from indexer.search import FacetCount
from webapp.filters import as_html, label
from webapp.links import argument, search_prefix, search_url
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


class Value(NamedTuple):
    """One value of a facet; a chosen one is there even where it has no statement.

    ``name`` is what people call it, ``title`` the whole of that, "" where there is no more; ``url``
    the search with it too, or without it where it is ``chosen``. Each of the three is HTML.
    """

    name: str
    count: int  # type: ignore[assignment]  # a tuple's own count is not missed
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
    prefix = search_prefix(params.with_page(1).args)
    for name, title in TITLES.items():
        if name == "month" and not (params.filters.keys() & {"year", "month"}):
            continue
        titles = names if name == "source" else {}
        values = _values(name, counts[name], params, titles, prefix)
        if values:
            cut = max(SHOWN, 1 + _last_chosen(values))
            cut = cut if cut + FEW < len(values) else len(values)
            yield Facet(name, title, values[:cut], values[cut:])


def _values(
    name: str,
    counts: Sequence[FacetCount],
    params: SearchParams,
    titles: Mapping[str, str],
    prefix: str,
) -> tuple[Value, ...]:
    """Of one facet; ``prefix`` is that of addresses where nothing of it is chosen."""
    found = [(each.value, each.count) for each in counts if each.value]
    if name == "year":
        found.sort(key=lambda each: each[0].isdigit() and int(each[0]), reverse=True)
    there = {value for value, _ in found}
    chosen = params.filters.get(name, ())
    found[:0] = [(value, 0) for value in chosen if value not in there]
    if chosen or (name == "year" and "month" in params.filters):
        own = {name: list(chosen)} if chosen else {}
        prefix = search_prefix(params.without_filter(name).args | own)
    return tuple(
        [
            Value(
                _label(value, name),
                count,
                value in chosen,
                (
                    _without(params, name, value)
                    if value in chosen
                    else prefix + argument(name, value)
                ),
                as_html(titles.get(value, "")),
            )
            for value, count in found
        ]
    )


def _without(params: SearchParams, name: str, value: str) -> str:
    return escape(search_url(params.without_filter(name, value).args))


@lru_cache(maxsize=4096)
def _label(value: str, name: str) -> str:
    return escape(label(value, name))


def _last_chosen(values: tuple[Value, ...]) -> int:
    return max((i for i, each in enumerate(values) if each.chosen), default=-1)
