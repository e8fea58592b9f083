from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import rispy
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE, STATEMENTS
from tests.webapp.test_views import link, text, titles
from webapp import create_app

QUERY = "q=" + quote(f'"{PHRASE}"')


def parsed(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "lxml")


def test_matches_are_numbered_from_the_title_on(read: Read) -> None:
    """A match in the title is the first one, and leads to those in the text."""
    page = read("/statements/mofa-jp/2023-11?q=strategic+japan")
    assert [(m["id"], m.get_text()) for m in page.select("h1 mark")] == [
        ("m1", "Japan"),
        ("m2", "strategic"),
    ]
    assert [m["id"] for m in page.select(".text mark")] == ["m3"]
    assert link(page, "#m2 + .step [rel=next]") == "#m3"
    assert "3 matches for" in text(page, ".panel")


def test_overlapping_matches_are_counted_as_the_search_counts_them(
    tmp_path: Path,
) -> None:
    """Where matches overlap, the page tells their number and that of the places marked."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        writer.put(Statement(id="a", title="", text="peace and peace and peace"))
    client = create_app({"TESTING": True}, engine=engine).test_client()
    page = parsed(client, "/statements/a?q=%22peace+and+peace%22")
    assert "2 matches for" in text(page, ".panel")
    assert "They overlap, so that 1 place is marked." in text(page, ".panel")
    found = parsed(client, "/search?q=%22peace+and+peace%22")
    assert "2 matches" in text(found, ".hit")


def test_marks_can_be_turned_off_and_on(read: Read) -> None:
    """Without marks it is the same text, and still says how many matches it has."""
    page = read(
        f"/statements/xinhua/2025-10-31?{QUERY}&result=1&source=xinhua&sort=newest"
    )
    off = read(link(page, ".toggle a"))
    assert not off.select("mark, .step, .jumps")
    for extra in page.select(".step"):
        extra.decompose()
    assert text(off, ".text") == text(page, ".text")
    assert "2 matches for" in text(off, ".panel")
    assert link(off, ".back [rel=next]").partition("&marks=off")[1]
    assert read(link(off, ".toggle a")).select("mark")


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("asked", [QUERY, "source=xinhua&source=fmprc", ""])
def test_results_can_be_read_one_after_the_other(
    read: Read, sort: str, asked: str
) -> None:
    """From the first hit on, the next result is the next of the list, and back again."""
    found = read(f"/search?{asked}&sort={sort}")
    wanted = titles(found)
    url: str | None = link(found, ".hit h2 a")
    forth, places, backwards = [], [], []
    while url:
        page = read(url.partition("#")[0])
        forth.append(text(page, "h1"))
        places.append(text(page, ".back span"))
        following = page.select_one(".back [rel=next]")
        url = following and str(following["href"])
    while page.select_one(".back [rel=prev]"):
        page = read(link(page, ".back [rel=prev]").partition("#")[0])
        backwards.append(text(page, "h1"))
    assert forth == wanted
    assert backwards == wanted[-2::-1]
    assert places == [f"{n} of {len(wanted)}" for n in range(1, len(wanted) + 1)]
    again = read(link(page, ".back a"))
    assert titles(again) == wanted


def test_the_way_back_leads_to_the_page_of_the_result(tmp_path: Path) -> None:
    """Who reads on beyond the first page of results comes back to the second."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(30):
            writer.put(Statement(id=f"s{number:02}", title=f"S{number}", text="peace"))
    client = create_app({"TESTING": True}, engine=engine).test_client()
    page = parsed(client, "/statements/s19?q=peace&result=20")
    assert "page" not in link(page, ".back a")
    page = parsed(client, link(page, ".back [rel=next]"))
    assert text(page, "h1") == "S20"
    assert link(page, ".back a").endswith("page=2")
    found = parsed(client, link(page, ".back a"))
    assert titles(found)[0] == "S20"
    assert "result=21" in link(found, ".hit h2 a")


def test_a_place_that_no_longer_holds_is_said(tmp_path: Path) -> None:
    """Where the index changed under a link, no neighbours are shown that are none."""
    engine = open_engine(tmp_path / "index")
    client = create_app({"TESTING": True}, engine=engine).test_client()
    with engine.writer() as writer:
        writer.put(Statement(id="b", title="B", text="peace"))
        writer.put(Statement(id="c", title="C", text="peace"))
    url = "/statements/c?q=peace&result=2"
    assert "Previous result" in client.get(url).text
    with engine.writer() as writer:
        writer.put(Statement(id="a", title="A", text="peace"))
    page = parsed(client, url)
    assert "not result 2 of the search, which now has 3 statements" in text(
        page, ".notice"
    )
    assert not page.select(".back [rel]")
    assert text(page, ".text mark") == "peace"


@pytest.mark.parametrize("wrong", ["result=0", "result=x", "result=10001", "marks=on"])
def test_a_state_that_cannot_be_is_refused(client: FlaskClient, wrong: str) -> None:
    """The page says what can be written instead."""
    assert client.get(f"/statements/xinhua/2025-10-31?{wrong}").status_code == 400


def test_the_original_opens_at_what_matched(read: Read) -> None:
    """The link to the original names the sentence with the first match; without one, the page."""
    page = read(f"/statements/xinhua/2019-06-27?{QUERY}")
    url, _, directive = link(page, ".links [rel~=external]").partition("#:~:text=")
    assert url == "https://news.example/osaka"
    assert unquote(directive) == f"The {PHRASE} set out the principles."
    page = read("/statements/xinhua/2019-06-27")
    assert link(page, ".links [rel~=external]") == "https://news.example/osaka"


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda each: each.id)
def test_the_text_alone_is_the_text(client: FlaskClient, statement: Statement) -> None:
    """Byte for byte, and nothing else."""
    answer = client.get(f"/statements/{statement.id}.txt")
    assert answer.data == statement.text.encode()
    assert answer.content_type == "text/plain; charset=utf-8"
    assert client.get(f"/statements/{statement.id}x.txt").status_code == 404


def test_an_id_that_ends_like_a_file_keeps_its_page(tmp_path: Path) -> None:
    """The statement ``a.txt`` is found at its address, and so is its text."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        writer.put(Statement(id="a.txt", title="A title", text="Its text."))
    client = create_app({"TESTING": True}, engine=engine).test_client()
    assert "<h1" in client.get("/statements/a.txt").text
    assert client.get("/statements/a.txt.txt").text == "Its text."


def test_a_statement_says_how_to_cite_it(read: Read) -> None:
    """In three styles, with the address, today's date, and the hash of the text alone."""
    page = read("/statements/xinhua/2025-07-10")
    cite = text(page, ".cite")
    data = STATEMENTS[5].text.encode()
    assert hashlib.sha256(data).hexdigest()[:16] in cite
    assert "xinhua. “Foreign ministers meet in Kuala Lumpur.” Readout." in cite
    assert "xinhua. (2025, July 10). Foreign ministers meet" in cite
    assert "http://localhost/statements/xinhua/2025-07-10" in cite
    assert str(datetime.datetime.now(datetime.UTC).year) in cite
    assert "n.d." in text(read("/statements/fmprc/undated"), ".cite")


def test_programs_find_the_citation(read: Read, client: FlaskClient) -> None:
    """Zotero reads the head; each file is of its type and of this statement."""
    page = read("/statements/mofa-jp/2023-11")
    tags = {tag["name"]: tag["content"] for tag in page.select("meta[name^=citation_]")}
    assert tags["citation_title"] == text(page, "h1")
    assert tags["citation_publication_date"] == "2023/11"
    kinds = {}
    for each in page.select("head link[rel=alternate]:not([type*=oembed])"):
        answer = client.get(str(each["href"]))
        assert answer.status_code == 200
        assert answer.mimetype == each["type"]
        kinds[answer.mimetype] = answer
    assert len(kinds) == 4
    assert rispy.loads(kinds["application/x-research-info-systems"].text)
    assert kinds["application/x-bibtex"].text.startswith("@misc{mofa-jp/2023-11,")
    (known,) = json.loads(kinds["application/vnd.citationstyles.csl+json"].data)
    assert known["issued"] == {"date-parts": [[2023, 11]]}
    undated = read("/statements/fmprc/undated")
    assert not undated.select("meta[name=citation_publication_date]")
