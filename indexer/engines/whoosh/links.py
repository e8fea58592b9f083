"""Which documents are linked as near-copies: found by their signatures, verified by their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.crowds import near_in_crowd
from indexer.engines.whoosh.fields import heads
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.shingles import BAND, SHORT, SLOTS, alike, shingles

_BANDS = SLOTS // BAND
#: Texts that are near-copies agree in fewer slots once in a thousand times.
_AGREEING = 8
_FEW = 8  # signatures that are sought one by one
_MANY = 16  # so many that agree in a band are a crowd, fewer are compared two by two
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
            sizes = _sizes(keys)
            for one, other in self._neighbours(order, keys, sizes, band):
                if self._head(one) != self._head(other) and self._alike(one, other):
                    linked = True
                    self._heads[self._head(other)] = self._head(one)
            for crowd in self._crowds(order, sizes):
                linked |= self._link_crowd(crowd)
        return linked

    def _neighbours(
        self, order: Array, keys: Array, sizes: Array, band: int
    ) -> Iterator[tuple[int, int]]:
        """Pairs of a few that agree in a band (``keys``, ascending), and those next in a crowd.

        They agree in slots enough, and were neither linked nor compared for an earlier band.
        """
        places = np.arange(len(keys))
        for distance in range(1, _MANY):
            places = places[: np.searchsorted(places, len(keys) - distance)]
            places = places[keys[places] == keys[places + distance]]
            if not len(places):
                return
            one, other = order[places], order[places + distance]
            likely = self._are_likely(one, other)
            likely[likely] = ~self._met(one[likely], other[likely], band)
            one, other = one[likely], other[likely]
            yield from zip(one.tolist(), other.tolist(), strict=True)
            self._flatten()
            if distance == 1:
                places = places[sizes[places] < _MANY]

    def _met(self, one: Array, other: Array, band: int) -> Array:
        """A mask of the pairs that agree in an earlier band, where they were compared."""
        met: Array = (self._bands[one, :band] == self._bands[other, :band]).any(axis=1)
        return met

    def _are_likely(self, one: Array, other: Array) -> Array:
        """A mask of the pairs that may be near-copies and have to be compared."""
        likely: Array = self._heads[one] != self._heads[other]
        likely &= self._fresh[one] | self._fresh[other]
        agreeing = self._slots[one[likely]] == self._slots[other[likely]]
        likely[likely] = agreeing.sum(axis=1) >= _AGREEING
        return likely

    def _crowds(self, order: Array, sizes: Array) -> Iterator[Array]:
        """The crowds that agree in a band and are not of one group yet."""
        place = 0
        many = np.flatnonzero(sizes >= _MANY)
        while place < len(many):
            start, size = many[place], sizes[many[place]]
            members = order[start : start + size]
            if (self._heads[members] != self._heads[members[0]]).any():
                yield members[~self._short[members]]
            place += size

    def _link_crowd(self, crowd: Array) -> bool:
        """Link the near-copies among those of a crowd; whether there were any to link."""
        linked = False
        held = [self._shingles_of(place) for place in crowd.tolist()]
        fresh = np.flatnonzero(self._fresh[crowd]).tolist()
        for place, near in near_in_crowd(held, fresh):
            one, others = crowd[place], crowd[near]
            likely = self._are_likely(np.full_like(others, one), others)
            if likely.any():
                linked = True
                self._heads[self._heads[others[likely]]] = self._heads[one]
                self._flatten()
        return linked

    def _flatten(self) -> None:
        """Have the heads stand for themselves."""
        while (self._heads[self._heads] != self._heads).any():
            self._heads = self._heads[self._heads]

    def _head(self, place: int) -> int:
        while (head := int(self._heads[place])) != place:
            place = head
        return place

    def _alike(self, one: int, other: int) -> bool:
        """Whether two documents are near-copies."""
        same = bool((self._slots[one] == self._slots[other]).all())
        if self._short[one] or self._short[other]:
            return same and bool(self._short[one] and self._short[other])
        if same and self._text(one) == self._text(other):
            return True
        return alike(self._shingles(one), self._shingles(other))

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


def _sizes(keys: Array) -> Array:
    """For each of some keys, which ascend, how many are the same."""
    starts = heads(keys)
    sizes = np.diff(starts, append=len(keys))
    return np.repeat(sizes, sizes)
