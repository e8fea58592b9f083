"""The results as Markdown."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tests.bench.figures import OURS, Figure, FixedCost, figures
from tests.bench.measure import Measured, cores
from tests.bench.rounds import ROUNDS
from tests.bench.stages import STAGES


def report(runs: Sequence[Measured], corpus: str, seed: int, queries: int) -> str:
    """The whole page."""
    largest = max(runs, key=lambda run: run.size)
    engines = dict(item for run in runs for item in run.versions.items())
    lines = [
        "# Benchmark",
        "",
        "One search page: the exact total, the ten first hits with id, title, date and source, year"
        " and source counts over the whole result, up to three marked snippets of 200 characters"
        f" a hit. {queries} queries a class, drawn with seed {seed}; engines take turns; the best of"
        f" {ROUNDS} rounds of each query. All totals and counts were equal.",
        "",
        f"- Corpus: {corpus}",
        f"- Machine: {machine()}",
        *(f"- {name}: {version}" for name, version in engines.items()),
        "",
        "## What was asked for",
        "",
        "A figure without a unit is a ratio peer / ours (indexing: ours / peer); above 1 we are"
        " faster. Of several classes the worst is shown.",
        "",
        *_asked(runs),
        "",
        "## Pages",
        *(line for run in runs for line in _pages(run)),
        "",
        "## Where our time goes",
        "",
        "Microseconds of one of our pages by stage, the mean of a class's queries; `marks` finds what"
        " matched in the ten hits, `snippets` cuts thirty pieces of text around it.",
        *(line for run in runs for line in _stages(run)),
        "",
        f"## Indexing {largest.size:,} statements",
        "",
        "| engine | statements a second | of processors' time |",
        "|---|---:|---:|",
        *(
            f"| {name} | {speed.passed:,.0f} | {speed.processor:,.0f} |"
            for name, speed in largest.indexing.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _stages(run: Measured) -> Iterator[str]:
    yield from ("", f"{run.size:,} statements:", "")
    yield f"| class | {' | '.join(STAGES)} | together |"
    yield "|---|" + "---:|" * (len(STAGES) + 1)
    for name, taken in run.stages.items():
        figures = [*taken.values(), sum(taken.values())]
        yield f"| {name} | {' | '.join(f'{figure:.0f}' for figure in figures)} |"


def machine() -> str:
    """What the figures were measured on."""
    return (
        f"{platform.system()} {platform.release()} {platform.machine()}, {cores()} processors,"
        f" Python {sys.version.split()[0]}, NumPy {np.__version__}"
    )


def _asked(runs: Sequence[Measured]) -> Iterator[str]:
    sizes = [run.size for run in runs]
    yield f"| figure | must | aim | {' | '.join(f'{size:,}' for size in sizes)} | |"
    yield f"|---|---:|---:|{'---:|' * len(sizes)}---|"
    for figure in figures(runs):
        reached = " | ".join(_cell(figure, size) for size in sizes)
        limits = f"{_limit(figure, figure.must)} | {_limit(figure, figure.aim)}"
        yield f"| {figure.label} | {limits} | {reached} | {figure.verdict()} |"


def _limit(figure: Figure, value: float) -> str:
    return f"{'≥' if figure.more else '≤'} {_with_unit(figure, value)}"


def _cell(figure: Figure, size: int) -> str:
    if size not in figure.values:
        return ""
    shown = _with_unit(figure, figure.values[size])
    if isinstance(figure, FixedCost) and size in (figure.ratios or {}):
        shown += f" ({_number((figure.ratios or {})[size])})"
    return shown


def _with_unit(figure: Figure, value: float) -> str:
    return f"{_number(value)} {figure.unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _pages(run: Measured) -> Iterator[str]:
    for timings in (run.exact, run.stems):
        names = list(next(iter(timings.values())))
        yield ""
        yield f"{run.size:,} statements, milliseconds, p50 / p95:"
        yield ""
        yield from _header(names)
        for name, of_class in timings.items():
            ours = of_class[OURS]
            cells = [
                f"{of_class[peer].p50:.2f} / {of_class[peer].p95:.2f}"
                + (
                    f" ({_number(of_class[peer].p50 / ours.p50)})"
                    if peer != OURS
                    else ""
                )
                for peer in names
            ]
            yield f"| {name} | {' | '.join(cells)} |"


def _header(names: Iterable[str]) -> Iterator[str]:
    shown = [name if name == OURS else f"{name} (ratio of p50)" for name in names]
    yield f"| class | {' | '.join(shown)} |"
    yield f"|---|{'---:|' * len(shown)}"
