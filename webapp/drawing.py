"""A timeline as columns, laid out for SVG: heights in pixels, widths in percent of the plot.

What is found stands before what was searched, which has a scale of its own where the two cannot
share one. Nothing found is the base line alone; periods in which nothing was searched are a gap,
hatched from base to top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from indexer.periods import count_between, periods_between
from indexer.timeline import Measure, Series, Tally, Timeline
from webapp.axes import figure, labels, say, ticks

#: More columns than this cannot be told apart; nor does anybody read more in all plots together.
COLUMNS, ALL_COLUMNS = 750, 1500
#: Pixels from the top to the base line; the labels of a plot stand in TOP and in BELOW.
TALL, LOW = 200, 84
TOP, BELOW = 14, 20
SHARED = 4  # statements found and searched share a scale where the latter are so many times more
LEAST = 2  # one among thousands is still seen
_DIGIT, _MARGIN = 7.5, 10  # pixels of a figure on the axis, and beside it

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


class Scale(NamedTuple):
    """Round values from 0 up; ``shared`` tells that what was searched is to this scale too."""

    marks: tuple[float, ...]
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One series: ``kind`` is "all", "value" or "rest", ``most`` the most searched in a period.

    ``axis`` are round values with their places from the top. ``shared`` tells that what was
    searched is to their scale too.
    """

    kind: str
    series: Series
    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    axis: tuple[tuple[float, str], ...]
    shared: bool
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Plots below each other, each ``base`` pixels high; all values have one scale, the rest its own.

    ``left`` is the width that the values on the axes need; ``names`` are the periods to label,
    with the middle of their columns.
    """

    plots: tuple[Plot, ...]
    base: int
    left: int
    names: tuple[tuple[float, str], ...]

    @property
    def height(self) -> int:
        """Of one plot, in pixels."""
        return self.base + BELOW

    @property
    def shared(self) -> bool:
        """Whether everything searched is to the scale of what is found."""
        return all(plot.shared for plot in self.plots)


def most_columns(timeline: Timeline) -> int:
    """The most periods that are drawn: fewer for each of many plots."""
    return min(COLUMNS, ALL_COLUMNS // (len(timeline.parts) + 1))


def draw(timeline: Timeline, measure: Measure) -> Drawing | None:
    """The whole, or a plot for each part; None where there is nothing to draw, or too much."""
    size = count_between(timeline.first, timeline.last)
    if not 0 < size <= most_columns(timeline):
        return None
    groups: list[tuple[str, tuple[Series, ...]]] = [("all", (timeline.whole,))]
    if timeline.rest:
        groups = [("value", timeline.parts)]
        if timeline.rest.total.searched:
            groups.append(("rest", (timeline.rest,)))
    several = sum(len(together) for _, together in groups) > 1
    base = LOW if several else TALL
    names = list(periods_between(timeline.first, timeline.last))
    plots = []
    for kind, together in groups:
        scale = _scale(together, measure)
        for series in together:
            known = dict(zip(timeline.periods, series.periods, strict=True))
            tallies = [(name, known.get(name, _NOTHING)) for name in names]
            plots.append(_plot(kind, series, tallies, measure, scale, base))
    figures = [len(label) for plot in plots for _, label in plot.axis]
    return Drawing(
        plots=tuple(plots),
        base=base,
        left=round(max(figures, default=1) * _DIGIT + _MARGIN),
        names=tuple(
            (round((place + 0.5) * 100 / size, 3), label)
            for place, label in enumerate(labels(names))
            if label
        ),
    )


def _scale(together: Sequence[Series], measure: Measure) -> Scale:
    """One for all of these."""
    tallies = [tally for series in together for tally in series.periods]
    peak = max((measure.of(tally) or 0 for tally in tallies), default=0)
    most = max((tally.searched for tally in tallies), default=0)
    shared = measure == Measure() and most <= SHARED * peak
    return Scale(ticks(most if shared else peak, whole=not measure.per), shared)


def _plot(
    kind: str,
    series: Series,
    tallies: Sequence[tuple[str, Tally]],
    measure: Measure,
    scale: Scale,
    base: int,
) -> Plot:
    most = max((tally.searched for _, tally in tallies), default=0)
    room, top = base - TOP, scale.marks[-1]
    ground = top if scale.shared else most
    step = 100 / len(tallies)
    columns = []
    missing = []
    for place, (name, tally) in enumerate(tallies):
        if not tally.searched:
            missing.append(place)
            continue
        value = measure.of(tally)
        height = max(LEAST, room * value / top) if value else 0.0
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
                ground=round(room * tally.searched / ground, 1),
            )
        )
    gaps = [
        Gap(
            said=_said_run(tallies[first][0], tallies[last][0]),
            x=round(first * step, 3),
            width=round((last - first + 1) * step, 3),
        )
        for first, last in _runs(missing)
    ]
    return Plot(
        kind=kind,
        series=series,
        columns=tuple(columns),
        gaps=tuple(gaps),
        axis=tuple((round(base - room * m / top, 1), figure(m)) for m in scale.marks),
        shared=scale.shared,
        most=most,
    )


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in run]
        yield members[0], members[-1]


def _said_run(first: str, last: str) -> str:
    return say(first) if first == last else f"{say(first)} to {say(last)}"
