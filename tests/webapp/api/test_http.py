"""The API as an address of the web: methods, versions, origins, and errors for programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.engine import Engine
from indexer.engines import open_engine
from tests.indexer.contract.fixtures import publish, said
from webapp import create_app, create_blueprint
from webapp.api.routes import ROUTES

ADDRESSES = [
    f"/api/v1{route.path.replace('{statement_id}', 'xinhua/2025-10-31')}"
    for route in ROUTES
]
OURS, THEIRS = "https://intranet.example", "https://elsewhere.example"


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, address: str
) -> None:
    """304 without a body where If-None-Match has the ETag, and the whole answer where it has not."""
    first = client.get(address)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"
    known = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    assert known.headers["ETag"] == first.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": '"x"'}).data == first.data


def test_a_new_generation_has_a_new_etag(tmp_path: Path) -> None:
    """And only that: it is the same for all searches of one."""
    engine = open_engine(tmp_path / "index")
    client = create_app(engine=engine).test_client()
    tags = []
    for number in (1, 2):
        publish(engine, said(f"a/{number}", "peace"))
        found = {
            client.get(f"/api/v1/{each}").headers["ETag"]
            for each in ("search?q=peace", "facets", "kwic", "statements/a/1")
        }
        assert len(found) == 1
        tags += found
    assert tags[0] != tags[1]
    assert tags[1].startswith('"2-')


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_read_and_never_written(
    client: FlaskClient, address: str
) -> None:
    """HEAD is GET without a body, OPTIONS says what there is, anything else is 405 with the same."""
    whole, head = client.get(address), client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.data))
    allowed = client.options(address)
    assert (allowed.status_code, allowed.data) == (204, b"")
    assert allowed.headers["Allow"] == "GET, HEAD, OPTIONS"
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        refused = client.open(address, method=method)
        assert refused.status_code == 405
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "address",
    [
        *("/api/v1/", "/api/v1/nothing", "/api/v1/a/b", "/api/v1/a%0Ab"),
        "/api/v1/statements/a%0A/matches",
    ],
)
def test_where_nothing_is_it_says_so(client: FlaskClient, address: str) -> None:
    """404 for programs, also with OPTIONS."""
    for method in ("GET", "HEAD", "OPTIONS"):
        response = client.open(address, method=method)
        assert response.status_code == 404
        assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "parameter", "hint"),
    [
        ("search?sorce=x", "sorce", "source"),
        ("search?page=2", "page", "cursor"),
        ("kwic?fold=no", "fold", "known are"),
        ("statements/xinhua/2025-10-31?q=a", "q", "none here"),
        ("search?limit=0", "limit", "from 1 to 100"),
        ("kwic?limit=1001", "limit", "from 1 to 1000"),
        ("search?limit=1&limit=2", "limit", "2 times"),
        ("facets?facet=colour", "facet", "country"),
        ("timeline?by=colour", "by", "source, country"),
        ("kwic?sort=relevance", "sort", "right1"),
        ("suggest?q=" + "x" * 1001, "q", "1000 characters"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_told(
    client: FlaskClient, address: str, parameter: str, hint: str
) -> None:
    """400 with its name, and what to write instead: the nearest one that is known, or the bounds."""
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.json["parameter"] == parameter
    assert hint in response.json["detail"]


def test_no_origin_may_read_unless_it_is_listed(engine: Engine) -> None:
    """Nobody's scripts by default; those of a listed origin may, errors and preflights too."""
    shut = create_app(engine=engine).test_client()
    response = shut.get("/api/v1/search", headers={"Origin": OURS})
    assert not [name for name, _ in response.headers if name.startswith("Access-")]
    listed = create_app({"CORS_ORIGINS": [OURS]}, engine=engine).test_client()
    for address in ("search", "search?q=(", "nothing", "openapi.json"):
        for origin, allowed in ((OURS, OURS), (THEIRS, None), ("null", None)):
            response = listed.get(f"/api/v1/{address}", headers={"Origin": origin})
            assert response.headers.get("Access-Control-Allow-Origin") == allowed
            assert "Origin" in response.headers["Vary"]
    preflight = listed.options("/api/v1/search", headers={"Origin": OURS})
    assert preflight.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    page = listed.get("/search", headers={"Origin": OURS})
    assert "Access-Control-Allow-Origin" not in page.headers


def test_it_lives_under_a_prefix(engine: Engine) -> None:
    """In another site it describes itself there, and its errors stay its own."""
    site = Flask("host")
    site.register_blueprint(create_blueprint(engine=engine), url_prefix="/statements")
    client = site.test_client()
    told = client.get("/statements/api/v1/openapi.json").json
    assert told["servers"] == [{"url": "/statements/api/v1"}]
    inside = client.get(
        "/statements/api/v1/openapi.json",
        environ_overrides={"SCRIPT_NAME": "/intranet"},
    )
    assert inside.json["servers"] == [{"url": "/intranet/statements/api/v1"}]
    following = client.get("/statements/api/v1/search?limit=1").json["next"]
    second = client.get(f"/statements/api/v1/search{following}").json
    assert second["hits"][0]["id"] != ""
    assert client.get("/statements/api/v1/nothing").json["status"] == 404
    assert client.post("/statements/api/v1/search").json["status"] == 405
    assert client.get("/api/v1/search").mimetype == "text/html"
