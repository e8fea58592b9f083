"""The headers of every response, errors included, after OWASP ASVS 5.0, chapter 3."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request

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
}

_YEAR = 365 * 24 * 60 * 60


def secure(response: Response) -> Response:
    """Let the browser load from this server alone, guess no types, and tell nobody of a query.

    What a view has set goes before these. No proxy keeps an answer that somebody else asked for.
    """
    for name, value in HEADERS.items():
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
