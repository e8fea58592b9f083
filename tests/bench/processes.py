"""Servers that a measurement starts, and the memory that they take."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
GUNICORN = (
    *(sys.executable, "-m", "gunicorn"),
    *("--config", str(ROOT / "deploy" / "gunicorn.conf.py")),
    *("--bind", "127.0.0.1:0"),
)
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_PATIENCE = 60.0


class Memory(NamedTuple):
    """Megabytes: ``pss`` shares out what several processes have mapped, ``anonymous`` is no file's."""

    pss: float
    anonymous: float


@contextmanager
def serving(
    folder: Path, command: Sequence[str], **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server and its port, for as long as the block lasts; what it says goes to ``said.log``."""
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "said.log"
    with (
        said.open("wb") as file,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=file,
            stderr=file,
        ) as process,
    ):
        try:
            end = time.monotonic() + _PATIENCE
            while not (found := _ADDRESS.search(said.read_text("utf-8"))):
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit(
                        f"The server did not start:\n{said.read_text('utf-8')}"
                    )
                time.sleep(0.05)
            yield process, int(found[1])
        finally:
            process.terminate()
            process.wait()


def children(process: int) -> list[int]:
    """The processes that one has started, the oldest first."""
    path = Path(f"/proc/{process}/task/{process}/children")
    return sorted(map(int, path.read_text("ascii").split())) if path.exists() else []


def memory(processes: Sequence[int]) -> Memory:
    """Of processes together; one that is gone takes none. Linux alone tells it."""
    pss = anonymous = 0
    for each in processes:
        try:
            text = Path(f"/proc/{each}/smaps_rollup").read_text("ascii")
        except OSError:
            continue
        sizes = dict(re.findall(r"^(\w+): +(\d+) kB$", text, re.M))
        pss += int(sizes["Pss"])
        anonymous += int(sizes["Anonymous"])
    return Memory(pss / 1024, anonymous / 1024)
