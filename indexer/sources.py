"""What is known of a source, as data: raw/<source>/source.toml."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeAlias

from indexer.errors import SettingsError
from indexer.readouts import UNSORTED
from indexer.settings import nearest

FILE = "source.toml"

_Reader: TypeAlias = Callable[[Path, str, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors for the source's pages; the first match is taken, of ``body`` every one.

    ``drop`` names what is no part of the body, ``captions`` what stands below photos.
    """

    title: str = ""
    date: str = ""
    place: str = ""
    body: str = ""
    drop: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where statements come from.

    ``id`` is the folder's name. ``country``, ``language`` (a BCP 47 tag) and ``kind`` hold for
    each statement that says nothing else. A page without an address of its own has
    ``url_base`` followed by ``url_form``, in which ``{path}`` stands for the path below the
    source's folder without its extension and ``{name}`` for its last part. A paragraph that one
    of ``drop`` matches whole is boilerplate, one of ``captions`` a caption. ``digest`` is the
    SHA-256 of the source.toml, "" without one.
    """

    id: str
    name: str = ""
    country: str = ""
    language: str = ""
    kind: str = ""
    url_base: str = ""
    url_form: str = ""
    drop: tuple[re.Pattern[str], ...] = ()
    captions: tuple[re.Pattern[str], ...] = ()
    selectors: Selectors = field(default_factory=Selectors)
    digest: str = ""


def load_sources(raw: Path) -> dict[str, Source]:
    """The sources by id: a folder in ``raw`` each, and "unsorted" for the files beside them.

    Raises SettingsError where a source.toml is not TOML, or has a key that nobody knows or a
    value that cannot be used.
    """
    try:
        folders = [path for path in raw.iterdir() if path.is_dir()]
    except OSError as error:
        raise SettingsError(raw, f"cannot be read: {error.strerror}") from None
    names = {path.name for path in folders if not path.name.startswith(".")}
    return {name: _load(raw / name) for name in sorted(names | {UNSORTED})}


def _load(folder: Path) -> Source:
    path = folder / FILE
    try:
        data = path.read_bytes()
        table = tomllib.loads(data.decode())
    except (FileNotFoundError, NotADirectoryError):
        return Source(id=folder.name, name=folder.name)
    except OSError as error:
        raise SettingsError(path, f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(path, f"is not TOML: {error}") from None
    readers: dict[str, _Reader] = {
        "url_base": _address,
        "url_form": _form,
        "drop": _patterns,
        "captions": _patterns,
        "selectors": _selectors,
    }
    known = [f.name for f in fields(Source) if f.name not in ("id", "digest")]
    _check_keys(path, table, known, "")
    values: dict[str, Any] = {"name": folder.name}
    for key, value in table.items():
        reader: _Reader = readers.get(key, _text)
        values[key] = reader(path, key, value)
    digest = hashlib.sha256(data).hexdigest()
    return Source(id=folder.name, digest=digest, **values)


def _check_keys(path: Path, table: dict[str, Any], known: list[str], of: str) -> None:
    for key in table:
        if key not in known:
            reason = f"nobody knows the key {of + key!r}; {nearest(key, known)}"
            raise SettingsError(path, reason)


def _text(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise SettingsError(path, f"{key} must be a text in quotes, not {value!r}")
    return value.strip()


def _texts(path: Path, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        reason = f"{key} must be a list of texts in quotes, not {value!r}"
        raise SettingsError(path, reason)
    return tuple(value)


def _address(path: Path, key: str, value: Any) -> str:
    address = _text(path, key, value)
    if address and not re.match("https?://[^/]", address):
        reason = f"{key} must begin with https:// or http://, not {address!r}"
        raise SettingsError(path, reason)
    return address


def _form(path: Path, key: str, value: Any) -> str:
    form = _text(path, key, value)
    try:
        form.format(path="", name="")
    except (LookupError, ValueError):
        reason = (
            f"{key} may hold {{path}} and {{name}} in braces, nothing else: {form!r}"
        )
        raise SettingsError(path, reason) from None
    return form


def _patterns(path: Path, key: str, value: Any) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for pattern in _texts(path, key, value):
        try:
            patterns.append(re.compile(pattern))
        except re.error as error:
            reason = f"{key}: {pattern!r} is not a regular expression: {error}"
            raise SettingsError(path, reason) from None
    return tuple(patterns)


def _selectors(path: Path, key: str, value: Any) -> Selectors:
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


def _check_selector(path: Path, key: str, selector: str) -> None:
    import soupsieve  # takes a tenth of a second, which sources without pages need not wait for

    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        what = str(error).partition("\n")[0]
        reason = f"{key}: {selector!r} is not a CSS selector: {what}"
        raise SettingsError(path, reason) from None
