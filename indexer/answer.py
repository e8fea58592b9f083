"""The answer to a search as one JSON object, the same from the command line and from the API."""

from __future__ import annotations

from indexer.query import EVERYTHING, And, Dates, describe
from indexer.search import Hit, SearchRequest, SearchResults, Snippet


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
        "interpreted": interpretation(request),
        "notices": list(notices),
        "total": results.total,
        "statements": results.statements,
        "folded": request.fold,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {
            name: [
                {"value": each.value, "count": each.count}
                for each in results.facets.get(name, ())
            ]
            for name in request.facets
        },
        "index": {
            "generation": results.index.generation,
            "statements": results.index.statements,
            "tokens": results.index.tokens,
            "built_at": results.index.built_at,
        },
    }


def interpretation(request: SearchRequest) -> str:
    """The whole request in words: the query, the days, and what its filters leave."""
    query = request.query
    if request.dates:
        parts = query.parts if isinstance(query, And) else (query,)
        dates = Dates(request.dates)
        query = dates if query == EVERYTHING else And((*parts, dates))
    words = describe(query)
    for name, values in request.filters.items():
        words += f", only {name} {' or '.join(f'“{value}”' for value in values)}"
    if request.similar:
        words += f", only “{request.similar}” and its near-copies"
    return words


def _hit(hit: Hit) -> dict[str, object]:
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


def _snippet(snippet: Snippet) -> dict[str, object]:
    return {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
