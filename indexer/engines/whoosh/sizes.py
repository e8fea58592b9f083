"""How many tokens the results of a search have, by value of a facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.documents import MONTHS
from indexer.engines.whoosh.segment import Segment
from indexer.search import UNDATED


def tokens_by(facet: str, results: Mapping[Segment, Array]) -> dict[str, int]:
    """The tokens of text and headline in the documents of each segment, by the facet's values."""
    total: Counter[str] = Counter()
    for segment, docs in results.items():
        sizes = np.sum([f.lengths[docs] for f in segment.texts.values()], axis=0)
        if facet in ("year", "month"):
            total.update(_by_time(facet, segment.documents.months[docs], sizes))
        else:
            total.update(_by_value(segment, facet, docs, sizes))
    return dict(total)


def _by_value(
    segment: Segment, facet: str, docs: Array, sizes: Array
) -> dict[str, int]:
    field = segment.keywords[facet]
    values, places = np.unique(field.chosen(docs), return_inverse=True)
    sums = np.bincount(places, np.repeat(sizes, field.lengths[docs]))
    names = map(field.values.__getitem__, values.tolist())
    return dict(zip(names, map(int, sums), strict=True))


def _by_time(facet: str, months: Array, sizes: Array) -> dict[str, int]:
    numbers, places = np.unique(
        months // MONTHS if facet == "year" else months, return_inverse=True
    )
    sums = map(int, np.bincount(places, sizes))
    if facet == "year":
        names = [f"{year:04}" if year else UNDATED for year in numbers.tolist()]
    else:
        pairs = (divmod(number, MONTHS) for number in numbers.tolist())
        names = [f"{year:04}-{month:02}" if month else "" for year, month in pairs]
    found = dict(zip(names, sums, strict=True))
    found.pop("", None)
    return found
