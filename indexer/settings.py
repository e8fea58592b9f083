"""What communique.toml says: where things lie and how they are served."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from indexer.errors import SettingsError
from indexer.web_settings import WebSettings, read_web

FILE = "communique.toml"
FOLDERS = ("raw", "index")

#: More processes than this would only wait for each other.
_MOST_JOBS, _USUAL_JOBS = 64, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The defaults, or what a communique.toml puts in their place.

    ``raw`` is the folder of readouts and ``index`` the engine's location, both relative to the
    file that names them, unless that is a cluster's address. ``language`` is the Snowball language
    whose word forms a bare word matches; ``jobs`` is how many processes may index, 0 as many as
    ``usual_jobs`` says; ``host`` and ``port`` are where ``communique serve`` listens, and
    ``web`` whom it trusts.
    """

    raw: str = "raw"
    index: str = "index"
    language: str = "english"
    jobs: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    web: WebSettings = field(default_factory=WebSettings)


def load_settings() -> Settings:
    """The environment's settings before the file's, and those before the defaults.

    The file is the one that COMMUNIQUE_CONFIG names, or else ./communique.toml if there is one.
    COMMUNIQUE_RAW and COMMUNIQUE_INDEX are ``raw`` and ``index``, COMMUNIQUE_ENGINE is the latter
    too and comes first. Raises SettingsError where a
    named file is missing, is not TOML, has a key that nobody knows or a value that cannot be used.
    """
    environment: dict[str, Any] = {
        name: value
        for name in FOLDERS
        if (value := os.environ.get(f"COMMUNIQUE_{name.upper()}"))
    }
    if engine := os.environ.get("COMMUNIQUE_ENGINE"):
        environment["index"] = engine
    return replace(_read(), **environment)


def check_folders(settings: Settings) -> None:
    """Raise SettingsError where the index lies in raw/, so that it would be read as readouts."""
    if "://" in settings.index:
        return
    raw, index = Path(settings.raw).resolve(), Path(settings.index).resolve()
    if index.is_relative_to(raw):
        reason = f"the index cannot lie in {settings.raw}, the folder of readouts; name another"
        raise SettingsError(settings.index, reason)


def usual_jobs() -> int:
    """A process for each CPU that this one may use, but at most 8."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _USUAL_JOBS)
    return min(os.cpu_count() or 1, _USUAL_JOBS)


def nearest(word: str, known: list[str]) -> str:
    """Words for a message: the known word that was probably meant, else all of them."""
    found = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {found[0]!r}?" if found else f"known are {', '.join(known)}"


def _read() -> Settings:
    named = os.environ.get("COMMUNIQUE_CONFIG")
    path = Path(named or FILE)
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except FileNotFoundError:
        if named:
            raise SettingsError(
                path, "there is no such file; correct COMMUNIQUE_CONFIG, or unset it"
            ) from None
        return Settings()
    except OSError as error:
        raise SettingsError(path, f"cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(path, f"is not TOML: {error}") from None
    return _settings(path, table)


def _settings(path: Path, table: dict[str, object]) -> Settings:
    known = {
        each.name: type(getattr(Settings(), each.name)) for each in fields(Settings)
    }
    known["web"] = dict
    for key, value in table.items():
        if key not in known:
            raise SettingsError(
                path, f"nobody knows the key {key!r}; {nearest(key, list(known))}"
            )
        if type(value) is not known[key]:
            wanted = {int: "a whole number", dict: "a table, [web]"}.get(
                known[key], "a text in quotes"
            )
            raise SettingsError(path, f"{key} must be {wanted}, not {value!r}")
    try:
        web = read_web(dict(table.get("web", {})), "web.")  # type: ignore[call-overload]
    except ValueError as error:
        raise SettingsError(path, str(error)) from None
    if web.tokens:
        web = replace(web, tokens=_location(path.parent, web.tokens))
    settings = Settings(**(table | {"web": web}))  # type: ignore[arg-type]
    if not 0 < settings.port < 65536:
        raise SettingsError(
            path, f"port must lie between 1 and 65535, not {settings.port}"
        )
    if "jobs" in table and not 0 < settings.jobs <= _MOST_JOBS:
        raise SettingsError(
            path, f"jobs must lie between 1 and {_MOST_JOBS}, not {settings.jobs}"
        )
    if "language" in table:
        _check_language(path, settings.language)
    for key in FOLDERS:
        if not getattr(settings, key):
            raise SettingsError(path, f"{key} must name a folder, not nothing")
    folders: dict[str, Any] = {
        key: _location(path.parent, str(table[key])) for key in FOLDERS if key in table
    }
    return replace(settings, **folders)


def _location(folder: Path, location: str) -> str:
    """A folder's path from that of the file; an address stays one, for the engine to judge."""
    return location if "://" in location else str(folder / location)


def _check_language(path: Path, language: str) -> None:
    from indexer.analysis import (  # loads NumPy, which a start need not wait for
        LANGUAGES,
    )

    if language not in LANGUAGES:
        hint = nearest(language, list(LANGUAGES))
        raise SettingsError(path, f"nobody knows the language {language!r}; {hint}")
