from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE, STATEMENTS
from webapp import create_app
from webapp.params import MAX_PAGE

SEARCH = "/search?q=" + quote(f'"{PHRASE}"')


def text(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found, f"no {selector}"
    return " ".join(found.get_text().split())


def link(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found, f"no {selector}"
    return str(found["href"])


def facet(page: BeautifulSoup, name: str) -> dict[str, int]:
    """The values of a facet with their counts, as shown."""
    found = {}
    for line in page.select(f".facet-{name} li"):
        value, *_, count = line.get_text(" ", strip=True).split()
        found[value] = int(count)
    return found


def titles(page: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in page.select(".hit h2")]


def test_the_front_page_tells_what_the_corpus_holds(read: Read) -> None:
    """How many statements of which days, the sources, and the newest statements first."""
    page = read("/")
    lead = text(page, ".lead")
    assert "11 statements" in lead
    assert "dated 27 June 2019 to 1 December 2025" in lead
    assert "from 3 sources in 3 languages" in lead
    assert text(page, ".hit h3") == "Press conference by the Foreign Minister"
    assert page.select_one("input[name=q][autofocus]")


def test_an_empty_index_is_told_how_to_fill(tmp_path: Path) -> None:
    """No statement is a state with a next step, not an error."""
    engine = open_engine(tmp_path / "index")
    with engine.writer():
        pass
    client = create_app(engine=engine).test_client()
    assert "communique index" in client.get("/").text
    assert "0 matches in 0 statements" in client.get("/search?q=japan").text


def test_a_search_shows_what_it_found(read: Read) -> None:
    """The count, what was understood, and hits whose marks are the whole phrase."""
    page = read(SEARCH)
    assert text(page, "h1") == "6 statements"
    assert "the exact phrase “four political documents”" in text(page, ".understood")
    assert len(page.select(".hit")) == 6
    marks = [mark.get_text() for mark in page.select(".snippet mark")]
    assert marks == [PHRASE] * 8
    assert "2 matches" in page.select(".hit")[0].get_text()


def test_facets_count_the_whole_result(read: Read) -> None:
    """Beside each value stands how many statements choosing it gives."""
    page = read(SEARCH)
    assert facet(page, "year") == {"2025": 3, "2024": 1, "2019": 1, "Undated": 1}
    assert facet(page, "source") == {"xinhua": 3, "fmprc": 2, "mofa-jp": 1}
    assert facet(page, "language") == {"English": 6}
    assert not page.select(".facet-month")


def test_every_facet_link_gives_as_many_as_it_says(read: Read) -> None:
    """Following any value of any facet finds its count."""
    page = read(SEARCH)
    for line in page.select(".facet li"):
        count = int(text(line, ".count"))
        found = read(link(line, "a"))
        assert text(found, "h1").split()[0] == str(count)


def test_a_chosen_value_can_be_removed(read: Read) -> None:
    """It stands in bold with a cross that leads back; the others stay to choose from."""
    page = read(SEARCH + "&source=xinhua")
    assert text(page, ".facet-source strong") == "xinhua"
    assert facet(page, "source")["fmprc"] == 2
    back = link(page, ".facet-source .remove")
    assert text(read(back), "h1") == "6 statements"
    assert link(page, ".understood .remove") == back


def test_a_value_that_nothing_has_is_shown_with_nothing(read: Read) -> None:
    """A filter from elsewhere is not hidden from who wonders why there are no hits."""
    page = read(SEARCH + "&source=nowhere")
    assert facet(page, "source")["nowhere"] == 0
    assert text(page, "h1") == "0 matches"


def test_a_chosen_year_opens_its_months(read: Read) -> None:
    """The timeline and the facet go from years to months."""
    page = read(SEARCH + "&year=2025")
    months = [each.get_text() for each in page.select(".facet-month li a")]
    assert months == ["July 2025", "October 2025"]
    assert "by month of 2025" in text(page, ".timeline figcaption")
    assert len(page.select(".timeline .bar")) == 2
    assert len(page.select(".timeline tbody tr")) == 12


def test_the_bars_lead_to_their_years(read: Read) -> None:
    """One bar a year that has hits, none for the others, and the undated named beside."""
    page = read(SEARCH)
    bars = page.select(".timeline .bar")
    assert [bar["aria-label"] for bar in bars] == [
        "2019: 1 statement",
        "2024: 1 statement",
        "2025: 3 statements",
    ]
    assert text(read(str(bars[2]["href"])), "h1") == "3 statements"
    assert text(page, ".timeline .aside") == "1 undated"
    assert text(read(link(page, ".timeline .aside a")), ".hit") in text(page, ".hits")
    rows = {
        row.th.get_text(): int(row.td.get_text())
        for row in page.select(".timeline tbody tr")
    }
    assert sum(rows.values()) == 6
    assert list(rows) == [*map(str, range(2019, 2026)), "Undated"]


def test_what_is_dated_by_its_year_alone_is_in_no_month(read: Read) -> None:
    """The chart says so instead of putting it into January."""
    page = read("/search?q=mirror&year=2024")
    assert not page.select(".timeline .bar")
    assert "1 dated by the year alone" in text(page, ".timeline .aside")


def test_dates_narrow_the_search(read: Read) -> None:
    """From and to include the days that they name, and are said in words."""
    page = read(SEARCH + "&from=2025-07-10&to=2025-07")
    assert text(page, "h1") == "1 statement"
    assert "dated 10 to 31 July 2025" in text(page, ".understood")
    assert text(read(link(page, ".understood .remove")), "h1") == "6 statements"
    assert page.select_one("input[name=from]")["value"] == "2025-07-10"


def test_order_is_a_link(read: Read) -> None:
    """Newest and oldest first, the undated last in both."""
    newest = titles(read(SEARCH + "&sort=newest"))
    oldest = titles(read(SEARCH + "&sort=oldest"))
    assert newest[0] in ("Leaders meet in Gyeongju", "Japan on the meeting in Gyeongju")
    assert oldest[0] == "Leaders meet in Osaka"
    assert newest[-1] == oldest[-1] == "An undated note"


def test_nothing_found_is_a_finding(read: Read) -> None:
    """It says in how many statements of which days there is nothing."""
    page = read("/search?q=%22four+political+document%22")
    assert (
        "0 matches in 11 statements of this corpus, dated 27 June 2019 to 1 December 2025."
        in text(page, ".nothing")
    )
    page = read("/search?q=mirror&source=fmprc")
    assert "0 matches in the 3 statements that" in text(page, ".nothing")
    assert text(read(link(page, ".nothing a")), "h1") == "2 statements"


def test_the_form_keeps_the_search(read: Read) -> None:
    """Sending the form again changes the words alone; the page starts over."""
    page = read(SEARCH + "&source=xinhua&source=fmprc&sort=oldest&page=1")
    fields = [(f["name"], f.get("value", "")) for f in page.select("form input")]
    assert fields == [
        ("q", f'"{PHRASE}"'),
        ("from", ""),
        ("to", ""),
        ("source", "xinhua"),
        ("source", "fmprc"),
        ("sort", "oldest"),
    ]


def test_notices_stand_beside_the_results(read: Read) -> None:
    """What the parser did not read as it may have been meant is said."""
    page = read("/search?q=japan+or+osaka")
    assert page.select(".notice")


def test_pages_follow_each_other(tmp_path: Path) -> None:
    """45 statements are three pages without a gap or a repetition; past the end there is a way back."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(45):
            writer.put(
                Statement(
                    id=f"s/{number}", title=f"Statement {number}", text="A mirror."
                )
            )
    client = create_app({"TESTING": True}, engine=engine).test_client()
    url: str | None = "/search?q=mirror"
    found, pages = [], 0
    while url:
        page = BeautifulSoup(client.get(url).text, "lxml")
        found += titles(page)
        pages += 1
        following = page.select_one(".pages a[rel=next]")
        url = following and following["href"]
    assert pages == 3
    assert sorted(found) == sorted(f"Statement {number}" for number in range(45))
    past = BeautifulSoup(client.get("/search?q=mirror&page=9").text, "lxml")
    assert "Page 9 is past the end: 45 statements fill 3 pages." in text(
        past, ".results"
    )
    assert "page=3" in link(past, ".results a[href*=page]")
    assert client.get(f"/search?q=mirror&page={MAX_PAGE + 1}").status_code == 400


def test_an_index_built_from_nothing_is_noticed(tmp_path: Path) -> None:
    """A first generation after another first generation is another corpus."""
    folder = tmp_path / "index"
    client = create_app({"TESTING": True}, engine=open_engine(folder)).test_client()
    for count in (1, 2):
        shutil.rmtree(folder, ignore_errors=True)
        with open_engine(folder).writer() as writer:
            for statement in STATEMENTS[:count]:
                writer.put(statement)
        page = BeautifulSoup(client.get("/").text, "lxml")
        assert f"holds {count} statement" in text(page, ".lead")


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda each: each.id)
def test_a_statement_stands_as_it_was_made(read: Read, statement: Statement) -> None:
    """All of its text, in its paragraphs, in its language, with nothing added to a copy of it."""
    page = read(f"/statements/{statement.id}?q=%22{quote(PHRASE)}%22")
    body = page.select_one(".text")
    assert body["lang"] == statement.language
    for extra in body.select(".number, .step"):
        extra.decompose()
    assert [p.get_text().strip() for p in body.select("p")] == statement.text.split(
        "\n\n"
    )
    assert text(page, "h1") == statement.title


def test_matches_are_numbered_and_linked(read: Read) -> None:
    """Each match has an address, and leads to the one before and after it."""
    page = read(f"/statements/xinhua/2025-10-31?q=%22{quote(PHRASE)}%22")
    assert [m["id"] for m in page.select("mark")] == ["m1", "m2"]
    assert [m.get_text() for m in page.select("mark")] == [PHRASE] * 2
    assert [p["id"] for p in page.select(".text p")] == ["p1", "p2", "p3"]
    assert link(page, "#m1 + .step a") == "#m2"
    assert link(page, "#m2 + .step a") == "#m1"
    assert "2 matches for the exact phrase" in text(page, ".panel")


def test_a_hit_leads_to_its_first_match_and_back(read: Read) -> None:
    """The statement's address carries the whole search, so that the way back is the same search."""
    found = read(SEARCH + "&source=xinhua&sort=oldest")
    there = link(found, ".hit h2 a")
    assert there.endswith("#m1")
    page = read(there.split("#")[0])
    assert page.select_one("#m1")
    again = read(link(page, ".back a"))
    assert titles(again) == titles(found)


def test_a_statement_shows_what_is_known_of_it(read: Read) -> None:
    """Date, source, place, people, the original, and captions apart from the text."""
    page = read("/statements/xinhua/2025-07-10")
    panel = text(page, ".panel")
    for known in ("10 July 2025", "xinhua", "Kuala Lumpur", "Wang Yi", "Malaysia"):
        assert known in panel
    original = page.select_one("a[href^='https://news.example']")
    assert "noopener" in original["rel"]
    assert "shake hands" in text(page, ".captions")
    assert "shake hands" not in text(page, ".text")
    assert not page.select("mark")
    october = read("/statements/xinhua/2025-10-31")
    assert "Agency" in text(october, ".panel") and "Agency" not in panel


def test_every_example_on_the_help_page_can_be_searched(read: Read) -> None:
    """The page that teaches the query language has no query that fails."""
    page = read("/help")
    examples = page.select("a.example")
    assert len(examples) > 20
    for example in examples:
        found = read(str(example["href"]))
        assert found.select_one("input[name=q]")["value"] == example.get_text()


def test_it_tells_whether_it_can_answer(client: FlaskClient) -> None:
    """One address for the process, one for the index."""
    assert client.get("/healthz").json == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json["statements"] == 11


def test_no_link_of_the_pages_is_broken(read: Read, client: FlaskClient) -> None:
    """Whatever a page of this server links to, it has."""
    seen = set()
    for path in (
        "/",
        SEARCH,
        SEARCH + "&year=2025",
        "/help",
        "/status",
        "/statements/fmprc/undated",
    ):
        for each in read(path).select("[href], [src]"):
            url = str(each.get("href") or each.get("src")).split("#")[0]
            if url.startswith("/") and url not in seen:
                seen.add(url)
                with client.get(url) as response:
                    assert response.status_code == 200, url
    assert len(seen) > 40


def test_without_words_the_newest_come_first(read: Read) -> None:
    """All statements are in order of time, and no order by match is offered."""
    page = read("/search")
    assert text(page, "h1") == "11 statements"
    assert titles(page)[0] == "Press conference by the Foreign Minister"
    assert text(page, ".sort") == "Order: newest first oldest first"
    assert text(page, ".sort strong") == "newest first"


def test_first_and_last_use_stand_above_the_hits(read: Read) -> None:
    """Matches, the first and last dated statement with links, the silence, and what was searched."""
    page = read(SEARCH)
    assert text(page, ".uses") == (
        "8 matches, the first 27 June 2019 (xinhua), the last 31 October 2025 (mofa-jp), "
        "in this corpus, which holds 11 statements, dated 27 June 2019 to 1 December 2025. "
        "The longest silence is 28 June 2019 to 4 March 2024: 1,712 days with 1 other statement."
    )
    first, last = (read(str(each["href"])) for each in page.select(".uses a"))
    assert text(first, "h1") == "Leaders meet in Osaka"
    assert text(last, "h1") == "Japan on the meeting in Gyeongju"
    assert first.select_one("#m1")


def test_use_is_told_among_what_was_searched(read: Read) -> None:
    """Where dates, filters or the query's own fields narrow the search, so many statements are meant."""
    page = read("/search?q=mirror+source:mofa-jp&year=2024")
    assert text(page, ".uses") == (
        "1 match, dated 2024 (mofa-jp), in this corpus, which holds 11 statements, "
        "dated 27 June 2019 to 1 December 2025, and of which dates and filters leave 2, "
        "dated 2024."
    )
    page = read("/search?q=undated+again")
    assert text(page, ".uses").startswith("2 matches, undated, in this corpus")


def test_a_result_says_what_it_can_be_cited_by(read: Read) -> None:
    """The query in its canonical text, the time, the generation and the fingerprint."""
    said = text(read(SEARCH + "&from=2025-10&to=2025-10"), ".foot")
    assert f'for "{PHRASE}" date:2025-10 in index 1, built' in said
    assert "fingerprint" in said
    assert str(datetime.datetime.now(datetime.UTC).year) in said


@pytest.mark.parametrize("view", ["list", "kwic", "timeline"])
def test_a_ladder_leads_down_from_nothing(read: Read, view: str) -> None:
    """Each looser search is a link, in the same view, that finds as many as it says."""
    page = read(
        f'/search?q="political+four+document"&source=xinhua&from=2020&view={view}'
    )
    assert text(page, "h1").startswith("0 ")
    assert text(page, ".nothing p").startswith("0 matches in the ")
    assert not page.select(".hit, .kwic")
    rungs = page.select(".ladder li")
    assert any("NEAR/p" in text(rung, "a") for rung in rungs)
    for rung in rungs:
        address = str(rung.a["href"])
        assert ("view=" in address) == (view != "list")
        assert text(read(address), "h1").endswith(text(rung, ".count"))
    assert not read(f"{SEARCH}&view={view}").select(".ladder")
    assert not read(f"/search?q=xyzzyplugh&view={view}").select(".ladder")
