"""First and last use, and the longest silence between, of whole results.

Documents are ascending, and so in the order of their first days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

import numpy as np

from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import heads
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


def dated_within(
    segments: Sequence[Segment], docs: Sequence[Array], days: DateRange
) -> int:
    """How many of the documents are of these days, whatever their dates may mean."""
    assert days.first and days.last, days
    first, last = days.first.toordinal(), days.last.toordinal()
    count = 0
    for segment, chosen in zip(segments, docs, strict=True):
        begin = segment.documents.first_day.data
        ends = bisect_left(begin, first), bisect_right(begin, last)
        low, high = (bisect_left(chosen.data, end) for end in ends)
        ending = segment.documents.last_day.take(chosen[low:high])
        count += int(np.count_nonzero(ending <= last))
    return count


def _days(segments: Sequence[Segment], docs: Sequence[Array]) -> tuple[Array, Array]:
    """The first days that dated documents may mean, as ordinals, each with the last that they may.

    A segment has each first day once.
    """
    firsts, lasts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for segment, chosen in zip(segments, docs, strict=True):
        first = segment.documents.first_day.take(chosen)
        runs = heads(first)
        if len(runs):
            firsts.append(first.take(runs))
            last = segment.documents.last_day.take(chosen)
            lasts.append(np.maximum.reduceat(last, runs))
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    dated = first.nonzero()[0]
    return first[dated], last[dated]


def _date(ordinal: int) -> date:
    return date.fromordinal(int(ordinal))
