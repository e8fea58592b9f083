"""One cluster for all tests of this folder; where it cannot run, none of them does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.cluster import shared
from tests.cluster.java import Missing, fetch_jars, find_java
from tests.cluster.nodes import COUNT, Nodes

# Before the contract is loaded: each of its examples is several indices of a cluster that shares a
# machine with its tests, so there are few, and none is looked for that is smaller.
settings.register_profile(
    "cluster",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "6")),
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("cluster")

try:
    find_java()
    fetch_jars()
except Missing as missing:
    collect_ignore_glob = ["test_*.py"]
    LACK = str(missing)
else:
    LACK = ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why nothing here was tested, where that is so."""
    if LACK:
        terminalreporter.write_line(LACK)


@pytest.fixture(scope="session", autouse=True)
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """The cluster: its own, or that of ``python -m tests.cluster start --folder $CLUSTER``."""
    running = os.environ.get("CLUSTER")
    nodes = Nodes(Path(running) if running else tmp_path_factory.mktemp("nodes"))
    try:
        if not running:
            nodes.start()
        shared.nodes = nodes
        yield nodes
    finally:
        shared.nodes = None
        if not running:
            nodes.stop()


@pytest.fixture(autouse=True)
def whole(nodes: Nodes) -> Iterator[None]:
    """All nodes run before a test, and nothing it kept is left behind after it."""
    down = [number for number in range(1, COUNT + 1) if not nodes.is_alive(number)]
    for number in down:
        nodes.start_one(number)
    if down:
        nodes.wait(COUNT)
    yield
    shared.clear()
