from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from indexer.engines import open_engine
from indexer.exports import FORMS
from indexer.statement import Statement
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE
from tests.webapp.test_views import link, titles
from webapp import create_app

QUERY = "q=" + quote(f'"{PHRASE}"')


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_an_export_is_the_search_of_the_page(
    read: Read, client: FlaskClient, sort: str
) -> None:
    """The same statements in the same order, by the same address with another ending."""
    asked = f"{QUERY}&sort={sort}&source=xinhua&source=fmprc&from=2024"
    exported = client.get(f"/search.json?{asked}").json
    page = read(f"/search?{asked}")
    assert [hit["title"] for hit in exported["hits"]] == titles(page)
    assert exported["query"] == f'"{PHRASE}" date:2024..'
    for hit in exported["hits"]:
        assert client.get(hit["address"]).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_linked_and_of_its_type(
    read: Read, client: FlaskClient, form: str
) -> None:
    """The page of results leads to each; UTF-8 is declared, and a file name given."""
    answer = client.get(link(read(f"/search?{QUERY}"), f".take a[href*='.{form}?']"))
    assert answer.status_code == 200
    assert answer.content_type == f"{FORMS[form][0]}; charset=utf-8"
    assert f"search.{form}" in answer.headers["Content-Disposition"]
    assert "Japan" in answer.text


def test_an_export_is_never_cut(tmp_path: Path) -> None:
    """Whatever page one is on, all of 700 statements are there."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(700):
            writer.put(Statement(id=f"s/{number}", title="S", text="A mirror. " * 9))
    client = create_app({"TESTING": True}, engine=engine).test_client()
    answer = client.get("/search.csv?q=mirror&page=3&bom=1")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len({line["id"] for line in lines}) == len(lines) == 700
    plain = client.get("/search.ndjson?q=mirror").text
    assert len([json.loads(line) for line in plain.splitlines()]) == 701


@pytest.mark.parametrize(
    "path", ["/search.csv?q=%22", "/search.json?bom=1", "/search.csv?bom=x"]
)
def test_what_cannot_be_exported_is_said(client: FlaskClient, path: str) -> None:
    """A program that asks for a file is answered with the problem as JSON."""
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert client.get("/search.exe?q=japan").status_code == 404
