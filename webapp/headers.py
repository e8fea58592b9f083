"""The headers of every response, errors included, after OWASP ASVS 5.0, chapter 3."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request

from webapp.service import service

#: What a page may load: our own files, and nothing that is written into it.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {}"
)

HEADERS = {
    "Content-Security-Policy": _POLICY.format("'none'"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

#: Pages made for frames, for those whom the settings name; nobody frames any other.
FRAMED = {
    "communique.embed_search",
    "communique.embed_statement",
    "communique.embed_timeline",
}

_YEAR = 365 * 24 * 60 * 60


def secure(response: Response) -> Response:
    """Let the browser load from this server alone, guess no types, and tell nobody of a query.

    What a view has set goes before these. No proxy keeps an answer that somebody else asked for.
    """
    ancestors = service().settings.frame_ancestors
    framed = ancestors and request.endpoint in FRAMED
    if framed:
        policy = _POLICY.format(" ".join(ancestors))
        response.headers["Content-Security-Policy"] = policy
    for name, value in HEADERS.items():
        if not (framed and name == "X-Frame-Options"):  # which can name nobody
            response.headers.setdefault(name, value)
    failed = response.status_code >= HTTPStatus.BAD_REQUEST
    response.headers.setdefault(
        "Cache-Control", "no-store" if failed else "private, no-cache"
    )
    return response


def keep_to_https(response: Response) -> Response:
    """Have browsers come back by https only, where they came by it and the whole host is ours."""
    if request.is_secure and not request.root_path.strip("/"):
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    return response
