"""The answer to a search as one JSON object, the same from the command line and from the API."""

from __future__ import annotations

from indexer.dates import DateRange
from indexer.query import EVERYTHING, And, Dates, Query, describe
from indexer.search import Hit, IndexInfo, SearchRequest, SearchResults, Snippet, Uses
from indexer.statement import Statement


def answer(
    text: str,
    request: SearchRequest,
    notices: tuple[str, ...],
    results: SearchResults,
) -> dict[str, object]:
    """What ``communique search --json`` prints and ``/api/v1/search`` returns.

    ``text`` is the query as it was typed, ``notices`` what the parser remarked on it. Dates are ISO
    8601 days (``date_precision`` tells how much of one is known), undated is null; marks are
    offsets of characters in the snippet's text, from 0, the end not included. Where near-copies are
    ``folded``, ``total`` and all counts take a group of them for one statement; ``statements`` takes
    each.
    """
    return {
        "query": text,
        "canonical": canonical(request),
        "interpreted": interpretation(request),
        "notices": list(notices),
        "total": results.total,
        "statements": results.statements,
        "folded": request.fold,
        "uses": results.uses and _uses(results.uses),
        "hits": [hit_object(hit) for hit in results.hits],
        "facets": {
            name: [
                {"value": each.value, "count": each.count}
                for each in results.facets.get(name, ())
            ]
            for name in request.facets
        },
        "index": index_object(results.index),
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


def index_object(index: IndexInfo) -> dict[str, object]:
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


def hit_object(hit: Hit) -> dict[str, object]:
    """A hit as JSON."""
    statement = hit.statement
    return {
        "id": statement.id,
        "title": statement.title,
        "date": statement.date and statement.date.isoformat(),
        "date_precision": statement.date_precision,
        "source": statement.source,
        "kind": statement.kind,
        "language": statement.language,
        "url": statement.url,
        "score": round(float(hit.score), 4),
        "more": hit.more,
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
    }


def _uses(uses: Uses) -> dict[str, object]:
    silence, searched = uses.silence, uses.searched
    return {
        "occurrences": uses.occurrences,
        "first": uses.first and _use(uses.first),
        "last": uses.last and _use(uses.last),
        "silence": silence and {**_days(silence), "statements": uses.silent},
        "searched": {"statements": searched.statements, **_days(searched.days)},
    }


def _use(statement: Statement) -> dict[str, object]:
    return {
        "id": statement.id,
        "date": statement.date and statement.date.isoformat(),
        "date_precision": statement.date_precision,
        "source": statement.source,
    }


def _days(days: DateRange | None) -> dict[str, object]:
    first, last = (days.first, days.last) if days else (None, None)
    return {
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
    }


def _snippet(snippet: Snippet) -> dict[str, object]:
    return {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
