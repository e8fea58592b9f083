"""A search by year, month or day: the page, and its chart and counts as files."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from flask import Response, render_template, request

from indexer.answer import canonical, interpretation, only
from indexer.periods import count_between, periods_between
from indexer.query import describe, notices
from indexer.tables import TIMELINE_FORMS, TimelineTable
from indexer.timeline import PER_STATEMENTS, PER_WORDS, Series, Tally
from webapp.axes import say
from webapp.counting import Counting
from webapp.download import download
from webapp.drawing import draw, most_columns
from webapp.errors import for_programs
from webapp.facets import facets
from webapp.links import search_url
from webapp.looser import looser
from webapp.picture import FONTS, can_picture, png
from webapp.service import service


class Line(NamedTuple):
    """A line of the table: a period with the tallies of all series."""

    name: str
    said: str
    tallies: tuple[Tally, ...]


def page() -> str:
    """The chart, what it leaves out, and the same as a table."""
    params = Counting.from_args(request.args)
    table = counted(params)
    timeline = table.timeline
    series = [each for _, each in table.series]
    size = count_between(timeline.first, timeline.last)
    most = most_columns(timeline)

    engine = service().engine
    corpus = service().corpora.of(timeline.index)
    around = engine.search(replace(table.request, limit=0, uses=True))
    nothing = not timeline.whole.total.statements
    return render_template(
        "communique/timeline.html",
        params=replace(params, period=timeline.period),
        interpreted=describe(table.request.query),
        notices=notices(params.text),
        timeline=timeline,
        uses=around.uses if around.index == timeline.index else None,
        ladder=looser(engine, params, table.request) if nothing else [],
        canonical=canonical(table.request),
        now=table.made.isoformat(),
        corpus=corpus,
        drawing=draw(timeline, params.measure),
        size=size,
        most=most,
        address=addresses(params),
        series=series,
        per_statements=PER_STATEMENTS,
        per_words=PER_WORDS,
        lines=list(lines(table, series)) if size <= most else None,
        facets=tuple(facets(around.facets, params, corpus.names)),
        can_picture=can_picture(),
    )


@for_programs
def file(form: str) -> Response:
    """The same timeline as CSV or JSON, or its chart as SVG or PNG."""
    params = Counting.from_args(request.args)
    table = counted(params)
    if form in TIMELINE_FORMS:
        mimetype, write = TIMELINE_FORMS[form]
        return download(write(table), mimetype, f"timeline.{form}")
    svg = render_template(
        "communique/timeline.svg",
        fonts=FONTS,
        timeline=table.timeline,
        measure=params.measure,
        drawing=draw(table.timeline, params.measure),
        address=None,
        query=canonical(table.request),
        interpreted=interpretation(table.request),
        only=only(table.request),
        made=table.made,
    )
    if form == "png":
        response = Response(png(svg), mimetype="image/png")
    else:
        response = Response(svg, mimetype="image/svg+xml")
    name = f"timeline.{form}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def addresses(params: Counting) -> Callable[..., str | None]:
    """Where a bar leads, by its period and the value of its series; None where no list is of it."""

    @cache  # a bar and a figure of the table lead to the same list
    def address(period: str = "", value: str = "") -> str | None:
        target = params.listed(period, value)
        return search_url(target.args) if target else None

    return address


def counted(params: Counting) -> TimelineTable:
    """What is counted, now."""
    engine = service().engine
    asked = replace(params.request(), fold=False)
    years = service().corpora.of(engine.info()).years
    period = params.usual_period(asked.query, years)
    (timeline,) = engine.timelines([asked], period=period, by=params.by or None)
    now = datetime.datetime.now(datetime.UTC)
    return TimelineTable(request=asked, timeline=timeline, made=now)


def lines(table: TimelineTable, series: list[Series]) -> Iterator[Line]:
    """Every period, the gaps among them."""
    timeline = table.timeline
    known = dict(
        zip(
            timeline.periods,
            zip(*(s.periods for s in series), strict=True),
            strict=True,
        )
    )
    nothing = (Tally(),) * len(series)
    for name in periods_between(timeline.first, timeline.last):
        yield Line(name, say(name), known.get(name, nothing))
