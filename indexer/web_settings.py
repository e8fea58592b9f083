"""What [web] in communique.toml says: who may read, frame and call what is served."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

#: An origin is scheme, host and perhaps a port (RFC 6454), as a browser sends it.
_ORIGIN = re.compile(
    r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?"
)

_LONGEST = 3600  # seconds: what takes longer is the command line's


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The defaults, which trust nobody.

    ``frame_ancestors`` are the origins whose pages may frame these, ``cors_origins`` those whose
    scripts may read the API. A search may take ``search_seconds``, an export ``export_seconds``.
    """

    frame_ancestors: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    search_seconds: float = 2.0
    export_seconds: float = 30.0


def read_web(table: Mapping[str, object], where: str = "") -> WebSettings:
    """The settings that ``table`` gives in place of the defaults; ``where`` is said before a key.

    Raises ValueError with a sentence where nobody knows a key, or its value cannot be used.
    """
    defaults = WebSettings()
    known = [field.name for field in fields(defaults)]
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in known:
            raise ValueError(
                f"nobody knows the key {where + key!r}; known are {', '.join(known)}"
            )
        values[key] = _typed(where + key, value, getattr(defaults, key))
    settings = replace(defaults, **values)  # type: ignore[arg-type]
    for name in ("frame_ancestors", "cors_origins"):
        for origin in getattr(settings, name):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{where}{name} must be origins such as 'https://intranet.example', "
                    f"not {origin!r}"
                )
    for name in ("search_seconds", "export_seconds"):
        if not 0 < getattr(settings, name) <= _LONGEST:
            raise ValueError(
                f"{where}{name} must lie between 0 and {_LONGEST}, "
                f"not {getattr(settings, name)!r}"
            )
    return settings


def configured(settings: WebSettings, config: Mapping[str, object]) -> WebSettings:
    """``settings`` with what ``config`` has under their names in capitals, such as FRAME_ANCESTORS.

    Raises ValueError as ``read_web`` does.
    """
    names = [field.name for field in fields(settings)]
    own = {name: config[name.upper()] for name in names if name.upper() in config}
    read = read_web(own)
    return replace(settings, **{name: getattr(read, name) for name in own})


def _typed(key: str, value: object, default: object) -> object:
    """``value`` as what ``default`` is; ValueError where it is something else."""
    if isinstance(default, tuple):
        if not isinstance(value, (list, tuple)) or not all(
            isinstance(each, str) for each in value
        ):
            raise ValueError(f"{key} must be a list of texts in quotes, not {value!r}")
        return tuple(value)
    if isinstance(default, float) and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}
        raise ValueError(
            f"{key} must be {wanted.get(type(default), 'a text in quotes')}, not {value!r}"
        )
    return value
