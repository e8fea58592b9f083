"""Near-copies among many texts that all share something, such as a form that is filled in daily.

Comparing every two of them one by one costs too much. What a text shares with all others at once is
the product of a matrix, for shingles that many texts hold, and is counted along the lists of those
that hold its other ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.shingles import near

#: A shingle that one text in so many holds has a column of the matrix.
_ONE_IN = 8


def near_in_crowd(
    crowd: Sequence[Array], sought: Sequence[int]
) -> Iterator[tuple[int, Array]]:
    """Each of the places ``sought`` with those of its near-copies; a text is told by its shingles."""
    count = len(crowd)
    sizes = np.array([len(each) for each in crowd])
    _, ids = np.unique(np.concatenate(crowd), return_inverse=True)
    owners = np.repeat(np.arange(count), sizes)
    lengths = np.bincount(ids)
    frequent = lengths * _ONE_IN > count
    matrix = np.zeros((count, np.count_nonzero(frequent)), np.float32)
    cells = frequent[ids]
    matrix[owners[cells], (np.cumsum(frequent) - 1)[ids[cells]]] = 1
    starts = np.cumsum(lengths) - lengths
    holders = owners[np.argsort(ids, kind="stable")]
    ends = np.cumsum(sizes)
    for place in sought:
        size, end = sizes[place], ends[place]
        common = matrix @ matrix[place]
        own = ids[end - size : end]
        for shingle in own[(lengths[own] > 1) & ~frequent[own]].tolist():
            start = starts[shingle]
            common[holders[start : start + lengths[shingle]]] += 1
        yield place, np.flatnonzero(near(common, size, sizes))
