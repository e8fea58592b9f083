"""The facets beside the hits: values with counts, chosen ones told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from indexer.search import FacetCount
from webapp import rows
from webapp.links import search_prefix, search_url
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
class Facet:
    """A facet with something to choose: rows of its values, of which ``folded`` are the later ones.

    A chosen value is there even where it has no statement.
    """

    name: str
    title: str
    shown: Markup
    folded: Markup
    more: int


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
        values, last = _values(name, counts[name], params)
        titles = names if name == "source" else {}
        made = _rows(name, values, params, titles, prefix)
        if made:
            cut = max(SHOWN, 1 + last)
            cut = cut if cut + FEW < len(made) else len(made)
            yield Facet(
                name,
                title,
                Markup("".join(made[:cut])),
                Markup("".join(made[cut:])),
                len(made) - cut,
            )


def _values(
    name: str, counts: Sequence[FacetCount], params: SearchParams
) -> tuple[list[tuple[str, int]], int]:
    """Values with their counts, and the place of the last chosen one, -1 where none is."""
    found = [(value, count) for value, count in counts if value]
    if name == "year":
        found.sort(key=lambda each: each[0].isdigit() and int(each[0]), reverse=True)
    chosen = params.filters.get(name, ())
    if not chosen:
        return found, -1
    there = {value for value, _ in found}
    found[:0] = [(value, 0) for value in chosen if value not in there]
    return found, max(i for i, (value, _) in enumerate(found) if value in chosen)


def _rows(
    name: str,
    values: Sequence[tuple[str, int]],
    params: SearchParams,
    titles: Mapping[str, str],
    prefix: str,
) -> list[str]:
    """The rows of a facet; ``prefix`` is that of addresses where nothing of it is chosen."""
    chosen = params.filters.get(name, ())
    if chosen or (name == "year" and "month" in params.filters):
        own = {name: list(chosen)} if chosen else {}
        prefix = search_prefix(params.without_filter(name).args | own)
    made = []
    for value, count in values:
        title = titles.get(value, "")
        if value in chosen:
            without = escape(search_url(params.without_filter(name, value).args))
            made.append(rows.chosen(name, value, title, count, without, TITLES[name]))
        else:
            made.append(rows.choice(name, value, title, count, prefix))
    return made
