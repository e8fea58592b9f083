"""What [web] in communique.toml says: who may read, frame and call what is served."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

#: An origin is scheme, host and perhaps a port (RFC 6454), as a browser sends it.
_ORIGIN = re.compile(
    r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?"
)
#: The name of a host, or its address, as it stands in an address of the web (RFC 3986, 3.2.2).
HOST = re.compile(
    r"(?!.{254})[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:.]{2,45}\]",
    re.ASCII | re.IGNORECASE,
)
#: A path whose segments mean the same wherever they are written: nothing to escape, no dots.
PREFIX = re.compile(r"(/(?!\.{1,2}(/|$))[a-z0-9._~-]+)*/?", re.ASCII | re.IGNORECASE)
#: Names of headers that a proxy can set; those with underscores are lost in WSGI.
_HEADER = re.compile(
    r"(?!(authorization|cookie|forwarded|host|x-forwarded-(for|host|prefix|proto))$)"
    r"[a-z][a-z0-9-]*",
    re.ASCII | re.IGNORECASE,
)

_SHAPES = {
    "frame_ancestors": (_ORIGIN, "origins such as 'https://intranet.example'"),
    "cors_origins": (_ORIGIN, "origins such as 'https://intranet.example'"),
    "prefix": (PREFIX, "a path such as '/intranet/statements'"),
    "hosts": (HOST, "names such as 'search.intranet.example', without a port"),
    "sign_in_header": (_HEADER, "the name of a header such as 'X-Forwarded-User'"),
}
_MOST_PROXIES = 10

_LONGEST = 3600  # seconds: what takes longer is the command line's


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The defaults, which trust nobody.

    ``frame_ancestors`` are the origins whose pages may frame these, ``cors_origins`` those whose
    scripts may read the API.

    ``prefix`` is the path below which readers see the service, ``trusted_proxies`` how many proxies
    tell by X-Forwarded-For, -Proto, -Host and -Prefix what they were asked, and ``hosts`` are the
    names the service answers to, any where there is none.

    ``public`` lets anybody read who reaches an address that is not this machine's own. Else readers
    are who a proxy in one of the ``sign_in_networks`` names in ``sign_in_header``, and programs that
    have one of the ``tokens``, a file.

    ``logs`` is the form of what the server says, text or json; ``log_queries`` has it say what was
    searched, too.

    A search may take ``search_seconds``, an export ``export_seconds``.
    """

    frame_ancestors: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    prefix: str = ""
    trusted_proxies: int = 0
    hosts: tuple[str, ...] = ()
    public: bool = False
    sign_in_header: str = ""
    sign_in_networks: tuple[str, ...] = ()
    tokens: str = ""
    logs: str = "text"
    log_queries: bool = False
    search_seconds: float = 2.0
    export_seconds: float = 30.0

    @property
    def signs_in(self) -> bool:
        """Whether readers have to say who they are."""
        return bool(self.sign_in_header or self.tokens)


def read_web(
    table: Mapping[str, object],
    where: str = "",
    settings: WebSettings = WebSettings(),  # noqa: B008  frozen
) -> WebSettings:
    """``settings`` with what ``table`` gives in their place; ``where`` is said before a key.

    Raises ValueError with a sentence where nobody knows a key, or its value cannot be used.
    """
    known = [field.name for field in fields(settings)]
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in known:
            raise ValueError(
                f"nobody knows the key {where + key!r}; known are {', '.join(known)}"
            )
        values[key] = _typed(where + key, value, getattr(settings, key))
    read = replace(settings, **values)  # type: ignore[arg-type]
    for name, (shape, wanted) in _SHAPES.items():
        for each in _texts(getattr(read, name)):
            if not shape.fullmatch(each):
                raise ValueError(f"{where}{name} must be {wanted}, not {each!r}")
    if not 0 <= read.trusted_proxies <= _MOST_PROXIES:
        raise ValueError(
            f"{where}trusted_proxies must lie between 0 and {_MOST_PROXIES}, "
            f"not {read.trusted_proxies}"
        )
    for name in ("search_seconds", "export_seconds"):
        if not 0 < getattr(read, name) <= _LONGEST:
            raise ValueError(
                f"{where}{name} must lie between 0 and {_LONGEST}, "
                f"not {getattr(read, name)!r}"
            )
    if read.logs not in ("text", "json"):
        raise ValueError(f"{where}logs must be 'text' or 'json', not {read.logs!r}")
    _check_sign_in(read, where)
    return read


def configured(settings: WebSettings, config: Mapping[str, object]) -> WebSettings:
    """``settings`` with what ``config`` has under their names in capitals, such as FRAME_ANCESTORS.

    Raises ValueError as ``read_web`` does.
    """
    names = [field.name for field in fields(settings)]
    own = {name: config[name.upper()] for name in names if name.upper() in config}
    return read_web(own, settings=settings)


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if value else ()


def _check_sign_in(settings: WebSettings, where: str) -> None:
    for each in settings.sign_in_networks:
        try:
            network = ipaddress.ip_network(each)
        except ValueError:
            raise ValueError(
                f"{where}sign_in_networks must be networks such as '10.1.2.0/24' or addresses, "
                f"not {each!r}"
            ) from None
        if not network.prefixlen:  # then every reader could sign in under any name
            raise ValueError(
                f"{where}sign_in_networks must name the proxies alone, not {each!r}"
            )
    if bool(settings.sign_in_header) != bool(settings.sign_in_networks):
        raise ValueError(
            f"{where}sign_in_header and {where}sign_in_networks belong together: the header with "
            "the reader's name, and the addresses of the proxies that it is taken from"
        )


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
