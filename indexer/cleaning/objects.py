"""JSON: an object is a statement, in a file of its own or one a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from indexer.cleaning.draft import Draft, web_address
from indexer.cleaning.text import normal, one_line, paragraphs
from indexer.dates import parse_date
from indexer.errors import ReadoutError

_PRECISIONS = ("day", "month", "year")
_LONGEST_ID = 200


def parse_object(text: str, name: str) -> dict[str, Any]:
    """The JSON object in ``text``. Raises ReadoutError where there is none."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        reason = f"is not JSON: {error.msg} at {where}; correct it there"
        raise ReadoutError(name, reason) from None
    except RecursionError:
        raise ReadoutError(
            name, "nests far too deep; put a flat object there"
        ) from None
    except ValueError:
        raise ReadoutError(
            name, "holds a number of too many digits; correct it"
        ) from None
    if not isinstance(value, dict):
        what = "a list" if isinstance(value, list) else f"{value!r:.40}"
        reason = f"holds {what} where one object is expected; write one object a file, or a .jsonl"
        raise ReadoutError(name, reason)
    return value


def line_id(values: Mapping[str, Any], name: str) -> str:
    """The id that an object gives itself, "" if it gives none."""
    given = values.get("id")
    if given is None or given == "":
        return ""
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise _wrong(name, "id", "a text or a whole number", given)
    given = str(given)
    if len(given) > _LONGEST_ID:
        raise ReadoutError(name, f"its id is longer than {_LONGEST_ID} characters")
    return given


def draft_of_object(values: Mapping[str, Any], draft: Draft) -> Draft:
    """The draft with what an object says; keys that nobody knows are passed over.

    Raises ReadoutError where ``title`` or ``text`` is missing, or a value is of the wrong type.
    """
    name = draft.name
    for key in ("title", "text"):
        if key not in values:
            raise ReadoutError(name, f"has no {key!r}; add it")
    draft.title = _text(values, "title", name)
    draft.paragraphs = paragraphs(normal(_text(values, "text", name)))
    draft.date = _date(values, name)
    draft.url = _url(values, name)
    draft.kind = one_line(_text(values, "kind", name))
    draft.place = one_line(_text(values, "place", name))
    draft.agency = one_line(_text(values, "agency", name))
    draft.language = one_line(_text(values, "language", name))
    draft.countries = _texts(values, ("countries", "country"), name)
    draft.speakers = _texts(values, ("speakers", "speaker"), name)
    draft.captions = list(_texts(values, ("captions",), name) or ())
    return draft


def _text(values: Mapping[str, Any], key: str, name: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(name, key, "a text", value)
    return value


def _texts(
    values: Mapping[str, Any], keys: tuple[str, ...], name: str
) -> tuple[str, ...] | None:
    """A list of texts or a single one, under any of the keys; None where none of them is there."""
    if not any(key in values for key in keys):
        return None
    found: dict[str, None] = {}
    for key in keys:
        value = values.get(key)
        parts = [value] if isinstance(value, str) else value or []
        if not isinstance(parts, list) or not all(
            isinstance(part, str) for part in parts
        ):
            raise _wrong(name, key, "a text or a list of texts", value)
        found.update(dict.fromkeys(map(one_line, parts)))
    return tuple(filter(None, found))


def _date(values: Mapping[str, Any], name: str) -> Any:
    written = _text(values, "date", name)
    if not written.strip():
        return None
    try:
        day, precision = parse_date(written)
    except ValueError as error:
        raise ReadoutError(name, f"its date: {error}") from None
    given = values.get("date_precision", precision)
    if given not in _PRECISIONS:
        raise _wrong(name, "date_precision", "day, month or year", given)
    precision = max(precision, given, key=_PRECISIONS.index)
    if precision != "day":
        day = day.replace(day=1, month=1 if precision == "year" else day.month)
    return day, precision


def _url(values: Mapping[str, Any], name: str) -> str:
    written = _text(values, "url", name)
    url = web_address(written)
    if written.strip() and not url:
        raise _wrong(
            name, "url", "an address that begins with https:// or http://", written
        )
    return url


def _wrong(name: str, key: str, wanted: str, value: Any) -> ReadoutError:
    return ReadoutError(name, f"its {key!r} must be {wanted}, not {value!r:.60}")
