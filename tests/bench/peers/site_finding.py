"""How the site over FTS5 finds and counts what matches: in one pass over it, or words in two.

What was tried on 50,000 sections of UN speeches, in milliseconds, with SQLite 3.54 in apsw 3.54:

- A function in Python counts a row's matches in 0.2 µs, behind FTS5's own reading of their places;
  one in C, in a tenth of that, would save 0.1 of the 2 that a phrase in 700 rows takes.
- A word in 6,000 rows is counted so in 1.4, from the vocabulary in 0.2; so are several, and prefixes.
- Its rows come as one text in 0.5, one by one in 1.5, and with bm25() in one pass in 5.1; the best by
  bm25() in a pass of their own in 3.3, which the matches of twenty rows make 0.2 to 0.9 longer. So
  words are read twice, which is cheap. Phrases are not: one in 700 rows takes 2.2 in one pass over
  rows, numbers and bm25(), and 2.7 in two; one with stop words 11 and 16.
- bm25() looks for a phrase a second time, to know how rare it is. Without that, which changes no
  order where there is one, a phrase with stop words takes 6.5 for 12, and with dates 2.7 for 3.8.
- ``order by rank`` takes half as long again as ``order by bm25(...)``. Larger pages of FTS5 gain
  nothing, and make the counting of single rows slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import apsw
import numpy as np

from indexer.query import EVERYTHING, Or, Phrase, Prefix, Query
from indexer.search import SearchRequest, Sort
from tests.bench.peers.base import days
from tests.bench.peers.sqlite import matching

Values: TypeAlias = dict[str, object]

#: Of a rowid, those that tell statements of one day apart; the others are its day.
BITS = 12
_LAST = (1 << 62) - 1

_MATCH = "from exact where exact match :match"
_ALL = "from facts where true"
_DATED = " and rowid between :first and :last"
_ORDER = {
    Sort.NEWEST: "-rowid",
    Sort.OLDEST: f"(rowid < {1 << BITS}) * {1 << 62} + rowid",
    Sort.RELEVANCE: "bm25(exact, 2.0, 1.0)",
}
_PAGE = "limit :limit offset :offset"
_ONE_PASS = f"""
with found as materialized (select rowid r, {{count}} n, {{order}} o {{found}}) {{asked}}
union all select 'matches', sum(n), null from found
union all select 'page', group_concat(r), group_concat(n)
from (select r, n from found order by o, r desc {_PAGE})
"""
_ROWS = "with found as not materialized (select rowid r {found}) {asked}"
_FIRST = (
    f"select group_concat(r) from (select rowid r {{found}} order by {{order}} {_PAGE})"
)
_OWN = f"""
select group_concat(r), group_concat(n) from (select rowid r, matches(exact) n
{_MATCH} and rowid in (select value from json_each(:rows)) limit -1)
"""
_WORD = "select cnt from vocabulary where term = ?"
_BEGINNING = "select sum(cnt) from vocabulary where term >= ? and term < ?"


def prepare(db: apsw.Connection) -> None:
    """Give a connection what is counted in Python."""
    db.register_fts5_function("matches", lambda api: api.inst_count)
    db.register_fts5_function("score", _score)


def _score(api: apsw.FTS5ExtensionApi) -> float:
    """What bm25(exact, 2.0, 1.0) is for one phrase, but for a factor: how rare that is.

    To know it bm25() looks for the phrase twice.
    """
    if api.aux_data is None:
        api.aux_data = 1.2 * 0.75 * api.row_count / api.column_total_size()
    weight = api.inst_count
    if 0 in api.phrase_columns(0):
        weight += len(api.phrase_column_offsets(0, 0))
    return -weight / (weight + 1.2 * 0.25 + api.aux_data * api.column_size())


class Found(NamedTuple):
    """What was asked of all that match; all matches; the page's rows, in its order, and theirs."""

    told: list[Any]
    matches: int
    page: list[int]
    own: list[int]


def find(db: apsw.Connection, request: SearchRequest, asked: str) -> Found:
    """Answer a search, and what is ``asked`` of the rows ``r`` of ``found``."""
    first, last = days(request) or (0, _LAST >> BITS)
    values = {
        "first": first << BITS,
        "last": (last + 1 << BITS) - 1,
        "limit": request.limit,
        "offset": request.offset,
    }
    dated = _DATED if request.dates else ""
    if request.query == EVERYTHING:
        order = _ORDER[Sort.OLDEST if request.sort is Sort.OLDEST else Sort.NEWEST]
        return _one_pass(db, values, _ALL + dated, "0", order, asked)
    values["match"] = matching(request.query)
    if not dated and (words := _words(request.query)):
        return _find_words(db, request.sort, values, words, asked)
    order = _ORDER[request.sort]
    if request.sort is Sort.RELEVANCE and isinstance(request.query, Phrase):
        order = "score(exact)"
    return _one_pass(db, values, _MATCH + dated, "matches(exact)", order, asked)


def _one_pass(
    db: apsw.Connection, values: Values, found: str, count: str, order: str, asked: str
) -> Found:
    sql = _ONE_PASS.format(count=count, order=order, found=found, asked=asked)
    *told, (_, total, _), (_, page, own) = db.execute(sql, values)
    return Found(told, total or 0, numbers(page).tolist(), numbers(own).tolist())


def _find_words(
    db: apsw.Connection, sort: Sort, values: Values, words: Sequence[Query], asked: str
) -> Found:
    # FTS5 goes through rows backwards as well, and need not go on after those of the page.
    order = "rowid desc" if sort is Sort.NEWEST else _ORDER[sort]
    told = db.execute(_ROWS.format(found=_MATCH, asked=asked), values).fetchall()
    ((page,),) = db.execute(_FIRST.format(found=_MATCH, order=order), values)
    ((listed, own),) = db.execute(_OWN, {**values, "rows": f"[{page or ''}]"})
    by_row = dict(zip(numbers(listed).tolist(), numbers(own).tolist(), strict=True))
    first = numbers(page).tolist()
    matches = sum(_count(db, each) for each in words)
    return Found(told, matches, first, [by_row[each] for each in first])


def numbers(text: str | None) -> np.ndarray:
    """What ``group_concat`` made of integers: one row is fetched much faster than thousands."""
    return np.fromstring(text or "", np.int64, sep=",")


def _count(db: apsw.Connection, word: Query) -> int:
    """How often there is a word, or one that begins so."""
    match word:
        case Phrase((term,)):
            counts = db.execute(_WORD, (term,)).fetchall()
        case Prefix(start):
            ends = start, f"{start}\U0010ffff"
            counts = db.execute(_BEGINNING, ends).fetchall()
    return sum(count or 0 for count, in counts)


def _words(query: Query) -> Sequence[Query]:
    """The words any of which is enough, if that is what a query asks for and no two are the same."""
    match query:
        case Phrase((_,)) | Prefix():
            return (query,)
        case Or(parts):
            alike = [_words(each) for each in parts if isinstance(each, Phrase)]
            if len(alike) == len(parts) and all(alike):
                return tuple(dict.fromkeys(parts))
    return ()
