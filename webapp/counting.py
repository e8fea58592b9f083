"""How a result is counted over time: the state of the timeline and of the matrix, as their URL."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Self

from werkzeug.datastructures import MultiDict

from indexer.dates import DateRange
from indexer.matrix import written_lines
from indexer.periods import Period, days_of
from indexer.query import Dates, Query, when
from indexer.timeline import BY, COUNTS, PER, Measure
from webapp.arguments import ParamsError, chosen
from webapp.params import SearchParams

VIEWS = ("timeline", "matrix")
_FEW_DAYS, _FEW_MONTHS = 62, 60 * 31  # spans of so many days are shown by day, by month
LONGEST = (
    20_000  # characters of the lines of a matrix, each of which has a limit of its own
)


# Without slots, since methods of this class call those of SearchParams.
@dataclass(frozen=True, kw_only=True)
class Counting(SearchParams):
    """A search and how to count it.

    Without a ``period`` the page chooses one. ``by`` breaks a timeline down, "" does not;
    ``phrases`` are more searches for a matrix, one a line.
    """

    view: str = "timeline"
    period: Period | None = None
    measure: Measure = Measure()
    by: str = ""
    phrases: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Self:
        """Read a URL's arguments; ParamsError says which cannot be used and why."""
        period = chosen(args, "period", [each.value for each in Period])
        return replace(
            super().from_args(args),
            view=chosen(args, "view", VIEWS) or VIEWS[0],
            period=Period(period) if period else None,
            measure=Measure(
                chosen(args, "count", COUNTS) or COUNTS[0],
                chosen(args, "per", PER[1:]),
            ),
            by=chosen(args, "by", BY),
            phrases="\n".join(args.getlist("phrases")),
        )

    @property
    def args(self) -> dict[str, str | list[str]]:
        """The URL's arguments; what is as it would be anyway is left out."""
        own = {
            "view": self.view,
            "period": self.period.value if self.period else "",
            "count": self.measure.count if self.measure.count != COUNTS[0] else "",
            "per": self.measure.per,
            "by": self.by,
            "phrases": self.phrases,
        }
        given = {name: value for name, value in own.items() if value}
        return self.as_list().args | given

    def usual_period(self, query: Query, years: tuple[int, int] | None) -> Period:
        """The ``period``, or one that suits the days asked for; ``years`` are the corpus's ends."""
        if self.period or not years:
            return self.period or Period.YEAR
        chosen = [int(y) for y in self.filters.get("year", ()) if y.isdigit()]
        asked = when(query)
        spans = [
            DateRange(datetime.date(min(ends), 1, 1), datetime.date(max(ends), 12, 31))
            for ends in (years, chosen)
            if ends
        ]
        spans += [self.dates] if self.dates else []
        spans += [asked.range] if isinstance(asked, Dates) else []
        first = max(each.first for each in spans if each.first)
        last = min(each.last for each in spans if each.last)
        days = (last - first).days + 1
        if days <= _FEW_DAYS:
            return Period.DAY
        return Period.MONTH if days <= _FEW_MONTHS else Period.YEAR

    def lines(self) -> list[tuple[int, str]]:
        """The searches of a matrix with their numbers; the query itself is 0, if there is one.

        ParamsError where they are too many or too long.
        """
        if len(self.phrases) > LONGEST:
            raise ParamsError(
                "phrases",
                f"These lines have {len(self.phrases):,} characters: {LONGEST:,} at most can be "
                "counted at once.",
            )
        own = " ".join(self.text.split())
        try:
            lines = written_lines(f"{own}\n{self.phrases}")
        except ValueError as error:
            raise ParamsError("phrases", str(error)) from None
        numbers: dict[str, int] = {}
        for number, text in lines:
            numbers.setdefault(text, number - 1)
        return [(number, text) for text, number in numbers.items()]

    def in_view(self, view: str) -> dict[str, str | list[str]]:
        """The URL's arguments of the same search in another view."""
        if view in VIEWS:
            return replace(self, view=view).args
        return self.as_list().in_view(view)

    def with_period_length(self, period: Period) -> Self:
        """By year, month or day."""
        return replace(self, period=period)

    def with_count(self, count: str) -> Self:
        """Statements, or occurrences."""
        return replace(self, measure=replace(self.measure, count=count))

    def with_per(self, per: str) -> Self:
        """As numbers, or as rates."""
        return replace(self, measure=replace(self.measure, per=per))

    def with_by(self, by: str) -> Self:
        """Broken down, or not."""
        return replace(self, by=by)

    def listed(
        self, name: str = "", value: str = "", text: str = ""
    ) -> SearchParams | None:
        """The list of exactly what was counted: in a period, with a value of ``by``, for a query.

        None where no filter says so: other values of the field are asked for already.
        """
        params = self.as_list().with_fold(False)
        if text:
            params = replace(params, text=text)
        if value:
            asked = self.filters.get(self.by, ())
            if asked and value not in asked:
                return None
            params = params.with_only(self.by, value)
        return params.with_dates(days_of(name)) if name else params
