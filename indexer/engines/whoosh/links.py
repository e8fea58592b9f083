"""Which documents are linked as near-copies: found by their signatures, verified by their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.shingles import BAND, SHORT, SLOTS, alike, shingles

_BANDS = SLOTS // BAND
#: Texts that are near-copies agree in fewer slots once in a thousand times.
_AGREEING = 8
_FEW = 8  # signatures that are sought one by one
_KEPT = 512  # texts whose shingles are kept: some 3 kB each
_LAST_DAY = np.iinfo(np.int32).max


def sharing(signatures: Array, sought: Array) -> Array:
    """A mask of the signatures that agree with one of those sought in a band."""
    rows, wanted = _bands(signatures), _bands(sought)
    mask = np.zeros(len(rows), bool)
    if len(wanted) <= _FEW:
        for row in wanted:
            mask[np.flatnonzero(rows == row) // _BANDS] = True
        return mask
    for band, own in enumerate(wanted.T):
        column = rows[:, band]
        seen = np.zeros(1 << 16, bool)  # half of each number first: most fail by it
        seen[own & 0xFFFF] = True
        places = np.flatnonzero(seen[column & 0xFFFF])
        ranked = np.sort(own)
        found = np.searchsorted(ranked, column[places], "right") - 1
        mask[places[ranked[found] == column[places]]] = True
    return mask


def _bands(signatures: Array) -> Array:
    """A row for each signature, a number for each band."""
    return signatures.view("<u4").reshape(-1, _BANDS)


class Links:
    """Some documents, in groups as far as they are linked.

    ``numbers`` tells documents of one group, -1 those of none; pairs of which neither is ``fresh``
    are known not to be near-copies unless they are in one.
    """

    def __init__(
        self, parts: Sequence[tuple[Segment, Array]], fresh: Array, numbers: Array
    ) -> None:
        self._parts = parts
        self._docs = [
            (segment.documents, doc) for segment, docs in parts for doc in docs.tolist()
        ]
        signatures = self._gathered([s.documents.signatures for s, _ in parts])
        self._slots = signatures.view("<u2").reshape(-1, SLOTS)
        self._bands = _bands(signatures)
        lengths = [segment.texts["text"].lengths for segment, _ in parts]
        self._short = self._gathered(lengths) < SHORT
        self._fresh = fresh
        # For each document the one that stands for its group.
        self._heads = np.arange(len(self._docs))
        grouped = np.flatnonzero(numbers >= 0)
        _, first, group = np.unique(
            numbers[grouped], return_index=True, return_inverse=True
        )
        self._heads[grouped] = grouped[first[group]]
        self._refused: set[tuple[int, int]] = set()
        self._shingles = lru_cache(_KEPT)(self._shingles_of)

    def _gathered(self, arrays: Sequence[Array]) -> Array:
        """What the documents have in arrays by segment."""
        return np.concatenate(
            [each[docs] for each, (_, docs) in zip(arrays, self._parts, strict=True)]
        )

    def extend(self) -> bool:
        """Link all that are near-copies; whether there were any that had not been linked."""
        linked = False
        for band in range(_BANDS):
            order = np.argsort(self._bands[:, band])
            keys = self._bands[order, band]
            for one, other in self._neighbours(order, keys):
                if self._are_linked(one, other):
                    linked = True
                    self._heads[self._head(other)] = self._head(one)
        return linked

    def _neighbours(self, order: Array, keys: Array) -> Iterator[tuple[int, int]]:
        """Pairs that agree in a band (``keys``, ascending) and in slots enough, not linked yet."""
        places = np.arange(len(keys))
        for distance in count(1):
            places = places[: np.searchsorted(places, len(keys) - distance)]
            places = places[keys[places] == keys[places + distance]]
            if not len(places):
                return
            one, other = order[places], order[places + distance]
            apart = self._heads[one] != self._heads[other]
            apart &= self._fresh[one] | self._fresh[other]
            one, other = one[apart], other[apart]
            agreeing = (self._slots[one] == self._slots[other]).sum(axis=1)
            likely = agreeing >= _AGREEING
            yield from zip(one[likely].tolist(), other[likely].tolist(), strict=True)
            self._flatten()
            if (
                distance & (distance - 1) == 0
            ):  # now and then: who is left to be linked?
                places = places[_undecided(keys, self._heads[order])[places]]

    def _flatten(self) -> None:
        """Have the heads stand for themselves."""
        while (self._heads[self._heads] != self._heads).any():
            self._heads = self._heads[self._heads]

    def _head(self, place: int) -> int:
        while (head := int(self._heads[place])) != place:
            place = head
        return place

    def _are_linked(self, one: int, other: int) -> bool:
        """Whether two documents, in two groups so far, are near-copies."""
        pair = (min(one, other), max(one, other))
        if pair in self._refused or self._head(one) == self._head(other):
            return False
        same = bool((self._slots[one] == self._slots[other]).all())
        if self._short[one] or self._short[other]:
            linked = same and bool(self._short[one] and self._short[other])
        elif same and self._text(one) == self._text(other):
            linked = True
        else:
            linked = alike(self._shingles(one), self._shingles(other))
        if not linked:
            self._refused.add(pair)
        return linked

    def _text(self, place: int) -> str:
        documents, doc = self._docs[place]
        return documents.text(doc)

    def _shingles_of(self, place: int) -> Array:
        return shingles(tokenize_bytes(self._text(place)))

    def groups(self) -> tuple[Array, Array]:
        """Prints and group numbers of those that are in groups, the earliest of each first."""
        sizes = np.bincount(self._heads, minlength=1)
        places = np.flatnonzero(sizes[self._heads] > 1)
        days = self._gathered([s.documents.first_day for s, _ in self._parts])[places]
        heads = self._heads[places].tolist()
        keys = zip(
            heads,
            np.where(days, days, _LAST_DAY).tolist(),
            [
                documents.id(doc)
                for documents, doc in map(self._docs.__getitem__, places)
            ],
            places.tolist(),
            strict=True,
        )
        ranked = np.array([key[-1] for key in sorted(keys)], np.intp)
        prints = self._gathered([s.documents.prints for s, _ in self._parts])[ranked]
        starts = np.diff(self._heads[ranked], prepend=-1) != 0
        return prints, np.cumsum(starts, dtype=np.uint32) - np.uint32(1)


def _undecided(keys: Array, heads: Array) -> Array:
    """A mask of those of equal keys (ascending) that are not all in one group."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    mixed = np.minimum.reduceat(heads, starts) != np.maximum.reduceat(heads, starts)
    return np.repeat(mixed, np.diff(starts, append=len(keys)))
