"""The pages: each reads the URL, asks the engine once or twice, and fills a template."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Response, abort, render_template, request

from indexer.query import EVERYTHING, describe, notices
from indexer.search import SearchRequest, Snippet
from webapp.chart import timeline
from webapp.facets import facets
from webapp.params import MAX_PAGE, PAGE_SIZE, SearchParams
from webapp.passages import paragraphs
from webapp.service import service


def home() -> str:
    """The box, what the corpus holds, and its newest statements."""
    corpus = service().corpora.of(service().engine.info())
    return render_template("communique/home.html", corpus=corpus, params=SearchParams())


def search() -> str:
    """The hits of one page with what was understood, the timeline and the facets."""
    params = SearchParams.from_args(request.args)
    asked = params.request()
    results = service().engine.search(asked)
    corpus = service().corpora.of(results.index)
    return render_template(
        "communique/search.html",
        params=params,
        interpreted=describe(asked.query),
        notices=notices(params.text),
        results=results,
        corpus=corpus,
        searched=_searched(asked) if not results.total else 0,
        timeline=timeline(results.facets, params, corpus.years),
        facets=tuple(facets(results.facets, params)),
        last_page=max(1, min(-(-results.total // PAGE_SIZE), MAX_PAGE)),
        reachable=MAX_PAGE * PAGE_SIZE,
    )


def statement(statement_id: str) -> str:
    """One statement, its paragraphs numbered and the matches of ``?q=`` marked and numbered."""
    params = SearchParams.from_args(request.args)
    query = params.request().query
    engine = service().engine
    found = engine.get(statement_id)
    if found is None:
        abort(404)
    marked = engine.matches(query, statement_id) or Snippet(found.text)
    passages = paragraphs(marked)
    return render_template(
        "communique/statement.html",
        params=params,
        interpreted=describe(query),
        statement=found,
        paragraphs=passages,
        matches=max((p.match for each in passages for p in each.pieces), default=0),
    )


def help_page() -> str:
    """The query language, by examples that are links."""
    return render_template("communique/help.html", params=SearchParams())


def healthz() -> Response:
    """Whether the process answers."""
    return _json({"status": "alive"})


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


def _searched(asked: SearchRequest) -> int:
    """How many statements the filters leave to search in."""
    everything = replace(asked, query=EVERYTHING, limit=0, facets=())
    return service().engine.search(everything).statements


def _json(value: object) -> Response:
    return Response(json.dumps(value), mimetype="application/json")
