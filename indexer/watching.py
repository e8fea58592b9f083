"""Watching raw/: when there is something to index, and which files are still being written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from indexer.readouts import is_passed_over
from indexer.sources import FILE

#: Indexes what arrived but for files still being written, by name; whether it could be done.
Take: TypeAlias = Callable[[frozenset[str]], bool]

#: Seconds that a file must rest before it is taken, and that a batch waits for the next one to.
QUIET, _PATIENCE = 0.5, 3.0

#: Seconds to the next try after one that failed, and between looks at folders that tell nothing,
#: as those of other machines.
_RETRY, _LOOK = 2.0, 60.0

_TICK_MS = 200


def watch(raw: Path, take: Take) -> None:
    """Call ``take`` whenever files have arrived, changed or gone and rest, and once at first.

    Never returns: KeyboardInterrupt ends it.
    """
    arrivals = Arrivals(raw.resolve())
    while True:
        with suppress(FileNotFoundError):  # raw/ is gone, which take has said
            _watch(arrivals, take)
        time.sleep(_RETRY)


def _watch(arrivals: Arrivals, take: Take) -> None:
    """Until ``take`` fails."""
    import watchfiles

    changes = watchfiles.watch(
        arrivals.raw,
        watch_filter=None,
        debounce=_TICK_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    looked = -_LOOK
    for each in changes:
        now = time.monotonic()
        arrivals.notice((path for _, path in each), now)
        if arrivals.rest(now) or now - looked > _LOOK:
            if not take(arrivals.unfinished(now)):
                return
            looked = now
            arrivals.forget(now)


class Arrivals:
    """Files that changed, each with its size and time and since when they are so."""

    def __init__(self, raw: Path) -> None:
        self.raw = raw
        self._files: dict[str, tuple[tuple[int, int] | None, float]] = {}

    def notice(self, paths: Iterable[str], now: float) -> None:
        """Look at the files that changed, and at those that did before."""
        for path in paths:
            name = os.path.relpath(path, self.raw)
            if os.path.basename(path) == FILE or not is_passed_over(name):
                self._files[name] = (None, now)
        for name, (known, _) in self._files.items():
            stamp = self._stamp(name)
            if stamp != known:
                self._files[name] = (stamp, now)

    def rest(self, now: float) -> bool:
        """Whether it is time: all files rest, or some do and have waited long for the others."""
        moving = self.unfinished(now)
        resting = [
            since for name, (_, since) in self._files.items() if name not in moving
        ]
        return bool(resting) and (not moving or now - min(resting) > _PATIENCE)

    def unfinished(self, now: float) -> frozenset[str]:
        """The files, by their names below raw/, that changed just now."""
        return frozenset(
            name for name, (_, since) in self._files.items() if now - since < QUIET
        )

    def forget(self, now: float) -> None:
        """Leave out what rested at ``now``: it was taken."""
        moving = self.unfinished(now)
        self._files = {name: self._files[name] for name in moving}

    def _stamp(self, name: str) -> tuple[int, int] | None:
        try:
            status = os.lstat(self.raw / name)
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns
