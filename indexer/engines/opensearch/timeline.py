"""Results by period, counted by the cluster; only occurrences that it cannot count are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from indexer.dates import DateRange
from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.counting import OCCURRENCES, counted
from indexer.engines.opensearch.found import WHOLE, Found
from indexer.engines.opensearch.narrowing import MOST_VALUES, Narrowing, every_bucket
from indexer.engines.opensearch.translate import all_of, dated, none_of
from indexer.periods import Period, name_of
from indexer.query import scope, when
from indexer.search import UNDATED, IndexInfo, SearchRequest
from indexer.timeline import MOST, Series, Tally, Timeline

Searches = Callable[..., list[Body]]

_IMPRECISE = "imprecise"


class _Copy(NamedTuple):
    """A statement whose occurrences were counted here: its slot, its values of a field."""

    slot: str
    values: frozenset[str]
    occurrences: int


def timeline(
    found: Found,
    searches: Searches,
    request: SearchRequest,
    period: Period,
    by: str | None,
    index: IndexInfo,
) -> Timeline:
    """The statements found by period, beside all that were searched."""
    return _Counting(found, searches, request, period, by).timeline(index)


class _Counting:
    def __init__(
        self,
        found: Found,
        searches: Searches,
        request: SearchRequest,
        period: Period,
        by: str | None,
    ) -> None:
        self._found = found
        self._searches = searches
        self._request = request
        self._period = period
        self._by = by
        self._searched = found.among(scope(request.query))

    def timeline(self, index: IndexInfo) -> Timeline:
        """Everything, in two rounds of searches."""
        reach, *values = self._searches(self._reach(), *self._values())
        names = self._most(values) if self._by else []
        filters: list[Body | None] = [None]
        if self._by:
            chosen: list[Body] = [{"term": {self._by: name}} for name in names]
            filters += [*chosen, none_of(chosen)]
        answers = self._searches(
            *(body for each in filters for body in self._counts(each))
        )
        read = list(self._read()) if self._found.counted is None else []
        whole = _Slots(answers[0], answers[1])
        periods = tuple(sorted(whole.periods))
        series = [
            _Slots(*answers[2 * number : 2 * number + 2]).series(
                name, periods, self._occurrences(read, number, names)
            )
            for number, name in enumerate(["", *names, ""][: len(filters)])
        ]
        first, last = self._reached(reach)
        return Timeline(
            period=self._period,
            by=self._by,
            first=first,
            last=last,
            periods=periods,
            whole=series[0],
            parts=tuple(series[1:-1]),
            rest=series[-1] if self._by else None,
            index=index,
        )

    def _reach(self) -> Body:
        """The search for the first and the last day that are precise enough."""
        days = {
            n: v for n, v in self._request.filters.items() if n in ("year", "month")
        }
        within = self._found.everywhere(when(self._request.query), Narrowing(days))
        known: Body = {"exists": {"field": self._period.value}}
        return {
            "query": all_of([within, known, dated(DateRange())]),
            "size": 0,
            "aggs": {
                "first": {"min": {"field": "first_day"}},
                "last": {"max": {"field": "first_day"}},
            },
        }

    def _reached(self, answer: Mapping[str, Any]) -> tuple[str, str]:
        if not answer["hits"]["total"]["value"]:
            return "", ""
        first, last = (
            date.fromordinal(int(answer["aggregations"][end]["value"]))
            for end in ("first", "last")
        )
        return name_of(first, self._period), name_of(last, self._period)

    def _values(self) -> list[Body]:
        """The searches for the values to break down by."""
        if not self._by:
            return []
        values = {"values": {"terms": {"field": self._by, "size": MOST_VALUES}}}
        return [
            {"query": query, "size": 0, "aggs": values}
            for query in (self._found.query, self._searched)
        ]

    def _most(self, answers: Sequence[Mapping[str, Any]]) -> list[str]:
        """The values that most statements found have, else most searched, else the least."""
        found, searched = (
            {
                bucket["key"]: bucket["doc_count"]
                for bucket in every_bucket(answer["aggregations"]["values"])
            }
            for answer in answers
        )
        ordered = sorted(
            searched, key=lambda value: (-found.get(value, 0), -searched[value], value)
        )
        return ordered[:MOST]

    def _counts(self, chosen: Body | None) -> tuple[Body, Body]:
        """The searches for what is found and what is searched, of all or of what is chosen."""
        found, inside = self._found.query, {}
        if self._found.counted is not None and self._found.wanted:
            inside = OCCURRENCES
        if chosen:
            found = all_of([found, chosen])
        if inside and self._found.counted is not None:
            found = counted(found, self._found.counted, self._found.translation)
        searched = all_of([self._searched, chosen]) if chosen else self._searched
        words = {"words": {"sum": {"field": "token_count"}}}
        return self._by_slot(found, inside), self._by_slot(searched, words)

    def _by_slot(self, query: Body, inside: Body) -> Body:
        """A search that counts by period, and apart what has none."""
        field = self._period.value
        a_date = dated(DateRange())
        known: Body = {"exists": {"field": field}}
        aggs: Body = {
            "periods": {
                "filter": a_date,
                "aggs": {
                    "values": {
                        "terms": {"field": field, "size": MOST_VALUES},
                        "aggs": inside,
                    }
                },
            },
            _IMPRECISE: {"filter": all_of([a_date, none_of([known])]), "aggs": inside},
            UNDATED: {"filter": none_of([a_date]), "aggs": inside},
        }
        return {"query": query, "size": 0, "aggs": aggs}

    def _read(self) -> Iterator[_Copy]:
        """The occurrences that the cluster cannot count, by statement."""
        for local, counts in self._found.counted_here(WHOLE):
            documents = local.segment.documents
            for doc, count in enumerate(counts):
                if not count:
                    continue
                statement = documents.listed(doc)
                day, slot = statement.date, UNDATED
                if day:
                    lengths = {"year": 4, "month": 7, "day": 10}
                    enough = (
                        lengths[statement.date_precision] >= lengths[self._period.value]
                    )
                    slot = name_of(day, self._period) if enough else _IMPRECISE
                values: frozenset[str] = frozenset()
                if self._by:
                    own = statement.countries if self._by == "country" else ()
                    one = getattr(statement, self._by, "") if not own else ""
                    values = frozenset(filter(None, (*own, one)))
                yield _Copy(slot, values, count)

    def _occurrences(
        self, read: Sequence[_Copy], number: int, names: Sequence[str]
    ) -> Counter[str] | None:
        """Those of one series, by slot; None where the cluster counted them."""
        if self._found.counted is not None:
            return None
        sums: Counter[str] = Counter()
        for copy in read:
            if (
                number == 0
                or (number <= len(names) and names[number - 1] in copy.values)
                or (number > len(names) and not copy.values & set(names))
            ):
                sums[copy.slot] += copy.occurrences
        return sums


class _Slots:
    """The counts of one series, by period, and for what has none."""

    def __init__(self, found: Mapping[str, Any], searched: Mapping[str, Any]) -> None:
        self._found = _slots(found)
        self._searched = _slots(searched)

    @property
    def periods(self) -> set[str]:
        """Those in which anything was searched."""
        return self._searched.keys() - {_IMPRECISE, UNDATED}

    def series(
        self, name: str, periods: Sequence[str], read: Counter[str] | None
    ) -> Series:
        """The counts for these periods."""
        tallies = {
            slot: self._tally(slot, read) for slot in (*periods, _IMPRECISE, UNDATED)
        }
        total = Tally(*map(sum, zip(*tallies.values(), strict=True)))
        return Series(
            name=name,
            total=total,
            periods=tuple(tallies[each] for each in periods),
            imprecise=tallies[_IMPRECISE],
            undated=tallies[UNDATED],
        )

    def _tally(self, slot: str, read: Counter[str] | None) -> Tally:
        found, searched = self._found.get(slot, {}), self._searched.get(slot, {})
        said = found.get("occurrences", {}).get("value", 0)
        return Tally(
            statements=found.get("doc_count", 0),
            occurrences=int(said) if read is None else read[slot],
            searched=searched.get("doc_count", 0),
            words=int(searched.get("words", {}).get("value", 0)),
        )


def _slots(answer: Mapping[str, Any]) -> dict[str, Body]:
    found = answer["aggregations"]
    periods = every_bucket(found["periods"]["values"])
    named = {bucket["key"]: bucket for bucket in periods}
    return named | {name: found[name] for name in (_IMPRECISE, UNDATED)}
