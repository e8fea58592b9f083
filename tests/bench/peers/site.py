"""The same site over SQLite FTS5, which gunicorn serves as ``tests.bench.peers.site:application()``.

Pages, templates and server are Communiqué's; FTS5 answers. It does no more than its page needs: it
counts no occurrences and looks for no silence, folds nothing, and knows no filters.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from flask import Flask

from indexer.dates import DateRange
from indexer.engine import Engine
from indexer.query import EVERYTHING
from indexer.search import (
    UNDATED,
    FacetCount,
    Hit,
    IndexInfo,
    Searched,
    SearchRequest,
    SearchResults,
    Snippet,
    Sort,
    Uses,
)
from indexer.statement import Statement
from tests.bench.marking import snippets
from tests.bench.peers.base import date_of, day, days, tokens_kept
from tests.bench.peers.sqlite import matching

_SETUP = """
pragma page_size = 8192;
pragma journal_mode = wal;
pragma synchronous = normal;
create table facts
    (rowid integer primary key, day integer, month integer, source integer, language integer);
create table shown (rowid integer primary key, id text, title text, text text);
create table names (rowid integer primary key, name text unique);
create table state (generation integer, statements integer);
insert into state values (0, 0);
create virtual table exact using fts5
    (title, text, content='', tokenize='unicode61 remove_diacritics 2', prefix='3 4');
"""
_OPENED = "pragma mmap_size = 8000000000; pragma cache_size = -400000;"
_EVERY = "from facts where 1"
_FOUND = "from exact cross join facts on facts.rowid = exact.rowid where exact match ?"
_DATED = " and day between ? and ?"
_COUNTED = {
    "year": "month / 100",
    "month": "month",
    "source": "source",
    "language": "language",
}
_ORDER = {
    Sort.NEWEST: "day desc",
    Sort.OLDEST: "day = 0, day",
    Sort.RELEVANCE: "bm25(exact, 2.0, 1.0)",
}


class Site:
    """An engine as far as the search page asks for one, with an index in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "site.db"
        self._local = threading.local()

    def publish(self, statements: Sequence[Statement]) -> None:
        """Add statements in one transaction: the next generation."""
        db = self._db()
        if not db.execute("select 1 from sqlite_master").fetchone():
            db.executescript(_SETUP)
        db.execute("begin immediate")
        ((_, start),) = db.execute("select * from state")
        for rowid, statement in enumerate(statements, start):
            self._add(db, rowid, statement)
        db.execute(
            "update state set generation = generation + 1, statements = ?",
            (start + len(statements),),
        )
        db.execute("commit")

    def optimize(self) -> None:
        """Make the index as fast as it can be."""
        self._db().execute("insert into exact (exact) values ('optimize')")
        self._db().execute("analyze")

    def _add(self, db: sqlite3.Connection, rowid: int, statement: Statement) -> None:
        date = statement.date
        month = date.year * 100 + date.month if date else 0
        named = [
            self._number(db, each) for each in (statement.source, statement.language)
        ]
        db.execute(
            "insert into facts values (?, ?, ?, ?, ?)",
            (rowid, day(statement), month, *named),
        )
        db.execute(
            "insert into shown values (?, ?, ?, ?)",
            (rowid, statement.id, statement.title, statement.text),
        )
        db.execute(
            "insert into exact (rowid, title, text) values (?, ?, ?)",
            (rowid, tokens_kept(statement.title), tokens_kept(statement.text)),
        )

    def _number(self, db: sqlite3.Connection, name: str) -> int:
        db.execute("insert or ignore into names (name) values (?)", (name,))
        ((number,),) = db.execute("select rowid from names where name = ?", (name,))
        return cast(int, number)

    def _db(self) -> sqlite3.Connection:
        """A connection for each thread: FTS5 works without Python's lock."""
        if not hasattr(self._local, "db"):
            self._local.db = sqlite3.connect(
                self._path, isolation_level=None, timeout=60
            )
            self._local.db.executescript(_OPENED)
        return cast(sqlite3.Connection, self._local.db)

    @contextmanager
    def _reading(self) -> Iterator[tuple[sqlite3.Connection, IndexInfo]]:
        """One state of the index, whatever is published meanwhile."""
        db = self._db()
        db.execute("begin")
        try:
            ((generation, statements),) = db.execute("select * from state")
            yield db, IndexInfo(
                generation=generation,
                statements=statements,
                tokens=0,
                built_at="2026-01-01T00:00:00+00:00",
                fingerprint="",
            )
        finally:
            db.execute("commit")

    def info(self) -> IndexInfo:
        """Which state answers."""
        with self._reading() as (_, index):
            return index

    def note(self, name: str) -> None:
        """There is none."""

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer: all matches are counted, the first ones chosen and shown."""
        assert not request.filters, request
        with self._reading() as (db, index):
            found, values = self._found(request)
            counts = self._counts(db, found, values, request.facets)
            ((total, first, last),) = db.execute(
                f"select count(*), min(nullif(day, 0)), max(nullif(day, 0)) {found}",
                values,
            )
            sort = request.sort
            if request.query == EVERYTHING and sort is Sort.RELEVANCE:
                sort = Sort.NEWEST
            best = db.execute(
                f"select facts.rowid, day, source {found} order by {_ORDER[sort]} limit ? offset ?",
                (*values, request.limit, request.offset),
            ).fetchall()
            return SearchResults(
                total=total,
                statements=total,
                hits=tuple(self._hits(db, best, request)),
                facets=counts,
                index=index,
                uses=self._uses(total, first, last, index) if request.uses else None,
            )

    def _found(self, request: SearchRequest) -> tuple[str, tuple[object, ...]]:
        if request.query == EVERYTHING:
            found, values = _EVERY, cast("tuple[object, ...]", ())
        else:
            found, values = _FOUND, (matching(request.query),)
        if dates := days(request):
            return found + _DATED, (*values, *dates)
        return found, values

    def _counts(
        self,
        db: sqlite3.Connection,
        found: str,
        values: tuple[object, ...],
        facets: Sequence[str],
    ) -> Mapping[str, tuple[FacetCount, ...]]:
        """All facets in one pass over what was found."""
        asked = [name for name in facets if name in _COUNTED]
        counts: dict[str, list[FacetCount]] = {name: [] for name in facets}
        if not asked:
            return {name: () for name in facets}
        each = " union all ".join(
            f"select '{name}', {_COUNTED[name]}, count(*) from found group by 2"
            for name in asked
        )
        rows = db.execute(
            f"with found as materialized (select month, source, language {found}) {each}",
            values,
        )
        names = dict(db.execute("select * from names"))
        for facet, value, count in rows:
            counts[facet].append(FacetCount(_value(facet, value, names), count))
        for name, of in counts.items():
            if name not in ("year", "month"):
                of.sort(key=lambda one: (-one.count, one.value))
        return {name: tuple(of) for name, of in counts.items()}

    def _hits(
        self,
        db: sqlite3.Connection,
        best: Sequence[tuple[int, int, int]],
        request: SearchRequest,
    ) -> Iterator[Hit]:
        names = dict(db.execute("select * from names"))
        look_up = "select id, title, text from shown where rowid = ?"
        rows = [db.execute(look_up, each[:1]).fetchone() for each in best]
        shown = snippets(request.query, [row[2] for row in rows], request.snippets)
        for (_, when, source), row, pieces in zip(best, rows, shown, strict=True):
            yield Hit(
                statement=Statement(
                    id=row[0],
                    title=row[1],
                    text="",
                    date=date_of(when),
                    source=names[source],
                    language="en",
                ),
                score=1.0,
                title=Snippet(row[1]),
                snippets=tuple(pieces),
                occurrences=len(pieces),
            )

    def _uses(
        self, total: int, first: int | None, last: int | None, index: IndexInfo
    ) -> Uses:
        some = Statement(id="", title="", text="", source="")
        begin, end = (
            replace(some, date=date_of(each)) if each else None
            for each in (first, last)
        )
        return Uses(
            occurrences=total,
            first=begin,
            last=end,
            silence=None,
            silent=0,
            searched=Searched(
                index.statements,
                DateRange(begin.date, end.date) if begin and end else None,
            ),
        )


def _value(facet: str, value: int, names: Mapping[int, str]) -> str:
    if facet == "year":
        return f"{value:04}" if value else UNDATED
    if facet == "month":
        return f"{value // 100:04}-{value % 100:02}" if value else UNDATED
    return names[value]


def application() -> Flask:
    """The site for gunicorn, over the folder that SITE names in the environment."""
    from webapp import create_app

    return create_app(engine=cast(Engine, Site(Path(os.environ["SITE"]))))
