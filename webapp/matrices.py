"""Several searches by period: the page with its table, and the table as a file."""

from __future__ import annotations

import datetime
from dataclasses import replace

from flask import Response, render_template, request

from indexer.matrix import LINES, Matrix, matrix
from indexer.query import EVERYTHING
from indexer.search import SearchRequest
from indexer.tables import MATRIX_FORMS, MatrixTable
from webapp.arguments import ParamsError
from webapp.axes import say
from webapp.counting import Counting
from webapp.download import download
from webapp.errors import for_programs
from webapp.service import service

#: More columns than this nobody reads; files have them all.
COLUMNS = 120


def page() -> Response:
    """The lines to fill in, and what was counted of those that can be read."""
    params = Counting.from_args(request.args)
    problem, found = "", None
    try:
        found = counted(params)
    except ParamsError as error:
        if error.name != "phrases":
            raise
        problem = str(error)
    columns = []
    if found and found.size <= COLUMNS:
        columns = [(name, say(name)) for name in found.periods()]
    body = render_template(
        "communique/matrix.html",
        params=replace(params, period=found.period) if found else params,
        matrix=found,
        columns=columns,
        most=COLUMNS,
        limit=LINES,
        wrong=problem,
        now=datetime.datetime.now(datetime.UTC).isoformat(),
        corpus=service().corpora.of(found.index if found else service().engine.info()),
    )
    return Response(body, 400 if problem else 200)


@for_programs
def file(form: str) -> Response:
    """The same matrix as CSV or JSON."""
    params = Counting.from_args(request.args)
    mimetype, write = MATRIX_FORMS[form]
    table = MatrixTable(
        request=_shared(params),
        matrix=counted(params),
        count=params.measure.count,
        made=datetime.datetime.now(datetime.UTC),
    )
    return download(write(table), mimetype, f"matrix.{form}")


def counted(params: Counting) -> Matrix:
    """The matrix of a search's lines; ParamsError where they are too many."""
    engine = service().engine
    years = service().corpora.of(engine.info()).years
    period = params.usual_period(EVERYTHING, years)
    return matrix(engine, params.lines(), _shared(params), period)


def _shared(params: Counting) -> SearchRequest:
    """What all lines are narrowed to."""
    return replace(params, text="").request()
