"""OpenSearch 1.1: what a browser needs to search here from its address bar, with suggestions.

The description is that of https://github.com/dewitt/opensearch, the suggestions are its extension.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

from flask import Response, request, url_for

from indexer.query.parser import MOST_CHARACTERS
from indexer.suggestions import Kind, suggestions
from webapp.arguments import ParamsError, single
from webapp.errors import for_programs
from webapp.service import service

TYPE = "application/opensearchdescription+xml"
NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
SUGGESTIONS = "application/x-suggestions+json"

_SHOWN = 10
_TERMS = "{searchTerms}"


@for_programs
def description() -> Response:
    """Where and how to search; its addresses are whole ones, as browsers keep it for themselves."""
    root = ElementTree.Element("OpenSearchDescription", xmlns=NAMESPACE)
    for name, text in (
        ("ShortName", "Communiqué"),  # 16 characters at most
        ("Description", "Full-text search for diplomatic statements"),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ):
        ElementTree.SubElement(root, name).text = text
    icon = url_for("communique.static", filename="icon.svg", _external=True)
    image = ElementTree.SubElement(root, "Image", type="image/svg+xml")
    image.text = icon
    for endpoint, kind, rel in (
        ("search", "text/html", "results"),
        ("feed", "application/atom+xml", "results"),
        ("suggest", SUGGESTIONS, "suggestions"),
        ("opensearch", TYPE, "self"),
    ):
        address = url_for(f"communique.{endpoint}", _external=True)
        if rel != "self":
            address += "?" + urlencode({"q": _TERMS}, safe="{}")
        ElementTree.SubElement(root, "Url", type=kind, rel=rel, template=address)
    data = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(data, mimetype=TYPE)


@for_programs
def suggest() -> Response:
    """What was typed, and the searches that it may become, as ``[typed, [search, …]]``."""
    text = single(request.args, "q")
    if len(text) > MOST_CHARACTERS:
        raise ParamsError(
            "q",
            f"This has {len(text):,} characters: a query has {MOST_CHARACTERS:,} at most.",
        )
    engine = service().engine
    sources = [each.value for each in service().corpora.of(engine.info()).sources]
    found = suggestions(engine, sources, text, _SHOWN)
    searches = [each.text for each in found if each.kind is not Kind.FIELD]
    return Response(
        json.dumps([text, searches], ensure_ascii=False), mimetype=SUGGESTIONS
    )
