from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.errors import EngineError, EngineUnavailable, IndexMissing, IndexOutdated
from tests.webapp.guarded import assert_guarded
from webapp import create_app

ANSWERS = {
    "/": 200,
    "/search?q=japan": 200,
    "/search?q=nothing-says-this": 200,
    "/statements/xinhua/2025-10-31?q=japan": 200,
    "/help": 200,
    "/status": 200,
    "/healthz": 200,
    "/readyz": 200,
    "/api/v1/search?q=japan": 200,
    "/api/v1/status": 200,
    "/assets/communique.css": 200,
    "/search?q=%22japan": 400,
    "/search?from=never": 400,
    "/statements/xinhua/2025-10-31?q=(": 400,
    "/api/v1/search?q=%22japan": 400,
    "/api/v1/search?page=0": 400,
    "/nothing-here": 404,
    "/statements/nothing-here": 404,
    "/assets/nothing-here": 404,
    "/api/v1/nothing-here": 404,
}

HELP = {
    IndexMissing: "communique index",
    IndexOutdated: "communique index",
    EngineUnavailable: "communique status",
    EngineError: "communique check",
}


class FailingEngine:
    """Whatever it is asked, it raises the same."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str):
        raise self.error


@contextmanager
def answering(client: FlaskClient, path: str) -> Iterator:
    with client.get(path) as response:
        yield response


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_every_answer_is_guarded(client: FlaskClient, path: str, status: int) -> None:
    """Pages, files, JSON and errors alike: nothing from elsewhere, no frame, no cookie."""
    with answering(client, path) as response:
        assert response.status_code == status
        assert_guarded(response)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_on_the_web_writes(client: FlaskClient, method: str) -> None:
    """Any other method is refused, with the ones that are not."""
    response = getattr(client, method)("/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert_guarded(response)


def test_a_query_that_cannot_be_read_is_shown_with_its_fault(
    client: FlaskClient,
) -> None:
    """The sentence, the place, and the box with all that was typed, to be mended there."""
    response = client.get("/search?q=japan+%22four&from=2024&source=xinhua&sort=newest")
    page = BeautifulSoup(response.text, "lxml")
    assert response.status_code == 400
    assert page.select_one(".broken").get_text() == 'japan "four'
    assert page.select_one(".broken mark").get_text() == '"'
    assert "at character 7" in page.select_one("#problem").get_text()
    box = page.select_one("input[name=q]")
    assert box["value"] == 'japan "four'
    assert box["aria-describedby"] == "problem"
    kept = {f["name"]: f["value"] for f in page.select("form input")}
    assert kept == {
        **{"q": 'japan "four', "from": "2024", "to": ""},
        **{"source": "xinhua", "sort": "newest"},
    }


def test_a_fault_in_the_address_is_not_sent_again(client: FlaskClient) -> None:
    """A filter that cannot be used leaves the form, a date stays in its box."""
    page = BeautifulSoup(client.get("/search?q=a&year=soon").text, "lxml")
    assert not page.select("input[name=year]")
    page = BeautifulSoup(client.get("/search?q=a&to=soon").text, "lxml")
    assert page.select_one("input[name=to]")["value"] == "soon"
    assert page.select_one("input[name=to]")["aria-invalid"] == "true"


@pytest.mark.parametrize(
    "query", ["x" * 1001, "(" * 200, "a OR " * 200, '"', "-a", "%00"]
)
def test_no_query_is_a_fault_of_ours(client: FlaskClient, query: str) -> None:
    """Too long, too deep, too many, only exclusions: 400 and a sentence."""
    response = client.get("/search", query_string={"q": query})
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        problem = BeautifulSoup(response.text, "lxml").select_one("#problem").get_text()
        assert problem.strip().endswith(".")


def test_the_api_says_the_same_as_json(client: FlaskClient) -> None:
    """Problem details as in RFC 9457, with the parameter and the position."""
    response = client.get("/api/v1/search?q=japan+%22four")
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == 400
    assert response.json["parameter"] == "q"
    assert response.json["position"] == 6
    assert response.json["detail"].endswith(".")
    assert client.get("/api/v1/search?from=soon").json["parameter"] == "from"
    assert client.get("/api/v1/nothing").json["status"] == 404


@pytest.mark.parametrize(("kind", "command"), HELP.items())
def test_an_index_that_cannot_answer_is_told_with_what_helps(
    kind, command: str
) -> None:
    """503 with the command on pages and for machines; the engine's words stay in the log."""
    engine = FailingEngine(kind("/srv/secret is not there"))
    client = create_app({"TESTING": True}, engine=engine).test_client()
    for path in ("/", "/search?q=a", "/statements/a", "/api/v1/search?q=a", "/readyz"):
        response = client.get(path)
        assert response.status_code == 503
        assert command in response.text
        assert "secret" not in response.text
        assert_guarded(response)
    assert client.get("/healthz").status_code == 200
    assert client.get("/help").status_code == 200


def test_it_waits_for_the_index(tmp_path: Path) -> None:
    """A server that starts first answers as soon as the index is there, and notices each new one."""
    engine: Engine = open_engine(tmp_path / "index")
    client = create_app({"TESTING": True}, engine=engine).test_client()
    assert client.get("/readyz").status_code == 503
    for count in (0, 1):
        with open_engine(tmp_path / "index").writer() as writer:
            if count:
                from tests.webapp.corpus import STATEMENTS

                writer.put(STATEMENTS[0])
        assert client.get("/readyz").json["statements"] == count
        assert ("Osaka" in client.get("/").text) == bool(count)


def test_a_fault_of_ours_is_told_without_its_traceback(app: Flask) -> None:
    """500 with a sentence, guarded like all others; the rest is in the log."""
    app = create_app(engine=FailingEngine(RuntimeError("hunter2")))
    for path in ("/search?q=a", "/api/v1/search?q=a"):
        response = app.test_client().get(path)
        assert response.status_code == 500
        assert "in its log" in response.text
        assert "hunter2" not in response.text
        assert_guarded(response)
