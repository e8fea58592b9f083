"""Pages follow each other without a gap or a double, to the end of any result."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.search import SearchRequest
from tests.indexer.contract.fixtures import publish, said
from webapp import create_app

MANY = 250


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """As many statements as have a word once, which score alike."""
    engine = open_engine(tmp_path_factory.mktemp("many") / "index")
    publish(
        engine,
        *(said(f"a/{number}", f"peace {number} {number}") for number in range(MANY)),
    )
    return engine


@pytest.fixture(scope="module")
def reader(many: Engine) -> FlaskClient:
    return create_app({"TESTING": True}, engine=many).test_client()


def pages(client: FlaskClient, address: str) -> Iterator[dict]:
    """All pages of a result, each address resolved against the one before."""
    following: str | None = ""
    while following is not None:
        address = urljoin(address, following)
        response = client.get(address)
        assert response.status_code == 200, response.text
        yield response.json
        following = response.json["next"]


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_hits_are_walked_once_each(
    reader: FlaskClient, many: Engine, sort: str, limit: int
) -> None:
    """In the order of one long page, each page with the total of all."""
    address = f"/api/v1/search?q=peace&sort={sort}&limit={limit}&fold=no"
    walked = list(pages(reader, address))
    assert len(walked) == -(-MANY // limit)
    ids = [hit["id"] for page in walked for hit in page["hits"]]
    assert len(ids) == len(set(ids)) == MANY
    assert {page["total"] for page in walked} == {MANY}
    if sort == "newest":
        found = many.hits(SearchRequest()).hits
        assert set(ids) == {hit.statement.id for hit in found}


@pytest.mark.parametrize("sort", ["right1", "left2", "source"])
def test_lines_are_walked_once_each(reader: FlaskClient, sort: str) -> None:
    """Their numbers go on from page to page."""
    walked = list(pages(reader, f"/api/v1/kwic?q=peace&sort={sort}&limit=99"))
    lines = [line for page in walked for line in page["lines"]]
    assert [line["line"] for line in lines] == list(range(1, MANY + 1))
    assert len({line["id"] for line in lines}) == walked[0]["statements"] == MANY


def test_a_result_of_one_page_has_no_next(client: FlaskClient) -> None:
    """Nor has an empty one, nor one that fills its page exactly."""
    for query in ("q=history", "q=nothing-says-this", "limit=11"):
        assert client.get(f"/api/v1/search?{query}").json["next"] is None


def test_pages_of_two_indexes_are_never_mixed(tmp_path: Path) -> None:
    """After a publication a cursor of before is 410 with a sentence, and a new walk has all."""
    writer = open_engine(tmp_path / "index")
    publish(writer, *(said(f"a/{number}", "peace") for number in range(5)))
    client = create_app(engine=open_engine(tmp_path / "index")).test_client()
    for name, things in (("search", "hits"), ("kwic", "lines")):
        address = f"/api/v1/{name}?q=peace&limit=2&fold=no".removesuffix(
            "&fold=no" if name == "kwic" else ""
        )
        walk = pages(client, address)
        following = next(walk)["next"]
        publish(writer, said(f"b/{name}", "peace"))
        gone = client.get(urljoin(address, following))
        assert gone.status_code == 410
        assert gone.mimetype == "application/problem+json"
        assert "Leave out the cursor" in gone.json["detail"]
        assert "ETag" not in gone.headers
        ids = [each["id"] for page in pages(client, address) for each in page[things]]
        assert len(ids) == len(set(ids)) == (6 if name == "search" else 7)


def test_a_cursor_is_of_its_search_alone(client: FlaskClient) -> None:
    """With another query, order or address it is 400; another limit is the same search."""
    following = client.get("/api/v1/search?q=japan&limit=1").json["next"]
    cursor = following.rpartition("cursor=")[2]
    for other in ("search?q=peace", "search?q=japan&sort=newest", "kwic?q=history"):
        response = client.get(f"/api/v1/{other}&cursor={cursor}")
        assert response.status_code == 400
        assert response.json["parameter"] == "cursor"
    assert client.get(f"/api/v1/search?q=japan&limit=3&cursor={cursor}").json["hits"]


@settings(deadline=None)
@given(st.text() | st.binary(max_size=30).map(lambda b: base64.b64encode(b).decode()))
def test_what_is_no_cursor_is_refused(reader: FlaskClient, cursor: str) -> None:
    """400 with a sentence, whatever it is."""
    response = reader.get("/api/v1/search", query_string={"cursor": cursor})
    blank = not cursor.strip()
    assert response.status_code == (200 if blank else 400)
    assert blank or "Leave it out" in response.json["detail"]


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_a_forged_place_is_at_worst_an_empty_page(
    reader: FlaskClient, offset: int
) -> None:
    """However far it lies."""
    following = reader.get("/api/v1/search?limit=1").json["next"]
    real = base64.urlsafe_b64decode(following.rpartition("=")[2])
    forged = base64.urlsafe_b64encode(real[:16] + offset.to_bytes(8)).decode()
    for name in ("search", "kwic"):
        response = reader.get(f"/api/v1/{name}?cursor={forged}")
        assert response.status_code in (200, 400)
        if offset >= MANY and response.status_code == 200:
            assert not (response.json.get("hits") or response.json.get("lines"))
