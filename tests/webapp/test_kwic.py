"""The concordance: every occurrence a line, in an order that the address says."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.concordance import LineSort
from indexer.engines import open_engine
from indexer.search import Sort
from indexer.statement import Statement
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE, STATEMENTS
from tests.webapp.test_params import search_params
from tests.webapp.test_views import link
from webapp import create_app
from webapp.arguments import ParamsError
from webapp.lining import Lining, searched
from webapp.params import SearchParams

QUERY = "q=" + quote(f'"{PHRASE}"')
KWIC = f"/search?{QUERY}&view=kwic"


def cells(page: BeautifulSoup) -> list[list[str]]:
    """The texts of each line: date and source, before, match, after."""
    return [
        [cell.get_text() for cell in row.select("th, td")]
        for row in page.select(".kwic tbody tr")
    ]


def test_every_occurrence_is_a_line(read: Read) -> None:
    """As many as a scan of the texts finds, and as many as the list counts, each with its words."""
    lines = cells(read(KWIC))
    assert len(lines) == sum(each.text.count(PHRASE) for each in STATEMENTS) == 8
    assert {match for _, _, match, _ in lines} == {PHRASE}
    listed = read(f"/search?{QUERY}").select(".occurrences")
    assert sum(int(each.get_text().split()[0]) for each in listed) == 8
    assert lines[0][1:] == [
        *("The prime minister spoke of constructive relations and the ", PHRASE, ".")
    ]
    page = read(KWIC)
    assert page.h1 and page.h1.get_text() == "8 matches in 6 statements"
    assert (
        page.select_one(".uses").get_text().startswith("8 matches, the first 27 June")
    )


def test_a_line_leads_to_its_match(read: Read, client: FlaskClient) -> None:
    """Each link goes to the mark that stands between the line's own words, and back to its page."""
    page = read(KWIC + "&sort=left1")
    lines = cells(page)
    for place, row in enumerate(page.select(".kwic tbody tr")):
        href = row.select_one("a")["href"]
        anchor = urlsplit(href).fragment
        statement = read(href)
        for step in statement.select(".step"):
            step.decompose()
        mark = statement.select_one(f"#{anchor}")
        assert mark.get_text() == PHRASE
        before = "".join(mark.find_parent("p").find_all(string=True))
        left = lines[place][1].rpartition(" ¶ ")[2].lstrip("…")
        assert f"{left}{PHRASE}" in before
        back = link(statement, ".back a:first-child")
        assert parse_qs(urlsplit(back).query)["sort"] == ["left1"]
        assert cells(read(back)) == lines


@pytest.mark.parametrize("sort", ["left1", "oldest"])
def test_one_reads_on_from_line_to_line(read: Read, sort: str) -> None:
    """Next goes to the next line's statement and match, in the order of the lines, and back again."""
    kwic = read(f"{KWIC}&sort={sort}")
    lines = [row["href"] for row in kwic.select(".kwic tbody a")]
    forth, back = [lines[0]], [lines[-1]]
    for way, rel in ((forth, "next"), (back, "prev")):
        while step := read(way[-1]).select_one(f".back a[rel={rel}]"):
            assert step.get_text().split()[1] == "line"
            way.append(step["href"])
    assert [place(href) for href in forth] == [place(href) for href in lines]
    assert [place(href) for href in reversed(back)] == [place(href) for href in lines]
    assert "3 of 8" in read(lines[2]).select_one(".back").get_text()


def place(href: str) -> tuple[str, str, list[str]]:
    """Where a line's link leads: the statement, the mark, and the place among the lines."""
    parts = urlsplit(href)
    return parts.path, parts.fragment, parse_qs(parts.query)["result"]


def test_a_line_that_is_another_now_is_told(read: Read) -> None:
    """Where no such line stands in its place, no neighbours are shown that are none."""
    page = read(f"/statements/xinhua/2019-06-27?{QUERY}&view=kwic&sort=newest&result=1")
    assert "not line 1 of the search, which" in page.select_one(".notice").get_text()
    assert "8 lines" in page.select_one(".notice").get_text()
    assert not page.select(".back a[rel]")


def test_back_from_a_line_is_the_page_it_stands_on(tmp_path: Path) -> None:
    """Lines come a hundred a page, however many there are."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(60):
            text = f"Peace {number:02} and peace, and peace."
            writer.put(Statement(id=f"s/{number:02}", title="S", text=text))
    client = create_app({"TESTING": True}, engine=engine).test_client()

    def read(path: str) -> BeautifulSoup:
        return BeautifulSoup(client.get(path).text, "lxml")

    first = read("/search?q=peace&view=kwic")
    second = read(link(first, ".pages [rel=next]"))
    assert (len(cells(first)), len(cells(second))) == (100, 80)
    assert second.caption.get_text() == "Lines 101 to 180 of 180"
    statement = read(link(second, ".kwic a"))
    assert "page=2" in link(statement, ".back a:first-child")
    beside = [place(each["href"])[2] for each in statement.select(".back a[rel]")]
    assert beside == [["100"], ["102"]]
    beyond = read("/search?q=peace&view=kwic&page=3")
    said = " ".join(beyond.get_text().split())
    assert "Page 3 is past the end: 180 lines fill 2 pages. Go to" in said
    rows = client.get("/search.csv?q=peace&view=kwic&page=2").text.splitlines()
    assert len(rows) == 181


@pytest.mark.parametrize("sort", LineSort)
def test_orders_are_links(read: Read, sort: LineSort) -> None:
    """Each order is an address, which says which one is shown, and the same lines in it."""
    href = (
        KWIC
        if sort is LineSort.RIGHT1
        else link(read(KWIC), f".sort a[href$='sort={sort.value}']")
    )
    page = read(href)
    assert len(page.select(".sort [aria-current=true]")) == 1
    assert not page.select(f".sort a[href$='sort={sort.value}']")
    assert sorted(cells(page)) == sorted(cells(read(KWIC)))
    if not sort.steps:
        assert not page.select(".kwic b")
        return
    step, column = sort.steps[0], 1 if sort.steps[0] < 0 else 3
    for row in page.select(".kwic tbody tr"):
        words = re.findall(r"\w+", row.select("th, td")[column].get_text())
        place = step - 1 if step > 0 else step
        wanted = words[place : place + 1 or None] if abs(step) <= len(words) else []
        assert [each.get_text() for each in row.select("b")] == wanted[:1]


def test_a_paragraph_and_a_title_are_shown(read: Read) -> None:
    """A paragraph's end within a line is a pilcrow, and a line of a title says so."""
    page = read("/search?q=gyeongju&view=kwic")
    assert all(each[0].endswith(" title") for each in cells(page))
    lines = cells(read("/search?q=osaka&view=kwic&sort=oldest"))
    assert [each[0] for each in lines] == [
        *("2019-06-27 xinhua title", "2019-06-27 xinhua")
    ]
    assert lines[1][3] == f". ¶ The {PHRASE} set out the principles."
    undated = cells(read(KWIC + "&year=undated"))
    assert undated[0][0] == "Undated fmprc"


def test_views_keep_the_search(read: Read) -> None:
    """From the list to the lines and back: query, dates, facets, and an order of both."""
    asked = f"/search?{QUERY}&from=2024&source=xinhua&source=fmprc&sort=oldest"
    lines = link(read(asked), ".views a:not([aria-current])")
    assert "view=kwic" in lines
    page = read(lines)
    assert cells(page)[0][0] == "2024-03-05 fmprc"
    back = link(page, ".views a:not([aria-current])")
    assert parse_qs(urlsplit(back).query) == parse_qs(urlsplit(asked).query)
    narrower = read(link(page, ".facet-source .remove"))
    assert {each[0].split()[1] for each in cells(narrower)} == {"fmprc"}
    hidden = page.select_one(".search [name=view]")
    assert hidden and hidden["value"] == "kwic"


def test_where_there_is_no_line_it_is_said(read: Read) -> None:
    """No match is none, and statements that no words were asked of are a list."""
    page = read("/search?q=nothing-says-this&view=kwic")
    assert page.h1 and page.h1.get_text() == "0 matches"
    assert "0 matches in 11 statements" in page.get_text()
    page = read("/search?q=source:xinhua&view=kwic")
    assert page.h1 and page.h1.get_text() == "0 matches"
    assert "0 matches in 3 statements: the search asks for no words" in page.get_text()
    assert not page.select(".kwic")
    assert "view" not in link(page, ".nothing a")


def test_lines_are_exported_as_they_stand(read: Read, client: FlaskClient) -> None:
    """The same lines in the same order, by the same address with another ending."""
    page = read(KWIC + "&sort=left3")
    found = client.get(link(page, ".take a[href*='.json']")).json
    shown = [(left.lstrip("…"), right) for _, left, _, right in cells(page)]
    assert [line["left"].split()[-3:] for line in found["lines"]] == [
        left.split()[-3:] if "¶" not in left else left.replace("¶", "").split()[-3:]
        for left, _ in shown
    ]
    assert found["sort"] == "left3"
    for line in found["lines"]:
        assert client.get(line["address"]).status_code == 200
        assert line["address"].endswith(f"#m{line['number']}")
    answer = client.get(link(page, ".take a[href*='.csv']"))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "kwic.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [line["id"] for line in found["lines"]]
    refused = client.get(f"/search.ris?{QUERY}&view=kwic")
    assert refused.status_code == 400
    assert "CSV or JSON" in refused.text


@given(search_params(), st.sampled_from(LineSort), st.integers(1, Lining.last_page))
def test_a_url_holds_the_whole_view(
    params: SearchParams, sort: LineSort, page: int
) -> None:
    """What a link says is read back as the same lines; the list's own sort is not among it."""
    lining = Lining(
        text=params.text,
        first=params.first,
        last=params.last,
        filters=params.filters,
        fold=params.fold,
        similar=params.similar,
        lines=sort,
        page=page,
    )
    assert searched(MultiDict(lining.args)) == lining
    as_list = lining.as_list()
    assert searched(MultiDict(as_list.args)) == as_list
    assert (as_list.fold, as_list.similar) == (params.fold, params.similar)
    assert (as_list.sort is Sort.NEWEST) == (sort is LineSort.NEWEST)


@pytest.mark.parametrize(
    "args, name",
    [
        ({"view": "cards"}, "view"),
        ({"view": "kwic", "sort": "relevance"}, "sort"),
        ({"sort": "left1"}, "sort"),
        ({"view": "kwic", "page": "100001"}, "page"),
    ],
)
def test_what_no_view_knows_is_said(args: dict[str, str], name: str) -> None:
    """An unknown view or order is named, with what to write instead."""
    with pytest.raises(ParamsError) as caught:
        searched(MultiDict(args))
    assert caught.value.name == name
