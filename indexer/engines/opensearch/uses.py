"""First and last use, and the longest silence between, as the cluster tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from indexer.dates import DateRange
from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.documents import statement_of
from indexer.engines.opensearch.narrowing import MOST_VALUES, every_bucket
from indexer.engines.opensearch.rank import ORDERS
from indexer.engines.opensearch.translate import all_of, dated
from indexer.search import Searched, Sort, Uses
from indexer.statement import Statement

_WITHOUT_TEXT: Body = {
    "_source": {"includes": ["statement"], "excludes": ["statement.text"]}
}


def uses(
    searches: Callable[..., list[Body]], query: Body, among: Body, occurrences: int
) -> Uses:
    """Of what ``query`` finds among what ``among`` does; ``searches`` asks several at once."""
    one = {"query": query, "size": 1, **_WITHOUT_TEXT}
    spread = {"field": "first_day", "size": MOST_VALUES}
    last = {"last": {"max": {"field": "last_day"}}}
    ends = {"first": {"min": {"field": "first_day"}}, **last}
    any_day = dated(DateRange())
    oldest, newest, found, searched = searches(
        {**one, "sort": ORDERS[Sort.OLDEST]},
        {**one, "sort": ORDERS[Sort.NEWEST]},
        {
            "query": all_of([query, any_day]),
            "size": 0,
            "aggs": {"days": {"terms": spread, "aggs": last}},
        },
        {
            "query": among,
            "size": 0,
            "aggs": {"dated": {"filter": any_day, "aggs": ends}},
        },
    )
    days = every_bucket(found["aggregations"]["days"])
    silence = longest_silence(
        [(int(each["key"]), int(each["last"]["value"])) for each in days]
    )
    silent = 0
    if silence:
        (quiet,) = searches({"query": all_of([among, dated(silence)]), "size": 0})
        silent = quiet["hits"]["total"]["value"]
    return Uses(
        occurrences=occurrences,
        first=_first_dated(oldest),
        last=_first_dated(newest),
        silence=silence,
        silent=silent,
        searched=_searched(searched),
    )


def longest_silence(days: Sequence[tuple[int, int]]) -> DateRange | None:
    """The most days in a row between stretches of days (ordinals) that none of them reaches.

    The first of several that are as long; None where there is none.
    """
    longest, silence, reached = 0, None, 0
    for first, last in sorted(days):
        quiet = first - reached - 1
        if reached and quiet > longest:
            longest = quiet
            silence = DateRange(
                date.fromordinal(reached + 1), date.fromordinal(first - 1)
            )
        reached = max(reached, last)
    return silence


def _first_dated(answer: Mapping[str, Any]) -> Statement | None:
    for hit in answer["hits"]["hits"]:
        statement = statement_of(hit["_source"])
        return statement if statement.date else None
    return None


def _searched(answer: Mapping[str, Any]) -> Searched:
    known = answer["aggregations"]["dated"]
    days = None
    if known["doc_count"]:
        first, last = (int(known[end]["value"]) for end in ("first", "last"))
        days = DateRange(date.fromordinal(first), date.fromordinal(last))
    return Searched(answer["hits"]["total"]["value"], days)
