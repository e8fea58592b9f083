"""What those who run the server see of a request: its id, its line in the log, its figures."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from indexer.engine import Engine
from indexer.engines import open_engine
from webapp import create_app, metrics
from webapp.logs import JsonFormatter, TextFormatter
from webapp.visits import ACCESS

SECRET = "unmentionable"


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    """Log what a server logs."""
    caplog.set_level(logging.INFO)


def figures(client: FlaskClient) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample of /metrics by its name and the values of its labels, in order of their names."""
    answer = get(client, "/metrics")
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def get(client: FlaskClient, path: str, method: str = "GET") -> TestResponse:
    """An answer taken to its end, as a server does: a visit is over then."""
    return client.open(path, method=method, buffered=True)


def failing(engine: Engine, **config: object) -> Flask:
    """An app with a page that fails."""
    app = create_app({"PROPAGATE_EXCEPTIONS": False, **config}, engine=engine)
    app.add_url_rule("/fails/<text>", "fails", lambda text: 1 / 0)
    return app


def test_every_answer_has_an_id_of_its_own(client: FlaskClient) -> None:
    """Pages, assets, errors and unknown addresses alike."""
    paths = (
        "/",
        "/search?q=japan",
        "/assets/communique.css",
        "/search?q=(",
        "/nowhere",
    )
    ids = [get(client, path).headers["X-Request-ID"] for path in paths]
    assert len(set(ids)) == len(paths)
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in ids)


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize(
    "sent", ["a1b2-c3_d4.e5", "short", "x" * 65, "a b c d e f", "ü" * 9]
)
def test_an_id_is_taken_from_a_trusted_proxy_only(
    engine: Engine, proxies: int, sent: str
) -> None:
    """And only where it is well-formed: it goes into the log and into headers."""
    client = create_app({"TRUSTED_PROXIES": proxies}, engine=engine).test_client()
    answered = client.get("/healthz", headers={"X-Request-ID": sent})
    taken = answered.headers["X-Request-ID"] == sent
    assert taken is (proxies == 1 and sent == "a1b2-c3_d4.e5")


def test_a_request_is_one_line_without_what_was_searched(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Method, route, status, milliseconds, bytes and generation; never a path or a query."""
    page = get(client, f"/search?q={SECRET}")
    get(client, f"/statements/{SECRET}")
    get(client, f"/{SECRET}?q={SECRET}")
    get(client, "/", "BREW")
    found, missing, nowhere, brewed = caplog.records
    assert found.name == ACCESS
    assert re.fullmatch(
        r"method=GET route=/search status=200 ms=[\d.]+ "
        rf"bytes={len(page.data)} generation=1",
        found.getMessage(),
    )
    assert "route=/statements/<path:statement_id> status=404" in missing.getMessage()
    assert "route=- status=404" in nowhere.getMessage()
    assert "method=other" in brewed.getMessage()
    assert all(SECRET not in line.getMessage() for line in caplog.records)


def test_queries_are_logged_where_that_is_asked_for(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """As they were typed, on one line whatever is in them."""
    client = create_app({"LOG_QUERIES": True}, engine=engine).test_client()
    get(client, "/search?q=a%0Ab&source=x")
    assert "\n" not in TextFormatter().format(caplog.records[0])
    assert (
        json.loads(JsonFormatter().format(caplog.records[0]))["query"]
        == "q=a\nb&source=x"
    )


def test_a_failure_is_found_again_by_its_id(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page tells it; the log has it with the traceback, all within one object or below a line."""
    for formatter in (JsonFormatter(), TextFormatter()):
        handler = logging.StreamHandler()
        handler.setFormatter(formatter)
        logging.getLogger().addHandler(handler)
        try:
            answer = get(failing(engine).test_client(), "/fails/a%0Ab")
        finally:
            logging.getLogger().removeHandler(handler)
        request_id = answer.headers["X-Request-ID"]
        assert answer.status_code == 500
        assert f'<code id="request">{request_id}</code>' in answer.text
        first = capsys.readouterr().err.splitlines()[0]
        assert request_id in first
        if isinstance(formatter, JsonFormatter):
            told = json.loads(first)
            assert told["request_id"] == request_id
            assert "ZeroDivisionError" in told["exception"]
            assert told["exception"].startswith("Traceback")
        else:
            assert r"/fails/a\nb" in first


def test_other_pages_tell_no_id(client: FlaskClient) -> None:
    """Where the reader can help himself, there is nobody to tell."""
    for path in ("/search?q=(", "/nowhere", "/"):
        assert 'id="request"' not in get(client, path).text


def test_requests_are_counted_by_endpoint(engine: Engine) -> None:
    """With their times, and those of searches; no label is a stranger's."""
    client = create_app(engine=engine).test_client()
    for path in (
        "/search?q=japan",
        f"/search?q=japan+{SECRET}",
        "/search?q=(",
        f"/{SECRET}",
    ):
        get(client, path)
    found = figures(client)
    requests = "communique_requests_total"
    assert found[requests, ("GET", "communique.search", "2xx")] == 2
    assert found[requests, ("GET", "communique.search", "4xx")] == 1
    assert found[requests, ("GET", "-", "4xx")] == 1
    assert found["communique_request_seconds_count", ("communique.search",)] == 3
    assert found["communique_search_seconds_count", ("search",)] >= 2
    assert found["communique_requests_in_flight", ()] == 1  # this one
    assert SECRET not in get(client, "/metrics").text


def test_the_index_is_told_as_it_is(tmp_path: Path) -> None:
    """No index, one, and the next: generation, statements, readouts and what failed."""
    from indexer import pipeline

    raw = tmp_path / "raw" / "a"
    raw.mkdir(parents=True)
    engine = open_engine(tmp_path / "index")
    client = create_app(engine=engine).test_client()
    assert figures(client)["communique_index_up", ()] == 0
    for number in (1, 2):
        (raw / f"{number}.txt").write_text(" date 2025-07 A\n\nThey met.", "utf-8")
        (raw / f"empty{number}.txt").touch()
        pipeline.index(tmp_path / "raw", engine)
        found = figures(client)
        assert found["communique_index_up", ()] == 1
        assert found["communique_generation", ()] == number
        assert found["communique_statements", ()] == number
        assert found["communique_readouts", ()] == 2 * number
        assert found["communique_readouts_failed", ()] == number
        assert found["communique_generation_age_seconds", ()] >= 0


def test_two_apps_in_one_process_count_apart(engine: Engine) -> None:
    """Each has a registry of its own."""
    first, second = (create_app(engine=engine).test_client() for _ in range(2))
    get(first, "/help")
    key = "communique_requests_total", ("GET", "communique.help", "2xx")
    assert figures(first)[key] == 1
    assert key not in figures(second)


def test_without_prometheus_client_nothing_is_counted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra: pages answer, and /metrics says what to install."""
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    client = create_app(engine=engine).test_client()
    assert get(client, "/search?q=japan").status_code == 200
    answer = get(client, "/metrics")
    assert answer.status_code == 501
    assert "communique[metrics]" in answer.text


def test_an_index_that_cannot_be_read_is_asked_again_later(tmp_path: Path) -> None:
    """/readyz is 503 with Retry-After, while the process lives."""
    client = create_app(engine=open_engine(tmp_path / "index")).test_client()
    answer = get(client, "/readyz")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert get(client, "/healthz").status_code == 200
