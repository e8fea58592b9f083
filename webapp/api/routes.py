"""The addresses of the API, and the blueprint that answers them."""

from __future__ import annotations

from functools import cache
from typing import Any, NoReturn

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import PathConverter

from indexer import objects
from webapp import errors
from webapp.api import counts, searches, shapes, state, statements, words
from webapp.api.cors import open_to_listed
from webapp.api.openapi import document
from webapp.api.parameters import (
    BREAKDOWN,
    CURSOR,
    FACET,
    FOLD,
    HITS,
    LINE,
    LINE_SORT,
    LINES,
    NARROWING,
    PERIOD,
    PHRASES,
    SORT,
    SUGGESTIONS,
    Q,
)
from webapp.api.route import METHODS, Reply, Route


def openapi(args: MultiDict[str, str]) -> Reply:
    """This description of the API."""
    here = url_for("communique.api.openapi")
    return Reply({**_document(), "servers": [{"url": here.rpartition("/")[0]}]})


@cache
def _document() -> dict[str, Any]:
    return document(ROUTES)


ROUTES = (
    Route(
        path="/search",
        view=searches.search,
        answer=shapes.SearchPage,
        parameters=(Q, *NARROWING, SORT, FOLD, HITS, CURSOR),
    ),
    Route(
        path="/kwic",
        view=searches.kwic,
        answer=shapes.Kwic,
        parameters=(Q, *NARROWING, LINE_SORT, LINES, CURSOR),
    ),
    Route(
        path="/facets",
        view=searches.facets,
        answer=shapes.Facets,
        parameters=(Q, *NARROWING, FOLD, FACET),
    ),
    Route(
        path="/timeline",
        view=counts.timeline,
        answer=shapes.Timeline,
        parameters=(Q, *NARROWING, PERIOD, BREAKDOWN),
    ),
    Route(
        path="/matrix",
        view=counts.matrix,
        answer=shapes.Matrix,
        parameters=(LINE, PHRASES, *NARROWING, PERIOD),
    ),
    Route(
        path="/statements/{statement_id}",
        view=statements.statement,
        answer=shapes.Statement,
    ),
    Route(
        path="/statements/{statement_id}/matches",
        view=statements.matches,
        answer=shapes.Matches,
        parameters=(Q,),
    ),
    Route(
        path="/suggest",
        view=words.suggest,
        answer=shapes.Suggestions,
        parameters=(Q, SUGGESTIONS),
    ),
    Route(path="/parse", view=words.parse, answer=shapes.Parsed, parameters=(Q,)),
    Route(path="/status", view=state.status, answer=objects.Status),
    Route(path="/openapi.json", view=openapi, answer=dict[str, Any]),
)

_OTHERS = ("POST", "PUT", "PATCH", "DELETE", "TRACE")


def api_blueprint() -> Blueprint:
    """All routes as a blueprint, whose errors are problem details."""
    blueprint = Blueprint("api", __name__)
    for route in ROUTES:
        blueprint.add_url_rule(
            route.rule,
            route.name,
            route.answered,
            methods=METHODS,
            provide_automatic_options=False,
        )
    blueprint.record(
        lambda state: state.app.url_map.converters.update(anything=Anything)
    )
    for rule in ("/", "/<anything:anything>"):
        blueprint.add_url_rule(rule, "nothing", nothing, methods=(*METHODS, *_OTHERS))
    blueprint.after_request(open_to_listed)
    errors.register(blueprint, errors.problem_json)
    return blueprint


class Anything(PathConverter):
    """The rest of a path, line breaks among it, which Werkzeug's own does not take."""

    regex = r"[\s\S]*?"
    part_isolating = False  # it has slashes


def nothing(anything: str = "") -> NoReturn:
    """What no route answers: 405 where it would write, else 404."""
    if request.method in _OTHERS:
        raise MethodNotAllowed(valid_methods=METHODS)
    abort(404)
