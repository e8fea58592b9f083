"""Generations: folders that never change once CURRENT has named them.

``index/gen-<n>/`` holds the files of a generation and ``manifest.json``: format and analysis
version, what the caller wants remembered, and size and SHA-256 of every file. It is built in a
``building-…`` folder beside, synced, renamed, and only then named by ``CURRENT``, so that a reader
always finds a whole generation and a killed writer leaves nothing that matters. The previous one
is kept to fall back on.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from indexer.errors import EngineError, IndexBusy, IndexMissing

_CURRENT, _LOCK, _MANIFEST = "CURRENT", "LOCK", "manifest.json"
_NAME = re.compile(r"gen-[0-9]+")
_GENERATION, _BUILDING = "gen-", "building-"


class Generation:
    """A published folder and its manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = int(folder.name.removeprefix(_GENERATION))
        self.manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_bytes())

    def holds(self) -> bool:
        """Whether every file of the manifest is there in its size."""
        files = self.manifest["files"]
        return all((self.folder / f).stat().st_size == files[f]["size"] for f in files)

    def faults(self) -> list[str]:
        """A sentence for each file that is not what the manifest says, byte by byte."""
        faults = []
        for name, entry in self.manifest["files"].items():
            path = self.folder / name
            if not path.is_file():
                faults.append(f"{path} is missing; run `communique index --full`.")
            elif _sha256(path) != entry["sha256"]:
                faults.append(f"{path} has changed; run `communique index --full`.")
        return faults


class Generations:
    """The generations in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def stamp(self) -> tuple[int, int] | None:
        """Something that changes whenever another generation becomes current, at a stat's cost."""
        try:
            status = (self.folder / _CURRENT).stat()
        except FileNotFoundError:
            return None
        except (NotADirectoryError, PermissionError) as error:
            raise EngineError(
                f"{self.folder} cannot be read ({error.strerror}); change its permissions, or "
                "name another folder with --index."
            ) from None
        return status.st_ino, status.st_mtime_ns

    def current(self) -> Generation:
        """The generation that CURRENT names, or the newest before it that is whole."""
        stamp = self.stamp()
        try:
            named = (self.folder / _CURRENT).read_text("ascii").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"There is no index in {self.folder}; run `communique index`."
            ) from None
        older = [p for p in self._published() if p != self.folder / named]
        for folder in [self.folder / named, *reversed(older)]:
            try:
                generation = Generation(folder)
                if generation.holds():
                    return generation
            except (OSError, ValueError, KeyError):
                continue  # not whole: the one before it may be
        if self.stamp() != stamp:  # writers were faster than this look
            return self.current()
        raise EngineError(
            f"No generation in {self.folder} is whole; run `communique index --full`."
        )

    @contextmanager
    def opened(self) -> Iterator[tuple[int, dict[str, Any], dict[str, IO[bytes]]]]:
        """Number, manifest and files of the current generation, open so that nobody can take them.

        The number is what it has here. Raises IndexMissing where nothing was built.
        """
        with ExitStack() as stack:
            while True:
                generation = self.current()
                try:
                    files: dict[str, IO[bytes]] = {
                        name: stack.enter_context((generation.folder / name).open("rb"))
                        for name in generation.manifest["files"]
                    }
                except FileNotFoundError:
                    continue  # two were published since; the next one may be read in time
                break
            yield generation.number, generation.manifest, files

    def _published(self) -> list[Path]:
        """The generations' folders, the oldest first."""
        found = [
            p for p in self.folder.glob(f"{_GENERATION}*") if _NAME.fullmatch(p.name)
        ]
        return sorted(found, key=lambda p: int(p.name.removeprefix(_GENERATION)))

    def faults(self) -> list[str]:
        """A sentence for each thing that is not as it was published, byte by byte."""
        named = (self.folder / _CURRENT).read_text("ascii").strip()
        answering = self.current()
        faults = answering.faults()
        if answering.folder.name != named:
            faults.append(
                f"{self.folder / named} is not whole, so {answering.folder.name} answers; "
                "run `communique index --full`."
            )
        return faults

    def _claim(self) -> None:
        """Have the folder, for the owner alone: opening an index unpickles."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        visible = [p for p in self.folder.iterdir() if not p.name.startswith(".")]
        if visible and not any(
            (self.folder / name).exists() for name in (_CURRENT, _LOCK)
        ):
            raise EngineError(
                f"{self.folder} holds other things and no index; name a folder of its own."
            )
        self.folder.chmod(0o700)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer, until the block is left or the process dies.

        Raises IndexBusy, which names the holder, where somebody else is.
        """
        self._claim()
        with (self.folder / _LOCK).open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "another process"
                raise IndexBusy(
                    f"{self.folder} is being written by {holder}; try again when it is done."
                ) from None
            file.seek(0)
            file.truncate()
            since = datetime.now(UTC).isoformat(timespec="seconds")
            file.write(f"process {os.getpid()} on {socket.gethostname()} since {since}")
            file.flush()
            yield

    @contextmanager
    def building(self) -> Iterator[Path]:
        """A folder to build the next generation in; it is gone when the block is left.

        Call it inside ``lock``. What a killed writer left behind is removed first.
        """
        for left in self.folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, folder: Path, manifest: dict[str, Any]) -> None:
        """Make a built folder the current generation; ``manifest`` gets its ``files`` here.

        Files that the folder shares with the current one keep the checksums they have there.
        """
        try:
            before: Generation | None = self.current()
        except EngineError:
            before = None
        manifest["files"] = {
            path.name: _known(before, path) or _sync(path)
            for path in sorted(folder.iterdir())
        }
        _write(folder / _MANIFEST, json.dumps(manifest, indent=1).encode())
        _sync_folder(folder)
        published = self._published()
        number = (
            int(published[-1].name.removeprefix(_GENERATION)) + 1 if published else 1
        )
        target = self.folder / f"{_GENERATION}{number}"
        folder.rename(target)
        _sync_folder(self.folder)
        _write(self.folder / f"{_CURRENT}.new", target.name.encode())
        (self.folder / f"{_CURRENT}.new").rename(self.folder / _CURRENT)
        _sync_folder(self.folder)
        for old in published:
            if before is None or old != before.folder:
                shutil.rmtree(old, ignore_errors=True)


def link(source: Path, target: Path) -> None:
    """Have an unchanged file in another folder too, by a copy where links cannot be made."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _known(generation: Generation | None, path: Path) -> Any:
    """What the manifest says of a file, if it is the very same one."""
    twin = generation.folder / path.name if generation else path
    return (
        generation
        and twin.exists()
        and twin.samefile(path)
        and generation.manifest["files"][path.name]
    )


def _sync(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return {"size": path.stat().st_size, "sha256": _sha256(path)}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
