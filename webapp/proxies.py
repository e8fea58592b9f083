"""What proxies tell of a request, and the prefix below which readers see the service.

The headers are those of werkzeug's ``ProxyFix``, which reads them here. Anybody can send them, so
they are believed only where the settings say how many proxies there are.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from indexer.web_settings import HOST, PREFIX, WebSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORWARDED = ("FOR", "PROTO", "HOST", "PREFIX")

_AUTHORITY = re.compile(rf"(?P<name>{HOST.pattern})(:\d{{0,5}})?", HOST.flags)
_PEER = "communique.peer"
_ORIGINAL = "werkzeug.proxy_fix.orig"


class Proxies:
    """The app as the reader addresses it: scheme, host, prefix and the reader's own address."""

    def __init__(self, app: WSGIApplication, settings: WebSettings) -> None:
        self._app = app
        self._prefix = settings.prefix.rstrip("/")
        self._trusted = settings.trusted_proxies

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request."""
        environ[_PEER] = peer(environ)
        if self._trusted:
            return self._believing(environ)(environ, start_response)
        for name in FORWARDED:
            environ.pop(f"HTTP_X_FORWARDED_{name}", None)
        environ.pop("HTTP_FORWARDED", None)
        return self._prefixed(environ, start_response)

    def _believing(self, environ: WSGIEnvironment) -> ProxyFix:
        """As many values of each header as there are proxies, from the last.

        A proxy that hands a header on, or writes it anew, leaves fewer values than there are
        proxies; then the first is the outermost that is left.
        """
        given = {
            name: min(
                self._trusted,
                environ.get(f"HTTP_X_FORWARDED_{name}", "").count(",") + 1,
            )
            for name in FORWARDED
        }
        return ProxyFix(
            self._prefixed,
            x_for=given["FOR"],
            x_proto=given["PROTO"],
            x_host=given["HOST"],
            x_prefix=given["PREFIX"],
        )

    def _prefixed(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Nothing gets into an address that does not belong there; a prefix is cut if it was kept."""
        before = environ.get(_ORIGINAL, environ)
        if environ["wsgi.url_scheme"] not in ("http", "https"):
            environ["wsgi.url_scheme"] = before["wsgi.url_scheme"]
        if not host_name(environ.get("HTTP_HOST", "")):
            environ.pop("HTTP_HOST", None)  # which webapp.access tells the reader
        path = environ.get("PATH_INFO", "")
        if self._prefix:
            environ["SCRIPT_NAME"] = self._prefix
            if path == self._prefix or path.startswith(f"{self._prefix}/"):
                environ["PATH_INFO"] = path[len(self._prefix) :]
        elif not PREFIX.fullmatch(environ.get("SCRIPT_NAME", "")):
            environ["SCRIPT_NAME"] = before.get("SCRIPT_NAME", "")
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "").rstrip("/")
        return self._app(environ, start_response)


def peer(environ: WSGIEnvironment) -> str:
    """The address of whoever opened the connection, whatever headers have made of it since."""
    known = environ.get(_PEER) or environ.get(_ORIGINAL, environ).get("REMOTE_ADDR")
    return str(known or "")


def address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as it is meant, IPv4 within IPv6 as IPv4; None where it is none."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def host_name(authority: str) -> str:
    """The host of a Host header in small letters, without port and final dot; "" where it has none."""
    match = _AUTHORITY.fullmatch(authority)
    return match["name"].lower().rstrip(".") if match else ""
