"""A copy of everything that cannot be had again: the readouts, and the index that is made of them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from indexer.archive import Entry, Packer, Unpacker
from indexer.engines import open_generations
from indexer.errors import ArchiveError, BackupError

_RAW, _INDEX = "raw/", "index/"
_MANIFEST = f"{_INDEX}manifest.json"
_LARGEST_MANIFEST = 2**24
_STAGING = ".restoring-"


class Saved(NamedTuple):
    """What a backup holds, or what was restored; ``kept`` readouts were there already."""

    readouts: int
    generation: int
    size: int = 0
    kept: int = 0


def save(raw: Path, location: str, target: Path) -> Saved:
    """Write readouts and the current generation into the one file ``target``.

    Nobody has to stop meanwhile: the generation is one that was published, and readouts that
    arrive or change while they are read are taken with the next run of the indexer. ``target``
    appears when it is whole. Raises BackupError where it exists or lies where it would be indexed,
    IndexMissing where there is no index.
    """
    if target.exists():
        raise BackupError(target, "is there already; name another file, or remove it")
    for folder in (raw, Path(location)):
        if target.resolve().is_relative_to(folder.resolve()):
            raise BackupError(target, f"cannot lie in {folder}; name another folder")
    generations = open_generations(location)
    with ExitStack() as stack:
        number, manifest, files = stack.enter_context(generations.opened())
        file = stack.enter_context(_whole_or_not_at_all(target))
        packer = Packer(file)
        for name, content in files.items():
            packer.add(_INDEX + name, content, 0)
        with tempfile.TemporaryFile() as content:
            content.write(json.dumps(manifest).encode())
            content.seek(0)
            packer.add(_MANIFEST, content, 0)
        for name, path in _readouts(raw):
            try:
                opened = path.open("rb")
            except FileNotFoundError:
                continue  # it was taken away meanwhile
            with opened:
                packer.add(_RAW + name, opened, os.fstat(opened.fileno()).st_mtime_ns)
        packer.finish({"made": datetime.now(UTC).isoformat(timespec="seconds")})
    readouts = len(packer.entries) - len(files) - 1
    return Saved(readouts, number, target.stat().st_size)


def restore(
    file: IO[bytes], raw: Path, location: str, *, replace: bool = False, index: bool
) -> Saved:
    """Bring back what ``save`` wrote: readouts into ``raw``, and the index as a new generation.

    Nothing is touched before all of it is known to be whole; a readout that differs from the one
    that is there is never written, and then nothing else is either. Without ``replace`` neither
    folder may hold anything. ``index`` says whether to take the index, which is unpickled when it
    is opened, and so must come from somebody who is trusted. Raises BackupError.
    """
    generations = open_generations(location)
    if not replace:
        for folder, used in (
            (raw, raw.exists() and any(_readouts(raw))),
            (generations.folder, index and generations.stamp() is not None),
        ):
            if used:
                raise BackupError(
                    folder,
                    "is in use: restore into other folders (--raw, --index), or say --replace, "
                    "which adds what is missing and overwrites no readout",
                )
    with ExitStack() as stack:
        if index:
            stack.enter_context(generations.lock())
            building = stack.enter_context(generations.building())
        else:
            building = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        staging = stack.enter_context(_staging(raw))
        try:
            manifest, entries = _unpack(file, staging, building)
        except ArchiveError as error:
            raise BackupError(getattr(file, "name", "it"), str(error)) from None
        found = list(_readouts(staging))
        kept = _same(raw, found)
        for name, path in found:
            _place(path, raw / name, entries[_RAW + name])
        if not index:
            return Saved(len(found), 0, kept=kept)
        generations.publish(building, manifest)
        return Saved(len(found), generations.current().number, kept=kept)


def _unpack(
    file: IO[bytes], staging: Path, building: Path
) -> tuple[dict[str, Any], dict[str, Entry]]:
    """Put readouts and the generation's files where nobody looks; its manifest, and what is known."""
    unpacker = Unpacker(file, shutil.disk_usage(staging).free)
    manifest = b""
    for name, content in unpacker.members():
        if name == _MANIFEST:
            manifest = content.read(_LARGEST_MANIFEST)
            continue
        if name.startswith(_RAW):
            path = staging / name.removeprefix(_RAW)
        elif name.startswith(_INDEX) and name.count("/") == 1:
            path = building / name.removeprefix(_INDEX)
        else:
            raise ArchiveError(f"has a member that is none of ours, {name[:100]!r}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                shutil.copyfileobj(content, target, 2**20)
        except (FileExistsError, NotADirectoryError):
            raise ArchiveError(f"has {name[:100]!r} below a file") from None
    try:
        table = json.loads(manifest)
        whole = set(table["files"]) == {path.name for path in building.iterdir()}
    except (ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise ArchiveError("has an index that is not whole")
    return table, unpacker.about["files"]


def _same(raw: Path, found: list[tuple[str, Path]]) -> int:
    """How many of these readouts are there; BackupError where one is there and differs."""
    kept = 0
    for name, path in found:
        target = raw / name
        if target.is_symlink() or target.exists():
            if not _equal(target, path):
                raise BackupError(
                    target, "differs from the one in the backup; move it away first"
                )
            kept += 1
    return kept


def _equal(one: Path, other: Path) -> bool:
    if not one.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(2**20):
            if piece != second.read(2**20):
                return False
    return True


def _place(path: Path, target: Path, entry: Entry) -> None:
    """Move a readout to where none is; its time tells the indexer that it is the same one."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))
    path.rename(target)


def _readouts(raw: Path) -> Iterator[tuple[str, Path]]:
    """Every plain file below ``raw``, of whatever kind, by its path there; links are none."""
    for folder, folders, names in os.walk(raw):
        folders[:] = sorted(each for each in folders if not each.startswith(_STAGING))
        for name in sorted(names):
            path = Path(folder, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path.relative_to(raw).as_posix(), path


@contextmanager
def _staging(raw: Path) -> Iterator[Path]:
    """A folder on the disk of ``raw`` that no run of the indexer reads."""
    raw.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_STAGING, dir=raw) as folder:
        yield Path(folder)


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[IO[bytes]]:
    """A file that has its name, which nobody had before, when the block is left cleanly."""
    descriptor, name = tempfile.mkstemp(prefix=".communique-", dir=target.parent)
    path = Path(name)
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(path, target)  # unlike a rename it overwrites nothing
        except FileExistsError:
            raise BackupError(target, "is there already; name another file") from None
        except OSError:
            path.rename(target)  # a disk without links
    finally:
        path.unlink(missing_ok=True)
