"""Calendar days and ranges of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from ``first`` to ``last``, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None
