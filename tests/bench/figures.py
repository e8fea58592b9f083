"""The figures that are asked for: what each must be, what it aims at, and what was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.classes import PHRASES, RARE, WORDS
from tests.bench.measure import Measured
from tests.bench.rounds import Timings, mean

OURS = "Communiqué"
TWO_JOBS = "Communiqué, 2 jobs"
FTS5, TANTIVY, STOCK = "FTS5", "Tantivy", "stock Whoosh"
BOTH = {FTS5: "FTS5, forms and stems", TANTIVY: "Tantivy, forms and stems"}
#: Sizes of this and more decide whether a figure is reached, unless it is of one size only.
DECISIVE = 50_000


@dataclass(frozen=True)
class Figure:
    """One row; ``values`` by size, and ``unit`` "" for a ratio where more is better."""

    label: str
    must: float
    aim: float
    values: Mapping[int, float]
    unit: str = ""
    more: bool = True
    either: str = ""

    def verdict(self) -> str:
        """Whether the worst of the sizes that decide reaches what it must, or its aim."""
        decisive = {size: v for size, v in self.values.items() if size >= DECISIVE}
        values = (decisive or dict(self.values)).values()
        if not values:
            return "not measured"
        worst = min(values) if self.more else max(values)
        if self._reaches(worst, self.aim):
            return "aim reached"
        return "reached" if self._reaches(worst, self.must) else "**missed**"

    def _reaches(self, value: float, wanted: float) -> bool:
        return value >= wanted if self.more else value <= wanted


@dataclass(frozen=True)
class FixedCost(Figure):
    """A page's fixed cost: as many milliseconds at most, or else such a ratio to a peer."""

    ratios: Mapping[int, float] | None = None
    must_ratio: float = 0.4

    def verdict(self) -> str:
        """As above; the ratio can make good for the time."""
        plain = super().verdict()
        decisive = [r for size, r in (self.ratios or {}).items() if size >= DECISIVE]
        ratios = decisive or list((self.ratios or {}).values())
        if plain == "**missed**" and ratios and min(ratios) >= self.must_ratio:
            return "reached"
        return plain


def ratio(timings: Timings, name: str, peer: str, index: int = 0) -> float | None:
    """How many times longer the peer takes in a class: p50, or p95 with ``index`` 1."""
    of_class = timings.get(name, {})
    if peer not in of_class:
        return None
    return of_class[peer][index] / of_class[OURS][index]


def average(timings: Timings, peer: str, index: int = 0) -> float | None:
    """The geometric mean of the ratios over all classes."""
    ratios = [
        r for name in timings if (r := ratio(timings, name, peer, index)) is not None
    ]
    return mean(ratios) if ratios else None


def worst(timings: Timings, names: Sequence[str], peer: str) -> float | None:
    """The least of the ratios of p50 in these classes."""
    ratios = [r for name in names if (r := ratio(timings, name, peer)) is not None]
    return min(ratios, default=None)


def figures(runs: Sequence[Measured]) -> Iterator[Figure]:
    """All rows of the table."""

    def by_size(value: Callable[[Measured], float | None]) -> dict[int, float]:
        return {run.size: v for run in runs if (v := value(run)) is not None}

    for peer, musts, aims in (
        (FTS5, (6, 5), (12, 12)),
        (TANTIVY, (0.8, 0.7), (1.3, 1.3)),
    ):
        for index, percentile in enumerate(("p50", "p95")):
            yield Figure(
                f"{peer}, geometric mean of {percentile}",
                musts[index],
                aims[index],
                by_size(lambda run, p=peer, i=index: average(run.exact, p, i)),
            )
    yield Figure(
        "Tantivy, each phrase class except rare phrase",
        1.2,
        2,
        by_size(lambda run: worst(run.exact, PHRASES, TANTIVY)),
    )
    yield Figure(
        "Tantivy, each of common, AND, OR of 3, word with dates, prefix, newest first",
        0.6,
        1.0,
        by_size(lambda run: worst(run.exact, WORDS, TANTIVY)),
    )
    for name in RARE:
        yield FixedCost(
            f"{name}: a page's fixed cost, or Tantivy's at least 0.4 of it",
            0.35,
            0.15,
            by_size(lambda run, n=name: run.exact[n][OURS].p50),
            unit="ms",
            more=False,
            ratios=by_size(lambda run, n=name: ratio(run.exact, n, TANTIVY)),
        )
    phrases = (*PHRASES, "rare phrase")
    yield Figure(
        "stock Whoosh, each phrase class",
        50,
        150,
        by_size(lambda run: worst(run.exact, phrases, STOCK)),
    )
    for peer, must, aim in ((FTS5, 10, 20), (TANTIVY, 0.7, 1.2)):
        yield Figure(
            f"bare words by stem, {BOTH[peer]}",
            must,
            aim,
            by_size(lambda run, p=peer: average(run.stems, BOTH[p])),
        )
    yield _growth(runs)
    yield from _indexing(by_size)
    yield Figure(
        "index bytes over text bytes",
        1.6,
        1.3,
        by_size(lambda run: run.index_share),
        "×",
        False,
    )
    for label, name, must, aim, unit in (
        ("anonymous memory of a serving process", "anonymous_mb", 150, 100, "MB"),
        ("`communique index` with nothing changed", "unchanged_s", 3, 1, "s"),
        ("one file added until a running engine shows it", "one_added_s", 3, 1, "s"),
        ("one statement through `writer()` until found", "adding_ms", 25, 10, "ms"),
        ("opening until the first page is answered", "opening_ms", 120, 60, "ms"),
    ):
        values = by_size(lambda run, n=name: run.upkeep.get(n))
        yield Figure(label, must, aim, values, unit, False)


def _growth(runs: Sequence[Measured]) -> Figure:
    """Our p50 at the largest size over that at the smallest, geometric mean over classes."""
    small, large = min(runs, key=_size), max(runs, key=_size)
    values = {}
    if small.size < large.size:
        values[large.size] = mean(
            [
                large.exact[name][OURS].p50 / of[OURS].p50
                for name, of in small.exact.items()
            ]
        )
    label = f"our p50 over our p50 at {small.size:,}"
    return Figure(label, 3, 2, values, "×", False)


def _size(run: Measured) -> int:
    return run.size


def _indexing(
    by_size: Callable[[Callable[[Measured], float | None]], dict[int, float]],
) -> Iterator[Figure]:
    """Ratios ours / peer: of processors' time for one process, of time that passed for two."""
    for peer, must, aim, must_two, aim_two in (
        (FTS5, 1.2, 2, 2, 3.5),
        (TANTIVY, 0.9, 1.4, 1.5, 2.4),
    ):

        def one(run: Measured, name: str = BOTH[peer]) -> float | None:
            theirs = run.indexing.get(name)
            return theirs and run.indexing[OURS].processor / theirs.processor

        def two(run: Measured, name: str = BOTH[peer]) -> float | None:
            theirs, ours = run.indexing.get(name), run.indexing.get(TWO_JOBS)
            return ours and theirs and ours.passed / theirs.passed

        yield Figure(f"indexing, one process, {BOTH[peer]}", must, aim, by_size(one))
        yield Figure(
            f"indexing, two jobs, {BOTH[peer]}", must_two, aim_two, by_size(two)
        )
