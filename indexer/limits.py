"""What a process beside the main one may use, how it ends, and what its end says."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread

#: Seconds of computing that a readout may take, or a line of a .jsonl.
SECONDS = 4

#: The same by the clock: for a file system that does not answer, not for a machine that is busy.
_CLOCK_SECONDS = 60

#: Bytes of memory of a process; with code and shared libraries it stays below 512 MB.
_MEMORY = 448 * 2**20

_OUT_OF_MEMORY = 77  # an exit code that means nothing else
_TAKE_OUT = "save its text as a .txt, or take it out of raw/"


def follow_parent() -> None:
    """End this process as soon as its parent dies, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def confine() -> None:
    """Have the system hold this process to its memory.

    Only Linux counts memory so that code and mapped files are apart; elsewhere time alone is held.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


@contextmanager
def time_limit(seconds: float = SECONDS) -> Iterator[None]:
    """Have the system end this process where the block computes for more than ``seconds``."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds - SECONDS + _CLOCK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def exhausted() -> bool:
    """Whether this process used much of its memory: parsers in C call the end of it other names."""
    if sys.platform != "linux":
        return False
    # Not getrusage: a process inherits its maximum from the one that started it.
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(line for line in status if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 > _MEMORY // 2


def give_up() -> None:
    """End this process, which has no memory left for more than that."""
    os._exit(_OUT_OF_MEMORY)


def blame(exitcode: int | None) -> str:
    """The reason that a readout gives none, by how its process ended; "" where it did nothing.

    Whoever stopped the process from outside, or a disk that does not answer, is no fault of it.
    """
    if exitcode == -signal.SIGPROF:
        return f"takes more than {SECONDS} s to read, as no statement does; {_TAKE_OUT}"
    if exitcode == _OUT_OF_MEMORY:
        return f"takes more than 512 MB to read, as no statement does; {_TAKE_OUT}"
    if exitcode in (-signal.SIGALRM, -signal.SIGKILL, -signal.SIGTERM):
        return ""
    return broken(f"exit code {exitcode}")


def broken(how: str) -> str:
    """The reason that a readout gives none where it broke the parser."""
    return f"breaks what reads it ({how:.200}); {_TAKE_OUT}"
