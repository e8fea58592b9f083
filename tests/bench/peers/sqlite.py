"""SQLite FTS5: contentless indexes, what is counted apart from what is shown, all of it mapped."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer.query import And, Not, Or, Phrase, Prefix, Query, Term
from indexer.search import SearchRequest, Sort
from indexer.statement import Statement
from tests.bench.marking import snippets
from tests.bench.peers.base import Listed, Page, date_of, day, days, tokens_kept, year

_SETUP = """
pragma page_size = 8192;
pragma journal_mode = off;
pragma synchronous = off;
pragma mmap_size = 8000000000;
pragma cache_size = -400000;
create table facts (rowid integer primary key, day integer, year integer, source integer);
create table shown (rowid integer primary key, id text, title text, text text);
create virtual table exact using fts5
    (title, text, content='', tokenize='unicode61 remove_diacritics 2'{prefix});
"""
_STEMS = """
create virtual table stems using fts5
    (title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
#: An index of prefixes makes those queries faster; the engine that shows how fast FTS5 can be
#: built goes without it.
_PREFIX = ", prefix='3 4'"

_FOUND = "{table} cross join facts on facts.rowid = {table}.rowid where {table} match ?"
_DATED = " and day between ? and ?"
_COUNTS = """
with found as materialized (select year, source from {found})
select 'year', year, count(*) from found group by year
union all select 'source', source, count(*) from found group by source
"""
_NEWEST = "select {table}.rowid, day, source from {found} order by day desc limit ?"
_BEST = "select {table}.rowid, day, source from {found} order by bm25({table}, 2.0, 1.0) limit ?"


class Sqlite:
    """FTS5 with one narrow table of what is counted and one of what is shown."""

    def __init__(self, folder: Path, *, stems: bool) -> None:
        self.name = "FTS5, forms and stems" if stems else "FTS5"
        self.version = f"SQLite {sqlite3.sqlite_version}"
        self.folder = folder / ("fts5-both" if stems else "fts5")
        self._tables = ("exact", "stems") if stems else ("exact",)
        self._sources: dict[str, int] = {}

    def build(self, statements: Sequence[Statement]) -> None:
        """One transaction, then ``optimize``."""
        self.folder.mkdir(parents=True)
        stems = len(self._tables) > 1
        self._db = sqlite3.connect(self.folder / "index.db", isolation_level=None)
        self._db.executescript(_SETUP.format(prefix="" if stems else _PREFIX))
        if stems:
            self._db.executescript(_STEMS)
        self._db.execute("begin")
        for rowid, statement in enumerate(statements):
            self._add(rowid, statement)
        for table in self._tables:
            self._db.execute(f"insert into {table} ({table}) values ('optimize')")
        self._db.execute("commit")
        self._db.execute("analyze")
        self._source_names = list(self._sources)

    def _add(self, rowid: int, statement: Statement) -> None:
        execute = self._db.execute
        source = self._sources.setdefault(statement.source, len(self._sources))
        facts = rowid, day(statement), year(statement), source
        execute("insert into facts values (?, ?, ?, ?)", facts)
        shown = rowid, statement.id, statement.title, statement.text
        execute("insert into shown values (?, ?, ?, ?)", shown)
        words = rowid, tokens_kept(statement.title), tokens_kept(statement.text)
        for table in self._tables:
            execute(f"insert into {table} (rowid, title, text) values (?, ?, ?)", words)

    def search(self, request: SearchRequest) -> Page:
        """Two passes: all matches are counted, and the ten first are chosen."""
        table = "stems" if _stemmed(request.query) else "exact"
        found = _FOUND.format(table=table)
        values: tuple[object, ...] = (matching(request.query),)
        if dates := days(request):
            found, values = found + _DATED, (*values, *dates)
        years: dict[int, int] = {}
        sources: dict[str, int] = {}
        for facet, value, count in self._db.execute(
            _COUNTS.format(found=found), values
        ):
            if facet == "year":
                years[value] = count
            else:
                sources[self._source_names[value]] = count
        chosen = (_NEWEST if request.sort is Sort.NEWEST else _BEST).format(
            table=table, found=found
        )
        best = self._db.execute(chosen, (*values, request.limit)).fetchall()
        return Page(sum(years.values()), self._hits(best, request), years, sources)

    def _hits(self, best: Sequence[Any], request: SearchRequest) -> list[Listed]:
        look_up = "select id, title, text from shown where rowid = ?"
        rows = [self._db.execute(look_up, row[:1]).fetchone() for row in best]
        shown = snippets(request.query, [row[2] for row in rows], request.snippets)
        return [
            Listed(
                row[0], row[1], date_of(fact[1]), self._source_names[fact[2]], pieces
            )
            for fact, row, pieces in zip(best, rows, shown, strict=True)
        ]

    def page(self, answer: Page) -> Page:
        """It is one."""
        return answer

    def stems(self, words: Sequence[str]) -> Sequence[str]:
        """What FTS5's porter tokenizer makes of the words."""
        db = sqlite3.connect(":memory:")
        db.execute(
            "create virtual table words using fts5(word, tokenize='porter unicode61')"
        )
        db.executemany(
            "insert into words (rowid, word) values (?, ?)", list(enumerate(words))
        )
        db.execute("create virtual table vocabulary using fts5vocab(words, instance)")
        made = dict(db.execute("select doc, term from vocabulary").fetchall())
        return [made[number] for number in range(len(words))]

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def _stemmed(query: Query) -> bool:
    return isinstance(query, Term) or (
        isinstance(query, And | Or) and any(map(_stemmed, query.parts))
    )


def matching(query: Query) -> str:
    """The query in FTS5's language; of parts that are the same, whose matches are the same, one."""
    match query:
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Term(word):
            return f'"{word}"'
        case Prefix(start):
            return f'"{start}"*'
        case Or(parts):
            return f"({' OR '.join(map(matching, dict.fromkeys(parts)))})"
        case And(parts):
            wanted = " AND ".join(
                matching(part)
                for part in dict.fromkeys(parts)
                if not isinstance(part, Not)
            )
            unwanted = [matching(part.part) for part in parts if isinstance(part, Not)]
            return " NOT ".join([f"({wanted})", *unwanted])
    raise AssertionError(query)
