"""The pages fold near-copies, say so, and lead to each of them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.webapp.test_views import facet, link, text
from webapp import create_app

WIRE = " ".join(f"word{number}" for number in range(80))


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A wire report that three sources have, from the oldest to the newest, and another."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number, source in enumerate(("xinhua", "daily", "daily"), 1):
            writer.put(
                Statement(
                    id=f"{source}/{number} & <co>",
                    title=f"As of day {number}",
                    text=f"DATELINE {number} -- {WIRE} credit{number}",
                    date=datetime.date(2025, number, 1),
                    source=source,
                )
            )
        writer.put(Statement(id="other", title="Other", text="word1 alone"))
    return create_app({"TESTING": True}, engine=engine).test_client()


def page(client: FlaskClient, url: str) -> BeautifulSoup:
    """A page that answers 200, parsed."""
    response = client.get(url)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "lxml")


def titles(found: BeautifulSoup) -> list[str]:
    """The hits."""
    return [each.get_text() for each in found.select(".hit h2")]


def test_a_group_is_one_hit_under_its_earliest(client: FlaskClient) -> None:
    """It counts once, beside each of its sources too, and the page says that it is folded."""
    found = page(client, "/search?q=word1&sort=oldest")
    assert text(found, "h1") == "2 statements"
    assert titles(found) == ["As of day 1", "Other"]
    assert "2 near-copies of these are folded" in text(found, ".folded")
    assert facet(found, "source") == {"daily": 1, "xinhua": 1}
    assert facet(found, "year") == {"2025": 1, "Undated": 1}


def test_near_copies_are_a_link_away(client: FlaskClient) -> None:
    """ "n more" shows these and no others, with a way back."""
    found = page(client, "/search?q=word1&sort=oldest")
    assert text(found, ".more") == "2 more like it"
    group = page(client, link(found, ".more"))
    assert titles(group) == ["As of day 1", "As of day 2", "As of day 3"]
    assert "xinhua/1 & <co> and its near-copies" in text(group, ".chosen")
    back = page(client, link(group, ".chosen .remove"))
    assert titles(back) == titles(found)


def test_near_copies_can_be_unfolded_and_folded(client: FlaskClient) -> None:
    """fold=no in the address shows and counts each; both pages link to the other."""
    folded = page(client, "/search?q=word1&sort=oldest")
    each = page(client, link(folded, ".folded a"))
    assert text(each, "h1") == "4 statements"
    assert len(titles(each)) == 4 and not each.select(".more")
    assert facet(each, "source") == {"daily": 2, "xinhua": 1}
    assert "not folded" in text(each, ".folded")
    assert each.select_one("form input[name=fold][value=no]")
    assert titles(page(client, link(each, ".folded a"))) == titles(folded)


def test_where_nothing_is_folded_nothing_is_said(client: FlaskClient) -> None:
    """A search without near-copies has no line about them."""
    assert not page(client, "/search?q=alone").select(".folded, .more")


def test_the_api_folds_like_the_page(client: FlaskClient) -> None:
    """Both numbers, whether it is folded, and how many are under each hit."""
    found = client.get("/api/v1/search?q=word1&sort=oldest").json
    assert (found["total"], found["statements"], found["folded"]) == (2, 4, True)
    assert [hit["more"] for hit in found["hits"]] == [2, 0]
    found = client.get("/api/v1/search?q=word1&fold=no").json
    assert (found["total"], found["statements"], found["folded"]) == (4, 4, False)
    assert client.get("/api/v1/search?fold=1").status_code == 400


def test_the_status_counts_near_copies(client: FlaskClient) -> None:
    """By the source of the copy, and altogether."""
    found = page(client, "/status")
    assert "2 statements are near-copies of an earlier one" in text(found, ".lead")
    assert client.get("/api/v1/status").json["copies"] == 2
