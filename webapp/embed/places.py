"""What of this site an address names: a statement or a timeline, and its frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from indexer.answer import interpretation
from webapp.counting import Counting
from webapp.lining import searched
from webapp.service import service


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: in words, and the endpoint and arguments of its frame."""

    title: str
    frame: str
    args: Mapping[str, str | list[str]]


def find_place(address: str) -> Place | None:
    """The place, None where the address is not one of this site's, or nothing can frame it.

    Raises ParamsError and QueryError where it is ours and its arguments cannot be used.
    """
    found = _route(address)
    if found is None:
        return None
    endpoint, values, args = found
    if endpoint == "communique.search" and args.get("view") == "timeline":
        counting = Counting.from_args(args)
        said = interpretation(counting.request())
        title = f"{counting.measure.count.capitalize()} over time: {said}"
        chosen = {k: v for k, v in counting.args.items() if k != "view"}
        return Place(title, "communique.embed_timeline", chosen)
    statement_id = values.get("statement_id", "")
    if endpoint == "communique.statement_file":  # an id may end like that
        statement_id += f".{values['form']}"
    statement = service().engine.get(statement_id) if statement_id else None
    if statement is None:
        return None
    params = searched(args).as_list()
    params.request()
    return Place(
        statement.title or statement.id,
        "communique.embed_statement",
        {"statement_id": statement.id} | params.args,
    )


def _route(address: str) -> tuple[str, dict[str, str], MultiDict[str, str]] | None:
    """Endpoint, values of the path and arguments, where the address is below this very site's."""
    try:
        parts = urlsplit(address)
        given = parse_qs(parts.query)
    except ValueError:
        return None
    path, root = unquote(parts.path), request.script_root
    here = parts.scheme in ("http", "https") and parts.netloc.lower() == request.host
    if not here or not path.startswith(f"{root}/"):
        return None
    adapter = current_app.create_url_adapter(request)
    assert adapter  # as there is a request
    try:
        endpoint, values = adapter.match(path.removeprefix(root), method="GET")
    except HTTPException:
        return None
    return endpoint, dict(values), MultiDict(given)
