"""Parts near each other, on whole arrays of spans.

All spans here are minimal: none holds another, so starts and ends both ascend. After Clarke,
Cormack and Burkowski, "An algebra for structured text search" (The Computer Journal 38, 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product

import numpy as np

from indexer import deadline
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import NO_SPANS, Spans, heads, ranges


def minimal(spans: Spans) -> Spans:
    """Without duplicates and without those that hold another."""
    spans = spans.select(np.lexsort((-spans.ends, spans.starts)))
    # Read from the right: a span holds another if one that starts no earlier ends no later.
    least = np.minimum.accumulate(spans.ends[::-1])[::-1]
    keeps = np.append(spans.ends[:-1] < least[1:], True)[: len(least)]
    return spans.select(np.flatnonzero(keeps))


def either(parts: Sequence[Spans]) -> Spans:
    """The spans of any of the parts."""
    return minimal(Spans(*map(np.concatenate, zip(*parts, strict=True))))


def near(
    parts: Sequence[Spans], distance: int, bounds: Array, *, ordered: bool
) -> Spans:
    """The shortest stretches that hold all parts, at most ``distance - 1`` other words between.

    ``bounds`` are where documents begin: a stretch lies in one.
    """
    if not all(len(part.starts) for part in parts):
        return NO_SPANS
    if not ordered and all((part.ends - part.starts == 1).all() for part in parts):
        starts = np.concatenate([part.starts for part in parts])
        order = np.argsort(starts, kind="stable")  # runs that ascend
        starts = starts[order]
        if (starts[1:] != starts[:-1]).all():
            which = np.repeat(range(len(parts)), [len(part.starts) for part in parts])
            return _together(starts, which[order], len(parts), distance, bounds)
    # Of alternatives of several lengths, one behind another may leave fewer words between.
    found = [
        _in_order(order, distance, bounds)
        for choice in product(*map(_by_length, parts))
        for order in ([choice] if ordered else permutations(choice))
    ]
    return either(found)


def sharing(parts: Sequence[Spans], bounds: Array) -> list[Spans]:
    """Of each part the spans in stretches that hold one of every part: in shared paragraphs.

    ``bounds`` are where stretches begin, and the end of the last. A span over a bound is in none.
    """
    parts = sorted((_unbroken(part, bounds) for part in parts), key=_size)
    shared = np.searchsorted(bounds, parts[0].starts, "right") - 1
    shared = shared[heads(shared)]
    for part in parts[1:]:
        first, stop = _inside(part, bounds, shared)
        shared = shared[(first < stop).nonzero()[0]]
    return [part.select(ranges(*_inside(part, bounds, shared))) for part in parts]


def _size(spans: Spans) -> int:
    return len(spans.starts)


def _inside(spans: Spans, bounds: Array, stretches: Array) -> tuple[Array, Array]:
    """The first span in each stretch, and the one after the last."""
    first = np.searchsorted(spans.starts, bounds[stretches])
    return first, np.searchsorted(spans.starts, bounds[stretches + 1])


def _unbroken(spans: Spans, bounds: Array) -> Spans:
    """Those that lie between two bounds."""
    if (spans.ends - spans.starts == 1).all():
        return spans
    stops = bounds[np.searchsorted(bounds, spans.starts, "right")]
    return spans.select((spans.ends <= stops).nonzero()[0])


def _together(
    places: Array, which: Array, parts: int, distance: int, bounds: Array
) -> Spans:
    """``near`` for words in any order: each word as the last one, and the others' last before it.

    ``places`` ascend, ``which`` tells the part of each.
    """
    starts = places
    for part in range(parts):
        before = np.maximum.accumulate(np.where(which == part, places, -1))
        starts = np.minimum(starts, before)
    whole = np.flatnonzero(starts >= 0)
    spans = Spans(starts[whole], places[whole] + 1)
    gaps = spans.ends - spans.starts - parts
    return minimal(_within(spans, gaps, distance, bounds))


def _by_length(spans: Spans) -> list[Spans]:
    lengths = spans.ends - spans.starts
    return [spans.select(np.flatnonzero(lengths == n)) for n in np.unique(lengths)]


def _in_order(parts: Sequence[Spans], distance: int, bounds: Array) -> Spans:
    spans, gaps = parts[0], np.zeros(len(parts[0].starts), np.int64)
    for part in parts[1:]:
        deadline.check()
        spans, gaps = _follow(spans, gaps, part)
    return _within(spans, gaps, distance, bounds)


def _within(spans: Spans, gaps: Array, distance: int, bounds: Array) -> Spans:
    """Those with fewer words between than ``distance``, and in one document."""
    ends = bounds[np.searchsorted(bounds, spans.starts, "right")]
    return spans.select(np.flatnonzero((gaps < distance) & (spans.ends < ends)))


def _follow(spans: Spans, gaps: Array, part: Spans) -> tuple[Spans, Array]:
    """Each stretch so far with the next span of ``part`` behind it."""
    behind = np.searchsorted(part.starts, spans.ends)
    # Of several stretches with the same span behind them, the last is the shortest.
    last = np.append(behind[1:] != behind[:-1], True)[: len(behind)]
    chosen = np.flatnonzero(last & (behind < len(part.starts)))
    behind, spans, gaps = behind[chosen], spans.select(chosen), gaps[chosen]
    gaps = gaps + part.starts[behind] - spans.ends
    return Spans(spans.starts, part.ends[behind]), gaps
