from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

import webapp
from tests.webapp.conftest import Read
from tests.webapp.embed.conftest import INTRANET
from tests.webapp.payloads import PAYLOADS
from webapp.embed.snippets import LANGUAGES


def snippets(page: BeautifulSoup) -> dict[str, BeautifulSoup]:
    """What there is to paste, as a browser will read it."""
    return {
        str(each["id"]).removesuffix("-snippet"): BeautifulSoup(
            each.get_text(), "html.parser"
        )
        for each in page.select("textarea")
    }


def one(snippet: BeautifulSoup, name: str) -> Tag:
    (found,) = snippet.find_all(name)
    assert isinstance(found, Tag)
    return found


def test_there_is_something_to_paste_at_once(read: Read) -> None:
    """Without a choice: three pieces of HTML with this server's address."""
    pasted = snippets(read("/embed"))
    assert one(pasted["form"], "form")["action"] == "http://localhost/search"
    assert one(pasted["form"], "input")["name"] == "q"
    assert one(pasted["frame"], "iframe")["src"] == "http://localhost/embed/search"
    assert one(pasted["element"], "communique-search").attrs == {}
    for name in ("frame", "element"):
        script = one(pasted[name], "script")
        assert script["src"] == "http://localhost/embed/communique.js"


def test_what_is_chosen_is_in_what_is_pasted(read: Read, client: FlaskClient) -> None:
    """Query, source, number, theme, colour and language, each where it means something."""
    pasted = snippets(
        read("/embed?query=mirror&only=xinhua&limit=3&theme=dark&accent=FFCC00&lang=fr")
    )
    fields = {each["name"]: each["value"] for each in pasted["form"].find_all("input")}
    assert fields == {"q": "mirror", "source": "xinhua"}
    source = str(one(pasted["frame"], "iframe")["src"])
    assert source == (
        "http://localhost/embed/search?q=mirror&source=xinhua&theme=dark&accent=ffcc00&limit=3"
    )
    assert client.get(source).status_code == 200
    assert one(pasted["element"], "communique-search").attrs == {
        "query": "mirror",
        "source": "xinhua",
        "limit": "3",
        "lang": "fr",
    }


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_pasted_is_inert(client: FlaskClient, payload: str) -> None:
    """A payload is text in the page, and text again in the page that it is pasted into."""
    quoted = f'"{payload}"'
    for asked in ({"query": quoted}, {"only": payload}):
        response = client.get("/embed", query_string=asked)
        if response.status_code == 400:
            continue
        page = BeautifulSoup(response.text, "html.parser")
        for name, snippet in snippets(page).items():
            names = [each.name for each in snippet.find_all(True)]
            assert names in (
                ["form", "label", "input", "button"],
                ["form", "label", "input", "input", "button"],
                ["iframe", "script"],
                ["script", "communique-search"],
            )
            for each in snippet.find_all(True):
                assert not [key for key in each.attrs if key.startswith("on")], name
        assert len(snippets(page)) == 3


@pytest.mark.parametrize(
    "query",
    [
        "query=%22open",
        "limit=0",
        "theme=sepia",
        "accent=red",
        "lang=tlh",
        "only=" + "x" * 201,
    ],
)
def test_what_cannot_be_pasted_is_refused(client: FlaskClient, query: str) -> None:
    """400 with a sentence, before it breaks in somebody's page."""
    assert client.get(f"/embed?{query}").status_code == 400


def test_it_says_whether_this_server_grants_it(read: Read, closed: FlaskClient) -> None:
    """Who may frame and read it is told, and where nobody may, what to ask for."""
    assert INTRANET in read("/embed").select(".paste")[0].get_text()
    told = closed.get("/embed").text
    assert "frame_ancestors" in told and "cors_origins" in told


def test_the_page_is_found(read: Read) -> None:
    """From the help page."""
    assert read("/help").select('a[href="/embed"]')


def test_the_element_speaks_the_languages_that_the_page_offers() -> None:
    """Each with all its sentences."""
    script = Path(webapp.__file__).parent / "static" / "embed" / "communique.js"
    text = script.read_text(encoding="utf-8")
    tables = re.findall(r"^    (\w\w): \{\n(.*?)^    \},$", text, re.M | re.S)
    assert [name for name, _ in tables] == list(LANGUAGES)
    keys = [re.findall(r"^      (\w+):", table, re.M) for _, table in tables]
    assert all(each == keys[0] for each in keys)


def test_the_script_can_be_loaded_from_elsewhere(client: FlaskClient) -> None:
    """As JavaScript, and with leave to be."""
    with client.get("/embed/communique.js") as response:
        assert response.mimetype == "text/javascript"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "X-Frame-Options" in response.headers
