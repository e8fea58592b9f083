"""Where a cluster is, and under which name the statements are kept there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl

from indexer.errors import SettingsError

#: What an address begins with.
SCHEMES = ("opensearch+https", "opensearch+http")

_PORT = 9200
_ADDRESS = re.compile(
    r"opensearch\+(?P<scheme>https?)://(?:(?P<user>[^@/?#]*)@)?(?P<hosts>[^@/?#]+)"
    r"/(?P<name>[^/?#]*)(?:\?(?P<options>[^#]*))?"
)
_HOST = re.compile(
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_MOST = {"shards": (1, 1024), "replicas": (0, 10)}
_EXAMPLE = "opensearch+https://user@host:9200,host2:9200/statements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The address of an index in a cluster.

    ``hosts`` are its nodes with their HTTP ports, of which any may be asked. ``shards`` is how many
    pieces a new index has, ``replicas`` how many copies each of them has beside it.
    """

    secure: bool
    hosts: tuple[tuple[str, int], ...]
    user: str
    name: str
    shards: int = 3
    replicas: int = 1

    def __str__(self) -> str:
        return ", ".join(f"{host}:{port}" for host, port in self.hosts)


def parse_location(text: str) -> Location:
    """Read ``opensearch+https://user@host:9200,host2:9200/name?shards=3&replicas=1``.

    ``opensearch+http`` is for nodes on this machine alone. Raises SettingsError, which never
    repeats a password.
    """
    match = _ADDRESS.fullmatch(text)
    shown = re.sub(r"//[^@/]*@", "//…@", text)
    if match is None:
        raise SettingsError(shown, f"is no address of a cluster; write {_EXAMPLE}")
    user = match["user"] or ""
    if ":" in user:
        reason = (
            "an address is shown and logged, so it must not hold a password; put that into a "
            "file, and name it in COMMUNIQUE_PASSWORD_FILE"
        )
        raise SettingsError(shown, reason)
    hosts = tuple(_host(shown, host) for host in match["hosts"].split(","))
    secure = match["scheme"] == "https"
    if not secure and not all(_is_here(host) for host, _ in hosts):
        reason = (
            "without TLS only nodes on this machine are asked; write opensearch+https"
        )
        raise SettingsError(shown, reason)
    if not _NAME.fullmatch(match["name"]):
        reason = (
            f"{match['name']!r} cannot be the name of an index; take small letters, digits, "
            "“-” and “_”, such as statements"
        )
        raise SettingsError(shown, reason)
    options = _options(shown, match["options"] or "")
    return Location(
        secure=secure, hosts=hosts, user=user, name=match["name"], **options
    )


def _host(shown: str, text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or _PORT) if match else 0
    if match is None or not 0 < port < 65536:
        raise SettingsError(shown, f"{text!r} is no host; write host:9200")
    return match["host"].strip("[]"), port


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _options(shown: str, text: str) -> dict[str, int]:
    options = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        if key not in _MOST:
            known = " and ".join(_MOST)
            raise SettingsError(
                shown, f"nobody knows the option {key!r}; known are {known}"
            )
        least, most = _MOST[key]
        if not value.isdecimal() or not least <= int(value) <= most:
            raise SettingsError(shown, f"{key} must lie between {least} and {most}")
        options[key] = int(value)
    return options
