"""Addresses of pages, searches and statements, of which a page has hundreds.

They are what ``url_for`` gives, but each path is made once, and each argument escaped once while it
is in use: that is half of the time of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus

from flask import current_app, request, url_for
from markupsafe import escape

#: What stands for itself in a query string and in a path, as Werkzeug has it.
_SAFE, _SAFE_IN_PATHS = "!$'()*,/:;?@", "!$&'()*+,/:;=@"

#: Where an app keeps paths, and how many: all there are, below some prefixes.
_KNOWN, _MOST = "communique.paths", 1000

Arguments = Mapping[str, str | list[str]]


def page_url(endpoint: str, args: Arguments | None = None, **values: str) -> str:
    """The address of a page of ours; ``values`` are those of its path."""
    path, query = _path(endpoint, values), _query(args or {})
    return f"{path}?{query}" if query else path


def search_url(args: Arguments) -> str:
    """The address of a search with these arguments."""
    return page_url("search", args)


def search_prefix(args: Arguments) -> str:
    """The address of a search, as HTML, for ``argument`` to add one more at its end."""
    url = search_url(args)
    return f"{escape(url)}{'&amp;' if '?' in url else '?'}"


@lru_cache(maxsize=4096)
def argument(name: str, value: str) -> str:
    """One argument of an address; nothing in it means something in HTML."""
    return f"{name}={quote_plus(value, _SAFE)}"


def statement_url(
    statement_id: str,
    args: Arguments,
    anchor: str | None = "",
    result: int | None = None,
) -> str:
    """The address of a statement, with the search that one came from, and as which of its results."""
    return statement_urls(args)(statement_id, anchor, result)


def statement_urls(args: Arguments) -> Callable[[str, str | None, int | None], str]:
    """The same for many statements of one search."""
    path, query = _path("statement", {"statement_id": "_"})[:-1], _query(args)

    def url(statement_id: str, anchor: str | None, result: int | None) -> str:
        place = argument("result", str(result)) if result else ""
        rest = "&".join(filter(None, (place, query)))
        ends = f"{'?' if rest else ''}{rest}{'#' if anchor else ''}{anchor or ''}"
        return path + quote(statement_id, _SAFE_IN_PATHS) + ends

    return url


def _path(endpoint: str, values: Mapping[str, str]) -> str:
    known: dict[object, str] = current_app.extensions.setdefault(_KNOWN, {})
    key = request.root_path, endpoint, *values.items()
    path = known.get(key)
    if path is None:
        path = url_for(f"communique.{endpoint}", **values)  # type: ignore[arg-type]
        # A site around ours may put something of each request into its addresses.
        if len(known) < _MOST and not current_app.url_default_functions:
            known[key] = path
    return path


def _query(args: Arguments) -> str:
    return "&".join(
        [
            argument(name, each)
            for name, value in args.items()
            for each in ((value,) if isinstance(value, str) else value)
        ]
    )


LINKS: dict[str, Callable[..., object]] = {
    "page_url": page_url,
    "search_url": search_url,
    "statement_url": statement_url,
    "statement_urls": statement_urls,
}
