"""Whoosh as it comes: its own codec, postings and queries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import whoosh
from whoosh import fields, index, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer

from indexer.analysis import fold, stem_all
from indexer.query import And, Not, Or, Phrase, Prefix, Query
from indexer.search import SearchRequest, Sort
from indexer.statement import Statement
from tests.bench.marking import snippets
from tests.bench.peers.base import Listed, Page, date_of, day, days, year


class StockWhoosh:
    """Our tokens in two TEXT fields, one segment, facets by sortable columns."""

    name = "stock Whoosh"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "stock-whoosh"
        self.version = whoosh.versionstring()

    def build(self, statements: Sequence[Statement]) -> None:
        """One writer with much memory, optimized."""
        self.folder.mkdir(parents=True)
        words = SpaceSeparatedTokenizer()
        schema = fields.Schema(
            title=fields.TEXT(words, field_boost=2.0),
            text=fields.TEXT(words),
            year=fields.NUMERIC(sortable=True),
            day=fields.NUMERIC(sortable=True),
            source=fields.ID(sortable=True),
            shown=fields.STORED,
        )
        made = index.create_in(str(self.folder), schema)
        writer = made.writer(limitmb=512)
        for statement in statements:
            number = day(statement)
            writer.add_document(
                title=fold(statement.title),
                text=fold(statement.text),
                year=year(statement),
                day=number,
                source=statement.source,
                shown=(
                    statement.id,
                    statement.title,
                    number,
                    statement.source,
                    statement.text,
                ),
            )
        writer.commit(optimize=True)
        self._searcher = made.searcher()

    def search(self, request: SearchRequest) -> Page:
        """One pass with two facets."""
        facets = sorting.Facets()
        for name in ("year", "source"):
            facets.add_facet(name, sorting.FieldFacet(name, maptype=sorting.Count))
        newest = request.sort is Sort.NEWEST
        results = self._searcher.search(
            _translated(request.query),
            limit=request.limit,
            sortedby="day" if newest else None,
            reverse=newest,
            groupedby=facets,
            filter=(
                query.NumericRange("day", *dates) if (dates := days(request)) else None
            ),
        )
        rows = [
            hit["shown"] for hit in results[: request.limit]
        ]  # groups keep every hit
        shown = snippets(request.query, [row[4] for row in rows], request.snippets)
        hits = [
            Listed(row[0], row[1], date_of(row[2]), row[3], pieces)
            for row, pieces in zip(rows, shown, strict=True)
        ]
        return Page(
            len(results), hits, results.groups("year"), results.groups("source")
        )

    def page(self, answer: Page) -> Page:
        """It is one."""
        return answer

    def stems(self, words: Sequence[str]) -> Sequence[str]:
        """Not asked for: this index holds exact forms."""
        return stem_all(list(words))

    def close(self) -> None:
        """Close the searcher."""
        self._searcher.close()


def _translated(wanted: Query) -> Any:
    match wanted:
        case Or(parts):
            return query.Or([_translated(part) for part in parts])
        case And(parts):
            return query.And([_translated(part) for part in parts])
        case Not(part):
            return query.Not(_translated(part))
    return query.Or([_leaf(wanted, name) for name in ("title", "text")])


def _leaf(leaf: Query, name: str) -> Any:
    match leaf:
        case Phrase((word,)):
            return query.Term(name, word)
        case Phrase(words):
            return query.Phrase(name, list(words))
        case Prefix(start):
            return query.Prefix(name, start)
    raise AssertionError(leaf)
