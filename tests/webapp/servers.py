"""Servers as they are run: processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.indexer.running import COMMAND, group_is_alive, wait_for

ROOT = Path(__file__).parent.parent.parent
SERVE = (*COMMAND, "serve", "--port", "0")
GUNICORN = (
    *(sys.executable, "-m", "gunicorn"),
    *("--config", str(ROOT / "deploy" / "gunicorn.conf.py")),
    *("--bind", "127.0.0.1:0", "webapp.wsgi:app"),
)
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Server(NamedTuple):
    """A server that answers."""

    process: subprocess.Popen[bytes]
    port: int
    said: Path

    @property
    def lines(self) -> list[str]:
        """What it has said so far."""
        return self.said.read_text("utf-8").splitlines()

    def stop(self) -> int:
        """Tell it to stop, and wait for its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def served(
    folder: Path, command: Sequence[str], *, index: str = "index"
) -> Iterator[Server]:
    """A server of the index in ``folder``, for as long as the block lasts; killed at the end."""
    said = folder / "said.log"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "COMMUNIQUE_INDEX": str(folder / index),
        "TMPDIR": str(folder),  # what it leaves when it is killed goes with the folder
    }
    with (
        said.open("wb") as file,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        ) as process,
    ):
        try:
            wait_for(
                lambda: _ADDRESS.search(said.read_text("utf-8"))
                or process.poll() is not None,
                "an address",
            )
            found = _ADDRESS.search(said.read_text("utf-8"))
            assert found, said.read_text("utf-8")
            yield Server(process, int(found[1]), said)
        finally:
            if group_is_alive(process):
                os.killpg(process.pid, signal.SIGKILL)
