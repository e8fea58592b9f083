"""An address of the API: what it takes, what answers it, and of which type that is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc
from typing import Any, NamedTuple

import msgspec
from flask import Response, request

from indexer.search import IndexInfo
from webapp.api.parameters import Parameter, check_known

METHODS = ("GET", "HEAD", "OPTIONS")
ALLOW = ", ".join(METHODS)


class Reply(NamedTuple):
    """What a view answers; ``version`` changes whenever it may, and is its own hash where empty."""

    body: object
    version: str = ""


def version(index: IndexInfo) -> str:
    """What changes with every generation of the index: an ETag without its quotes."""
    return f"{index.generation}-{index.fingerprint}-{index.built_at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``path`` is as OpenAPI writes it; ``view`` takes the arguments, and what the path names.

    ``answer`` is the type of what it answers. Its first line of documentation is for users.
    """

    path: str
    view: Callable[..., Reply]
    answer: Any
    parameters: tuple[Parameter, ...] = ()

    @property
    def name(self) -> str:
        """The endpoint."""
        return self.view.__name__

    @property
    def summary(self) -> str:
        """What it answers, in a sentence."""
        return (getdoc(self.view) or "").partition("\n")[0]

    @property
    def rule(self) -> str:
        """The path as Flask writes it; what it names may have slashes."""
        return re.sub(r"{(\w+)}", r"<path:\1>", self.path)

    @property
    def places(self) -> list[str]:
        """What the path names."""
        return re.findall(r"{(\w+)}", self.path)

    def answered(self, **places: str) -> Response:
        """The response to the request, 304 where its version is known there."""
        if request.method == "OPTIONS":
            allowed = Response(status=204, headers={"Allow": ALLOW})
            allowed.headers.remove("Content-Type")
            return allowed
        check_known(request.args, self.parameters)
        reply = self.view(request.args, **places)
        data = msgspec.json.encode(reply.body)
        response = Response(data, mimetype="application/json")
        if reply.version:
            response.set_etag(reply.version)
        else:
            response.add_etag()
        response.headers["Cache-Control"] = "no-cache"  # to be asked for each time
        response.make_conditional(request)
        return response
