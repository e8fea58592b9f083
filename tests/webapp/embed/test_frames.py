from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE
from tests.webapp.embed.conftest import INTRANET

SEARCH = f'/embed/search?q="{PHRASE}"'
FRAMES = (
    "/embed/search",
    SEARCH,
    SEARCH + "&theme=dark&accent=ffcc00&limit=2&source=xinhua",
    "/embed/search?q=nothing-says-this",
    "/embed/statements/xinhua/2025-10-31?q=mirror",
    "/embed/timeline?q=mirror",
    "/embed/timeline?q=mirror&by=source&period=month&count=occurrences&per=words",
    "/embed/timeline?q=mirror&period=day",
    "/embed/timeline?q=mirror&from=1800&to=1801",
)
REFUSED = (
    '/embed/search?q="open',
    "/embed/search?theme=sepia",
    "/embed/search?accent=red",
    "/embed/search?limit=99",
    "/embed/statements/nobody/said-this",
    "/embed/timeline?by=mood",
)
OTHERS = (
    "/",
    f'/search?q="{PHRASE}"',
    "/search?q=mirror&view=timeline",
    "/search?q=(",
    "/statements/xinhua/2025-10-31",
    "/embed",
    "/embed/communique.js",
    "/embed/accent-ffcc00.css",
    "/oembed?url=http://localhost/",
    "/help",
    "/nowhere",
    "/embed/nowhere",
    "/assets/communique.css",
    "/api/v1/search?q=mirror",
)


def ancestors(client: FlaskClient, path: str) -> tuple[str, str | None]:
    """Who may frame what is at the path, in both headers that browsers know."""
    with client.get(path) as response:
        (policy,) = response.headers.getlist("Content-Security-Policy")
        (said,) = (p for p in policy.split("; ") if p.startswith("frame-ancestors "))
        return said.removeprefix("frame-ancestors "), response.headers.get(
            "X-Frame-Options"
        )


@pytest.mark.parametrize("path", [*FRAMES, *REFUSED])
def test_only_the_listed_frame_what_is_made_for_frames(
    client: FlaskClient, closed: FlaskClient, path: str
) -> None:
    """Errors included; without a list, nobody does."""
    assert ancestors(client, path) == (INTRANET, None)
    assert ancestors(closed, path) == ("'none'", "DENY")


@pytest.mark.parametrize("path", OTHERS)
def test_nobody_frames_anything_else(client: FlaskClient, path: str) -> None:
    """A list opens the frames' pages alone."""
    assert ancestors(client, path) == ("'none'", "DENY")


@pytest.mark.parametrize("path", FRAMES)
def test_links_leave_the_frame(read: Read, path: str) -> None:
    """Each opens the whole page in a tab of its own, which cannot reach back; the box does not."""
    page = read(path)
    links = page.select("a")
    assert links
    for link in links:
        assert (link["target"], link["rel"]) == ("_blank", ["noopener"]), link
        assert not str(link["href"]).startswith("/embed/"), link
    for form in page.select("form"):
        assert form["action"] == "/embed/search"


@pytest.mark.parametrize("path", REFUSED)
def test_what_cannot_be_shown_is_said_in_the_frame(
    client: FlaskClient, path: str
) -> None:
    """With the box, so that one can mend it, and nothing of the whole page around it."""
    response = client.get(path)
    assert response.status_code in (400, 404)
    page = BeautifulSoup(response.text, "lxml")
    assert page.select_one("#problem")
    assert page.select_one('form[action="/embed/search"]')
    assert not page.select(".masthead")


def test_the_box_alone_without_a_search(read: Read) -> None:
    """Nothing was asked, so nothing is listed; a source alone lists what is newest in it."""
    assert not read("/embed/search?theme=dark").select(".hit, .found")
    newest = read("/embed/search?source=mofa-jp&limit=1")
    assert newest.select(".hit h2")[0].get_text() == (
        "Press conference by the Foreign Minister"
    )


def test_counts_are_those_of_the_whole_search(read: Read) -> None:
    """The limit cuts the list and not the count; the rest is a click away."""
    page = read(SEARCH + "&limit=2")
    whole = read(f'/search?q="{PHRASE}"')
    assert page.select("h1")[0].get_text() == whole.select("h1")[0].get_text()
    assert [each.get_text() for each in page.select(".hit h2")] == [
        each.get_text() for each in whole.select(".hit h2")
    ][:2]
    assert {each.get_text() for each in page.select(".snippet mark")} == {PHRASE}
    assert page.select("footer a")[0].get_text() == "All 6 statements"


def test_a_search_in_the_frame_keeps_what_its_address_chose(read: Read) -> None:
    """Source, look and limit go with the form."""
    page = read("/embed/search?q=mirror&source=xinhua&theme=dark&accent=FFCC00&limit=3")
    kept = {each["name"]: each["value"] for each in page.select("input[type=hidden]")}
    assert kept == {
        "source": "xinhua",
        "theme": "dark",
        "accent": "FFCC00",
        "limit": "3",
    }
    root = page.select("html")[0]
    assert (root["data-theme"], root["data-ancestors"]) == ("dark", INTRANET)
    assert page.select('link[href="/embed/accent-ffcc00.css"]')


def test_a_statement_stands_whole(read: Read) -> None:
    """Every paragraph with its number, and the matches marked."""
    page = read("/embed/statements/xinhua/2025-10-31?q=mirror")
    assert [p.get_text() for p in page.select(".text p")] == [
        f"1China upholds the directions set out in the {PHRASE} with Japan.",
        "2They spoke of history as a mirror.",
        f"3Major issues are outlined in the {PHRASE}, Xi said.",
    ]
    assert [mark.get_text() for mark in page.select("mark")] == ["mirror"]


def test_a_timeline_has_the_figures_of_its_page(read: Read) -> None:
    """The same bars, the same counts by period, and what has no place in the chart said."""
    query = f'q="{PHRASE}"&period=month'
    page, whole = read(f"/embed/timeline?{query}"), read(
        f"/search?{query}&view=timeline"
    )
    bars = [bar["aria-label"] for bar in page.select("a.bar")]
    assert bars == [bar["aria-label"] for bar in whole.select("a.bar")] != []
    assert page.select("h1")[0].get_text() == whole.select("h1")[0].get_text()
    assert "1 statement has no place" in page.select(".account")[0].get_text()
    rows = [row.select("td")[0].get_text() for row in page.select("tbody tr")]
    assert rows == [row.select("td")[0].get_text() for row in whole.select("tbody tr")]
