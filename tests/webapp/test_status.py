from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer import pipeline
from indexer.engines import open_engine
from indexer.statement import Statement
from tests.webapp.conftest import Read
from webapp import create_app
from webapp.status import LISTED


def rows(page: BeautifulSoup) -> list[list[str]]:
    """The cells of the tables' bodies."""
    found = page.select(".status tbody tr")
    return [
        [" ".join(cell.get_text().split()) for cell in row("th") + row("td")]
        for row in found
    ]


@pytest.fixture
def failing(tmp_path: Path) -> FlaskClient:
    """An app of one good readout and of more bad ones than the page lists."""
    raw = tmp_path / "raw" / "<b>a"
    raw.mkdir(parents=True)
    (raw / "good.txt").write_text(" date 2025-07 Good\n\nThey met.", encoding="utf-8")
    for number in range(LISTED + 1):
        (raw / f"{number:03}.txt").touch()
    engine = open_engine(tmp_path / "index")
    pipeline.index(tmp_path / "raw", engine)
    return create_app({"TESTING": True}, engine=engine).test_client()


def test_the_status_tells_what_each_source_holds(read: Read) -> None:
    """Statements, first and last day, undated and repeated ones, the largest source first."""
    page = read("/status")
    found = rows(page)
    assert ["fmprc", "3", "60", "5 March 2024", "25 November 2024", "1", "0"] in found
    assert sum(int(row[1]) for row in found) == 11
    words = sum(int(row[2]) for row in found)
    assert f"with {words} words" in " ".join(
        page.select_one(".lead").get_text().split()
    )
    assert "11 statements" in page.select_one(".lead").get_text()
    assert "There are none" in page.select_one(".status").get_text()


def test_failures_are_shown_with_reason_and_age(failing: FlaskClient) -> None:
    """Paths are text whatever they hold, and a long list is cut with the command that has it all."""
    page = BeautifulSoup(failing.get("/status").text, "lxml")
    good, *failed = rows(page)
    assert good == ["<b>a", "1", "3", "July 2025", "July 2025", "0", "0"]
    assert len(failed) == LISTED
    assert failed[0][0] == "<b>a/000.txt"
    assert failed[0][1].startswith("is empty")
    assert failed[0][2] == "0"
    assert "And 1 more" in page.select_one(".status").get_text()


def test_the_api_has_the_whole_status(failing: FlaskClient) -> None:
    """What ``communique status --json`` prints of the index."""
    found = failing.get("/api/v1/status").json
    assert list(found) == [
        *("generation", "built_at", "statements", "tokens", "readouts", "undated"),
        *("copies", "newest", "sources", "failed"),
    ]
    assert found["readouts"] == LISTED + 2
    assert found["newest"] == "2025-07-01"
    assert len(found["failed"]) == LISTED + 1


def test_a_new_generation_has_a_new_status(tmp_path: Path) -> None:
    """What is told once is told again when there is something else to tell."""
    engine = open_engine(tmp_path / "index")
    client = create_app({"TESTING": True}, engine=engine).test_client()
    for number in (1, 2):
        with engine.writer() as writer:
            writer.put(
                Statement(id=f"s{number}", title="", text="They met.", source="a")
            )
        assert client.get("/api/v1/status").json["statements"] == number
