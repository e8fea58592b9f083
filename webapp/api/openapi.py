"""The description of the API, made from its routes: OpenAPI 3.1, whose schemas are JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from webapp.api.parameters import Parameter
from webapp.api.route import Route
from webapp.errors import ProblemObject

_WHERE = "#/components/schemas/{name}"

_PROBLEMS = {
    400: "A query, or another parameter, that cannot be used, or a search that takes too long",
    401: "Readers sign in here, or send a token",
    404: "There is no such statement",
    410: "The cursor is of an index that has been replaced",
    413: "A body, of which none is read, that is too large",
    414: "An address that is too long",
    503: "There is no index that can be searched",
}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The OpenAPI document of the routes, but for the address of the server."""
    types = [ProblemObject, *(route.answer for route in routes)]
    (problem, *answers), schemas = msgspec.json.schema_components(
        types, ref_template=_WHERE
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Communiqué",
            "version": "1",
            "description": "Full-text search for diplomatic statements: exact phrases, exact "
            "counts, exact dates. Nothing here writes. Keys may be added to objects, and none is "
            "taken away.",
        },
        "paths": {
            route.path: {"get": _operation(route, answer, problem)}
            for route, answer in zip(routes, answers, strict=True)
        },
        "components": {"schemas": schemas},
    }


def _operation(
    route: Route, answer: dict[str, Any], problem: dict[str, Any]
) -> dict[str, Any]:
    return {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [
            *({**_PLACE, "name": name} for name in route.places),
            *map(_parameter, route.parameters),
        ],
        "responses": {
            "200": {
                "description": route.summary,
                "headers": {
                    "ETag": {
                        "description": "Changes with what is answered",
                        "required": True,
                        "schema": {"type": "string"},
                    }
                },
                "content": {"application/json": {"schema": answer}},
            },
            "304": {"description": "As If-None-Match has it"},
            **{
                str(status): {
                    "description": _PROBLEMS[status],
                    "content": {"application/problem+json": {"schema": problem}},
                }
                for status in _statuses(route)
            },
        },
    }


_PART = "[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"  # as indexer.cleaning.ids makes ids
_PLACE = {
    "in": "path",
    "required": True,
    "description": "The id of a statement; its slashes may stand as they are.",
    "schema": {"type": "string", "pattern": rf"^{_PART}(/{_PART})*$"},
}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    usual = {} if parameter.usual is None else {"default": parameter.usual}
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema | usual,
    }


def _statuses(route: Route) -> Iterator[int]:
    yield from (400, 401)
    if route.places:
        yield 404
    if any(each.name == "cursor" for each in route.parameters):
        yield 410
    yield from (413, 414, 503)
