from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.engines import open_engine
from tests.webapp.corpus import STATEMENTS
from tests.webapp.payloads import PAYLOADS, harmless, hostile
from webapp import create_app

Structure = list[tuple[str, tuple[str, ...]]]

#: What a chart as a file is made of.
DRAWN = set("svg title desc rect text g line defs pattern".split())

SCRIPTS = {"/assets/communique.js", "/assets/embed/height.js"}
FRAMES_TAKE = (
    "q",
    "from",
    "source",
    "year",
    "sort",
    "fold",
    "similar",
    "theme",
    "accent",
    "limit",
    "period",
    "count",
    "per",
    "by",
)

ORIGINALS = {each.url for each in STATEMENTS}


def client_of(payload: str, folder: Path) -> FlaskClient:
    engine = open_engine(folder / "index")
    with engine.writer() as writer:
        writer.put(hostile(payload))
    return create_app({"TESTING": True}, engine=engine).test_client()


def structure(html: str) -> Structure:
    """The elements of a page with the names of their attributes, in order."""
    page = BeautifulSoup(html, "html.parser")
    return [(each.name, tuple(each.attrs)) for each in page.find_all(True)]


def pages(payload: str, folder: Path) -> list[str]:
    """Every page on which a statement or the choice of a facet says the payload."""
    client = client_of(payload, folder)
    found = [client.get("/"), client.get("/search?q=hook")]
    found.append(client.get("/search?q=hook&view=kwic&sort=newest"))
    for name in ("source", "kind", "language"):
        found.append(client.get("/search", query_string={"q": "hook", name: payload}))
    for by in ("source", "country", "language"):
        asked = {"q": "hook", "view": "timeline", "by": by}
        found.append(client.get("/search", query_string=asked))
        found.append(client.get("/embed/timeline", query_string=asked))
    found.append(client.get("/embed/search?q=hook"))
    found.append(client.get("/embed"))
    hit = BeautifulSoup(found[1].text, "html.parser").select_one(".hit a")
    assert hit, "the hostile statement is found"
    address = str(hit["href"]).split("#")[0]
    found += [client.get(address), client.get(f"/embed{address}")]
    assert all(each.status_code == 200 for each in found)
    return [each.text for each in found]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_said_becomes_an_element(payload: str, tmp_path: Path) -> None:
    """Pages full of a payload have the elements and attributes of pages without it."""
    ours = pages(payload, tmp_path / "hostile")
    theirs = pages(harmless(payload), tmp_path / "harmless")
    for our, their in zip(ours, theirs, strict=True):
        assert structure(our) == structure(their)
        assert_inert(our)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_asked_becomes_an_element(payload: str, client: FlaskClient) -> None:
    """Found or refused, a payload in any part of the address is text."""
    for query in (payload, f'"{payload}"', f"japan ({payload}"):
        assert_inert(client.get("/search", query_string={"q": query}).text)
    for name in ("from", "to", "source", "kind", "language", "year", "month"):
        asked = {"q": "japan", name: payload}
        assert_inert(client.get("/search", query_string=asked).text)
    for name in ("view", "period", "count", "per", "by", "phrases"):
        for view in ("timeline", "matrix"):
            asked = {"q": "japan", "view": view} | {name: payload}
            assert_inert(client.get("/search", query_string=asked).text)
    for query in (payload, f'"{payload}"'):
        asked = {"q": query, "source": payload, "by": "source"}
        answer = client.get("/timeline.svg", query_string=asked)
        if answer.status_code == 200:
            root = ElementTree.fromstring(answer.data)
            names = {each.tag.rpartition("}")[2] for each in root.iter()}
            assert names <= DRAWN
    for name in ("page", "sort", "view"):
        assert_inert(client.get("/search", query_string={name: payload}).text)
    for path in ("search", "timeline", "statements/xinhua/2025-10-31"):
        for name in FRAMES_TAKE:
            asked = {"q": "japan"} | {name: payload}
            assert_inert(client.get(f"/embed/{path}", query_string=asked).text)
    for name in ("query", "only", "limit", "theme", "accent", "lang"):
        assert_inert(client.get("/embed", query_string={name: payload}).text)
    for name in ("url", "format", "maxwidth", "maxheight"):
        asked = {"url": "http://localhost/statements/xinhua/2025-10-31"} | {
            name: payload
        }
        assert "json" in client.get("/oembed", query_string=asked).mimetype
    assert_inert(client.get(f"/{payload.replace('/', '-')}").text)


def assert_inert(html: str) -> None:
    page = BeautifulSoup(html, "html.parser")
    for element in page.find_all(True):
        assert element.name not in ("img", "style", "base", "iframe", "object", "embed")
        for name, value in element.attrs.items():
            assert not name.startswith("on") and name != "style", element
            if name in ("href", "src", "action"):
                own = str(value).startswith(("/", "#")) and value[1:2] != "/"
                about = str(value).startswith("http://localhost/oembed?")
                assert own or about or value in ORIGINALS, element
    (script,) = (each.attrs for each in page.find_all("script"))
    assert script.pop("src") in SCRIPTS and script == {"defer": ""}
    assert page.find_all("script", string=True) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_was_said_is_shown_as_it_was_said(payload: str, tmp_path: Path) -> None:
    """Escaping loses no character: the page's text has the payload, and the API its own."""
    client = client_of(payload, tmp_path)
    page = BeautifulSoup(client.get("/search?q=hook").text, "html.parser")
    hit = page.select_one(".hit a")
    assert hit and hit.get_text() == payload
    assert client.get("/api/v1/search?q=hook").json["hits"][0]["title"] == payload
