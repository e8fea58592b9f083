"""The page that writes what to paste: a form, a frame or an element, for the search one chooses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, render_template, request, send_from_directory, url_for

from indexer.errors import QueryError
from webapp.arguments import MAX_VALUE, ParamsError, chosen, single
from webapp.embed.look import MOST_HITS, THEMES, Look
from webapp.params import SearchParams
from webapp.service import service

STATIC = Path(__file__).parents[1] / "static" / "embed"

#: The languages that the element speaks, as communique.js has them.
LANGUAGES = {"en": "English", "fr": "français", "zh": "中文", "ja": "日本語"}


def page() -> str:
    """Each snippet with the right address, what it needs, and whether this server grants it."""
    look = Look.from_args(request.args)
    params = _params()
    language = chosen(request.args, "lang", tuple(LANGUAGES))
    arguments: dict[str, Any] = params.args | look.args
    told = {
        "params": params,
        "look": look,
        "language": language,
        "frame": url_for("communique.embed_search", _external=True, **arguments),
        "script": url_for("communique.embed_script", _external=True),
        "search": url_for("communique.search", _external=True),
    }
    names = ("form", "frame", "element")
    return render_template(
        "communique/embed/page.html",
        **told,
        snippets={
            name: render_template(f"communique/embed/_{name}.html", **told)
            for name in names
        },
        preview=url_for("communique.embed_search", **arguments),
        corpus=service().corpora.of(service().engine.info()),
        settings=service().settings,
        themes=THEMES,
        most=MOST_HITS,
        languages=LANGUAGES,
    )


def script() -> Response:
    """The one file that other sites load: it defines the element, and gives frames their height."""
    response = send_from_directory(STATIC, "communique.js")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _params() -> SearchParams:
    """What is searched from the first; its names are others than those of the box above."""
    query, source = single(request.args, "query"), single(request.args, "only")
    if len(source) > MAX_VALUE:
        raise ParamsError(
            "only", "No source has so long a name: choose one of the list."
        )
    params = SearchParams(text=query, filters={"source": (source,)} if source else {})
    try:
        params.request()
    except QueryError as error:
        raise ParamsError("query", str(error)) from None
    return params
