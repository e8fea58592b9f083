"""A command that kills itself at a step that leaves a trace, and at the next one in the next run."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class Steps(NamedTuple):
    """What counts, as Python over ``event`` and ``arguments`` of an audit hook; a run's seconds."""

    condition: str
    patience: int


#: What makes, writes, moves or removes a file.
WRITES = Steps(
    'event in ("os.rename", "os.link", "os.mkdir", "os.remove", "shutil.rmtree")'
    ' or (event == "open" and arguments[1] not in (None, "r", "rb"))',
    120,
)
#: What is sent to a cluster.
SENDS = Steps('event == "http.client.send"', 300)

_SCRIPT = """
import os, signal, sys
calls, last = 0, 0

def count(event, arguments):
    global calls
    if {condition}:
        calls += 1
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":  # workers start here as well, and are not counted
    last = int(sys.argv.pop(1))
    sys.addaudithook(count)
    from webapp.cli import cli
    cli()
"""


def outcomes(
    folder: Path,
    command: Sequence[str],
    look: Callable[[], int],
    *,
    steps: Steps = WRITES,
    stride: int = 1,
) -> Iterator[int]:
    """What there is to ``look`` at after each run of a command; each dies ``stride`` steps later.

    The last one comes to its end.
    """
    script = folder / "counted.py"
    script.write_text(_SCRIPT.format(condition=steps.condition))
    step, died = 1, True
    while died:
        ran = subprocess.run(
            [sys.executable, script.name, str(step), *command],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=steps.patience,
        )
        died = ran.returncode == -signal.SIGKILL
        assert died or ran.returncode == 0, ran.stderr
        yield look()
        step += stride


def write(folder: Path, numbers: Iterable[int]) -> None:
    """Readouts of a source ``a``, all of one day."""
    for number in numbers:
        text = f" date 2025-07-10 Meeting {number}\n\nThey met {number} times. " * 20
        (folder / "raw" / "a" / f"{number:03}.txt").write_text(text, encoding="utf-8")
