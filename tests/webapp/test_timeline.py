"""The timeline: what its page counts, what its bars lead to, and what can be taken along."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE
from webapp import picture

QUERY = "q=" + quote(f'"{PHRASE}"')
PAGE = f"/search?{QUERY}&view=timeline"
VARIANTS = [
    f"{PAGE}&{rest}"
    for rest in (
        "period=year",
        "period=month&count=occurrences",
        "period=day&from=2024&to=2025",
        "period=month&from=2025-07-05&to=2025-10",
        "period=year&from=2025-08",
        "period=year&by=source",
        "period=month&by=country&per=statements",
        "period=year&by=language&per=words&count=occurrences",
        "by=source&source=xinhua&source=fmprc",
        "by=country&country=Japan&country=Malaysia",
        "by=country&country=Malaysia",
        "year=2025",
        "year=undated",
    )
] + ["/search?view=timeline", "/search?q=mirror&view=timeline&period=month"]


def bars(page: BeautifulSoup) -> Iterator[tuple[str, int, str]]:
    """What each bar says, its statements, and where it leads."""
    for bar in page.select("svg a.bar"):
        said = str(bar["aria-label"])
        match = re.search(r"([\d,]+) statements?, [\d,]+ occurrence", said)
        assert match
        yield said, int(match[1].replace(",", "")), str(bar["href"])


def total(page: BeautifulSoup) -> int:
    heading = page.select_one("h1")
    assert heading
    match = re.match(r"([\d,]+) statement|0 matches", heading.text)
    assert match
    return int((match[1] or "0").replace(",", ""))


def cells(row: Tag) -> list[str]:
    return [cell.text.strip() for cell in row.find_all(["th", "td"])]


@pytest.mark.parametrize("path", VARIANTS)
def test_every_bar_and_figure_leads_to_as_many_hits_as_it_says(
    read: Read, path: str
) -> None:
    """Whatever the period, the filters and the breakdown, the list is what was counted."""
    page = read(path)
    for said, statements, address in bars(page):
        assert total(read(address)) == statements, said
    for name in page.select(".plot-name:has(a)"):
        link, counted = name.select("a, span")
        assert counted.text.startswith(f"{total(read(str(link['href'])))} statement")
    if "by=" not in path:
        for link in page.select(".counts a"):
            assert total(read(str(link["href"]))) == int(link.text)
    for link in page.select(".account a"):
        assert total(read(str(link["href"]))) == int(link.text)


@pytest.mark.parametrize("path", VARIANTS)
def test_the_table_adds_up_and_says_what_the_bars_say(read: Read, path: str) -> None:
    """Periods, what is not precise enough, and the undated are the total, in each column."""
    page = read(path)
    if "per=" in path:
        return
    rows = [cells(row) for row in page.select(".counts tbody tr, .counts tfoot tr")]
    *parts, whole = [
        [int(cell.replace(",", "").replace("–", "0")) for cell in row[1:5]]
        for row in rows
    ]
    for place, figure in enumerate(whole):
        assert sum(part[place] for part in parts) == figure
    if "count=" not in path:
        assert whole[0] == total(page)
    if "by=" not in path:
        counted = {row[0]: row[1] for row in rows}
        for said, statements, _ in bars(page):
            assert counted[said.split(":")[0]] == str(statements)


def test_silence_and_a_gap_look_different(read: Read) -> None:
    """2023 has a statement without the phrase: no bar. 2020 to 2022 have none: hatched."""
    page = read(f"{PAGE}&period=year")
    gaps = [gap.text for gap in page.select("rect.gap title")]
    assert gaps == ["2020 to 2022: no statements"]
    assert len(page.select(".plot .base")) == 1
    told = [bar.text for bar in page.select("g.bar title")]
    assert told == ["2023: 0 statements, 0 occurrences in 1 statement searched"]
    rows = {row[0]: row[1:] for row in map(cells, page.select(".counts tbody tr"))}
    assert rows["2023"] == ["0", "0", "1", "17", "0.00", "0.00"]
    assert rows["2021"] == ["–"] * 6


def test_controls_keep_the_rest_of_the_search(read: Read) -> None:
    """Each is a link that changes one thing; views keep query, dates and filters."""
    page = read(f"{PAGE}&from=2024&source=xinhua&period=month&sort=newest")
    for link in page.select(".controls a, .views a"):
        address = str(link["href"])
        assert QUERY.replace("%20", "+") in address
        for kept in ("from=2024", "source=xinhua", "sort=newest"):
            assert kept in address
    assert [link.text for link in page.select(".views a")] == [
        "List",
        "In context",
        "Timeline",
        "Matrix",
    ]
    (by_year,) = [a for a in page.select(".controls a") if a.text == "year"]
    assert "period=year" in str(by_year["href"])
    facet = page.select_one(".facet-kind a")
    assert facet and "view=timeline" in str(facet["href"])
    hidden = {str(i["name"]): i["value"] for i in page.select(".search [type=hidden]")}
    assert hidden["view"] == "timeline" and hidden["period"] == "month"


def test_a_country_is_counted_for_each_statement_that_names_it(read: Read) -> None:
    """The page says so, since the parts are then more than the whole."""
    assert "counts for each of them" in read(f"{PAGE}&by=country").text
    assert "counts for each of them" not in read(f"{PAGE}&by=source").text


@pytest.mark.parametrize(
    "arguments, parameter",
    [
        ("view=map", "view"),
        ("view=timeline&period=week", "period"),
        ("view=timeline&count=words", "count"),
        ("view=timeline&per=day", "per"),
        ("view=timeline&by=speaker", "by"),
        ("view=timeline&from=2025&to=2024", "from"),
    ],
)
def test_what_cannot_be_shown_says_what_can(
    client: FlaskClient, arguments: str, parameter: str
) -> None:
    """400 with a sentence that names the choices."""
    answer = client.get(f"/search?{arguments}")
    assert answer.status_code == 400
    assert parameter == "from" or f"{parameter}= with one of" in answer.text
    if "view=timeline" in arguments:
        refused = client.get(f"/timeline.json?{arguments}")
        assert refused.status_code == 400
        assert refused.json and refused.json["parameter"] == parameter


def test_days_of_many_years_are_a_file_and_no_chart(
    read: Read, client: FlaskClient
) -> None:
    """The page says how many there are and what to do; the CSV has every one."""
    page = read(f"{PAGE}&period=day")
    assert not page.select(".plot") and not page.select(".counts")
    assert "By day, this is 2,350 days" in " ".join(page.text.split())
    lines = client.get(f"/timeline.csv?{QUERY}&period=day").text.splitlines()
    assert len(lines) == 1 + 2350 + 2
    assert client.get(f"/timeline.svg?{QUERY}&period=day").status_code == 200


def test_the_period_suits_the_days_asked_for(read: Read) -> None:
    """Years for many, months for some, days for few, unless one is chosen."""
    for dates, unit in (("", "year"), ("2025", "month"), ("2025-10", "day")):
        asked = f"&from={dates}&to={dates}" if dates else ""
        page = read(PAGE + asked)
        title = page.select_one("#drawing-title")
        assert title and title.text == f"Statements by {unit}"
    by_query = read(f"/search?q={quote('japan date:2025-10')}&view=timeline")
    assert "Statements by day" in by_query.text


@pytest.mark.parametrize("rest", ["", "&by=source&per=words", "&from=2030"])
def test_the_chart_is_a_file_of_its_own(client: FlaskClient, rest: str) -> None:
    """SVG that holds its words, colours and provenance, and PNG of the same."""
    answer = client.get(f"/timeline.svg?{QUERY}{rest}")
    assert answer.mimetype == "image/svg+xml"
    assert "timeline.svg" in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.data)
    words = " ".join("".join(root.itertext()).split())
    assert PHRASE in words and "index 1 of 11 statements" in words
    assert not re.search(r'(href|src|style|class="bar")=', answer.text)
    drawn = client.get(f"/timeline.png?{QUERY}{rest}")
    assert drawn.mimetype == "image/png"
    width, height = struct.unpack(">II", drawn.data[16:24])
    assert (width, height) == (2 * 960, 2 * int(root.attrib["height"]))


def test_without_a_renderer_there_is_a_sentence(
    client: FlaskClient, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No link to PNG, and who asks for it learns what to do."""
    assert "/timeline.png?" in str(read(PAGE))
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    answer = client.get(f"/timeline.png?{QUERY}")
    assert answer.status_code == 501
    assert answer.json and "communique[png]" in answer.json["detail"]


def test_without_fonts_there_is_a_sentence(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chart whose words were left out would be no chart."""
    monkeypatch.setattr(picture, "_has_fonts", lambda: False)
    answer = client.get(f"/timeline.png?{QUERY}")
    assert answer.status_code == 501
    assert answer.json and "fonts" in answer.json["detail"]


def test_nothing_found_is_drawn_too(read: Read) -> None:
    """A silence is a finding: how much was searched is there to see."""
    page = read("/search?q=nothing-says-this&view=timeline&period=year")
    assert not list(bars(page))
    assert len(page.select(".plot .ground")) == 4
    assert page.select_one("h1")
