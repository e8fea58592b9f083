"""What came of a load, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from indexer.statement import Statement
from tests.bench import wrk
from tests.bench.table import machine

#: Requests a second of ours for one of the same page over FTS5, by SQL.
MUST = 3.0


class Side(NamedTuple):
    """One of those that are compared."""

    name: str
    port: int
    publish: Callable[[Sequence[Statement]], None]
    loads: list[wrk.Load]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return sum(each.requests for each in self.loads) / sum(
            each.seconds for each in self.loads
        )

    @property
    def failures(self) -> int:
        """What was no answer."""
        return sum(each.errors + each.strange for each in self.loads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How much was asked for, of each side; ``corpus`` is "" where it is generated."""

    size: int
    queries: int
    connections: int
    seconds: int
    publishes: int
    batch: int
    turns: int
    corpus: str


def report(
    asked: Asked,
    sides: Sequence[Side],
    wrong: Mapping[str, Counter[tuple[int, int, str]]],
) -> str:
    """The page; of the sides ours is the first, then come FTS5 by SQL and FTS5 with arrays."""
    ours, sql, arrays = sides
    lines = [
        "# Load",
        "",
        f"Search pages of {asked.size:,} statements, {asked.queries} queries of each of twelve"
        f" classes in turn, by wrk on {asked.connections} connections of one client;"
        f" {asked.seconds} s and {asked.publishes} publications of {asked.batch} statements for each"
        f" side, in {asked.turns} turns. All sites are gunicorn's with `deploy/gunicorn.conf.py`, a"
        " process a processor, with the same templates, and tell the same numbers. Those over FTS5"
        " have the same index file, and matches counted by an FTS5 function or from the vocabulary;"
        f" {sql.name} counts facets, silence and scope in SQL, {arrays.name} in NumPy arrays that it"
        f" holds in memory, which is the design of {ours.name} over FTS5's postings. Every answer"
        " names its generation, and its total is compared with the one that the query has there.",
        "",
        f"- Corpus: {f'{asked.corpus}, cut into sections' if asked.corpus else 'generated'}",
        f"- Machine: {machine()}, the client and the publisher on the same one",
        "",
        "| site | requests a second | p50 | p95 | p99 | requests | errors | wrong | generations |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(_row(side, wrong[side.name].total()) for side in sides),
        "",
        f"Turn by turn, {_times(ours, sql)} times as many requests a second as {sql.name} (asked for:"
        f" {MUST:g}), and {_times(ours, arrays)} times as many as {arrays.name}: the median of the"
        " turns, and in brackets the least and the most, as the machine has other work at times."
        " Percentiles are the mean of those of the turns.",
    ]
    return "\n".join(lines) + "\n"


def _times(ours: Side, other: Side) -> str:
    """How many times as fast ours was, in turns that were neighbours."""
    pairs = zip(ours.loads, other.loads, strict=True)
    ratios = sorted(mine.rate / theirs.rate for mine, theirs in pairs)
    return f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def _row(side: Side, wrong: int) -> str:
    times = [
        f"{sum(getattr(each, name) for each in side.loads) / len(side.loads):.1f} ms"
        for name in ("p50", "p95", "p99")
    ]
    generations = {key[0] for each in side.loads for key in each.seen}
    return (
        f"| {side.name} | {side.rate:,.0f} | {' | '.join(times)} |"
        f" {sum(each.requests for each in side.loads):,} | {side.failures} |"
        f" {wrong} | {len(generations)} |"
    )
