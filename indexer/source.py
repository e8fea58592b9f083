"""A source: what holds for all of its statements, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

from indexer.errors import SettingsError
from indexer.settings import nearest

#: The ``profile`` of a source whose pages must not choose one by their addresses.
NO_PROFILE = "none"

#: What a key's value becomes, from the file that says it, the key, and the value.
Reader: TypeAlias = Callable[[object, str, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors for pages; the first match is taken, of ``body`` and ``speakers`` every one.

    ``drop`` names what is no part of the body, ``captions`` what stands below photos.
    """

    title: str = ""
    date: str = ""
    place: str = ""
    speakers: str = ""
    body: str = ""
    drop: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where statements come from, or a profile: what is known of pages of one publisher.

    ``id`` is the folder's name, or the profile's. ``language`` (a BCP 47 tag) and ``kind`` hold
    for each statement that says nothing else; ``country`` is whose source it is. ``profile`` is
    the one whose values stand where the source has none: "" leaves it to a page's own address,
    which lies below one of a profile's ``hosts`` (``host`` or ``host/path``). A moment in UTC is
    of the day that it is in ``timezone`` (IANA).

    ``file_name`` matches the last part of a path or an address without its extension; its group
    ``date`` is the date of a page that tells none. A page without an address has ``url_base``
    followed by ``url_form``, in which ``{path}`` is the path below the source's folder without
    its extension, ``{name}`` its last part, and any other word a group of ``file_name``.

    A paragraph that one of ``drop`` matches whole is boilerplate, one of ``captions`` a caption.
    ``strict`` selectors are the source's own: a page without anything there is an error. Where a
    profile's find nothing, the text is found by rule. ``note`` is a remark for people. ``digest``
    is that of the file which says all this, "" without one.
    """

    id: str
    name: str = ""
    country: str = ""
    language: str = ""
    kind: str = ""
    profile: str = ""
    hosts: tuple[str, ...] = ()
    timezone: str = ""
    url_base: str = ""
    url_form: str = ""
    file_name: re.Pattern[str] | None = None
    drop: tuple[re.Pattern[str], ...] = ()
    captions: tuple[re.Pattern[str], ...] = ()
    selectors: Selectors = field(default_factory=Selectors)
    strict: bool = True
    note: str = ""
    digest: str = ""

    def over(self, profile: Source) -> Source:
        """This source, with the profile's values where it has none of its own."""
        theirs = {
            name: value
            for name in _TO_INHERIT
            if (value := getattr(profile, name)) and not getattr(self, name)
        }
        selectors = {
            each.name: getattr(self.selectors, each.name)
            or getattr(profile.selectors, each.name)
            for each in fields(Selectors)
        }
        return replace(
            self,
            **theirs,
            selectors=Selectors(**selectors),
            strict=bool(self.selectors.body),
        )


_KNOWN = [f.name for f in fields(Source) if f.name not in ("id", "strict", "digest")]
_TO_INHERIT = [name for name in _KNOWN if name not in ("selectors", "profile")]


def read_source(
    path: object, table: Mapping[str, Any], name: str, digest: str
) -> Source:
    """The source of this id that a table of TOML in the file ``path`` describes.

    Raises SettingsError for a key that nobody knows, or a value that cannot be used.
    """
    _check_keys(path, table, _KNOWN, "")
    values: dict[str, Any] = {}
    for key, value in table.items():
        reader: Reader = _READERS.get(key, _text)
        values[key] = reader(path, key, value)
    source = Source(id=name, digest=digest, **values)
    _check_form(path, source)
    return source


def _check_keys(
    path: object, table: Mapping[str, Any], known: list[str], of: str
) -> None:
    for key in table:
        if key not in known:
            reason = f"nobody knows the key {of + key!r}; {nearest(key, known)}"
            raise SettingsError(path, reason)


def _text(path: object, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise SettingsError(path, f"{key} must be a text in quotes, not {value!r}")
    return value.strip()


def _texts(path: object, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        reason = f"{key} must be a list of texts in quotes, not {value!r}"
        raise SettingsError(path, reason)
    return tuple(value)


def _address(path: object, key: str, value: Any) -> str:
    address = _text(path, key, value)
    if address and not re.match("https?://[^/]", address):
        reason = f"{key} must begin with https:// or http://, not {address!r}"
        raise SettingsError(path, reason)
    return address


def _zone(path: object, key: str, value: Any) -> str:
    from zoneinfo import ZoneInfo

    zone = _text(path, key, value)
    try:
        if zone:
            ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        reason = f"{key}: {zone!r} is no time zone; write one as Asia/Tokyo"
        raise SettingsError(path, reason) from None
    return zone


def _check_form(path: object, source: Source) -> None:
    groups = source.file_name.groupindex if source.file_name else {}
    words = {"path": "", "name": "", **dict.fromkeys(groups, "")}
    try:
        source.url_form.format(**words)
    except (LookupError, ValueError):
        may = " and ".join(f"{{{word}}}" for word in words)
        reason = f"url_form may hold {may} in braces, nothing else: {source.url_form!r}"
        raise SettingsError(path, reason) from None


def _pattern(path: object, key: str, value: Any) -> re.Pattern[str]:
    pattern = _text(path, key, value)
    try:
        return re.compile(pattern)
    except re.error as error:
        reason = f"{key}: {pattern!r} is not a regular expression: {error}"
        raise SettingsError(path, reason) from None


def _patterns(path: object, key: str, value: Any) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(path, key, part) for part in _texts(path, key, value))


def _selectors(path: object, key: str, value: Any) -> Selectors:
    if not isinstance(value, dict):
        raise SettingsError(path, f"{key} must be a table: write [{key}]")
    _check_keys(path, value, [f.name for f in fields(Selectors)], f"{key}.")
    several = ("drop", "captions")
    values: dict[str, Any] = {
        name: (_texts if name in several else _text)(path, f"{key}.{name}", part)
        for name, part in value.items()
    }
    for name, part in values.items():
        for selector in (part,) if isinstance(part, str) else part:
            _check_selector(path, f"{key}.{name}", selector)
    return Selectors(**values)


def _check_selector(path: object, key: str, selector: str) -> None:
    import soupsieve  # takes a tenth of a second, which sources without pages need not wait for

    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        what = str(error).partition("\n")[0]
        reason = f"{key}: {selector!r} is not a CSS selector: {what}"
        raise SettingsError(path, reason) from None


_READERS: dict[str, Reader] = {
    "hosts": _texts,
    "timezone": _zone,
    "url_base": _address,
    "file_name": _pattern,
    "drop": _patterns,
    "captions": _patterns,
    "selectors": _selectors,
}
