"""The raw files: find them, read them, tell their text."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from indexer.encoding import decode
from indexer.errors import ReadoutError, ReadoutLost, SettingsError

#: The kinds of files that cleaning knows.
KINDS = (".txt", ".html", ".htm", ".json", ".jsonl", ".pdf", ".docx")

_PAGES = (".html", ".htm")

#: A statement's file, or its line in a .jsonl, is no longer than this, in bytes.
LARGEST = 64 * 2**20

#: The source of files that lie directly in raw/.
UNSORTED = "unsorted"

_NOT_READOUTS = re.compile(
    r"\..*|readme.*|source\.toml|thumbs\.db|desktop\.ini|~\$.*"
    r"|.*(?:~|\.(?:bak|orig|part|swo|swp|tmp|crdownload))",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATION = re.compile(
    rb"""(?:charset|encoding)\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096
_SURROGATE = re.compile("[\ud800-\udfff]")
_CHUNK = 2**20


class RawFile(NamedTuple):
    """A file below raw/ as its folder lists it, not yet opened.

    ``path`` opens it; ``name`` is the path below raw/, with slashes; ``size`` is in bytes and
    ``mtime_ns`` in nanoseconds since 1970.
    """

    path: str
    name: str
    size: int
    mtime_ns: int

    @property
    def source(self) -> str:
        """The id of its source: the name of the folder in raw/ that it lies below."""
        return source_of(self.name)

    @property
    def is_page(self) -> bool:
        """Whether its name says that it is markup."""
        return _suffix(self.name) in _PAGES

    @property
    def is_hidden_folder(self) -> bool:
        """Whether it stands for a folder that cannot be listed: those have no size and time."""
        return not self.mtime_ns and not self.size


class Span(NamedTuple):
    """Whole lines of a file: its bytes from ``start`` up to ``stop``, and the first one's number."""

    start: int
    stop: int
    first: int


@dataclass(frozen=True, slots=True)
class Readout:
    """A raw file as it was read: its bytes, and how they become text.

    ``digest`` is the SHA-256 of the bytes in hexadecimal. ``data`` is empty for a .jsonl, which
    may be larger than the memory: ``lines`` reads it from ``path``, or a ``span`` of it.
    """

    path: str
    name: str
    digest: str
    data: bytes = field(repr=False)
    span: Span | None = None

    @property
    def source(self) -> str:
        """The id of its source: the name of the folder in raw/ that it lies below."""
        return source_of(self.name)

    @property
    def suffix(self) -> str:
        """The kind of file: one of KINDS."""
        return _suffix(self.name)

    def text(self) -> str:
        """The whole text, decoded. Raises ReadoutError where the bytes are no text."""
        declared = ""
        if self.suffix in _PAGES:
            found = _DECLARATION.search(self.data, 0, _HEAD)
            declared = found[1].decode("ascii", "replace") if found else ""
        return _decode(self.name, self.data, declared)

    def lines(self) -> Iterator[tuple[int, str | ReadoutError]]:
        """The lines that are not blank, numbered from 1 in the file; an error where one is no text.

        Only a line feed ends a line: texts may hold U+2028. Raises ReadoutError where the file
        cannot be read any more.
        """
        with _open(self.path, self.name) as file:
            if not self.span and _is_utf16(file):
                yield from self._lines_of_utf16(file)
                return
            start, stop, first = self.span or Span(0, sys.maxsize, 1)
            file.seek(start)
            for number in count(first):
                line = file.readline(LARGEST + 1) if file.tell() < stop else b""
                if not line:
                    return
                if len(line) > LARGEST:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(_CHUNK)
                    yield number, _too_large(self.name, "line")
                elif not line.isspace():
                    yield number, self._decoded(line)

    def _lines_of_utf16(
        self, file: BinaryIO
    ) -> Iterator[tuple[int, str | ReadoutError]]:
        data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ReadoutError(self.name, "is too large for UTF-16; save it as UTF-8")
        for number, line in enumerate(_decode(self.name, data).split("\n"), 1):
            if line.strip():
                yield number, line

    def _decoded(self, line: bytes) -> str | ReadoutError:
        try:
            return _decode(self.name, line)
        except ReadoutError as error:
            return error


def is_passed_over(name: str) -> bool:
    """Whether no readout lies at a path below raw/, by the names in it."""
    return any(map(_NOT_READOUTS.fullmatch, name.split("/")))


def find_readouts(raw: Path) -> Iterator[RawFile]:
    """Everything below ``raw`` that should be a readout, sorted by name; nothing is opened.

    Passed over are hidden files, README, source.toml and what editors leave behind. Links,
    devices, unknown kinds and folders that cannot be listed are given, so that ``read`` can say
    what is wrong with them. Raises SettingsError where ``raw`` is not a folder.
    """
    if not raw.is_dir():
        raise SettingsError(raw, "there is no such folder; make it, or name another")
    yield from sorted(_below(os.fspath(raw)), key=attrgetter("name"))


def find_readout(raw: Path, path: Path) -> RawFile:
    """The one file that somebody names; outside ``raw`` it belongs to no source.

    Raises ReadoutError where there is no such file.
    """
    try:
        status = path.lstat()
    except OSError as error:
        raise _unreadable(str(path), error) from None
    try:
        name = path.absolute().relative_to(raw.absolute()).as_posix()
    except ValueError:
        name = path.name
    return RawFile(os.fspath(path), _shown(name), status.st_size, status.st_mtime_ns)


def read(raw_file: RawFile) -> Readout:
    """The bytes of a raw file and their digest.

    Raises ReadoutError, with a reason that tells what to do, where it is no regular file, of an
    unknown kind, empty, larger than LARGEST, or not to be opened.
    """
    path, name = raw_file.path, raw_file.name
    data = b""
    digest = hashlib.sha256()
    with _open(path, name) as file:
        try:
            if _suffix(name) == ".jsonl":
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
            else:
                data = file.read(LARGEST + 1)
                digest.update(data)
            size = file.tell()
        except OSError as error:
            raise _unreadable(name, error) from None
    if not size:
        raise ReadoutError(name, "is empty; fetch it again, or take it out of raw/")
    if len(data) > LARGEST:
        raise _too_large(name, "file")
    return Readout(path, name, digest.hexdigest(), data)


def read_spans(raw_file: RawFile, size: int) -> tuple[str, list[Span]]:
    """The digest of a .jsonl, and spans of about ``size`` bytes that make it up.

    There are none where it is UTF-16, whose lines are known only when it is decoded. Raises
    ReadoutError where it is no regular file or not to be opened.
    """
    digest = hashlib.sha256()
    spans: list[Span] = []
    start = stop = 0
    first = number = 1
    with _open(raw_file.path, raw_file.name) as file:
        if _is_utf16(file):
            return "", []
        try:
            while chunk := file.readline(_CHUNK):
                digest.update(chunk)
                stop += len(chunk)
                number += chunk.endswith(b"\n")
                if stop - start >= size and chunk.endswith(b"\n"):
                    spans.append(Span(start, stop, first))
                    start, first = stop, number
        except OSError as error:
            raise _unreadable(raw_file.name, error) from None
    if start < stop:
        spans.append(Span(start, stop, first))
    return digest.hexdigest(), spans


def _is_utf16(file: BinaryIO) -> bool:
    """Whether a file begins with a mark of UTF-16; it is read from its beginning afterwards."""
    found = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    file.seek(0)
    return found


def _below(raw: str) -> list[RawFile]:
    found = []
    folders = [(raw, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            found.append(RawFile(folder, prefix.rstrip("/"), 0, 0))
            continue
        for entry in entries:
            if _NOT_READOUTS.fullmatch(entry.name):
                continue
            name = prefix + _shown(entry.name)
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, name + "/"))
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone since the folder was listed
            found.append(RawFile(entry.path, name, status.st_size, status.st_mtime_ns))
    return found


def _open(path: str, name: str) -> BinaryIO:
    """The file for reading, if it is regular and of a known kind; nothing else is opened."""
    try:
        _check(name, path, os.lstat(path).st_mode)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        return open(os.open(path, flags), "rb")
    except OSError as error:
        raise _unreadable(name, error) from None


def _check(name: str, path: str, mode: int) -> None:
    suffix = _suffix(name)
    if stat.S_ISLNK(mode):
        reason = "is a link, and links are not followed; put the file itself there"
    elif stat.S_ISDIR(mode):
        reason = "is a folder that cannot be listed; change its permissions"
    elif not stat.S_ISREG(mode):
        reason = "is a pipe, a socket or a device, not a file; take it out of raw/"
    elif _SURROGATE.search(path):
        reason = "has a name that is not UTF-8; rename it"
    elif suffix not in KINDS:
        what = f"is a {suffix} file" if suffix else "has no extension"
        kinds = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
        reason = f"{what}, but only {kinds} are read; save its text as one of them"
    else:
        return
    raise ReadoutError(name, reason)


def _decode(name: str, data: bytes, declared: str = "") -> str:
    try:
        return decode(data, declared)
    except ValueError as error:
        raise ReadoutError(name, str(error)) from None


def _unreadable(name: str, error: OSError) -> ReadoutLost:
    return ReadoutLost(name, f"cannot be read: {error.strerror}")


def _too_large(name: str, what: str) -> ReadoutError:
    return ReadoutError(
        name,
        f"the {what} is larger than {LARGEST >> 20} MB, which no statement is; split it",
    )


def _shown(name: str) -> str:
    """The name as text that can be written anywhere, even where its bytes are not UTF-8."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()


def source_of(name: str) -> str:
    """The id of the source of a raw file: the name of the folder in raw/ that it lies below."""
    folder, slash, _ = name.partition("/")
    return folder if slash else UNSORTED


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()
