"""What the API answers: of the shape that it says, and with the counts of a naive scan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.query import parse_query
from tests.oracle import NaiveEngine
from tests.strategies import QUERIES
from tests.webapp.corpus import PHRASE, STATEMENTS
from webapp import create_app
from webapp.api.routes import ROUTES

QUERY = f'"{PHRASE}"'
ANSWERS = [
    ("/search", "search?q=japan&limit=1"),
    ("/search", "search?similar=xinhua/2025-10-31&fold=no"),
    ("/search", "search?q=nothing-says-this"),
    ("/kwic", "kwic?q=japan&sort=left1&limit=1"),
    ("/facets", "facets?q=japan&source=fmprc"),
    ("/timeline", "timeline?q=japan&by=country&period=month"),
    ("/timeline", "timeline?to=1900"),
    ("/matrix", "matrix?q=japan&phrases=history&phrases=%22unclosed"),
    ("/matrix", "matrix"),
    ("/statements/{statement_id}", "statements/xinhua/2025-07-10"),
    ("/statements/{statement_id}", "statements/fmprc/undated"),
    ("/statements/{statement_id}/matches", "statements/fmprc/undated/matches?q=note"),
    ("/suggest", "suggest?q=ja"),
    ("/suggest", "suggest?q=s"),
    ("/parse", "parse?q=a+(b+OR+%22c+d%22)+-title:eff*+fact~+date:2025"),
    ("/parse", "parse?q=tea+NEAR/5+coffee+source:x,y+facts~"),
    ("/parse", "parse"),
    ("/status", "status"),
    ("/openapi.json", "openapi.json"),
]


def strict(schema: Any) -> Any:
    """The same schema, but no object may have a key that it does not name."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "properties" in schema else {}
    return {name: strict(part) for name, part in schema.items()} | closed


@pytest.mark.parametrize(("path", "address"), ANSWERS)
def test_an_answer_has_the_keys_that_are_described(
    client: FlaskClient, path: str, address: str
) -> None:
    """Every one of them and no other, at every level."""
    told = client.get("/api/v1/openapi.json").json
    described = told["paths"][path]["get"]["responses"]["200"]
    schema = described["content"]["application/json"]["schema"]
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200
    whole = strict({**schema, "components": told["components"]})
    jsonschema_rs.validator_for(whole).validate(response.json)


def test_every_address_is_tried_above() -> None:
    """A new one is not forgotten."""
    assert {path for path, _ in ANSWERS} == {route.path for route in ROUTES}


@pytest.fixture(scope="module")
def reader(engine: Engine) -> FlaskClient:
    """The API, for all examples of a test."""
    return create_app({"TESTING": True}, engine=engine).test_client()


@pytest.fixture(scope="module")
def naive() -> FlaskClient:
    """The same API over a naive scan of the same statements."""
    engine = NaiveEngine()
    with engine.writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
    return create_app({"TESTING": True}, engine=engine).test_client()


def told(client: FlaskClient, address: str, query: str) -> Any:
    """An answer without what two indexes need not share."""
    response = client.get(f"/api/v1/{address}", query_string={"q": query})
    if response.status_code != 200:
        return response.json
    found = response.json
    del found["index"]
    for hit in found.get("hits", ()):
        del hit["score"], hit["snippets"]
    return found


@settings(deadline=None, max_examples=40)
@given(QUERIES.map(str) | st.sampled_from(["japan", QUERY, "history OR japan"]))
def test_counts_lines_and_matches_are_those_of_a_scan(
    reader: FlaskClient, naive: FlaskClient, query: str
) -> None:
    """Of any query at every address that searches."""
    for name in ("kwic", "facets", "timeline", "matrix", "suggest"):
        assert told(reader, name, query) == told(naive, name, query)
    address = "statements/xinhua/2025-10-31/matches"
    assert told(reader, address, query) == told(naive, address, query)
    ours, theirs = told(reader, "search", query), told(naive, "search", query)
    for found in (ours, theirs):
        found.get("hits", []).sort(key=lambda hit: hit["id"])
    assert ours == theirs


@settings(deadline=None)
@given(st.text() | st.text('ab"“*~:()-/ ORNEAR1,.', max_size=30))
def test_no_query_is_a_fault_of_ours(reader: FlaskClient, query: str) -> None:
    """Whatever is asked is answered, or refused with a sentence."""
    for name in ("search", "kwic", "facets", "timeline", "matrix", "suggest", "parse"):
        response = reader.get(f"/api/v1/{name}", query_string={"q": query})
        assert response.status_code in (200, 400)
        if response.status_code == 400:
            assert response.json["detail"].endswith((".", ")"))
            assert response.json["parameter"] in ("q", "phrases")


@settings(deadline=None)
@given(QUERIES)
def test_a_parsed_query_is_the_query(reader: FlaskClient, query: Any) -> None:
    """Its canonical text is read as the same tree, and its first node is what it is."""
    found = reader.get("/api/v1/parse", query_string={"q": str(query)}).json
    if "status" in found:
        return
    assert parse_query(found["canonical"]) == parse_query(str(query))
    name = type(parse_query(str(query))).__name__
    assert found["tree"]["node"] == name.lower()


def test_a_parsed_query_shows_its_tree(client: FlaskClient) -> None:
    """Node by node, with what was remarked on it; nothing needs an index."""
    found = client.get("/api/v1/parse", query_string={"q": "Tea -“one-China” and"}).json
    assert found["tree"] == {
        "node": "and",
        "parts": [
            {"node": "term", "word": "tea"},
            {"node": "not", "part": {"node": "phrase", "words": ["one", "china"]}},
            {"node": "term", "word": "and"},
        ],
    }
    assert found["canonical"] == 'tea -"one china" and'
    assert len(found["notices"]) == 1


def test_a_query_is_parsed_without_an_index(tmp_path: Path) -> None:
    """And described; all that searches is 503."""
    client = create_app(engine=open_engine(tmp_path / "none")).test_client()
    assert client.get("/api/v1/parse?q=peace").status_code == 200
    assert client.get("/api/v1/openapi.json").status_code == 200
    for name in ("search", "kwic", "facets", "timeline", "suggest", "status"):
        response = client.get(f"/api/v1/{name}")
        assert response.status_code == 503
        assert response.json["command"] == "communique index"


def test_matches_are_places_in_title_and_text(client: FlaskClient) -> None:
    """Numbered as on the page, the title's first."""
    address = "/api/v1/statements/xinhua/2025-10-31"
    whole = client.get(address).json
    found = client.get(f"{address}/matches?q=leaders+OR+documents").json
    assert [(m["number"], m["field"], m["match"]) for m in found["matches"]] == [
        (1, "title", "Leaders"),
        (2, "text", "documents"),
        (3, "text", "documents"),
    ]
    for match in found["matches"]:
        text = whole[match["field"]][match["start"] : match["end"]]
        assert text == match["match"]
    assert found["occurrences"] == 3


def test_a_whole_statement_is_all_that_is_known_of_it(client: FlaskClient) -> None:
    """With its text as it stands, and the hash that citations have."""
    found = client.get("/api/v1/statements/xinhua/2025-07-10").json
    assert found["speakers"] == ["Wang Yi", "Takeshi Iwaya"]
    assert found["text"] == STATEMENTS[5].text
    page = client.get("/statements/xinhua/2025-07-10").text
    assert found["sha256"][:16] in page
    assert client.get("/api/v1/statements/fmprc/undated").json["date"] is None


def test_the_timeline_counts_what_the_corpus_says(client: FlaskClient) -> None:
    """By eye: the phrase stands in 2019 once, in 2024 once, in 2025 in three, undated in one."""
    found = client.get("/api/v1/timeline", query_string={"q": QUERY}).json
    (series,) = found["series"]
    counted = {each["period"]: each["statements"] for each in series["periods"]}
    assert counted == {"2019": 1, "2023": 0, "2024": 1, "2025": 3}
    assert series["undated"]["statements"] == 1
    assert series["total"]["occurrences"] == 8


def test_a_line_of_a_matrix_that_cannot_be_read_costs_no_other(
    client: FlaskClient,
) -> None:
    """It has its error and the place; the others have their counts."""
    found = client.get("/api/v1/matrix?phrases=japan&phrases=a+%22b").json
    good, bad = found["rows"]
    assert good["total"]["statements"] == 4
    assert bad["position"] == 2 and bad["error"].endswith(".")
    assert "total" not in bad


def test_other_facets_are_counted_where_they_are_asked_for(client: FlaskClient) -> None:
    """All of them, or those that are named."""
    assert set(client.get("/api/v1/facets").json["facets"]) == {
        *("year", "month", "source", "kind", "language", "country", "speaker", "place")
    }
    named = client.get("/api/v1/facets?facet=speaker&facet=country").json["facets"]
    assert list(named) == ["speaker", "country"]
    assert {"value": "Mao Ning", "count": 1} in named["speaker"]


def test_answers_are_utf_8(client: FlaskClient) -> None:
    """Not escapes, and JSON as any program reads it."""
    data = client.get("/api/v1/statements/fmprc-zh/2024-11-25").data
    assert "王毅会见日本外相".encode() in data
    assert json.loads(data)["language"] == "zh-Hans"
