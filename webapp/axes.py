"""The axes of a chart over time: round values, and names for as many periods as there is room for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from webapp.filters import MONTHS

TICKS = 4  # the most values that the axis names
LABELS = 8  # the most names below the base line

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


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


def figure(value: float) -> str:
    """A value of the axis, with as many decimals as it has."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def labels(names: Sequence[str]) -> list[str]:
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
