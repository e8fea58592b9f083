"""``python -m tests.bench.cluster``: the same pages from a folder and from a cluster, in turns.

It starts three nodes on this machine, as ``make test-cluster`` does, and stops them.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

from indexer.statement import Statement
from tests.bench.classes import Draw
from tests.bench.cluster_table import Built, Measured, Store, report
from tests.bench.generate import generate
from tests.bench.measure import size_of
from tests.bench.peers import Communique
from tests.bench.peers.cluster import Cluster
from tests.bench.rounds import Disagreement, run
from tests.cluster.java import Missing
from tests.cluster.nodes import Nodes

_RESULTS = Path("tests/bench/cluster.md")
_NAME = "bench"

Say = Callable[[str], None]


def measure(nodes: Nodes, size: int, seed: int, queries: int, say: Say) -> Measured:
    """Everything at one size, in a running cluster and in a folder for the time being."""
    say(f"{size:,} statements: generating, drawing queries")
    statements = generate(size, seed)
    classes = Draw(statements, seed, queries).exact()
    with tempfile.TemporaryDirectory(prefix="communique-bench-") as folder:
        ours = Communique(Path(folder))
        cluster = Cluster(nodes.location(_NAME), _version(nodes))
        peers = (ours, cluster)
        built = {peer.name: _build(peer, statements, say) for peer in peers}
        for requests in classes.values():  # a JVM compiles what it has done for a while
            for request in requests:
                cluster.search(request)
        pages = run(peers, classes, say)
        stored = size_of(ours.folder), _store(nodes)
        found = Measured(size, cluster.version, pages, built, *stored)
        for peer in peers:
            peer.close()
    nodes.ask(1, f"/{_NAME}-*", "DELETE")
    return found


def _build(peer: Communique, statements: Sequence[Statement], say: Say) -> Built:
    passed, computing = perf_counter(), process_time()
    peer.build(statements)
    speed = len(statements) / (perf_counter() - passed)
    each = 1000 * (process_time() - computing) / len(statements)
    say(f"  built {peer.name}: {speed:,.0f} statements/s")
    return Built(speed, each)


def _version(nodes: Nodes) -> str:
    return f"OpenSearch {nodes.ask(1, '/')['version']['number']}"


def _store(nodes: Nodes) -> Store:
    path = f"/{_NAME}/_stats/store,segments?include_segment_file_sizes=true"
    found = nodes.ask(1, path)["_all"]
    files = found["primaries"]["segments"]["file_sizes"]
    return Store(
        found["primaries"]["store"]["size_in_bytes"],
        found["total"]["store"]["size_in_bytes"],
        files.get("fdt", {}).get("size_in_bytes", 0),
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None, nodes: Nodes | None = None) -> int:
    """Measure in a cluster of its own, unless one is given; print the page and write it.

    1 if there can be no cluster, or the engines gave different answers.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.cluster", description=__doc__
    )
    add = parser.add_argument
    add("--sizes", type=_sizes, default="10000,100000", help="[%(default)s]")
    add("--queries", type=int, default=12, help="of each class [%(default)s]")
    add("--seed", type=int, default=1, help="[%(default)s]")
    add("--output", type=Path, default=_RESULTS, help="[%(default)s]")
    options = parser.parse_args(arguments)
    asked = options.seed, options.queries, _say
    try:
        with _running(nodes) as given:
            runs = [measure(given, size, *asked) for size in options.sizes]
    except (Missing, Disagreement) as reason:
        _say(str(reason))
        return 1
    page = "\n".join(report(runs, options.queries, options.seed)) + "\n"
    print(page, end="")
    options.output.write_text(page, encoding="utf-8")
    return 0


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


@contextmanager
def _running(nodes: Nodes | None) -> Iterator[Nodes]:
    if nodes is not None:
        yield nodes
        return
    # Who is told to end stops its nodes too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="communique-cluster-") as folder:
        started = Nodes(Path(folder))
        try:
            started.start()
            yield started
        finally:
            started.stop()


if __name__ == "__main__":
    sys.exit(main())
