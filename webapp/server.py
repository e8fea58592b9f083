"""The server of ``communique serve``: it ends when it is told to, and what it began is finished."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from waitress import wasyncore
from waitress.server import BaseWSGIServer

#: Seconds for requests that are under way when the server is told to stop.
PATIENCE = 20.0

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_log = logging.getLogger(__name__)


def run(server: BaseWSGIServer, *, patience: float = PATIENCE) -> None:
    """Serve until SIGTERM or Ctrl-C; then refuse what is new, and finish what is under way.

    Whoever has not got his answer ``patience`` seconds later is cut off. A second signal does what
    it does to any other program.
    """
    with _told_to_stop(server) as told:
        while not told:
            _turn(server)
    _log.info("stopping: %d connections are open", len(server.active_channels))
    wasyncore.dispatcher.close(server)  # the socket that listens; not those it accepted
    end = time.monotonic() + patience
    _turn(server, wait=0)  # what has arrived by now is under way
    while _under_way(server) and time.monotonic() < end:
        _turn(server)
    if left := len(server.active_channels):
        _log.warning("stopped: %d connections were cut", left)
    server.task_dispatcher.shutdown(timeout=1)


@contextmanager
def _told_to_stop(server: BaseWSGIServer) -> Iterator[list[int]]:
    """The signals that came; the handlers that were there before are put back at the end."""
    told: list[int] = []

    def tell(signum: int, frame: FrameType | None) -> None:
        told.append(signum)
        server.pull_trigger()

    before = {each: signal.signal(each, tell) for each in _SIGNALS}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _turn(server: BaseWSGIServer, *, wait: float = 0.5) -> None:
    """Read and write what can be, or wait for ``wait`` seconds where nothing can."""
    wasyncore.loop(
        timeout=wait, use_poll=server.adj.asyncore_use_poll, map=server._map, count=1
    )


def _under_way(server: BaseWSGIServer) -> bool:
    """Whether anybody still waits for an answer; all other connections are closed."""
    waiting = False
    for channel in list(server.active_channels.values()):
        if channel.requests or channel.total_outbufs_len:
            waiting = True
        else:
            channel.handle_close()
    return waiting
