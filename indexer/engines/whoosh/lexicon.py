"""The distinct values of a field: byte strings in byte order, found by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from indexer.engines.whoosh.arrays import Array, Blobs

# Every so many values one is kept in memory, so that most of a look-up runs in C.
_STEP = 8


class Lexicon:
    """A sorted list of byte strings that stays in the map; its indices are the value's ids."""

    def __init__(self, data: Array, ends: Array) -> None:
        self._values = Blobs(data, ends)
        self._guide = [self._values[i] for i in range(0, len(ends), _STEP)]

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> bytes:
        return self._values[index]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._values)

    def place(self, value: bytes) -> int:
        """The id of the first value that is not below ``value``."""
        high = bisect_left(self._guide, value) * _STEP
        low = max(0, high - _STEP)
        high = min(high, len(self))
        while low < high:
            middle = (low + high) // 2
            if self._values[middle] < value:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, value: bytes) -> int | None:
        """The id of ``value``, or None where it does not occur."""
        index = self.place(value)
        return index if index < len(self) and self._values[index] == value else None

    def starting(self, prefix: bytes) -> range:
        """The ids of all values that begin with ``prefix`` (UTF-8, at least one character)."""
        # 0xff never occurs in UTF-8, so this is above all that begin so and below the next.
        return range(self.place(prefix), self.place(prefix + b"\xff"))
