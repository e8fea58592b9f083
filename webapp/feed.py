"""A search as a feed: what is newest in it, to be asked for again and again.

Atom, as RFC 4287 has it. Ids are name-based UUIDs (RFC 9562, version 5) of a statement's id and of
a search's arguments, so that they stay the same whatever address this server is reached by.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from flask import Response, request, url_for
from markupsafe import Markup

from indexer.answer import interpretation
from indexer.query import EVERYTHING
from indexer.search import UNDATED, Hit, SearchResults, Sort
from indexer.terminal import counted
from webapp.errors import for_programs
from webapp.filters import day, marked
from webapp.params import SearchParams
from webapp.service import service

ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml"

_NAMES = uuid.UUID("5d2c1f0e-6b8a-4c55-9d0b-8a4f3c1e7b21")  # a name space of our own
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@for_programs
def feed() -> Response:
    """The newest dated statements of the search; 304 where the reader has them already.

    The undated have no place in an order of time; the feed says how many there are.
    """
    params = replace(SearchParams.from_args(request.args), sort=Sort.NEWEST, page=1)
    asked = replace(params.request(), limit=ENTRIES, facets=("year",), fold=False)
    results = service().engine.search(asked)
    built = datetime.datetime.fromisoformat(results.index.built_at)
    names = service().corpora.of(results.index).names
    root = _feed(params, interpretation(asked), results, built, names)
    data = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(data, mimetype=TYPE)
    response.last_modified = built
    response.add_etag()
    response.headers["Cache-Control"] = (
        "no-cache"  # to be asked for, not to be kept unasked
    )
    response.make_conditional(request)
    return response


def _feed(
    params: SearchParams,
    said: str,
    results: SearchResults,
    built: datetime.datetime,
    names: Mapping[str, str],
) -> ElementTree.Element:
    root = ElementTree.Element("feed", xmlns=ATOM)
    dated = [hit for hit in results.hits if hit.statement.date]
    undated = sum(
        each.count for each in results.facets["year"] if each.value == UNDATED
    )
    state = replace(params, sort=Sort.RELEVANCE).args
    title = params.text or "All statements"
    left_out = (
        f", and {undated:,} undated, which a feed cannot order" if undated else ""
    )
    _add(root, "id", _urn("search", urlencode(sorted(state.items()), doseq=True)))
    _add(root, "title", f"{title} – Communiqué")
    _add(
        root,
        "subtitle",
        f"Searched for {said}: {counted(results.total - undated, 'statement')}{left_out}.",
    )
    _add(
        root,
        "updated",
        _moment(dated[0].statement.date) if dated else built.isoformat(),
    )
    _link(root, "self", "communique.feed", TYPE, params)
    _link(root, "alternate", "communique.search", "text/html", params)
    _add(root, "generator", "Communiqué")
    author = ElementTree.SubElement(root, "author")
    _add(author, "name", "Communiqué")
    root.extend(_entries(dated, params, names))
    return root


def _entries(
    hits: Iterable[Hit], params: SearchParams, names: Mapping[str, str]
) -> Iterable[ElementTree.Element]:
    asks = params.request().query != EVERYTHING
    for hit in hits:
        statement = hit.statement
        source = names.get(statement.source, statement.source)
        assert statement.date
        entry = ElementTree.Element("entry")
        _add(entry, "id", _urn("statement", statement.id))
        _add(entry, "title", statement.title or statement.id)
        _add(entry, "updated", _moment(statement.date))
        if statement.date_precision == "day":
            _add(entry, "published", _moment(statement.date))
        _link(
            entry,
            "alternate",
            "communique.statement",
            "text/html",
            params,
            statement.id,
        )
        if source:
            author = ElementTree.SubElement(entry, "author")
            _add(author, "name", source)
        about = (
            day(statement.date, statement.date_precision),
            source,
            statement.kind,
            counted(hit.occurrences, "match") if asks and hit.occurrences else "",
        )
        lines = [Markup("<p>{}</p>").format(" · ".join(filter(None, about)))]
        lines += [Markup("<p>{}</p>").format(marked(each)) for each in hit.snippets]
        _add(entry, "content", "".join(lines), type="html")
        yield entry


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = _NOT_XML.sub("\ufffd", text)


def _link(
    parent: ElementTree.Element,
    rel: str,
    endpoint: str,
    kind: str,
    params: SearchParams,
    statement_id: str | None = None,
) -> None:
    values: dict[str, Any] = {**params.args, "statement_id": statement_id}
    href = url_for(endpoint, _external=True, **values)
    ElementTree.SubElement(parent, "link", rel=rel, type=kind, href=href)


def _urn(kind: str, name: str) -> str:
    return uuid.uuid5(_NAMES, f"{kind} {name}").urn


def _moment(date: datetime.date | None) -> str:
    """The beginning of a day, in UTC: no statement says its hour."""
    return f"{date}T00:00:00Z"
