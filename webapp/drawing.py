"""A timeline as columns, laid out for SVG: heights in pixels, widths in percent of the plot.

What is found stands before what was searched, which has a scale of its own where the two cannot
share one. Nothing found is the base line alone; periods in which nothing was searched are a gap,
hatched from base to top.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.periods import count_between, periods_between
from indexer.timeline import Measure, Series, Tally, Timeline
from webapp.filters import MONTHS

#: More columns than this cannot be told apart.
COLUMNS = 750
#: Pixels from the top to the base line; the labels of a plot stand in TOP and in BELOW.
TALL, LOW = 200, 84
TOP, BELOW = 14, 20
SHARED = 4  # statements found and searched share a scale where the latter are so many times more
LEAST = 2  # one among thousands is still seen
TICKS = 4  # the most values that the axis names
LABELS = 8  # the most names below the base line
_DIGIT, _MARGIN = 7.5, 10  # pixels of a figure on the axis, and beside it

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_NOTHING = Tally()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A period; ``value`` is None where its measure is not defined. ``y`` is where the bar ends."""

    name: str
    said: str
    tally: Tally
    value: float | None
    x: float
    width: float
    y: float
    height: float
    ground: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Neighbouring periods in which nothing was searched."""

    said: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One series. ``name`` is its value, ``kind`` "all", "value" or "rest"."""

    name: str
    kind: str
    series: Series
    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Plots below each other on the same scale, each ``base`` pixels high.

    ``shared`` tells that what was searched is to this scale too; else each plot has one for it.

    ``axis`` are the round values with their places from the top, ``left`` the width that they
    need; ``names`` the periods to label, with the middle of their columns.
    """

    plots: tuple[Plot, ...]
    base: int
    left: int
    axis: tuple[tuple[float, str], ...]
    names: tuple[tuple[float, str], ...]
    shared: bool

    @property
    def height(self) -> int:
        """Of one plot, in pixels."""
        return self.base + BELOW


def draw(timeline: Timeline, measure: Measure) -> Drawing | None:
    """The whole, or a plot for each part; None where there is nothing to draw, or too much."""
    size = count_between(timeline.first, timeline.last)
    if not 0 < size <= COLUMNS:
        return None
    kinds = [("all", timeline.whole)]
    if timeline.rest:
        kinds = [("value", part) for part in timeline.parts]
        if timeline.rest.total.searched:
            kinds.append(("rest", timeline.rest))
    tallies = [tally for _, series in kinds for tally in series.periods]
    peak = max((measure.of(tally) or 0 for tally in tallies), default=0)
    most = max((tally.searched for tally in tallies), default=0)
    shared = measure == Measure() and most <= SHARED * peak
    marks = ticks(most if shared else peak, whole=not measure.per)
    base = TALL if len(kinds) == 1 else LOW
    names = list(periods_between(timeline.first, timeline.last))
    plots = [
        _plot(kind, series, timeline, names, measure, marks[-1], base, shared=shared)
        for kind, series in kinds
    ]
    labels = [_figure(mark) for mark in marks]
    step = 100 / size
    return Drawing(
        plots=tuple(plots),
        base=base,
        left=round(max(map(len, labels)) * _DIGIT + _MARGIN),
        axis=tuple(
            (round(base - (base - TOP) * mark / marks[-1], 1), label)
            for mark, label in zip(marks, labels, strict=True)
        ),
        names=tuple(
            (round((place + 0.5) * step, 3), label)
            for place, label in enumerate(_labels(names))
            if label
        ),
        shared=shared,
    )


def _plot(
    kind: str,
    series: Series,
    timeline: Timeline,
    names: Sequence[str],
    measure: Measure,
    top: float,
    base: int,
    *,
    shared: bool,
) -> Plot:
    known = dict(zip(timeline.periods, series.periods, strict=True))
    most = max((tally.searched for tally in series.periods), default=0)
    highest = top if shared else most
    step = 100 / len(names)
    columns = []
    missing = []
    for place, name in enumerate(names):
        tally = known.get(name, _NOTHING)
        if not tally.searched:
            missing.append(place)
            continue
        value = measure.of(tally)
        height = max(LEAST, (base - TOP) * value / top) if value else 0.0
        columns.append(
            Column(
                name=name,
                said=say(name),
                tally=tally,
                value=value,
                x=round(place * step, 3),
                width=round(step, 3),
                y=round(base - height, 1),
                height=round(height, 1),
                ground=round((base - TOP) * tally.searched / highest, 1),
            )
        )
    gaps = [
        Gap(
            said=_said_run(names[first], names[last]),
            x=round(first * step, 3),
            width=round((last - first + 1) * step, 3),
        )
        for first, last in _runs(missing)
    ]
    return Plot(
        name=series.name,
        kind=kind,
        series=series,
        columns=tuple(columns),
        gaps=tuple(gaps),
        most=most,
    )


def say(name: str) -> str:
    """The name of a period as people say it: 2025, July 2025, 10 July 2025."""
    year, month, day = (name.split("-") + ["", ""])[:3]
    words = [
        str(int(day)) if day else "",
        MONTHS[int(month) - 1] if month else "",
        year,
    ]
    return " ".join(filter(None, words))


def ticks(peak: float, *, whole: bool) -> tuple[float, ...]:
    """Round values from 0 to one that reaches the peak, at most TICKS above 0."""
    if not peak:
        return (0, 1)
    power = 10 ** math.floor(math.log10(peak / TICKS))
    steps = [n * power * scale for scale in (1, 10) for n in (1, 2, 2.5, 5)]
    fitting = (s for s in steps if peak <= s * TICKS and (not whole or s % 1 == 0))
    step = next(fitting, math.ceil(peak / TICKS))
    count = math.ceil(round(peak / step, 9))
    return tuple(round(step * n, 9) for n in range(count + 1))


def _figure(value: float) -> str:
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in run]
        yield members[0], members[-1]


def _said_run(first: str, last: str) -> str:
    return say(first) if first == last else f"{say(first)} to {say(last)}"


def _labels(names: Sequence[str]) -> list[str]:
    """What stands below each column: "" below most where there are many."""
    shown = {4: _year, 7: _month, 10: _day}[len(names[0])]
    return shown(names)


def _year(names: Sequence[str]) -> list[str]:
    step = _step(len(names))
    return [name if int(name) % step == 0 else "" for name in names]


def _month(names: Sequence[str]) -> list[str]:
    if len(names) <= 12:
        return [
            n[:4] if n.endswith("-01") else MONTHS[int(n[5:]) - 1][:3] for n in names
        ]
    if len(names) <= 24:
        quarters = {"01": "", "04": "Apr", "07": "Jul", "10": "Oct"}
        return [n[:4] if n.endswith("-01") else quarters.get(n[5:], "") for n in names]
    step = _step(len(names) // 12)
    return [
        n[:4] if n.endswith("-01") and int(n[:4]) % step == 0 else "" for n in names
    ]


def _day(names: Sequence[str]) -> list[str]:
    if len(names) <= 16:
        return [str(int(n[8:])) if n[8:] != "01" else _month_name(n) for n in names]
    months = max(1, len(names) // 30)
    step = next((n for n in (1, 2, 3, 6) if months <= n * LABELS), 12)
    starts = [n.endswith("-01") and (int(n[5:7]) - 1) % step == 0 for n in names]
    labels = [_month_name(n) if s else "" for n, s in zip(names, starts, strict=True)]
    if months <= 2:
        labels = [
            "15" if n.endswith("-15") else label
            for n, label in zip(names, labels, strict=True)
        ]
    return labels


def _month_name(name: str) -> str:
    return name[:4] if name[5:7] == "01" else MONTHS[int(name[5:7]) - 1][:3]


def _step(years: int) -> int:
    return next((n for n in _STEPS if years <= n * LABELS), _STEPS[-1])
