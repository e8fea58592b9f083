"""A cluster to try things on: python -m tests.cluster start, status, kill N, restart N, stop."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.cluster.java import Missing
from tests.cluster.nodes import COUNT, Nodes


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.cluster", description=__doc__
    )
    parser.add_argument("what", choices=["start", "status", "kill", "restart", "stop"])
    parser.add_argument("node", type=int, nargs="?", choices=range(1, COUNT + 1))
    usual = Path(tempfile.gettempdir()) / "communique-cluster"
    parser.add_argument("--folder", type=Path, default=usual, help=f"[{usual}]")
    given = parser.parse_args()
    if (given.node is None) == (given.what in ("kill", "restart")):
        parser.error(
            f"{given.what} {'needs' if given.node is None else 'takes no'} number"
        )
    nodes = Nodes(given.folder)
    try:
        if given.what == "start":
            nodes.start()
        elif given.what == "kill":
            nodes.kill(given.node)
        elif given.what == "restart":
            nodes.start_one(given.node)
        elif given.what == "stop":
            nodes.stop()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    for number in range(1, COUNT + 1):
        print(f"node {number}: {'runs' if nodes.is_alive(number) else 'is stopped'}")
    if given.what in ("start", "status") and nodes.http:
        print(nodes.location("statements"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
