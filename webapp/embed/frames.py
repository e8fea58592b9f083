"""Pages for frames in other sites: a search, a statement, a chart, and nothing around them.

Each tells its height to the page that frames it; links open the whole page in a tab of its own.
"""

from __future__ import annotations

from dataclasses import replace

from flask import abort, render_template, request

from indexer.answer import interpretation
from indexer.query import describe, notices
from webapp.counting import Counting
from webapp.drawing import draw
from webapp.embed.look import Look
from webapp.params import SearchParams
from webapp.passages import line, paragraphs
from webapp.reading import read
from webapp.service import service
from webapp.timelines import addresses, counted, lines


def search() -> str:
    """The box, and the first hits of what was asked in it or is asked by the address."""
    params = SearchParams.from_args(request.args).with_page(1)
    look = Look.from_args(request.args)
    asked = replace(params.request(), limit=look.limit, facets=())
    results = service().engine.search(asked) if params.args else None
    return _framed(
        "search",
        look,
        params=params,
        interpreted=interpretation(asked),
        notices=notices(params.text),
        results=results,
    )


def statement(statement_id: str) -> str:
    """One statement, whole, with the matches of ``?q=`` marked."""
    params = SearchParams.from_args(request.args)
    query = params.request().query
    known = read(service().engine, query, statement_id)
    if known is None:
        abort(404)
    found, marked = known
    return _framed(
        "statement",
        Look.from_args(request.args),
        params=params,
        statement=found,
        interpreted=describe(query) if params.text else "",
        occurrences=marked.occurrences,
        title=line(marked.title),
        paragraphs=paragraphs(marked.text),
    )


def timeline() -> str:
    """The chart of a search over time, and its table."""
    params = Counting.from_args(request.args)
    table = counted(params)
    series = [each for _, each in table.series]
    drawing = draw(table.timeline, params.measure)
    return _framed(
        "timeline",
        Look.from_args(request.args),
        params=replace(params, period=table.timeline.period),
        interpreted=interpretation(table.request),
        timeline=table.timeline,
        drawing=drawing,
        address=addresses(params),
        series=series,
        lines=list(lines(table, series)) if drawing else (),
    )


def _framed(name: str, look: Look, **told: object) -> str:
    return render_template(
        f"communique/embed/{name}.html",
        look=look,
        ancestors=service().settings.frame_ancestors,
        **told,
    )
