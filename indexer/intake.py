"""Taking files into raw/: copied whole or not at all, and never over another one."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import IO, NamedTuple

from indexer.errors import ReadoutError, SettingsError
from indexer.profiles import load_profiles
from indexer.readouts import KINDS, UNSORTED, is_passed_over
from indexer.sources import FILE

#: An archive gives no more than so many files and bytes, and no file of so many times its size in it.
MOST_FILES, MOST_BYTES, MOST_RATIO = 100_000, 4 * 2**30, 200

#: A name that the file systems of all systems hold, in bytes of UTF-8.
_LONGEST_NAME = 200

#: What is smaller than this is never a bomb, however well it is packed.
_SMALL = 2**20
_CHUNK = 2**20
_UTF8_NAME = 0x800
_SOURCE = re.compile(r"[\w][\w.-]{0,99}")
_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f"*:<>?\\|/\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+'
)


class Taken(NamedTuple):
    """A file that was added to raw/, or was there already: ``name`` is its path below raw/."""

    name: str
    added: bool


def take_in(
    raw: Path, source: str, paths: list[Path]
) -> Iterator[Taken | ReadoutError]:
    """Copy files, all readouts of folders and of ZIP archives into the folder of a source.

    A source that has the name of a profile gets a source.toml which says so, if it has none. A
    ReadoutError in a file's place says why it was not taken; the others are. Raises SettingsError
    where ``source`` cannot be a folder's name.
    """
    if not _SOURCE.fullmatch(source) or source == UNSORTED:
        reason = "cannot be a source: give it a name of letters, digits, - and _"
        raise SettingsError(source, reason)
    folder = raw / source
    folder.mkdir(parents=True, exist_ok=True)
    toml = folder / FILE
    if source in load_profiles() and not toml.exists():
        toml.write_text(f'profile = "{source}"\n', encoding="utf-8")
    for path in paths:
        try:
            yield from _take(folder, path)
        except ReadoutError as error:
            yield error


def _take(folder: Path, path: Path) -> Iterator[Taken | ReadoutError]:
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        for below in sorted(path.rglob("*")):
            mode = below.lstat().st_mode
            parts = below.relative_to(path).parts
            if not stat.S_ISDIR(mode) and _is_wanted("/".join(parts)):
                yield _copied(folder, parts, below, mode)
    elif path.suffix.lower() == ".zip" and stat.S_ISREG(mode):
        yield from _unpacked(folder, path)
    else:
        yield _copied(folder, (path.name,), path, mode)


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError as error:
        raise ReadoutError(path, f"cannot be read: {error.strerror}") from None


def _is_wanted(name: str) -> bool:
    """Whether a path in a folder or an archive is a readout's by its names."""
    return name.lower().endswith(KINDS) and not is_passed_over(name)


def _copied(
    folder: Path, parts: tuple[str, ...], path: Path, mode: int
) -> Taken | ReadoutError:
    try:
        if not stat.S_ISREG(mode):
            raise ReadoutError(path, "is a link or no file; name the file itself")
        with path.open("rb") as file:
            return _stored(folder, _safe(parts, path), file, path, MOST_BYTES)
    except ReadoutError as error:
        return error
    except PermissionError as error:
        return ReadoutError(path, f"cannot be read: {error.strerror}")


def _unpacked(folder: Path, path: Path) -> Iterator[Taken | ReadoutError]:
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                reason = f"holds more than {MOST_FILES:,} files; unpack it yourself"
                raise ReadoutError(path, reason)
            for member in members:
                name = _name(member)
                outside = ".." in name.split("/")
                if member.is_dir() or not (outside or _is_wanted(name)):
                    continue
                where = f"{path}, {name}"
                try:
                    parts = _checked(member, name, where, left)
                    with archive.open(member) as file:
                        taken = _stored(folder, parts, file, where, member.file_size)
                    left -= member.file_size
                    yield taken
                except ReadoutError as error:
                    yield error
                except (zipfile.BadZipFile, EOFError) as error:
                    yield ReadoutError(where, f"is damaged: {error}; fetch it again")
                except RuntimeError as error:
                    yield ReadoutError(where, f"cannot be unpacked: {error}")
    except (zipfile.BadZipFile, EOFError):
        raise ReadoutError(path, "is no ZIP archive, or is damaged") from None


def _name(member: zipfile.ZipInfo) -> str:
    """The name, which archives of old mark in no way but write in UTF-8 or in GB18030."""
    name = member.filename.replace("\\", "/")
    if member.flag_bits & _UTF8_NAME or name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _checked(
    member: zipfile.ZipInfo, name: str, where: str, left: int
) -> tuple[str, ...]:
    """The parts of the path that a member of an archive is to have."""
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or re.match("[A-Za-z]:", name):
        raise ReadoutError(where, "leads out of the archive; nothing is written there")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ReadoutError(where, "is a link, and links are not followed")
    if member.flag_bits & 1:
        raise ReadoutError(where, "is encrypted; unpack it yourself")
    size, packed = member.file_size, max(member.compress_size, 1)
    if size > _SMALL and size > MOST_RATIO * packed:
        raise ReadoutError(where, f"unpacks to {size // packed:,} times its size")
    if size > left:
        reason = f"would make it more than {MOST_BYTES >> 30} GB; unpack it yourself"
        raise ReadoutError(where, reason)
    return _safe(tuple(parts), where)


def _safe(parts: tuple[str, ...], where: object) -> tuple[str, ...]:
    """The parts of a path in characters that every file system and every reader can take."""
    safe = []
    for part in parts:
        plain = unicodedata.normalize("NFC", part.encode("utf-8", "replace").decode())
        plain = _UNSAFE.sub("-", plain).strip(" ").lstrip(".").rstrip(". ")
        stem, suffix = os.path.splitext(plain)
        room = _LONGEST_NAME - len(suffix.encode())
        if plain:
            safe.append(stem.encode()[: max(room, 1)].decode(errors="ignore") + suffix)
    if not safe or not safe[-1].lower().endswith(KINDS):
        kinds = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
        raise ReadoutError(where, f"is no readout: only {kinds} are read")
    if is_passed_over("/".join(safe)):
        raise ReadoutError(where, "has a name that indexing passes over; rename it")
    return tuple(safe)


def _stored(
    folder: Path, parts: tuple[str, ...], file: IO[bytes], where: object, most: int
) -> Taken:
    target = folder.joinpath(*parts)
    name = "/".join((folder.name, *parts))
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise ReadoutError(where, "leads out of its source by a link in raw/")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ReadoutError(
            where, f"a file in raw/ has the name of its folder: {name}"
        ) from None
    with _beside(target) as (copy, part):
        digest = _copy(file, copy, where, most)
        if _put(part, target):
            return Taken(name, added=True)
    if _digest(target) != digest:
        reason = f"raw/ has another {name}; give one of them another name"
        raise ReadoutError(where, reason)
    return Taken(name, added=False)


@contextmanager
def _beside(target: Path) -> Iterator[tuple[IO[bytes], str]]:
    """A file beside the target that indexing passes over, and that is gone in the end."""
    handle, name = mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with open(handle, "wb") as copy:
            yield copy, name
    finally:
        Path(name).unlink(missing_ok=True)


def _put(part: str, target: Path) -> bool:
    """Give a whole file its name at once; False where another file has it."""
    os.chmod(part, 0o644)
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:  # no hard links on this file system: take the name first
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            return False
        os.replace(part, target)
    return True


def _copy(file: IO[bytes], copy: IO[bytes], where: object, most: int) -> str:
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise ReadoutError(where, "is larger than it says; it is not taken")
        digest.update(chunk)
        copy.write(chunk)
    copy.flush()
    return digest.hexdigest()


def _digest(path: Path) -> str:
    if not path.is_file() or path.is_symlink():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
