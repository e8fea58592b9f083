"""Tantivy: title and text as two values of one field, facets as aggregations over fast fields.

Two fields with a boost for the title are slower and rank worse on the test collections.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, Occur, Tokenizer

from indexer.query import And, Not, Or, Phrase, Prefix, Query, Term
from indexer.search import SearchRequest, Sort
from indexer.statement import Statement
from tests.bench.marking import snippets
from tests.bench.peers.base import Listed, Page, date_of, day, days, tokens_kept, year

_HEAP = 512_000_000
#: A phrase-prefix query stops after so many terms.
_EXPANSIONS = 50
#: A range of so few different days is faster in the inverted index than in the fast field.
_FEW_DAYS = 1_000
_COUNTS = {
    name: {"terms": {"field": name, "size": 65_000}} for name in ("year", "source")
}
_APART = "\0"


class Tantivy:
    """One index, written by one thread; totals come with the counts, so that ranking may skip."""

    def __init__(self, folder: Path, *, stems: bool) -> None:
        self.name = "Tantivy, forms and stems" if stems else "Tantivy"
        self.version = tantivy.__version__
        self.folder = folder / ("tantivy-both" if stems else "tantivy")
        self._stems = stems

    def build(self, statements: Sequence[Statement]) -> None:
        """Add all, commit, wait for merges."""
        self.folder.mkdir(parents=True)
        index = tantivy.Index(_schema(self._stems), str(self.folder))
        index.register_tokenizer("forms", _analyzer())
        index.register_tokenizer("stems", _analyzer(Filter.stemmer("english")))
        writer = index.writer(_HEAP, 1)
        for statement in statements:
            writer.add_document(self._document(statement))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._few_days = len({day(statement) for statement in statements}) < _FEW_DAYS
        self._schema = index.schema
        self._searcher = index.searcher()

    def _document(self, statement: Statement) -> tantivy.Document:
        document = tantivy.Document()
        for text in (tokens_kept(statement.title), tokens_kept(statement.text)):
            document.add_text("forms", text)
            if self._stems:
                document.add_text("stems", text)
        document.add_text("source", statement.source)
        document.add_unsigned("year", year(statement))
        document.add_unsigned("day", day(statement))
        shown = (
            statement.id,
            statement.title,
            str(day(statement)),
            statement.source,
            statement.text,
        )
        document.add_bytes("shown", _APART.join(shown).encode())
        return document

    def search(self, request: SearchRequest) -> Page:
        """Two passes, since the Python package offers no collector of both hits and counts."""
        query = self._query(request.query)
        if dates := days(request):
            query = tantivy.Query.boolean_query(
                [(Occur.Must, query), (Occur.Must, self._dated(*dates))]
            )
        order = {"order_by_field": "day"} if request.sort is Sort.NEWEST else {}
        found = self._searcher.search(query, request.limit, count=False, **order)
        counts = self._searcher.aggregate(query, _COUNTS)
        years = {b["key"]: b["doc_count"] for b in counts["year"]["buckets"]}
        sources = {b["key"]: b["doc_count"] for b in counts["source"]["buckets"]}
        return Page(
            sum(years.values()), self._hits(found.hits, request), years, sources
        )

    def _hits(self, found: Sequence[Any], request: SearchRequest) -> list[Listed]:
        rows = [
            bytes(self._searcher.doc(address).get_first("shown")).decode().split(_APART)
            for _, address in found
        ]
        shown = snippets(request.query, [row[4] for row in rows], request.snippets)
        return [
            Listed(row[0], row[1], date_of(int(row[2])), row[3], pieces)
            for row, pieces in zip(rows, shown, strict=True)
        ]

    def _dated(self, first: int, last: int) -> tantivy.Query:
        days = tantivy.Query.range_query(
            self._schema,
            "day",
            tantivy.FieldType.Unsigned,
            first,
            last,
            use_inverted_index=self._few_days,
        )
        return tantivy.Query.const_score_query(days, 0.0)

    def _query(self, query: Query) -> tantivy.Query:
        match query:
            case Or(parts):
                return tantivy.Query.boolean_query(
                    [(Occur.Should, self._query(part)) for part in parts]
                )
            case And(parts):
                return tantivy.Query.boolean_query(
                    [
                        (
                            (Occur.MustNot, self._query(part.part))
                            if isinstance(part, Not)
                            else (Occur.Must, self._query(part))
                        )
                        for part in parts
                    ]
                )
            case Phrase((word,)):
                return tantivy.Query.term_query(self._schema, "forms", word)
            case Phrase(words):
                return tantivy.Query.phrase_query(self._schema, "forms", list(words))
            case Term(word):
                return tantivy.Query.term_query(
                    self._schema, "stems", self.stems([word])[0]
                )
            case Prefix(start):
                return self._prefix(start)
        raise AssertionError(query)

    def _prefix(self, start: str) -> tantivy.Query:
        """The fastest query there is for so many terms; a regular expression is slower."""
        terms = self._searcher.terms_with_prefix("forms", start)
        if len(terms) < _EXPANSIONS:
            return tantivy.Query.phrase_prefix_query(self._schema, "forms", [start])
        return tantivy.Query.term_set_query(
            self._schema, "forms", [term for term, _ in terms]
        )

    def page(self, answer: Page) -> Page:
        """It is one."""
        return answer

    def stems(self, words: Sequence[str]) -> Sequence[str]:
        """Those of Tantivy's stemmer."""
        return _STEMMER.analyze(" ".join(words))

    def close(self) -> None:
        """Let go of the searcher."""
        del self._searcher


def _analyzer(*filters: Filter) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    for each in (Filter.lowercase(), *filters):
        builder = builder.filter(each)
    return builder.build()


_STEMMER = _analyzer(Filter.stemmer("english"))


def _schema(stems: bool) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("forms", "stems") if stems else ("forms",):
        builder.add_text_field(name, tokenizer_name=name)
    builder.add_text_field(
        "source", tokenizer_name="raw", fast=True, index_option="basic"
    )
    builder.add_unsigned_field("year", fast=True)
    builder.add_unsigned_field("day", fast=True, indexed=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()
