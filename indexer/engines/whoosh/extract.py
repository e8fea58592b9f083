"""The documents of a page put one after the other, to find the matches of all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce
from itertools import accumulate
from operator import and_

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import RARE
from indexer.engines.whoosh.fields import NO_SPANS, Spans, TextField, heads

_FEW = 4


class Extract:
    """Some documents of a text field; its places count their tokens through, without gaps."""

    def __init__(self, field: TextField, docs: Sequence[int]) -> None:
        self._field = field
        bounds = field.bounds.data
        self._ranges = [(bounds[doc], bounds[doc + 1] - 1) for doc in docs]
        #: Where each document begins here, and the last ends.
        self.offsets = [0, *accumulate(end - begin for begin, end in self._ranges)]

    @cached_property
    def _stream(self) -> Array:
        stream = self._field.stream
        return np.concatenate([stream[begin:end] for begin, end in self._ranges])

    def words(self, terms: Sequence[int]) -> list[Spans]:
        """Where the terms stand: the frequent ones, looked up in the stream, and the rare ones."""
        ranks = self._field.ranks.take(terms)
        frequent = ranks < RARE
        if frequent.all():
            return [self._scan(ranks)]
        rare = [term for term, seen in zip(terms, frequent, strict=True) if not seen]
        found = [self.cut(self._field.occurrences(rare))]
        return found + [self._scan(ranks[frequent])] if frequent.any() else found

    def _scan(self, ranks: Array) -> Spans:
        if len(ranks) < _FEW:
            hit = self._stream == ranks[0]
            for rank in ranks[1:]:
                hit |= self._stream == rank
        else:
            wanted = np.zeros(RARE + 1, bool)
            wanted[ranks] = True
            hit = wanted.take(self._stream)
        starts = hit.nonzero()[0]
        return Spans(starts, starts + 1)

    def phrase(self, terms: Sequence[int]) -> Spans:
        """Where the terms stand next to each other."""
        starts = max(0, self.offsets[-1] - len(terms) + 1)
        known = {term: self._mask(term) for term in set(terms)}
        parts = [known[term][i : i + starts] for i, term in enumerate(terms)]
        begins = reduce(and_, parts).nonzero()[0]
        ends = begins + len(terms)
        offsets = np.array(self.offsets)
        within = ends <= offsets[np.searchsorted(offsets, begins, "right")]
        return Spans(begins, ends).select(within.nonzero()[0])

    def _mask(self, term: int) -> Array:
        """Which tokens are a term."""
        rank = int(self._field.ranks[term])
        if rank < RARE:
            same: Array = self._stream == rank
            return same
        mask = np.zeros(self.offsets[-1], bool)
        mask[self.cut(self._field.occurrences([term])).starts] = True
        return mask

    def cut(self, spans: Spans) -> Spans:
        """Those of the spans of the field's whole stream that are in the documents."""
        ranges = np.array(self._ranges)
        cuts = np.searchsorted(spans.starts, ranges)
        first, counts = cuts[:, 0], cuts[:, 1] - cuts[:, 0]
        before = np.cumsum(counts) - counts
        places = np.repeat(first - before, counts) + np.arange(counts.sum())
        shifts = np.repeat(self.offsets[:-1] - ranges[:, 0], counts)
        return Spans(
            spans.starts.take(places) + shifts, spans.ends.take(places) + shifts
        )


def distinct(found: Sequence[Spans]) -> Spans:
    """Each stretch once, ascending."""
    if len(found) == 1:
        return found[0]
    if not found:
        return NO_SPANS
    starts, ends = map(np.concatenate, zip(*found, strict=True))
    keys = starts.astype(np.int64) << 32 | ends
    keys.sort(kind="stable")  # runs that ascend: many times faster than np.unique
    keys = keys[heads(keys)]
    return Spans(keys >> 32, keys & 0xFFFFFFFF)
