"""Processes that tests start, and what they wait for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-c", "from webapp.cli import main; main()"]
_PATIENCE = 60.0


def wait_for(reached: Callable[[], object], what: str) -> None:
    """Look again and again until something is so; fail where it never is."""
    end = time.monotonic() + _PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: waited for {_PATIENCE:.0f} s")
        time.sleep(0.02)


@contextmanager
def running(
    folder: Path, *arguments: str, errors: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """``communique`` in a folder, as the first of a group of processes; killed at the end."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if group_is_alive(process):
                os.killpg(process.pid, signal.SIGKILL)


def group_is_alive(process: subprocess.Popen[str]) -> bool:
    """Whether the process, or one that it started, still runs."""
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def somebody_else() -> Iterator[None]:
    """Be nobody, if root, whom no permission hinders."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
