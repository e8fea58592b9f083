"""Who may read, and under which name of the server.

Where sign-in is configured, a reader is whom the proxy names in its header, or who sends a token.
The proxy's word comes first, as some proxies send tokens of their own along with it.
"""

from __future__ import annotations

import ipaddress

from flask import Response, abort, current_app, request
from flask.sansio.scaffold import Scaffold
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from indexer.errors import SettingsError
from indexer.tokens import Tokens
from indexer.web_settings import WebSettings
from webapp.proxies import address, host_name, peer

#: What monitoring asks, and what every page is made of; neither tells anything of statements.
OPEN = {
    "communique.embed_script",
    "communique.healthz",
    "communique.readyz",
    "communique.static",
}


class OtherHost(HTTPException):
    """The request is for a server of another name (RFC 9110, 15.5.20)."""

    code = 421


def guard(site: Scaffold, settings: WebSettings) -> None:
    """Let an app or a blueprint answer those alone who may read.

    Raises SettingsError where there are tokens that cannot be read.
    """
    access = Access(settings)
    site.before_request(access.check)
    site.after_request(access.keep_private)


class Access:
    """The rules of one site."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._header = f"HTTP_{settings.sign_in_header.upper().replace('-', '_')}"
        self._networks = [ipaddress.ip_network(n) for n in settings.sign_in_networks]
        self._hosts = {host_name(each) for each in settings.hosts}
        self._tokens = Tokens(settings.tokens) if settings.tokens else None
        if self._tokens:
            self._tokens.all()  # so that a damaged file is told when the server starts

    def check(self) -> None:
        """Abort with what to do where this request may not be answered."""
        signed_in = self._signed_in()
        if self._is_open():
            return
        self._check_host()
        if self._settings.signs_in and not signed_in:
            self._check_token()

    def keep_private(self, response: Response) -> Response:
        """Let no cache that others share keep what one reader was shown."""
        if self._settings.signs_in and not self._is_open():
            response.vary.update(
                name
                for name in ("Authorization", self._settings.sign_in_header)
                if name
            )
            cache = response.cache_control
            cache.public = False
            cache.s_maxage = None
            cache.private = True
            if response.status_code == 401:
                cache.no_store = True
            elif not cache.no_store:
                cache.no_cache = True  # who has signed out has to ask again
        return response

    def _is_open(self) -> bool:
        """Whether anybody may ask this: also which methods an address knows.

        Browsers ask that for scripts of other origins without saying who the reader is.
        """
        methods = request.method == "OPTIONS" and request.url_rule is not None
        return request.endpoint in OPEN or methods

    def _check_host(self) -> None:
        environ = request.environ
        if "HTTP_HOST" not in environ and environ.get("SERVER_PROTOCOL") != "HTTP/1.0":
            abort(
                400,
                "The Host header does not name a host: write its name and its port.",
            )
        name = host_name(request.host)
        if self._hosts and name not in self._hosts:
            raise OtherHost(
                f"This server does not go by the name “{name}”. Whoever runs it can let it, by "
                "hosts below [web] in communique.toml."
            )

    def _signed_in(self) -> bool:
        """Whether a proxy that we know names the reader; what others say is gone for good."""
        environ = request.environ
        said = environ.get(self._header, "").strip()
        if not said:
            return False
        at = address(peer(environ))
        if at is None or not any(at in each for each in self._networks):
            del environ[self._header]
            current_app.logger.warning(
                "%s came from %s, which is in none of sign_in_networks",
                self._settings.sign_in_header,
                at or "an unknown address",
            )
            return False
        if "," in said:  # two headers in one: the proxy let the reader's own pass
            del environ[self._header]
            current_app.logger.warning(
                "%s has several values: let the proxy set it, not add to it",
                self._settings.sign_in_header,
            )
            return False
        return True

    def _check_token(self) -> None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        challenge: dict[str, str | None] = {"realm": "Diplomatic statements"}
        if not self._tokens or scheme.lower() != "bearer" or not secret.strip():
            raise _refusal(_WHERE[bool(self._tokens)], challenge)
        try:
            holder = self._tokens.holder(secret.strip())
        except SettingsError as error:
            current_app.logger.error("%s", error)
            abort(503, "Tokens cannot be read just now; the server's log says why.")
        if holder is None:
            challenge["error"] = "invalid_token"  # RFC 6750, section 3.1
            raise _refusal(
                "Nobody has this token, or no longer: ask whoever runs this server for another.",
                challenge,
            )


_WHERE = {
    False: "Come by the address that your house gave you, where one signs in.",
    True: "Come by the address that your house gave you, where one signs in, or send a token "
    "(Authorization: Bearer), which whoever runs this server can make.",
}


def _refusal(sentence: str, challenge: dict[str, str | None]) -> Unauthorized:
    return Unauthorized(sentence, www_authenticate=WWWAuthenticate("bearer", challenge))
