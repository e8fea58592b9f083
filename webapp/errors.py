"""Errors as the reader sees them: a sentence that says what to do, as a page or as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response, current_app, render_template, request
from flask.sansio.scaffold import Scaffold
from werkzeug.exceptions import HTTPException

from indexer.errors import (
    EngineError,
    EngineUnavailable,
    IndexMissing,
    IndexOutdated,
    QueryError,
)
from webapp.arguments import ParamsError
from webapp.headers import FRAMED
from webapp.service import service

MACHINES = {
    "communique.api_search",
    "communique.export",
    "communique.feed",
    "communique.healthz",
    "communique.matrix_file",
    "communique.oembed",
    "communique.readyz",
    "communique.timeline_file",
}

TITLES = {
    400: "This cannot be searched",
    404: "There is no such page",
    405: "This address is for reading only",
    500: "Something went wrong here",
    503: "The search does not answer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong; ``position`` is that of a query error, ``command`` what an operator runs."""

    status: int
    detail: str
    parameter: str = ""
    position: int | None = None
    command: str = ""

    @property
    def title(self) -> str:
        """A heading for the kind of problem."""
        return TITLES.get(self.status, "This did not work")


def register(site: Scaffold) -> None:
    """Let an app or a blueprint answer errors with these pages."""
    site.register_error_handler(QueryError, bad_query)
    site.register_error_handler(ParamsError, bad_params)
    site.register_error_handler(EngineError, no_engine)
    site.register_error_handler(HTTPException, other)
    site.register_error_handler(500, other)


def bad_query(error: QueryError) -> Response:
    """400 with the parser's sentence and the place in the query."""
    return _answer(
        Problem(status=400, detail=str(error), parameter="q", position=error.position)
    )


def bad_params(error: ParamsError) -> Response:
    """400 with what to write instead."""
    return _answer(Problem(status=400, detail=str(error), parameter=error.name))


def no_engine(error: EngineError) -> Response:
    """503 with the command that helps; the engine's own words, which name paths, go to the log."""
    current_app.logger.error("%s: %s", type(error).__name__, error)
    detail, command = {
        IndexMissing: ("There is no index yet. Build it with:", "communique index"),
        IndexOutdated: (
            "The index was built by another version of Communiqué. Build it again with:",
            "communique index",
        ),
        EngineUnavailable: (
            "The search engine behind this page cannot be reached. Look at it with:",
            "communique status",
        ),
    }.get(
        type(error),
        ("The index cannot be read. Look for the damage with:", "communique check"),
    )
    return _answer(Problem(status=503, detail=detail, command=command))


def other(error: HTTPException) -> Response:
    """What Flask found wrong, a fault of ours included: it has logged that one."""
    status = error.code or 500
    detail = {
        404: "Nothing is at this address, or no longer: check it, or search for the statement.",
        405: "Pages and the API are read with GET; nothing on the web writes.",
        500: "The server met an error, which is in its log. Try again, or tell whoever runs it.",
    }.get(status, error.description or error.name)
    answer = _answer(Problem(status=status, detail=detail))
    answer.headers.extend(
        (name, value) for name, value in error.get_headers() if name == "Allow"
    )
    return answer


def _answer(problem: Problem) -> Response:
    if request.endpoint in MACHINES or request.path.startswith("/api/"):
        return _problem_json(problem)
    framed = "embed/" if request.endpoint in FRAMED else ""
    page = render_template(
        f"communique/{framed}error.html",
        problem=problem,
        broken=_broken(problem),
        ancestors=service().settings.frame_ancestors,
    )
    return Response(page, problem.status)


def _broken(problem: Problem) -> tuple[str, str, str] | None:
    """The query before, at and after the position."""
    if problem.position is None:
        return None
    text = request.args.get("q", "")
    at = min(problem.position, len(text))
    return text[:at], text[at : at + 1], text[at + 1 :]


def _problem_json(problem: Problem) -> Response:
    """Problem details as in RFC 9457, with ``parameter``, ``position`` and ``command`` where known."""
    fields: dict[str, object] = {
        "title": problem.title,
        "status": problem.status,
        "detail": f"{problem.detail} {problem.command}".strip(),
    }
    if problem.parameter:
        fields["parameter"] = problem.parameter
    if problem.position is not None:
        fields["position"] = problem.position
    if problem.command:
        fields["command"] = problem.command
    return Response(
        json.dumps(fields, ensure_ascii=False),
        problem.status,
        mimetype="application/problem+json",
    )
