"""Sources are cited by their own names, and found by those of their folders."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import rispy
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer import pipeline
from indexer.engines import open_engine
from webapp import create_app

NAME = "Ministry of <Foreign> Affairs & Co."


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A statement of a source with a name, and one of a source without."""
    for source in ("mofa", "wire"):
        folder = tmp_path / "raw" / source
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(f" date 2025-07-10 By {source}\n\nThey met.")
    (tmp_path / "raw" / "mofa" / "source.toml").write_text(f'name = "{NAME}"')
    engine = open_engine(tmp_path / "index")
    pipeline.index(tmp_path / "raw", engine)
    return create_app({"TESTING": True}, engine=engine).test_client()


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "lxml")


def test_a_statement_is_cited_by_its_sources_name(client: FlaskClient) -> None:
    """In each style, in each file, in the tags that Zotero reads, and where it is described."""
    page = soup(client, "/statements/mofa/a")
    chicago, apa, plain = (each.get_text() for each in page.select(".cite dd"))
    assert chicago.startswith(f"{NAME} “By mofa.”")
    assert apa.startswith(f"{NAME} (2025, July 10)")
    assert f"By mofa. {NAME}, 10 July 2025." in plain
    assert page.select_one("meta[name=citation_author]")["content"] == NAME
    assert page.select_one("dl a[href='/search?source=mofa']").get_text() == NAME
    (record,) = rispy.loads(client.get("/statements/mofa/a.ris").text)
    assert record["authors"] == [NAME]
    (item,) = client.get("/statements/mofa/a.json").json
    assert item["author"] == [{"literal": NAME}]
    (item,) = client.get("/statements/wire/a.json").json
    assert item["author"] == [{"literal": "wire"}]


def test_exports_and_feeds_name_it_too(client: FlaskClient) -> None:
    """Records and entries have the name; a column to filter by has the folder's."""
    records = rispy.loads(client.get("/search.ris?q=met&sort=newest").text)
    assert sorted(each["authors"][0] for each in records) == [NAME, "wire"]
    feed = ElementTree.fromstring(client.get("/search.atom?q=met").data)
    names = [each.text for each in feed.iterfind(".//{*}entry/{*}author/{*}name")]
    assert sorted(names) == [NAME, "wire"]
    assert NAME in client.get("/search.txt?q=met").text
    assert [
        each["source"] for each in client.get("/search.json?q=mofa").json["hits"]
    ] == ["mofa"]


@pytest.mark.parametrize("path", ["/search?q=met", "/search?q=met&view=kwic", "/"])
def test_a_folders_name_tells_whose_it_is(client: FlaskClient, path: str) -> None:
    """The value that one filters by stays the folder's, with the name in full as its title."""
    links = soup(client, path).select(".facet-source a, .inline a")
    titled = {each.get_text(): each.get("title") for each in links}
    assert titled == {"mofa": NAME, "wire": None}
    assert NAME in soup(client, "/status").select_one(".status th a + span").get_text()
