"""A statement, and where it matches."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from flask import abort
from werkzeug.datastructures import MultiDict

from indexer.answer import day, index_object, understood
from indexer.query import notices
from indexer.search import Marked, SearchRequest
from webapp.api.parameters import Q
from webapp.api.route import Reply, version
from webapp.api.shapes import Match, Matches, Statement
from webapp.params import SearchParams
from webapp.passages import disjoint
from webapp.service import service


def statement(args: MultiDict[str, str], statement_id: str) -> Reply:
    """A whole statement: its text, and what is known of it."""
    engine = service().engine
    index = (
        engine.info()
    )  # before the text: it is of this generation, or of a newer one
    found = engine.get(statement_id)
    if found is None:
        abort(404)
    whole: Statement = {
        "id": found.id,
        "title": found.title,
        "text": found.text,
        "date": day(found),
        "date_precision": found.date_precision,
        "source": found.source,
        "kind": found.kind,
        "place": found.place,
        "agency": found.agency,
        "countries": list(found.countries),
        "speakers": list(found.speakers),
        "language": found.language,
        "url": found.url,
        "captions": list(found.captions),
        "sha256": sha256(found.text.encode()).hexdigest(),
        "index": index_object(index),
    }
    return Reply(whole, version(index))


def matches(args: MultiDict[str, str], statement_id: str) -> Reply:
    """Every match of a query in a statement, with its place in the title or the text."""
    asked = SearchRequest(query=SearchParams.from_args(args).request().query)
    engine = service().engine
    index = engine.info()
    marked = engine.matches(asked.query, statement_id)
    if marked is None:
        abort(404)
    text = Q.read(args)
    found: Matches = {
        **understood(text, asked, notices(text)),
        "id": statement_id,
        "occurrences": marked.occurrences,
        "matches": list(_numbered(marked)),
        "index": index_object(index),
    }
    return Reply(found, version(index))


def _numbered(marked: Marked) -> Iterator[Match]:
    """Those of the title first, then those of the text, as the statement's page has them."""
    number = 0
    for name, within in (("title", marked.title), ("text", marked.text)):
        for start, end in disjoint(within.marks):
            number += 1
            yield {
                "number": number,
                "field": "title" if name == "title" else "text",
                "start": start,
                "end": end,
                "match": within.text[start:end],
            }
