"""FTS5 for the site: how statements are kept, published and read.

The driver is apsw, whose SQLite is newer and compiled for speed: bm25() takes two thirds of the time
that it takes of Python's, and the other passes some less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from indexer.search import UNDATED, IndexInfo
from indexer.statement import Statement
from tests.bench.peers.base import day, tokens_kept
from tests.bench.peers.site_finding import BITS, prepare

_SETUP = """
pragma page_size = 8192;
pragma journal_mode = wal;
create table shown (rowid integer primary key, id text, title text, text text, label integer);
create table labels (number integer primary key, source text, kind text, language text,
    unique (source, kind, language));
create table facts (rowid integer primary key, label integer);
create table days (day integer primary key, year text, month text, statements integer);
create table batches (generation integer primary key, rows text, labels text);
create virtual table exact using fts5
    (title, text, content='', tokenize='unicode61 remove_diacritics 2', prefix='3 4 5');
create virtual table vocabulary using fts5vocab (exact, row);
"""
_OPENED = """
pragma synchronous = normal;
pragma mmap_size = 8000000000;
pragma cache_size = -400000;
pragma temp_store = memory;
"""
_NUMBER = (
    "select number from labels where (source, kind, language) = (:source, :kind, :language)",
    "insert into labels select count(*), :source, :kind, :language from labels returning number",
)
_COUNT_DAY = """
insert into days values (?, ?, ?, 1) on conflict (day) do update set statements = statements + 1
"""
_INFO = "select coalesce(max(generation), 0), (select count(*) from facts) from batches"


class Index:
    """An index in a file. It serves one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: apsw.Connection | None = None

    @property
    def db(self) -> apsw.Connection:
        """The connection, of the process that first asks for it."""
        if self._opened is None:
            self._opened = db = apsw.Connection(str(self._path))
            db.set_busy_timeout(60_000)
            if not db.execute("select 1 from sqlite_master").fetchall():
                db.execute(_SETUP).fetchall()
            db.execute(_OPENED).fetchall()
            prepare(db)
        return self._opened

    def publish(self, statements: Sequence[Statement]) -> None:
        """Add statements in one transaction: the next generation."""
        db = self.db
        db.execute("begin immediate")
        rows = [self._add(each) for each in statements]
        text = [",".join(map(str, column)) for column in zip(*rows, strict=True)]
        db.execute("insert into batches (rows, labels) values (?, ?)", text)
        db.execute("commit")

    def _add(self, statement: Statement) -> tuple[int, int]:
        execute = self.db.execute
        number = self._label(statement)
        start = day(statement) << BITS
        next_day = start + (1 << BITS)
        ((row,),) = execute(
            "select coalesce(max(rowid) + 1, ?1) from facts where rowid >= ?1 and rowid < ?2",
            (start, next_day),
        )
        assert row < next_day, f"more than {1 << BITS} statements of {statement.date}"
        execute("insert into facts values (?, ?)", (row, number))
        month = statement.date.isoformat()[:7] if statement.date else ""
        execute(_COUNT_DAY, (day(statement), month[:4] or UNDATED, month))
        shown = row, statement.id, statement.title, statement.text, number
        execute("insert into shown values (?, ?, ?, ?, ?)", shown)
        words = row, tokens_kept(statement.title), tokens_kept(statement.text)
        execute("insert into exact (rowid, title, text) values (?, ?, ?)", words)
        return row, number

    def _label(self, statement: Statement) -> int:
        """The number of its label; the first is 0, as those of an array are."""
        label = {
            name: getattr(statement, name) for name in ("source", "kind", "language")
        }
        there, new = _NUMBER
        found = self.db.execute(there, label).fetchall()
        ((number,),) = found or self.db.execute(new, label).fetchall()
        return int(number)

    def optimize(self) -> None:
        """Make it as fast as it can be, all of it in the file itself."""
        self.db.execute("insert into exact (exact) values ('optimize')")
        self.db.execute("analyze")
        self.db.execute("pragma wal_checkpoint (truncate)").fetchall()

    @contextmanager
    def reading(self) -> Iterator[IndexInfo]:
        """One state of the index, whatever is published meanwhile."""
        self.db.execute("begin")
        try:
            ((generation, statements),) = self.db.execute(_INFO)
            yield IndexInfo(
                generation=generation,
                statements=statements,
                tokens=0,
                built_at="2026-01-01T00:00:00+00:00",
                fingerprint="",
            )
        finally:
            self.db.execute("commit")
