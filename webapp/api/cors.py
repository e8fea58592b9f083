"""Cross-origin requests (the Fetch standard): scripts of the listed origins may read the API."""

from __future__ import annotations

from flask import Response, request

from webapp.api.route import ALLOW
from webapp.service import service

_AN_HOUR = "3600"


def open_to_listed(response: Response) -> Response:
    """Say whose scripts may read the response: nobody's where no origin is listed."""
    listed = service().settings.cors_origins
    if listed:
        response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin in listed:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = ALLOW
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
            response.headers["Access-Control-Max-Age"] = _AN_HOUR
    return response
