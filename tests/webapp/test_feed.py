from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree

from indexer.engines import open_engine
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE, STATEMENTS
from tests.webapp.payloads import PAYLOADS, hostile
from webapp import create_app

QUERY = "q=" + quote(f'"{PHRASE}"')
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"


def feed_of(client: FlaskClient, path: str) -> etree._Element:
    """The feed at a path, after a look at what RFC 4287 asks of it."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    feed = etree.fromstring(answer.data)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for each in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):  # exactly one of each
            (element,) = each.findall(f"a:{name}", ATOM)
            assert element.text
        uuid.UUID(each.findtext("a:id", "", ATOM))
        assert re.fullmatch(MOMENT, each.findtext("a:updated", "", ATOM))
        alternates = each.findall("a:link[@rel='alternate']", ATOM)
        assert len(alternates) == 1
        assert len(each.findall("a:content", ATOM)) <= 1
    assert feed.find("a:author/a:name", ATOM) is not None
    assert feed.find("a:link[@rel='self']", ATOM) is not None
    ids = values(feed, "a:id")
    assert len(set(ids)) == len(ids)
    return feed


def values(feed: etree._Element, name: str) -> list[str]:
    return [each.text or "" for each in feed.findall(f"a:entry/{name}", ATOM)]


def test_the_newest_come_first(read: Read, client: FlaskClient) -> None:
    """Whatever the order on the page, and with the days that are known."""
    page = read(f"/search?{QUERY}&sort=oldest&page=1")
    link = page.select_one("link[rel=alternate][type='application/atom+xml']")
    feed = feed_of(client, str(link["href"]))
    updated = values(feed, "a:updated")
    assert updated == sorted(updated, reverse=True)
    assert updated[0] == feed.findtext("a:updated", "", ATOM) == "2025-10-31T00:00:00Z"
    assert "Leaders meet in Osaka" == values(feed, "a:title")[-1]
    assert "1 undated, which a feed cannot order" in feed.findtext(
        "a:subtitle", "", ATOM
    )
    content = BeautifulSoup(values(feed, "a:content")[-1], "html.parser")
    assert content.mark.get_text() == PHRASE


def test_a_day_that_is_not_known_is_not_published(client: FlaskClient) -> None:
    """A month stands at its first day in the order, and is told as a month."""
    feed = feed_of(client, "/search.atom?q=reaffirmed")
    assert values(feed, "a:updated") == ["2023-11-01T00:00:00Z"]
    assert values(feed, "a:published") == []
    assert "November 2023" in values(feed, "a:content")[0]


def test_ids_do_not_depend_on_the_host(client: FlaskClient) -> None:
    """Behind a proxy, or under another name, they are the same; links are of that name."""
    one = feed_of(client, f"/search.atom?{QUERY}")
    other = etree.fromstring(
        client.get(f"/search.atom?{QUERY}", base_url="https://other.example/x").data
    )
    assert values(one, "a:id") == values(other, "a:id")
    assert one.findtext("a:id", "", ATOM) == other.findtext("a:id", "", ATOM)
    links = [each.get("href") for each in other.iterfind(".//a:link", ATOM)]
    assert all(link.startswith("https://other.example/x/") for link in links)
    another = feed_of(client, f"/search.atom?{QUERY}&source=xinhua")
    assert another.findtext("a:id", "", ATOM) != one.findtext("a:id", "", ATOM)


def test_who_has_it_is_not_sent_it_again(client: FlaskClient) -> None:
    """ETag and Last-Modified answer 304, until what is found changes."""
    url = f"/search.atom?{QUERY}"
    first = client.get(url)
    by_tag = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (by_tag.status_code, by_tag.data) == (304, b"")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(url, headers=since).status_code == 304
    assert client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200


def test_what_is_new_is_sent(tmp_path: Path) -> None:
    """A new statement is at the top, and the others keep their ids."""
    engine = open_engine(tmp_path / "index")
    client = create_app({"TESTING": True}, engine=engine).test_client()
    with engine.writer() as writer:
        writer.put(STATEMENTS[0])
    before = client.get("/search.atom?q=leaders")
    with engine.writer() as writer:
        writer.put(replace(STATEMENTS[0], id="new", date=datetime.date(2025, 1, 2)))
    tag = {"If-None-Match": before.headers["ETag"]}
    after = client.get("/search.atom?q=leaders", headers=tag)
    assert after.status_code == 200
    old, new = etree.fromstring(before.data), etree.fromstring(after.data)
    assert values(new, "a:id")[1:] == values(old, "a:id")


def test_a_search_that_finds_nothing_can_be_followed(client: FlaskClient) -> None:
    """Its feed is empty, and valid."""
    feed = feed_of(client, "/search.atom?q=nothingsaysthis")
    assert values(feed, "a:id") == []
    assert client.get("/search.atom?q=%22").mimetype == "application/problem+json"


@pytest.mark.parametrize("payload", [*PAYLOADS, "\x00\x0b\ufffe hook ]]>"])
def test_nothing_said_breaks_the_feed(payload: str, tmp_path: Path) -> None:
    """It stays well-formed, and its HTML has no element but paragraphs and marks."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        writer.put(replace(hostile(payload), id="a"))
    client = create_app({"TESTING": True}, engine=engine).test_client()
    feed = feed_of(client, "/search.atom?q=hook")
    (content,) = values(feed, "a:content")
    found = BeautifulSoup(content, "html.parser").find_all(True)
    assert {each.name for each in found} == {"p", "mark"}
    assert not any(each.attrs for each in found)
