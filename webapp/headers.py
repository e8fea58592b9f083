"""The headers of every response, errors included."""

from __future__ import annotations

from flask import Response, request

from webapp.service import service

_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {}; "
    "object-src 'none'"
)

HEADERS = {
    "Content-Security-Policy": _POLICY.format("'none'"),
    "Cross-Origin-Opener-Policy": "same-origin",
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


def secure(response: Response) -> Response:
    """Let the browser load from this server alone, guess no types, and tell nobody of a query."""
    response.headers.update(HEADERS)
    ancestors = service().settings.frame_ancestors
    if ancestors and request.endpoint in FRAMED:
        policy = _POLICY.format(" ".join(ancestors))
        response.headers["Content-Security-Policy"] = policy
        del response.headers["X-Frame-Options"]  # which can name nobody
    return response
