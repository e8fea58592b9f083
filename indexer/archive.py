"""One file that holds many: a tar (POSIX.1-2001, pax) in zstd (RFC 8878), with their checksums last.

Reading trusts nothing in it: names, kinds and sizes are checked before a byte of a member is read,
and checksums before anybody is told that the archive is whole.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple, Self

import zstandard

from indexer.errors import ArchiveError

MANIFEST = "manifest.json"

_FORMAT = 1
_IN_MEMORY = 2**24
_LARGEST_MANIFEST = 2**28  # of some million files
_LARGEST_HEADER = 2**16  # tarfile reads the long name of a member into memory
_LARGEST_WINDOW = 2**27
_LONGEST_NAME = 4096
_MOST_FILES = 2**21
_FOREIGN = (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


class Entry(NamedTuple):
    """What the manifest knows of a file."""

    size: int
    sha256: str
    mtime_ns: int


class Packer:
    """Writes an archive, a file at a time; ``finish`` ends it with the manifest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zstd = zstandard.ZstdCompressor(level=6, write_checksum=True)
        self._stream = self._zstd.stream_writer(file, closefd=False)
        self._tar = tarfile.open(fileobj=self._stream, mode="w|")
        self.entries: dict[str, Entry] = {}

    def add(self, name: str, file: IO[bytes], mtime_ns: int) -> None:
        """Put in what can be read of ``file`` now: it may grow or shrink meanwhile."""
        digest = hashlib.sha256()
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            while piece := file.read(2**20):
                digest.update(piece)
                copy.write(piece)
            size = copy.tell()
            copy.seek(0)
            self._put(name, copy, size, mtime_ns)
        self.entries[name] = Entry(size, digest.hexdigest(), mtime_ns)

    def finish(self, about: Mapping[str, object]) -> None:
        """Write the manifest, with ``about`` in it, and the end."""
        table = {"format": _FORMAT, **about, "files": self.entries}
        data = json.dumps(table).encode("ascii")
        with SpooledTemporaryFile() as copy:
            copy.write(data)
            copy.seek(0)
            self._put(MANIFEST, copy, len(data), 0)
        self._tar.close()
        self._stream.close()  # type: ignore[no-untyped-call]

    def _put(self, name: str, file: IO[bytes], size: int, mtime_ns: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, mtime_ns // 10**9, 0o600
        self._tar.addfile(member, file)


class _Member(tarfile.TarInfo):
    """A member whose header tarfile can read without harm."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        member = super().frombuf(buf, encoding, errors)
        large = member.type == tarfile.XHDTYPE and member.size > _LARGEST_HEADER
        if large or member.type in _FOREIGN:
            raise ArchiveError("has a member with a header that is none of ours")
        return member


class Unpacker:
    """Reads an archive once, from its beginning to its end.

    ``room`` is how many bytes its files may have together. Everything raises ArchiveError, with
    what is wrong, where it is none of ours, was cut off, or was made to do harm.
    """

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file = file
        self._room = room
        self.about: dict[str, Any] = {}

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Name and content of each file; go on only when it has been read.

        After the last one all of them are known to be as they were written.
        """
        read: dict[str, Entry] = {}
        zstd = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        try:
            with (
                zstd.stream_reader(self._file, closefd=False) as stream,
                tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member) as tar,
            ):
                for member in tar:
                    content = self._checked(tar, member, read)
                    if self.about:
                        raise ArchiveError("goes on behind its manifest")
                    if member.name == MANIFEST:
                        self.about = _manifest(content.read())
                        continue
                    hashed = _Hashed(content)
                    yield member.name, hashed  # type: ignore[misc]
                    while hashed.read(2**20):
                        pass  # what nobody wanted counts, too
                    digest = hashed.digest.hexdigest()
                    read[member.name] = Entry(member.size, digest, 0)
        except (tarfile.TarError, zstandard.ZstdError, RecursionError) as error:
            raise ArchiveError(f"cannot be read ({error})") from None
        if not self.about:
            raise ArchiveError("was cut off")
        written = self.about["files"]
        if read != {name: each._replace(mtime_ns=0) for name, each in written.items()}:
            raise ArchiveError("is not as it was written")

    def _checked(
        self, tar: tarfile.TarFile, member: tarfile.TarInfo, read: Mapping[str, Entry]
    ) -> IO[bytes]:
        name = member.name
        path = PurePosixPath(name)
        if (
            not 0 < len(name) <= _LONGEST_NAME
            or path.is_absolute()
            or str(path) != name
            or ".." in path.parts
            or "\0" in name
            or "\\" in name
        ):
            raise ArchiveError(f"has a member with the name {name[:100]!r}")
        content = tar.extractfile(member) if member.type == tarfile.REGTYPE else None
        if content is None or member.issparse():
            raise ArchiveError(f"has a member that is no plain file, {name[:100]!r}")
        if len(read) >= _MOST_FILES:
            raise ArchiveError("has too many members")
        if name in read:
            raise ArchiveError(f"has {name[:100]!r} twice")
        if name == MANIFEST and member.size > _LARGEST_MANIFEST:
            raise ArchiveError("has a manifest that is too large")
        self._room -= member.size
        if self._room < 0:
            raise ArchiveError("holds more than there is room for on this disk")
        return content


class _Hashed:
    """A file that knows the checksum of what was read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        table = json.loads(data)
        files = {name: Entry(*each) for name, each in table["files"].items()}
        known = table["format"] == _FORMAT
        sound = all(type(each.mtime_ns) is int for each in files.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ArchiveError("has a manifest that cannot be read") from None
    if not (known and sound):
        raise ArchiveError("was made by another version of Communiqué")
    return {**table, "files": files}
