"""Whatever is asked, however oddly: an answer below 500, guarded, and no traceback."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from tests.webapp.guarded import assert_guarded
from tests.webapp.routes import routes

NAMES = (
    *("q", "from", "to", "source", "kind", "language", "country", "year", "month"),
    *("sort", "page", "fold", "similar", "view", "period", "count", "per", "by"),
    *(
        "phrases",
        "result",
        "marks",
        "bom",
        "prefix",
        "url",
        "format",
        "cursor",
        "limit",
    ),
)
#: What is right for one argument or another, and what almost is.
WORDS = (
    *(
        "japan",
        '"four political documents"',
        "the NEAR/5 of",
        "docum*",
        "japn~",
        "a OR b",
    ),
    *(
        "-a",
        "(",
        '"',
        "date:2025",
        "date:9999-12",
        "after:0001",
        "source:x",
        "title:(a OR b)",
    ),
    *(
        "2025",
        "2025-02-30",
        "0000",
        "9999",
        "10000-01-01",
        "undated",
        "2025-13",
        "-1",
        "0",
    ),
    *(
        "1",
        "500",
        "501",
        "99999999999999999999",
        "1e9",
        "\u0661",
        "newest",
        "right1",
        "kwic",
    ),
    *(
        "timeline",
        "matrix",
        "list",
        "day",
        "month",
        "year",
        "occurrences",
        "words",
        "country",
    ),
    *(
        "no",
        "yes",
        "off",
        "japan\nchina",
        "x" * 300,
        "\0",
        "\ud800",
        "\U0010ffff",
        "%s",
        "{}",
    ),
)
METHODS = (
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "GEt",
)
#: Bytes that are no UTF-8, or that stand for something else in some decoder.
BYTES = (
    *(
        b"\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc3",
        b"\x00",
        b"\r\n",
    ),
    *(
        b"..",
        b"/",
        b"//",
        b"\\",
        b"%",
        b"%2",
        b"%zz",
        b"%00",
        b";",
        b"?",
        b"#",
        b":",
        b"\x7f",
    ),
)

values = st.sampled_from(WORDS) | st.text(max_size=40)
oddities = st.lists(st.sampled_from(BYTES) | st.binary(max_size=4), max_size=4).map(
    b"".join
)
header_values = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"))
headers = st.dictionaries(
    st.sampled_from(
        (
            *(
                "Host",
                "Cookie",
                "Accept",
                "Accept-Language",
                "Accept-Encoding",
                "Range",
            ),
            *(
                "If-None-Match",
                "If-Modified-Since",
                "Referer",
                "Origin",
                "Authorization",
            ),
            *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"),
            *("X-Forwarded-Prefix", "X-Request-ID", "Content-Type", "Content-Length"),
            *(
                "Transfer-Encoding",
                "User-Agent",
                "Upgrade",
                "Expect",
                "X-HTTP-Method-Override",
            ),
        )
    ),
    header_values
    | st.sampled_from(
        ("*", "bytes=0-", '"x', "-1", "chunked", "evil.example", "a,b;q=x")
    ),
    max_size=5,
)


@cache
def paths(app: Flask) -> list[str]:
    return sorted({path for route in routes(app) for path in route.paths})


@st.composite
def environs(draw: st.DrawFn, app: Flask) -> dict[str, Any]:
    """A request as a WSGI server hands it over: its path and its query are bytes."""
    path = draw(st.sampled_from(paths(app))).encode()
    if draw(st.booleans()):
        cut = draw(st.integers(0, len(path)))
        path = b"/" + (path[:cut] + draw(oddities) + path[cut:]).lstrip(b"/")
    given = draw(st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=5))
    builder = EnvironBuilder(
        method=draw(st.sampled_from(METHODS)),
        data=draw(st.just(b"") | st.binary(max_size=20)),
    )
    environ = builder.get_environ()
    for name, value in Headers(draw(headers)):
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
    asked = "&".join(f"{name}={_quoted(value)}" for name, value in given).encode()
    environ["PATH_INFO"] = path.decode("latin-1")
    environ["QUERY_STRING"] = (asked + draw(oddities)).decode("latin-1")
    return environ


def _quoted(value: str) -> str:
    return "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))


@given(st.data())
@settings(
    max_examples=1500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_is_a_fault_of_ours(app: Flask, data: st.DataObject) -> None:
    """Methods, paths, arguments and headers at random, on every route there is."""
    environ = data.draw(environs(app))
    pieces, status, given_headers = run_wsgi_app(app, environ)
    body = b"".join(pieces)
    if close := getattr(pieces, "close", None):
        close()
    answer = Response(body, status, given_headers)
    assert answer.status_code < 500 or answer.status_code == 501, status
    assert b"Traceback" not in body
    assert_guarded(answer)
