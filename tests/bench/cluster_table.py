"""The figures of folder and cluster as Markdown, and on paper what many more statements need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.bench.measure import cores
from tests.bench.needs import (
    CACHE_BYTES,
    CORES,
    DISK_BYTES,
    FULL,
    GENERATIONS,
    LIMIT,
    SHARD_BYTES,
    Growth,
    Known,
    Needs,
    needs,
)
from tests.bench.rounds import ROUNDS, Timing, Timings, mean
from tests.bench.table import machine
from tests.cluster.nodes import COUNT, HEAP

#: The sizes that are told of on paper.
MANY = (10_000_000, 100_000_000)


class Built(NamedTuple):
    """Statements a second that were indexed, and milliseconds of computing here for each."""

    speed: float
    computing: float


class Store(NamedTuple):
    """Bytes in the cluster: stored once, with copies, and of the former those of whole statements."""

    once: int
    copied: int
    statements: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found at one size; by engine's name where it is of both."""

    size: int
    version: str
    pages: Timings
    built: dict[str, Built]
    folder: int
    store: Store


def known(few: Measured, many: Measured) -> Known:
    """What two sizes tell of all others."""
    store = many.store
    return Known(
        _grown(few, many, "cluster"),
        cores(),
        store.once / many.size,
        (store.once - store.statements) / many.size,
        many.built["cluster"].speed,
    )


def _grown(few: Measured, many: Measured, engine: str) -> dict[str, Growth]:
    """How a page in the middle of each class grows."""
    return {
        name: Growth.of(
            (few.size, few.pages[name][engine].p50),
            (many.size, many.pages[name][engine].p50),
        )
        for name in many.pages
    }


def report(runs: Sequence[Measured], queries: int, seed: int) -> Iterator[str]:
    """The lines of the page."""
    yield "# Folder and cluster"
    yield ""
    yield (
        f"Search pages as in [results.md](results.md), {queries} queries a class drawn with seed "
        f"{seed}, from an index in a folder and from one in a cluster of {COUNT} nodes on the same "
        f"machine, in turns; the best of {ROUNDS} rounds of each query, milliseconds, p50 / p95. "
        f"All totals and counts were equal. Each node has a heap of {HEAP} and maps no files; "
        f"{COUNT} shards, one copy of each; generated statements of 250 to 400 words."
    )
    yield ""
    yield f"- Machine: {machine()}, shared by the nodes and by who asks them"
    yield f"- Cluster: {runs[0].version}"
    for measured in runs:
        yield from _pages(measured)
    yield from _growth(runs)
    yield from _building(runs)
    if len(runs) > 1:
        yield from _paper(runs[0], runs[-1])


def _pages(measured: Measured) -> Iterator[str]:
    yield from ("", f"## {measured.size:,} statements", "")
    yield from ("| class | folder | cluster | p50, times |", "|---|---:|---:|---:|")
    for name, (ours, theirs) in _both(measured).items():
        yield (
            f"| {name} | {ours.p50:.2f} / {ours.p95:.2f} | {theirs.p50:.1f} / {theirs.p95:.1f} "
            f"| {theirs.p50 / ours.p50:.0f} |"
        )


def _both(measured: Measured) -> Mapping[str, tuple[Timing, Timing]]:
    return {
        name: (of_class["Communiqué"], of_class["cluster"])
        for name, of_class in measured.pages.items()
    }


def _growth(runs: Sequence[Measured]) -> Iterator[str]:
    yield from ("", "## How both grow", "")
    sizes = " | ".join(f"{each.size:,}" for each in runs)
    yield f"| geometric mean of the classes, ms | {sizes} | the last by the first |"
    yield f"|---|{'---:|' * len(runs)}---:|"
    for number, where in enumerate(("folder", "cluster")):
        for quantile in ("p50", "p95"):
            means = [
                mean([getattr(pair[number], quantile) for pair in _both(each).values()])
                for each in runs
            ]
            shown = " | ".join(f"{value:.2f}" for value in means)
            yield f"| {where}, {quantile} | {shown} | {means[-1] / means[0]:.1f} |"


def _building(runs: Sequence[Measured]) -> Iterator[str]:
    yield from ("", "## What it takes to index and to keep them", "")
    yield "| | " + " | ".join(f"{each.size:,}" for each in runs) + " |"
    yield f"|---|{'---:|' * len(runs)}"
    rows: dict[str, Callable[[Measured], str]] = {
        "folder, statements a second": lambda m: f"{m.built['Communiqué'].speed:,.0f}",
        "cluster, statements a second": lambda m: f"{m.built['cluster'].speed:,.0f}",
        "of that computing here, ms each": lambda m: (
            f"{m.built['cluster'].computing:.2f}"
        ),
        "folder, bytes a statement": lambda m: f"{m.folder / m.size:,.0f}",
        "cluster, bytes a statement, stored once": lambda m: (
            f"{m.store.once / m.size:,.0f}"
        ),
        "with one copy": lambda m: f"{m.store.copied / m.size:,.0f}",
        "of one, whole statements": lambda m: f"{m.store.statements / m.size:,.0f}",
    }
    for name, cell in rows.items():
        yield f"| {name} | {' | '.join(map(cell, runs))} |"


def _paper(few: Measured, many: Measured) -> Iterator[str]:
    found, folder = known(few, many), _grown(few, many, "Communiqué")
    each_bytes = many.folder / many.size
    yield from ("", "## On paper: 10 and 100 million", "")
    yield "Reckoned from the figures above, and not measured:"
    yield ""
    columns = [needs(found, size) for size in MANY]
    yield f"| | {' | '.join(f'{each.statements:,}' for each in columns)} |"
    yield f"|---|{'---:|' * len(columns)}"
    rows: dict[str, Callable[[Needs], str]] = {
        "stored once, GB": lambda n: f"{n.store / 1e9:,.0f}",
        "processors": lambda n: f"{n.cores:,}",
        "shards, each with one copy": lambda n: f"{n.shards:,}",
        "read by searches, with copies, GB of memory": lambda n: f"{n.cache / 1e9:,.0f}",
        "disks, TB": lambda n: f"{n.disk / 1e12:,.1f}",
        "nodes": lambda n: f"{n.nodes:,}",
        "first load at the speed above, hours": lambda n: f"{n.hours:,.0f}",
    }
    rows["a folder on one machine instead, GB"] = lambda n: (
        f"{each_bytes * n.statements / 1e9:,.0f}"
    )
    rows["its slowest class, ms"] = lambda n: (
        f"{max(growth.at(n.statements) for growth in folder.values()):,.0f}"
    )
    for name, cell in rows.items():
        yield f"| {name} | {' | '.join(map(cell, columns))} |"
    slowest = columns[-1].slowest
    growth = found.growth[slowest]
    yield ""
    yield (
        f"- Time: between {few.size:,} and {many.size:,} the median of a class is "
        "taken to grow along a line; the steepest is "
        f"“{slowest}”, {growth.fixed:.0f} ms and {growth.each:,.0f} ms more for each million "
        f"statements on {found.cores} processors. For it to take {LIMIT:,.0f} ms at the most, the "
        "part that grows is shared by so many processors; a shard is searched by one, so there are "
        "at least as many shards. This counts one search at a time: twice as many at once need "
        "twice the processors, which copies bring with their nodes."
    )
    yield (
        f"- Shards: {SHARD_BYTES / 1e9:.0f} GB at the most ({found.store:,.0f} bytes a statement), "
        "one for each processor that is needed, and one for each node."
    )
    yield (
        f"- Memory: what searches read, all but the whole statements ({found.searched:,.0f} bytes a "
        "statement), is to lie in the system's cache, on each copy. A node of 64 GB has 16 GB of "
        f"heap, and leaves {CACHE_BYTES / 1e9:.0f}."
    )
    yield (
        f"- Disks: room for {GENERATIONS} generations, with copies, on disks that are {FULL:.0%} "
        f"full; {DISK_BYTES / 1e12:.0f} TB a node."
    )
    yield (
        f"- Nodes: what the largest of these asks for, of {CORES} processors each; three at least."
    )
    yield (
        "- A folder: one search at a time by one processor, all of it in the system's cache. Where "
        "that is fast enough, and one machine holds it, a cluster brings nothing but its own safety."
    )
