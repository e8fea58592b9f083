"""The sources in raw/: a folder each, and what its source.toml says."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path

from indexer.errors import SettingsError
from indexer.profiles import load_profiles
from indexer.readouts import UNSORTED
from indexer.settings import nearest
from indexer.source import NO_PROFILE, Selectors, Source, read_source

__all__ = ["FILE", "NO_PROFILE", "Selectors", "Source", "load_sources"]

FILE = "source.toml"


def load_sources(raw: Path) -> dict[str, Source]:
    """The sources by id: a folder in ``raw`` each, and "unsorted" for the files beside them.

    Raises SettingsError where a source.toml is not TOML, or has a key that nobody knows, a value
    that cannot be used, or a profile that there is not.
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
    digest = hashlib.sha256(data)
    source = read_source(path, table, folder.name, "")
    if source.profile not in ("", NO_PROFILE):
        profile = load_profiles().get(source.profile)
        if profile is None:
            hint = nearest(source.profile, [*load_profiles(), NO_PROFILE])
            raise SettingsError(path, f"there is no profile {source.profile!r}; {hint}")
        digest.update(profile.digest.encode())
        source = source.over(profile)
    name = source.name or folder.name
    return replace(source, name=name, digest=digest.hexdigest())
