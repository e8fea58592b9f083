"""The matrix: several searches side by side, each cell the list that it counts."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.matrix import LINES
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE
from tests.webapp.test_timeline import cells, total
from webapp.counting import LONGEST

LINES_ASKED = f'"{PHRASE}"\n\nmirror\n"unclosed\n"strategic relationship"'


def address(view: str = "search", **arguments: str) -> str:
    pairs = {"view": "matrix", "phrases": LINES_ASKED} | arguments
    return f"/{view}?" + "&".join(f"{k}={quote(v)}" for k, v in pairs.items())


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"period": "year"},
        {"period": "month", "from": "2024"},
        {"source": "xinhua", "period": "year"},
        {"q": "japan", "year": "2025"},
    ],
)
def test_every_cell_leads_to_as_many_hits_as_it_says(
    read: Read, narrowed: dict[str, str]
) -> None:
    """The row's own list as well; and each row adds up to its total."""
    page = read(address(**narrowed))
    rows = page.select(".matrix tbody tr")
    assert len(rows) == 3 + ("q" in narrowed)
    for row in rows:
        for link in row.select("td a"):
            assert total(read(str(link["href"]))) == int(link.text), link
        counts = [int(cell.replace("–", "0")) for cell in cells(row)[1:]]
        assert counts[0] == sum(counts[1:])
        head = row.select_one("th a")
        assert head and total(read(str(head["href"]))) == counts[0]


def test_a_line_that_cannot_be_read_says_so_and_costs_no_other(read: Read) -> None:
    """Which line, where in it, and what to write instead; nothing typed is lost."""
    page = read(address(period="year"))
    (fault,) = page.select(".faults li")
    said = " ".join(fault.text.split())
    assert said.startswith("Line 4, at character 1: The quotation mark")
    mark = fault.select_one("mark")
    assert mark and mark.text == '"'
    area = page.select_one("textarea")
    assert area and area.text.strip() == LINES_ASKED
    assert [cells(row)[0] for row in page.select(".matrix tbody tr")] == [
        f'"{PHRASE}"',
        "mirror",
        '"strategic relationship"',
    ]


def test_the_query_is_the_first_search(read: Read) -> None:
    """It stands before the lines, once; a query that cannot be read is told like a line."""
    page = read(address(q="mirror", phrases="documents\nmirror"))
    assert [cells(row)[0] for row in page.select(".matrix tbody tr")] == [
        "mirror",
        "documents",
    ]
    page = read(address(q='"open', phrases="documents"))
    assert "The search above, at character 1" in " ".join(page.text.split())


def test_silence_and_a_gap_look_different(read: Read) -> None:
    """0 where something was searched, a dash where nothing was."""
    page = read(address(phrases="mirror", period="year"))
    heads = [th.text for th in page.select(".matrix thead th")]
    row = dict(zip(heads, cells(page.select(".matrix tbody tr")[0]), strict=True))
    assert (row["2019"], row["2020"], row["2024"], row["2025"]) == ("0", "–", "1", "1")


def test_a_line_that_finds_nothing_says_so(read: Read) -> None:
    """In how many statements, and its list names the looser searches."""
    page = read(address(phrases='"political four document"\nmirror', period="year"))
    (said,) = page.select(".matrix th small")
    assert said.text == "nothing in 11 statements"
    link = page.select(".matrix tbody th a")[0]
    assert read(str(link["href"])).select(".ladder li")


def test_without_a_line_there_is_the_form(read: Read) -> None:
    """Nothing to count is no fault."""
    page = read("/search?view=matrix")
    assert page.select_one("textarea") and not page.select(".matrix")


@pytest.mark.parametrize(
    "lines, said",
    [
        ("a\n" * (LINES + 3), f"These are {LINES + 3} lines"),
        ("a" * (LONGEST + 1), f"{LONGEST:,} at most"),
    ],
)
def test_too_much_is_refused_and_kept(
    client: FlaskClient, lines: str, said: str
) -> None:
    """400 with a sentence; the form has all that was written. A file refuses as JSON."""
    answer = client.get("/search", query_string={"view": "matrix", "phrases": lines})
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "lxml")
    area, wrong = page.select_one("textarea"), page.select_one(".wrong")
    assert area and area.text.strip() == lines.strip()
    assert wrong and said in wrong.text
    refused = client.get("/matrix.csv", query_string={"phrases": lines})
    assert refused.status_code == 400
    assert refused.json and refused.json["parameter"] == "phrases"


def test_many_columns_are_a_file(read: Read, client: FlaskClient) -> None:
    """By day no page could show them; the CSV has all."""
    page = read(address(period="day"))
    assert "more than 120" in " ".join(page.text.split())
    text = client.get(address("matrix.csv", period="day", bom="1")).data
    lines = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert len(lines) == 4 and "2025-10-31" in lines[0]
    assert lines[0]["2025-10-31"] == "2"


def test_the_same_as_json(client: FlaskClient) -> None:
    """What a page shows, for programs."""
    found = client.get(address("matrix.json", period="year")).json
    assert found
    totals = {row["search"]: row.get("total", {}) for row in found["rows"]}
    assert totals[f'"{PHRASE}"']["statements"] == 6
    assert totals[f'"{PHRASE}"']["occurrences"] == 8
