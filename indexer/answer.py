"""The answer to a search as one JSON object, the same from the command line and from the API."""

from __future__ import annotations

import datetime

from indexer import objects
from indexer.dates import DateRange
from indexer.query import EVERYTHING, And, Dates, Query, describe
from indexer.search import (
    Hit,
    IndexInfo,
    Searched,
    SearchRequest,
    SearchResults,
    Snippet,
    Uses,
)
from indexer.statement import Statement


def answer(
    text: str,
    request: SearchRequest,
    notices: tuple[str, ...],
    results: SearchResults,
) -> objects.Answer:
    """What ``communique search --json`` prints and ``/api/v1/search`` returns.

    ``text`` is the query as it was typed, ``notices`` what the parser remarked on it. Dates are ISO
    8601 days (``date_precision`` tells how much of one is known), undated is null; marks are
    offsets of characters in the snippet's text, from 0, the end not included. Where near-copies are
    ``folded``, ``total`` and all counts take a group of them for one statement; ``statements`` takes
    each.
    """
    return {
        **understood(text, request, notices),
        "total": results.total,
        "statements": results.statements,
        "folded": request.fold,
        "uses": _uses(results.uses) if results.uses else None,
        "hits": [hit_object(hit) for hit in results.hits],
        "facets": facets_object(request, results),
        "index": index_object(results.index),
    }


def understood(
    text: str, request: SearchRequest, notices: tuple[str, ...]
) -> objects.Understood:
    """The head of every answer: what was typed, and what that was understood to mean."""
    return {
        "query": text,
        "canonical": canonical(request),
        "interpreted": interpretation(request),
        "notices": list(notices),
    }


def facets_object(
    request: SearchRequest, results: SearchResults
) -> dict[str, list[objects.FacetCount]]:
    """The facets that were asked for, as JSON."""
    return {
        name: [
            {"value": each.value, "count": each.count}
            for each in results.facets.get(name, ())
        ]
        for name in request.facets
    }


def interpretation(request: SearchRequest) -> str:
    """The whole request in words: the query, the days, and what its filters leave."""
    words = describe(_dated(request))
    for name, values in request.filters.items():
        words += f", only {name} {' or '.join(f'“{value}”' for value in values)}"
    if request.similar:
        words += f", only “{request.similar}” and its near-copies"
    return words


def canonical(request: SearchRequest) -> str:
    """The query with the days in its canonical text; the filters are no part of it."""
    return str(_dated(request))


def only(request: SearchRequest) -> str:
    """The filters in one line, "" where there are none."""
    return "; ".join(
        f"{name}={' or '.join(values)}" for name, values in request.filters.items()
    )


def index_object(index: IndexInfo) -> objects.Index:
    """What was searched, as JSON: which generation of which corpus."""
    return {
        "generation": index.generation,
        "fingerprint": index.fingerprint,
        "statements": index.statements,
        "tokens": index.tokens,
        "built_at": index.built_at,
    }


def _dated(request: SearchRequest) -> Query:
    """The query with the days as a part of it."""
    query = request.query
    if not request.dates:
        return query
    dates = Dates(request.dates)
    if query == EVERYTHING:
        return dates
    return And((*(query.parts if isinstance(query, And) else (query,)), dates))


def hit_object(hit: Hit) -> objects.Hit:
    """A hit as JSON."""
    statement = hit.statement
    return {
        "id": statement.id,
        "title": statement.title,
        "date": day(statement),
        "date_precision": statement.date_precision,
        "source": statement.source,
        "kind": statement.kind,
        "language": statement.language,
        "url": statement.url,
        "score": round(float(hit.score), 4),
        "more": hit.more,
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
    }


def day(statement: Statement | None) -> str | None:
    """The date of a statement as JSON; None where there is none."""
    return statement.date.isoformat() if statement and statement.date else None


def _uses(uses: Uses) -> objects.Uses:
    return {
        "occurrences": uses.occurrences,
        "first": _use(uses.first) if uses.first else None,
        "last": _use(uses.last) if uses.last else None,
        "silence": _silence(uses.silence, uses.silent) if uses.silence else None,
        "searched": _searched(uses.searched),
    }


def _use(statement: Statement) -> objects.Use:
    return {
        "id": statement.id,
        "date": day(statement),
        "date_precision": statement.date_precision,
        "source": statement.source,
    }


def _silence(days: DateRange, silent: int) -> objects.Silence:
    return {"from": _iso(days.first), "to": _iso(days.last), "statements": silent}


def _searched(searched: Searched) -> objects.Searched:
    days = searched.days or DateRange()
    return {
        "statements": searched.statements,
        "from": _iso(days.first),
        "to": _iso(days.last),
    }


def _iso(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None


def _snippet(snippet: Snippet) -> objects.Snippet:
    return {"text": snippet.text, "marks": list(snippet.marks)}
