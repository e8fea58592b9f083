"""Every route, found by walking the map of addresses, keeps what is promised to a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.errors import EngineError, IndexMissing, SearchTimeout
from indexer.exports import FORMS
from indexer.statement import Statement
from tests.webapp.guarded import assert_guarded, assert_nothing_inline
from tests.webapp.routes import Route, routes
from tests.webapp.test_errors import FailingEngine
from webapp import create_app, limits
from webapp.download import KEPT, LARGE

#: Searches that are answered, that find nothing, and that are wrong each in another way.
QUERIES = (
    "",
    "q=japan",
    "q=japan&view=kwic",
    "q=japan&view=timeline&by=source",
    "q=japan&view=matrix&phrases=china",
    "q=nothing-says-this",
    "q=%22open",
    "from=never",
    "page=0&result=0",
    "sort=x&view=x&fold=x&bom=x&period=x",
    "q=%00%ff%ed%a0%80",
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "XYZ")


def answers(
    app: Flask, methods: tuple[str, ...], queries: tuple[str, ...]
) -> Iterator[tuple[Route, TestResponse]]:
    """What every route says to each."""
    client = app.test_client()
    for route in routes(app):
        for path in route.paths:
            for query in queries:
                for method in methods:
                    with client.open(f"{path}?{query}", method=method) as answer:
                        yield route, answer


def test_every_answer_of_every_route_is_guarded(app: Flask) -> None:
    """Pages, files, pictures, feeds and JSON, found or refused: headers, and nothing inline."""
    seen = set()
    for _, answer in answers(app, ("GET",), QUERIES):
        assert_guarded(answer)
        assert_nothing_inline(answer)
        assert answer.status_code in (200, 400, 404, 501), answer.request.url
        seen.add((answer.status_code, answer.mimetype))
    assert {status for status, _ in seen} >= {200, 400, 404}
    assert len({mimetype for _, mimetype in seen}) > 10


def test_every_method_is_answered_or_refused(app: Flask) -> None:
    """HEAD says what GET would; whatever could write is 405, with what may be asked instead."""
    for route, answer in answers(app, METHODS, ("q=japan", "q=%22open")):
        assert_guarded(answer)
        method = answer.request.method
        if method not in route.methods:
            assert answer.status_code == 405, (method, answer.request.url)
            assert "GET" in answer.headers["Allow"]
        assert not answer.data or method != "HEAD"


def test_what_is_not_changed_is_guarded_too(app: Flask) -> None:
    """A 304 has the headers of a 200: a browser puts them in place of those it had."""
    client = app.test_client()
    changed = 0
    for _, answer in answers(app, ("GET",), ("q=japan",)):
        tag = answer.headers.get("ETag")
        if tag and answer.status_code == 200:
            asked = {"If-None-Match": tag}
            with client.get(answer.request.full_path, headers=asked) as again:
                changed += again.status_code == 304
                assert_guarded(again)
    assert changed >= 2


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("a fault of ours"), 500),
        (IndexMissing("nothing"), 503),
        (EngineError("damage"), 503),
        (SearchTimeout(2.0), 400),
    ],
    ids=lambda each: type(each).__name__,
)
def test_every_failure_of_every_route_is_guarded(error: Exception, status: int) -> None:
    """Where the engine fails every route says so, as a page or as JSON, guarded as ever."""
    app = create_app(engine=FailingEngine(error))
    failed = 0
    for _, answer in answers(app, ("GET", "HEAD"), ("q=japan",)):
        assert_guarded(answer)
        assert_nothing_inline(answer)
        assert answer.status_code in (200, 400, 404, status)
        failed += answer.status_code == status
    assert failed > 20


def test_what_takes_too_long_is_told_what_to_ask_instead(engine: Engine) -> None:
    """A search whose time is over is a sentence on pages, and a problem for programs."""
    app = create_app({"TESTING": True, "SEARCH_SECONDS": 1e-9}, engine=engine)
    client = app.test_client()
    page = client.get("/search?q=japan")
    assert page.status_code == 400
    assert "was stopped: narrow it by date or source" in page.text
    problem = client.get("/api/v1/search?q=japan")
    assert problem.status_code == 400
    assert problem.mimetype == "application/problem+json"
    assert "was stopped" in problem.json["detail"]
    assert client.get("/help").status_code == 200


@pytest.mark.parametrize("limit", ["SEARCH_SECONDS", "EXPORT_SECONDS"])
def test_an_export_is_whole_or_refused(engine: Engine, limit: str) -> None:
    """What is found has the time of a page, what is written its own: no file ends in the midst."""
    usual = create_app({"TESTING": True}, engine=engine).test_client()
    hasty = create_app({"TESTING": True, limit: 1e-9}, engine=engine).test_client()
    for asked in (*FORMS, "csv?view=kwic", "json?view=kwic"):
        form, _, view = asked.partition("?")
        whole = usual.get(f"/search.{form}?q=japan&{view}")
        assert whole.status_code == 200
        assert whole.content_length == len(whole.data)
        refused = hasty.get(f"/search.{form}?q=japan&{view}")
        assert refused.status_code == 400
        assert "was stopped" in refused.json["detail"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a corpus whose lines make a large file."""
    engine = open_engine(tmp_path_factory.mktemp("large") / "index")
    with engine.writer() as writer:
        writer.put(Statement(id="a", title="A", text="One mirror more. " * 2500))
    yield create_app({"TESTING": True}, engine=engine).test_client()


def test_a_large_export_is_whole(large: FlaskClient) -> None:
    """It comes with its length, every line of it, and leaves no file behind when it is fetched."""
    for _ in range(KEPT + 1):
        with large.get("/search.csv?q=mirror&view=kwic&bom=1") as answer:
            assert answer.status_code == 200
            assert answer.content_length == len(answer.data) > LARGE
    assert answer.data.count(b"\r\n") == 2501
    assert large.head("/search.csv?q=mirror&view=kwic").status_code == 200


def test_large_exports_are_few_at_a_time(large: FlaskClient) -> None:
    """Who leaves them unfetched is refused more of them with a time to come back, and a page is not."""
    with ExitStack() as kept:
        answers = []
        for _ in range(KEPT + 1):
            answer = large.get("/search.json?q=mirror&view=kwic", buffered=False)
            kept.callback(answer.close)
            answers.append(answer.status_code)
        assert answers == [200] * KEPT + [503]
        assert answer.headers["Retry-After"] == "60"
        assert "try again" in answer.json["detail"]
        assert_guarded(answer)
        assert large.get("/search?q=mirror&view=kwic").status_code == 200
        assert large.get("/search.json?q=mirror").status_code == 200
    assert (
        large.get("/search.json?q=mirror&view=kwic", buffered=True).status_code == 200
    )


def test_a_request_leaves_no_deadline_behind(engine: Engine) -> None:
    """What the thread does next, or a program that calls an app, has all the time it wants."""
    config = {"TESTING": True, "SEARCH_SECONDS": 1e-9}
    client = create_app(config, engine=engine).test_client()
    assert client.get("/search?q=japan").status_code == 400
    from indexer.search import SearchRequest

    assert engine.search(SearchRequest()).total


TOO_MUCH = {
    "a=&" * limits.ARGUMENTS: (400, "arguments"),
    "q=" + "x" * limits.QUERY_BYTES: (414, "behind its question mark"),
    "q=" + "x" * 1001: (400, "characters"),
    "similar=" + "x" * 2001: (400, "characters"),
    "source=" + "x" * 201: (400, "characters"),
    "&".join(f"source={n}" for n in range(51)): (400, "values"),
    "page=501": (400, "Pages end at"),
    "page=100001&view=kwic": (400, "Pages end at"),
    "view=matrix&phrases="
    + "%0a".join("abcdefghij" * 90 for _ in range(30)): (*(400, "characters"),),
    "view=matrix&phrases="
    + "%0a".join("abcdefghijklmnopqrst"[:9] * 51): (*(400, "lines"),),
}


@pytest.mark.parametrize("query", TOO_MUCH, ids=lambda query: query[:20])
def test_too_much_is_refused_with_a_sentence(client: FlaskClient, query: str) -> None:
    """What is too long, too deep or too many says how much there may be."""
    status, word = TOO_MUCH[query]
    answer = client.get(f"/search?{query}")
    assert answer.status_code == status
    assert word in answer.text
    assert_guarded(answer)


def test_the_longest_that_may_be_asked_is_answered(client: FlaskClient) -> None:
    """All values of all filters, and lines of a matrix in Chinese, are within the limits."""
    lines = "%0a".join("%E4%B8%AD" * 390 for _ in range(50))
    assert client.get(f"/search?view=matrix&phrases={lines}").status_code == 200
    years = "".join(f"&year={2000 + n}&month={2000 + n}-01" for n in range(50))
    others = "".join(
        f"&source=s{n}&kind=k{n}&language=l{n}&country=c{n}" for n in range(50)
    )
    assert client.get(f"/search?q=a{years}{others}").status_code == 200


def test_a_body_is_not_read(client: FlaskClient) -> None:
    """A small one changes nothing; a large one is refused before anything is done with it."""
    assert client.get("/search?q=japan", data=b"q=china").status_code == 200
    answer = client.get("/search?q=japan", data=b"x" * (limits.BODY_BYTES + 1))
    assert answer.status_code == 413
    assert_guarded(answer)


def test_a_cookie_is_not_read(client: FlaskClient) -> None:
    """Whatever cookies other apps of the host have set, and however many."""
    cookie = "; ".join(f"c{n}={'x' * 90}; c{n}=\xff=;;" for n in range(2000))
    assert client.get("/search?q=japan", headers={"Cookie": cookie}).status_code == 200


ELSEWHERE = [
    "//evil.example",
    "//evil.example/search",
    "///evil.example/%2e%2e",
    "/\\evil.example",
    "/\\/evil.example/",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "/%2fevil.example/",
    "/.//evil.example",
    "/search//evil.example",
    "/search/",
    "/statements//evil.example",
    "/statements",
    "/assets//evil.example",
    "/%09/evil.example",
    "/%0d%0aLocation:%20//evil.example",
    "/@evil.example",
    "/search?next=//evil.example&url=//evil.example&return=//evil.example",
    "https://evil.example/",
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_address_leads_elsewhere(app: Flask, path: str) -> None:
    """No redirect leaves this server, or says which one it is from what a stranger says."""
    # As a server hands it over: the client of the tests would take //host for a host.
    path, _, query = path.removeprefix("https:").partition("?")
    environ = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1")}
    client = app.test_client()
    with client.get("/", query_string=query, environ_overrides=environ) as answer:
        assert_guarded(answer)
        assert "Location" not in answer.headers
        assert answer.status_code in (200, 404)


OUTSIDE = [
    "/assets/../__init__.py",
    "/assets/..%2f__init__.py",
    "/assets/%2e%2e/__init__.py",
    "/assets/%2e%2e%2f__init__.py",
    "/assets/..%5c__init__.py",
    "/assets/%252e%252e%252f__init__.py",
    "/assets/....//__init__.py",
    "/assets//etc/passwd",
    "/assets/%2fetc%2fpasswd",
    "/assets/communique.css%00.py",
    "/assets/.",
    "/statements/../../setup.cfg",
    "/statements/..%2f..%2fsetup.cfg",
    "/statements/%2e%2e/%2e%2e/setup.txt",
    "/statements//etc/passwd.txt",
    "/statements/%00.txt",
    "/statements/..%c0%af..%c0%afsetup.json",
    "/statements/.txt",
    "/statements/xinhua/2025-10-31.exe",
    "/statements/xinhua/../xinhua/2025-10-31.bib",
    "/search.exe",
    "/search.csv/../../setup.cfg",
    "/timeline.svg.html",
    "/search.%63%73%76%00.html",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_address_leads_outside(client: FlaskClient, path: str) -> None:
    """Only files that are ours to give, and statements by the very ids that they have."""
    with client.get(path) as answer:
        assert answer.status_code == 404
        assert_guarded(answer)
        for secret in (b"[metadata]", b"root:", b"create_blueprint"):
            assert secret not in answer.data


def test_only_https_asks_for_https(engine: Engine) -> None:
    """HSTS is told by https alone, and only where the whole host is ours to decide for."""
    client = create_app({"TESTING": True}, engine=engine).test_client()
    asked = {"base_url": "https://localhost"}
    for path in ("/", "/search?q=%22", "/nowhere", "/assets/communique.css"):
        with client.get(path, **asked) as answer:
            told = answer.headers["Strict-Transport-Security"]
        assert told == f"max-age={365 * 24 * 60 * 60}"
    below = client.get("/", base_url="https://localhost/intranet/statements")
    assert "Strict-Transport-Security" not in below.headers
