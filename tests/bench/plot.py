"""The results as a picture: for each class and engine a bar from p50 to p95, on a log scale."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import ceil, floor, log10

from tests.bench.measure import Measured
from tests.bench.rounds import Timing, Timings

_COLOURS = ("#0b5c8a", "#d1690e", "#3f8f3f", "#8a5aa8")
_LEFT, _WIDTH, _RIGHT = 190, 560, 30
_TOP, _ROW, _LINE = 74, 34, 8


def plot(run: Measured) -> str:
    """An SVG of the classes of exact forms."""
    timings = run.exact
    names = list(next(iter(timings.values())))
    scale = _Scale(timings)
    height = _TOP + _ROW * len(timings) + 34
    width = _LEFT + _WIDTH + _RIGHT
    body = [
        *_legend(run, names),
        *_axis(scale, height - 34),
        *(line for row in enumerate(timings) for line in _class(row, timings, scale)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="Milliseconds of a search page, by engine" font-family="sans-serif"'
        f' font-size="12" fill="#222">\n<rect width="{width}" height="{height}" fill="#fff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


class _Scale:
    """Milliseconds to a place from left to right."""

    def __init__(self, timings: Timings) -> None:
        times = [
            time
            for of_class in timings.values()
            for pair in of_class.values()
            for time in pair
        ]
        self.first, self.last = floor(log10(min(times))), ceil(log10(max(times)))

    def place(self, milliseconds: float) -> float:
        """Where a time stands."""
        share = (log10(milliseconds) - self.first) / (self.last - self.first)
        return round(_LEFT + share * _WIDTH, 1)


def _legend(run: Measured, names: list[str]) -> Iterator[str]:
    yield (
        f'<text x="12" y="22" font-size="15" font-weight="bold">One search page of {run.size:,}'
        " statements, milliseconds: p50 (dot) to p95 (end of the line)</text>"
    )
    for number, name in enumerate(names):
        x = _LEFT + number * 140
        yield f'<circle cx="{x}" cy="44" r="5" fill="{_COLOURS[number]}"/>'
        yield f'<text x="{x + 10}" y="48">{escape(name)}</text>'


def _axis(scale: _Scale, bottom: int) -> Iterator[str]:
    for power in range(scale.first, scale.last + 1):
        x = scale.place(10**power)
        yield f'<path d="M{x} {_TOP - 8}V{bottom}" stroke="#ccc"/>'
        yield f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{10**power:g} ms</text>'


def _class(row: tuple[int, str], timings: Timings, scale: _Scale) -> Iterator[str]:
    number, name = row
    of_class = timings[name]
    top = _TOP + number * _ROW
    middle = top + _ROW / 2
    yield f'<text x="{_LEFT - 12}" y="{middle}" text-anchor="end">{escape(name)}</text>'
    for line, timing in enumerate(of_class.values()):
        yield _bar(timing, top + 4 + line * _LINE, _COLOURS[line], scale)


def _bar(timing: Timing, y: int, colour: str, scale: _Scale) -> str:
    start, end = scale.place(timing.p50), scale.place(timing.p95)
    return (
        f'<path d="M{start} {y}H{end}" stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{start}" cy="{y}" r="3.5" fill="{colour}"/>'
    )
