"""A statement: its page, and its text and citations as files."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

from flask import Response, abort, render_template, request, url_for

from indexer.citation import Citation, apa, bibtex, chicago, csl, plain, ris
from indexer.query import describe
from indexer.search import Marked
from indexer.statement import Statement
from webapp.download import download
from webapp.filters import web_address
from webapp.fragments import to_sentence
from webapp.passages import line, matches_in, paragraphs
from webapp.reading import Reading, neighbours, read
from webapp.service import service

STYLES = (("Chicago", chicago), ("APA", apa), ("Plain", plain))

#: What a statement is as a file, by the ending of its address: media type and contents.
FILES: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "txt": ("text/plain", lambda citation: citation.statement.text),
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
    "json": (
        "application/vnd.citationstyles.csl+json",
        lambda citation: json.dumps([csl(citation)], ensure_ascii=False),
    ),
}


def page(statement_id: str) -> str:
    """One statement, its paragraphs numbered and the matches of ``?q=`` marked and numbered."""
    reading = Reading.from_args(request.args)
    query = reading.params.request().query
    engine = service().engine
    known = read(engine, query, statement_id)
    if known is None:
        abort(404)
    found, marked = known
    original = web_address(found.url)
    if original and marked.text.marks:
        original = to_sentence(original, marked.text.text, marked.text.marks[0])
    shown = marked if reading.marked else _plain(marked)
    title = line(shown.title)
    passages = paragraphs(shown.text, matches_in(title))
    return render_template(
        "communique/statement.html",
        params=reading.params,
        reading=reading,
        interpreted=describe(query),
        statement=found,
        title=title,
        paragraphs=passages,
        matches=max(matches_in(each.pieces) for each in passages) or matches_in(title),
        occurrences=marked.occurrences,
        original=original,
        citation=_citation(found),
        styles=STYLES,
        neighbours=neighbours(engine, reading, statement_id),
    )


def file(statement_id: str, form: str) -> Response | str:
    """The statement as a file: its text alone, or a citation as a record for programs.

    The text is the very bytes whose hash the citations give.
    """
    engine = service().engine
    if engine.get(f"{statement_id}.{form}"):  # an id may end like that
        return page(f"{statement_id}.{form}")
    found = engine.get(statement_id)
    if found is None:
        abort(404)
    mimetype, write = FILES[form]
    name = f"{statement_id.rpartition('/')[2]}.{form}"
    return download([write(_citation(found))], mimetype, name)


def _citation(statement: Statement) -> Citation:
    address = url_for("communique.statement", statement_id=statement.id, _external=True)
    today = datetime.datetime.now(datetime.UTC).date()
    names = service().corpora.of(service().engine.info()).names
    return Citation(
        statement=statement,
        retrieved=today,
        address=address,
        name=names.get(statement.source, ""),
    )


def _plain(marked: Marked) -> Marked:
    return Marked(
        marked.title._replace(marks=()),
        marked.text._replace(marks=()),
        marked.occurrences,
    )
