"""First and last use, and the longest silence between, of whole results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.segment import Segment
from indexer.search import Searched


def searched(segments: Sequence[Segment], docs: Sequence[Array]) -> Searched:
    """How many documents these are (by segment), and all days that their dates may mean."""
    firsts, lasts = _days(segments, docs)
    days = None
    if len(firsts):
        days = DateRange(_date(firsts.min()), _date(lasts.max()))
    return Searched(sum(map(len, docs)), days)


def longest_silence(
    segments: Sequence[Segment], docs: Sequence[Array]
) -> DateRange | None:
    """The most days in a row, between the first and the last, that no document's date may mean.

    The first of several that are as long; None where there is none.
    """
    firsts, lasts = _days(segments, docs)
    order = np.argsort(firsts, kind="stable")
    firsts, reached = firsts[order], np.maximum.accumulate(lasts[order])
    silent = firsts[1:] - reached[:-1] - 1
    if not len(silent) or silent.max() < 1:
        return None
    place = int(silent.argmax())
    return DateRange(_date(reached[place] + 1), _date(firsts[place + 1] - 1))


def _days(segments: Sequence[Segment], docs: Sequence[Array]) -> tuple[Array, Array]:
    """The first and the last day that each dated document may mean, as ordinals."""
    firsts, lasts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for segment, chosen in zip(segments, docs, strict=True):
        first = segment.documents.first_day[chosen]
        dated = first.nonzero()[0]
        firsts.append(first[dated])
        lasts.append(segment.documents.last_day[chosen][dated])
    return np.concatenate(firsts), np.concatenate(lasts)


def _date(ordinal: int) -> date:
    return date.fromordinal(int(ordinal))
