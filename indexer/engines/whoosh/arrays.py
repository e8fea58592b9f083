"""One file of named NumPy arrays, memory-mapped.

Format: the magic bytes, then each array at a multiple of 64 bytes, little-endian, then the
directory as JSON (name -> [type, offset, length]) and the directory's offset as 8 bytes.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from indexer.errors import EngineError

Array: TypeAlias = npt.NDArray[Any]

MAGIC = b"CQARRAYS"
_ALIGN = 64
_END = struct.Struct("<Q")
_LARGE = 31 << 20


def keep_freed_memory() -> None:
    """Let glibc's malloc keep up to some 60 MB of freed memory for the arrays of the next search.

    It raises its thresholds to the largest block that was freed (mallopt(3), M_MMAP_THRESHOLD).
    Otherwise arrays of 128 kB and more are fetched from the system each time, and every page of
    4 kB costs a fault: half of the time of a search. The block itself is never touched.
    """
    np.empty(_LARGE, np.uint8)


def narrow(values: Array) -> Array:
    """The same whole numbers, none negative, in the narrowest unsigned type that holds them."""
    largest = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(largest), copy=False)


def write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write the arrays (one dimension, any fixed-size type) to an empty binary file."""
    file.write(MAGIC)
    offset = len(MAGIC)
    directory = {}
    for name, array in arrays.items():
        file.write(bytes(-offset % _ALIGN))
        offset += -offset % _ALIGN
        directory[name] = [array.dtype.newbyteorder("<").str, offset, len(array)]
        data = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data
        file.write(data)
        offset += data.nbytes
    file.write(json.dumps(directory).encode())
    file.write(_END.pack(offset))


class ArrayFile(Mapping[str, Array]):
    """The arrays of one file, by name: read-only views of the map, which lives as long as they."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise EngineError(
                f"{path} is not a segment of this index; run `communique index --full`"
            )
        (start,) = _END.unpack(self._map[-_END.size :])
        self._directory = json.loads(self._map[start : -_END.size])

    def __getitem__(self, name: str) -> Array:
        dtype, offset, length = self._directory[name]
        return np.frombuffer(self._map, dtype, length, offset)

    def __iter__(self) -> Iterator[str]:
        return iter(self._directory)

    def __len__(self) -> int:
        return len(self._directory)


class Blobs:
    """Byte strings kept end to end: ``data`` (uint8) and ``ends``, where each of them ends."""

    def __init__(self, data: Array, ends: Array) -> None:
        # Memory views give Python's own numbers and bytes, several times faster than arrays.
        self._data = data.data
        self._ends = ends.data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> bytes:
        start = self._ends[index - 1] if index else 0
        return self._data[start : self._ends[index]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        data = self._data.tobytes()
        start = 0
        for end in self._ends:
            yield data[start:end]
            start = end


def pack_blobs(strings: list[bytes]) -> tuple[Array, Array]:
    """``data`` and ``ends`` of ``Blobs`` for these strings."""
    ends = np.cumsum(np.fromiter(map(len, strings), np.int64, len(strings)))
    return np.frombuffer(b"".join(strings), np.uint8), narrow(ends)
