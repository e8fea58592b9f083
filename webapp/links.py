"""Addresses of searches and statements, of which a page has hundreds.

They are what ``url_for`` gives, but the path is made once a request and each argument escaped once
while it is in use: that is half of the time of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus

from flask import g, url_for

#: What stands for itself in a query string and in a path, as Werkzeug has it.
_SAFE, _SAFE_IN_PATHS = "!$'()*,/:;?@", "!$&'()*+,/:;=@"


def search_url(args: Mapping[str, str | list[str]]) -> str:
    """The address of a search with these arguments."""
    if "search_path" not in g:
        g.search_path = url_for("communique.search")
    query = _query(args)
    return f"{g.search_path}?{query}" if query else str(g.search_path)


def statement_url(
    statement_id: str,
    args: Mapping[str, str | list[str]],
    anchor: str | None = "",
    result: int | None = None,
) -> str:
    """The address of a statement, with the search that one came from, and as which of its results."""
    if "statements_path" not in g:
        g.statements_path = url_for("communique.statement", statement_id="_")[:-1]
    path = g.statements_path + quote(statement_id, _SAFE_IN_PATHS)
    query = _query({"result": str(result), **args} if result else args)
    return f"{path}{'?' if query else ''}{query}{'#' if anchor else ''}{anchor or ''}"


def _query(args: Mapping[str, str | list[str]]) -> str:
    return "&".join(
        [
            _pair(name, each)
            for name, value in args.items()
            for each in ((value,) if isinstance(value, str) else value)
        ]
    )


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    return f"{name}={quote_plus(value, _SAFE)}"


LINKS: dict[str, Callable[..., str]] = {
    "search_url": search_url,
    "statement_url": statement_url,
}
