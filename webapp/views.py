"""The pages: each reads the URL, asks the engine once or twice, and fills a template."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, render_template, request

from indexer.answer import canonical
from indexer.query import describe, notices
from indexer.search import SearchRequest, SearchResults
from webapp import matrices, rows, timelines
from webapp.arguments import chosen
from webapp.chart import addresses, timeline
from webapp.errors import for_programs
from webapp.facets import facets
from webapp.lining import Lining
from webapp.looser import looser
from webapp.params import MAX_PAGE, PAGE_SIZE, SearchParams
from webapp.service import service


def home() -> str:
    """The box, what the corpus holds, and its newest statements."""
    corpus = service().corpora.of(service().engine.info())
    return render_template("communique/home.html", corpus=corpus, params=SearchParams())


def search() -> str | Response:
    """A search in the view that its URL asks for."""
    return VIEWS[chosen(request.args, "view", VIEWS) or "list"]()


def listing() -> str:
    """The hits of one page with what was understood, the timeline and the facets."""
    params = SearchParams.from_args(request.args)
    asked = params.request()
    results = service().engine.search(replace(asked, uses=True))
    told = _told(params, asked, results)
    return render_template(
        "communique/search.html",
        **told,
        timeline=timeline(
            results.facets, params, told["corpus"].years, addresses(params)
        ),
        bars=rows.bars,
        rows=rows.table,
        before=asked.offset,
        last_page=_last_page(params, results.total),
        reachable=MAX_PAGE * PAGE_SIZE,
    )


def lineup() -> str:
    """The occurrences of one page, each a line, with what was understood and the facets."""
    params = Lining.from_args(request.args)
    # Lines are of all statements, and so are the counts beside them.
    asked = replace(params.request(), fold=False)
    engine = service().engine
    found = engine.concordance(
        asked, sort=params.lines, offset=asked.offset, limit=asked.limit
    )
    results = engine.search(replace(asked, limit=0, uses=True))
    return render_template(
        "communique/kwic.html",
        **_told(params, asked, results),
        found=found,
        lines=list(found.lines),
        before=asked.offset,
        last_page=_last_page(params, found.total),
        step=next(iter(params.lines.steps), 0),
    )


def _told(
    params: SearchParams, asked: SearchRequest, results: SearchResults
) -> dict[str, Any]:
    """What every view tells of a search."""
    corpus = service().corpora.of(results.index)
    return {
        "params": params,
        "interpreted": describe(asked.query),
        "canonical": canonical(asked),
        "now": datetime.datetime.now(datetime.UTC).isoformat(),
        "notices": notices(params.text),
        "results": results,
        "corpus": corpus,
        "ladder": ([] if results.total else looser(service().engine, params, asked)),
        "facets": tuple(facets(results.facets, params, corpus.names)),
    }


def _last_page(params: SearchParams, total: int) -> int:
    return max(1, min(-(-total // params.page_size), params.last_page))


VIEWS: dict[str, Callable[[], str | Response]] = {
    "list": listing,
    "kwic": lineup,
    "timeline": timelines.page,
    "matrix": matrices.page,
}


def help_page() -> str:
    """The query language, by examples that are links."""
    return render_template("communique/help.html", params=SearchParams())


@for_programs
def healthz() -> Response:
    """Whether the process answers."""
    return _json({"status": "alive"})


@for_programs
def readyz() -> Response:
    """Whether there is an index to search; 503 with the command that helps where there is none."""
    index = service().engine.info()
    return _json(
        {
            "status": "ready",
            "generation": index.generation,
            "statements": index.statements,
        }
    )


def _json(value: object) -> Response:
    return Response(json.dumps(value), mimetype="application/json")
