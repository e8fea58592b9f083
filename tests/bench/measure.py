"""One size measured: engines built, asked the same queries in turns, and upkeep."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from indexer.statement import Statement
from tests.bench.classes import QUERIES, Draw, Requests
from tests.bench.peers import Communique, Peer, StockWhoosh, natives
from tests.bench.rounds import Timings, run
from tests.bench.stages import Stages, stages
from tests.bench.upkeep import Readouts, adding, serving

#: Stock Whoosh takes part up to this size.
STOCK_LIMIT = 10_000

Say = Callable[[str], None]


class Speed(NamedTuple):
    """Statements indexed a second: of time that passed, and of all processors' time."""

    passed: float
    processor: float


@dataclass
class Measured:
    """What was found at one size; milliseconds, seconds and megabytes by figure in ``upkeep``."""

    size: int
    exact: Timings = field(default_factory=dict)
    stems: Timings = field(default_factory=dict)
    indexing: dict[str, Speed] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    stages: dict[str, Stages] = field(default_factory=dict)
    index_share: float = 0.0
    upkeep: dict[str, float | None] = field(default_factory=dict)


def measure(
    statements: Sequence[Statement],
    seed: int,
    say: Say,
    *,
    upkeep: bool,
    queries: int = QUERIES,
) -> Measured:
    """Everything at the size of ``statements``, what keeping an index costs only on demand."""
    measured = Measured(len(statements))
    say(f"{measured.size:,} statements: drawing queries")
    draw = Draw(statements, seed, queries)
    exact = draw.exact()
    with _folder() as folder:
        ours = Communique(folder)
        _build(ours, statements, measured, say)
        measured.index_share = size_of(ours.folder) / sum(
            len(s.text.encode()) for s in statements
        )
        with _built([Communique(folder, jobs=2)], statements, measured, say):
            pass
        with _built(natives(folder, stems=False), statements, measured, say) as peers:
            stock = [StockWhoosh(folder)] if measured.size <= STOCK_LIMIT else []
            with _built(stock, statements, measured, say) as slow:
                measured.exact = run([ours, *peers, *slow], exact, say)
                measured.stages = stages(ours, exact)
        with _built(natives(folder, stems=True), statements, measured, say) as both:
            stems = draw.stems([peer.stems for peer in (ours, *both)])
            measured.stems = run([ours, *both], stems, say)
        if upkeep:
            _keep(ours, statements, exact, measured, say)
        ours.close()
    if upkeep:
        _keep_files(statements, measured, say)
    return measured


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="communique-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _build(
    peer: Peer, statements: Sequence[Statement], measured: Measured, say: Say
) -> None:
    passed, processor = perf_counter(), process_time()
    peer.build(statements)
    speed = Speed(
        len(statements) / (perf_counter() - passed),
        len(statements) / (process_time() - processor),
    )
    measured.indexing[peer.name] = speed
    measured.versions[peer.name] = peer.version
    say(
        f"  built {peer.name}: {speed.passed:,.0f} statements/s, {speed.processor:,.0f} of CPU time"
    )


@contextmanager
def _built(
    peers: Sequence[Peer], statements: Sequence[Statement], measured: Measured, say: Say
) -> Iterator[Sequence[Peer]]:
    """Engines for as long as they are asked, and no longer on the disk."""
    for peer in peers:
        _build(peer, statements, measured, say)
    try:
        yield peers
    finally:
        for peer in peers:
            peer.close()
            shutil.rmtree(peer.folder)


def _keep(
    ours: Communique,
    statements: Sequence[Statement],
    exact: dict[str, Requests],
    measured: Measured,
    say: Say,
) -> None:
    say("  opening, serving and adding to the index")
    queries = [
        str(request.query) for requests in exact.values() for request in requests
    ]
    measured.upkeep.update(serving(ours.folder, queries))
    measured.upkeep["adding_ms"] = adding(ours.engine, statements[0])


def _keep_files(statements: Sequence[Statement], measured: Measured, say: Say) -> None:
    say(f"  communique index of {measured.size:,} files")
    with _folder() as folder:
        files = Readouts(folder, statements)
        measured.upkeep["first_s"] = files.first_seconds
        measured.upkeep["unchanged_s"] = files.unchanged()
        measured.upkeep["one_added_s"] = files.one_added()


def cores() -> int:
    """How many processors this process may use."""
    return (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1
    )
