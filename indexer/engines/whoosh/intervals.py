"""Parts near each other, on whole arrays of spans.

All spans here are minimal: none holds another, so starts and ends both ascend. After Clarke,
Cormack and Burkowski, "An algebra for structured text search" (The Computer Journal 38, 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import permutations

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import NO_SPANS, Spans


def minimal(spans: Spans) -> Spans:
    """Without duplicates and without those that hold another."""
    order = np.lexsort((-spans.ends, spans.starts))
    spans = spans.select(order)
    # Read from the right: a span holds another if one that starts no earlier ends no later.
    least = np.minimum.accumulate(spans.ends[::-1])[::-1]
    return spans.select(np.append(spans.ends[:-1] < least[1:], True)[: len(spans.ends)])


def either(parts: Sequence[Spans]) -> Spans:
    """The spans of any of the parts."""
    return minimal(Spans(*map(np.concatenate, zip(*parts, strict=True))))


def near(parts: Sequence[Spans], distance: int, *, ordered: bool) -> Spans:
    """The shortest stretches that hold all parts, at most ``distance - 1`` other words between."""
    if not all(len(part.starts) for part in parts):
        return NO_SPANS
    orders = [parts] if ordered else list(permutations(parts))
    return either([_in_order(order, distance) for order in orders])


def _in_order(parts: Sequence[Spans], distance: int) -> Spans:
    gaps = np.zeros(len(parts[0].starts), np.int64)
    spans, gaps = reduce(_follow, parts[1:], (parts[0], gaps))
    return spans.select(gaps < distance)


def _follow(before: tuple[Spans, Array], part: Spans) -> tuple[Spans, Array]:
    """Each stretch so far with the next span of ``part`` behind it in the same document."""
    spans, gaps = before
    behind = np.searchsorted(part.starts, spans.ends)
    # Of several stretches with the same span behind them, the last is the shortest.
    last = np.append(behind[1:] != behind[:-1], True)[: len(behind)]
    last &= behind < len(part.starts)
    behind, spans, gaps = behind[last], spans.select(last), gaps[last]
    same = part.docs[behind] == spans.docs
    behind, spans, gaps = behind[same], spans.select(same), gaps[same]
    gaps = gaps + part.starts[behind] - spans.ends
    return Spans(spans.docs, spans.starts, part.ends[behind]), gaps
