"""Errors as the reader sees them: a sentence that says what to do, as a page or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict, TypeVar

from flask import Response, current_app, render_template, request
from flask.sansio.scaffold import Scaffold
from werkzeug.exceptions import HTTPException

from indexer.errors import (
    EngineError,
    EngineUnavailable,
    IndexMissing,
    IndexOutdated,
    QueryError,
    SearchTimeout,
)
from webapp.arguments import ParamsError
from webapp.headers import FRAMED
from webapp.service import service

#: When it is worth asking again where the index cannot be read: somebody has to mend it first.
RETRY_SECONDS = 30

TITLES = {
    400: "This cannot be searched",
    401: "Sign in to read",
    404: "There is no such page",
    405: "This address is for reading only",
    410: "The index has changed meanwhile",
    413: "This is too much to read",
    414: "This address is too long",
    421: "This server has another name",
    500: "Something went wrong here",
    503: "The search does not answer",
}

#: Headers of Werkzeug's errors that are told with ours.
_TOLD = ("Allow", "Retry-After", "WWW-Authenticate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong; ``position`` is that of a query error, ``command`` what an operator runs.

    ``headers`` tell programs what else may be tried, such as other methods.
    """

    status: int
    detail: str
    parameter: str = ""
    position: int | None = None
    command: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """A heading for the kind of problem."""
        return TITLES.get(self.status, "This did not work")


class ProblemObject(TypedDict):
    """What went wrong, as in RFC 9457: detail is a sentence that says what to do.

    Parameter is the one at fault, position the place in its text, from 0; command is what whoever
    runs the server can do.
    """

    title: str
    status: int
    detail: str
    parameter: NotRequired[str]
    position: NotRequired[int]
    command: NotRequired[str]


Answer = Callable[[Problem], Response]
View = TypeVar("View", bound=Callable[..., object])

_for_programs: set[Callable[..., object]] = set()


def for_programs(view: View) -> View:
    """Mark a view whose errors are problem details, since no person reads what it answers."""
    _for_programs.add(view)
    return view


def register(site: Scaffold, answer: Answer | None = None) -> None:
    """Let an app or a blueprint answer errors by ``answer``; without one, as its views are marked."""
    answer = answer or _as_marked
    kinds: dict[type[Exception] | int, Callable[[Any], Problem]] = {
        QueryError: bad_query,
        ParamsError: bad_params,
        SearchTimeout: too_long,
        EngineError: no_engine,
        HTTPException: other,
        500: other,
    }
    for kind, problem in kinds.items():
        site.register_error_handler(
            kind, lambda error, problem=problem: answer(problem(error))
        )


def bad_query(error: QueryError) -> Problem:
    """400 with the parser's sentence and the place in the query."""
    return Problem(
        status=400, detail=str(error), parameter="q", position=error.position
    )


def bad_params(error: ParamsError) -> Problem:
    """400 with what to write instead."""
    return Problem(status=400, detail=str(error), parameter=error.name)


def too_long(error: SearchTimeout) -> Problem:
    """400, since the same would take as long again, with what to ask instead."""
    return Problem(status=400, detail=str(error))


def no_engine(error: EngineError) -> Problem:
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
    retry = {"Retry-After": str(RETRY_SECONDS)}
    return Problem(status=503, detail=detail, command=command, headers=retry)


def other(error: HTTPException) -> Problem:
    """What Flask found wrong, a fault of ours included: it has logged that one."""
    status = error.code or 500
    detail = {
        404: "Nothing is at this address, or no longer: check it, or search for the statement.",
        405: "Pages and the API are read with GET; nothing on the web writes.",
        500: "The server met an error, which is in its log. Try again, or tell whoever runs it.",
    }.get(status, error.description or error.name)
    headers = {name: value for name, value in error.get_headers() if name in _TOLD}
    return Problem(status=status, detail=detail, headers=headers)


def problem_page(problem: Problem) -> Response:
    """The problem as a page, with the query to be mended there; in a frame without what is around."""
    framed = "embed/" if request.endpoint in FRAMED else ""
    page = render_template(
        f"communique/{framed}error.html",
        problem=problem,
        broken=_broken(problem),
        ancestors=service().settings.frame_ancestors,
    )
    return Response(page, problem.status, headers=dict(problem.headers))


def problem_json(problem: Problem) -> Response:
    """The problem details of RFC 9457, with ``parameter``, ``position`` and ``command`` where known."""
    fields: ProblemObject = {
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
        headers=dict(problem.headers),
        mimetype="application/problem+json",
    )


def _as_marked(problem: Problem) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    return problem_json(problem) if view in _for_programs else problem_page(problem)


def _broken(problem: Problem) -> tuple[str, str, str] | None:
    """The query before, at and after the position."""
    if problem.position is None:
        return None
    text = request.args.get("q", "")
    at = min(problem.position, len(text))
    return text[:at], text[at : at + 1], text[at + 1 :]
