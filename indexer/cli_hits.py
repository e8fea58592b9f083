"""The hits of a search for a terminal, or all of them as a file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from indexer.answer import interpretation
from indexer.engine import Engine
from indexer.exports import FORMS, Export
from indexer.ladder import ladder
from indexer.names import load_names
from indexer.search import SearchRequest, SearchResults
from indexer.terminal import count_text, hit_lines, plain, uses_lines


def page_lines(request: SearchRequest, results: SearchResults) -> Iterator[str]:
    """What was found, and the hits of a page with how many are left."""
    yield f"{count_text(request, results)}: {plain(interpretation(request))}"
    if results.uses:
        yield from uses_lines(results.uses, results.statements)
    for hit in results.hits:
        yield ""
        yield from hit_lines(hit)
    seen = request.offset + len(results.hits)
    if results.hits and seen < results.total:
        yield f"\n{results.total - seen:,} more: --offset {seen} shows the next."


def ladder_lines(engine: Engine, request: SearchRequest) -> Iterator[str]:
    """Looser searches, where nothing was found, with what each would find."""
    for rung in ladder(engine, request):
        words = plain(interpretation(rung.request))
        yield f"{rung.total:,} for {plain(rung.looser)}: {words}"


def exported_hits(engine: Engine, request: SearchRequest, form: str) -> Iterator[str]:
    """All of them as a file in one of ``FORMS``, piece by piece."""
    export = Export(
        request=request,
        found=engine.hits(request),
        made=datetime.datetime.now(datetime.UTC),
        address=lambda statement_id: "",
        names=load_names(engine),
    )
    return FORMS[form][1](export)
