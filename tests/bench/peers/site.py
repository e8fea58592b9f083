"""The same site over SQLite FTS5, which gunicorn serves as ``tests.bench.peers.site:application()``.

Pages, templates and server are Communiqué's; FTS5 answers, and tells the same of a search: how many
matches, where they are, first and last use and the silence between. It folds nothing and knows no
filters but dates. There are two, over the same index: one takes its facts from tables, by SQL alone,
the other from arrays in memory, as our own engine does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from flask import Flask

from indexer.engine import Engine
from indexer.search import (
    Hit,
    IndexInfo,
    SearchRequest,
    SearchResults,
    Snippet,
    Uses,
)
from indexer.statement import Statement
from tests.bench.marking import snippets
from tests.bench.peers.base import date_of
from tests.bench.peers.site_arrays import Arrays
from tests.bench.peers.site_finding import BITS, Found, find
from tests.bench.peers.site_index import Index
from tests.bench.peers.site_sql import Tables
from tests.bench.peers.site_told import Facts, Told

_SHOWN = """
select shown.rowid, shown.id, title, text, source, kind, language from json_each(?)
cross join shown on shown.rowid = value cross join labels on number = label
"""
#: Where the facts are from, by the name that SITE_FACTS gives.
FACTS: dict[str, Callable[[Index], Facts]] = {
    "sql": lambda index: Tables(),
    "arrays": Arrays,
}


class Site:
    """An engine as far as the search page asks for one, with an index in ``folder``."""

    def __init__(self, folder: Path, facts: str) -> None:
        self._index = Index(folder / "site.db")
        self._facts = FACTS[facts](self._index)
        self.publish = self._index.publish
        self.optimize = self._index.optimize

    def info(self) -> IndexInfo:
        """Which state answers."""
        with self._index.reading() as info:
            return info

    def note(self, name: str) -> None:
        """There is none."""

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer: all matches are counted, the first ones chosen and shown."""
        assert not request.filters, request
        with self._index.reading() as info:
            found = find(self._index.db, request, self._facts.asked)
            told = self._facts.tell(found.told, request, info)
            return SearchResults(
                total=told.total,
                statements=told.total,
                hits=tuple(self._hits(found, request)),
                facets=told.facets,
                index=info,
                uses=self._uses(found, told) if request.uses else None,
            )

    def _hits(self, found: Found, request: SearchRequest) -> Iterator[Hit]:
        rows = self._shown(found.page)
        shown = snippets(request.query, [row[3] for row in rows], request.snippets)
        for row, own, pieces in zip(rows, found.own, shown, strict=True):
            yield Hit(
                statement=_statement(row),
                score=1.0,
                title=Snippet(row[2]),
                snippets=tuple(pieces),
                occurrences=own,
            )

    def _uses(self, found: Found, told: Told) -> Uses:
        ends = [self._shown([row]) if row else () for row in (told.first, told.last)]
        first, last = (_statement(rows[0]) if rows else None for rows in ends)
        return Uses(
            occurrences=found.matches,
            first=first,
            last=last,
            silence=told.silence,
            silent=told.silent,
            searched=told.searched,
        )

    def _shown(self, rows: Iterable[int]) -> list[tuple[Any, ...]]:
        listed = f"[{','.join(map(str, rows))}]"
        return self._index.db.execute(_SHOWN, (listed,)).fetchall()


def _statement(row: Sequence[Any]) -> Statement:
    number, name, title, _, source, kind, language = row
    return Statement(
        id=name,
        title=title,
        text="",
        date=date_of(number >> BITS),
        source=source,
        kind=kind,
        language=language,
    )


def application() -> Flask:
    """The site for gunicorn, over the folder that SITE names in the environment.

    It answers one request at a time, in as many processes as there are processors: among several
    threads SQLite would let go of Python's lock at every row and every function in Python, and wait
    for it up to 5 ms each time (a search of 1.5 ms took 500 beside a busy thread). With sixteen
    connections a request took 12.6 ms of computing by SQL and 13.1 by arrays, in the best of four
    turns on a busy machine; with an index for each thread, and no waiting, 21.1 and 15.6.
    """
    from webapp import create_app

    site = Site(Path(os.environ["SITE"]), os.environ["SITE_FACTS"])
    app = create_app(engine=cast(Engine, site))
    answer, turn = app.wsgi_app, threading.Lock()

    def one_at_a_time(*request: Any) -> Iterable[bytes]:
        with turn:
            return answer(*request)

    app.wsgi_app = one_at_a_time  # type: ignore[method-assign]
    return app
