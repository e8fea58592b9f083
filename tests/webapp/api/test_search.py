from __future__ import annotations

import json
from urllib.parse import quote

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.webapp.corpus import PHRASE

SEARCH = "/api/v1/search?q=" + quote(f'"{PHRASE}"')


def test_the_answer_has_the_shape_that_is_promised(client: FlaskClient) -> None:
    """Every key of the object, in its order, and nothing else."""
    found = json.loads(client.get(SEARCH).text)
    assert list(found) == [
        *(
            "query",
            "canonical",
            "interpreted",
            "notices",
            "total",
            "statements",
            "folded",
        ),
        *("uses", "hits", "facets", "index", "next"),
    ]
    assert list(found["hits"][0]) == [
        *("id", "title", "date", "date_precision", "source", "kind", "language"),
        *("url", "score", "more", "snippets"),
    ]
    assert list(found["facets"]) == ["year", "month", "source", "kind", "language"]
    assert list(found["facets"]["year"][0]) == ["value", "count"]
    assert list(found["index"]) == [
        *("generation", "fingerprint", "statements", "tokens", "built_at")
    ]
    assert found["query"] == f'"{PHRASE}"'
    assert found["interpreted"] == f"the exact phrase “{PHRASE}”"
    assert found["notices"] == []
    assert found["total"] == found["statements"] == len(found["hits"]) == 6
    assert found["uses"]["occurrences"] == 8
    assert found["uses"]["first"]["id"] == "xinhua/2019-06-27"
    assert found["uses"]["last"]["date"] == "2025-10-31"
    assert found["uses"]["silence"] == {
        "from": "2019-06-28",
        "to": "2024-03-04",
        "statements": 1,
    }
    assert found["uses"]["searched"] == {
        "statements": 11,
        "from": "2019-06-27",
        "to": "2025-12-01",
    }


def test_marks_are_places_in_the_snippet(client: FlaskClient) -> None:
    """Start and end cut the phrase out of the text."""
    for hit in client.get(SEARCH).json["hits"]:
        for snippet in hit["snippets"]:
            for start, end in snippet["marks"]:
                assert snippet["text"][start:end] == PHRASE


def test_an_undated_statement_has_no_date(client: FlaskClient) -> None:
    """null, and last by date."""
    hits = client.get(SEARCH + "&sort=oldest").json["hits"]
    assert [hit["date"] for hit in hits][::5] == ["2019-06-27", None]


def test_the_api_and_the_page_are_one_search(client: FlaskClient) -> None:
    """Filters, dates and order are those of the page's address."""
    found = client.get(SEARCH + "&source=xinhua&from=2025&sort=oldest").json
    assert [hit["id"] for hit in found["hits"]] == [
        "xinhua/2025-07-10",
        "xinhua/2025-10-31",
    ]
    assert found["facets"]["year"] == [{"value": "2025", "count": 2}]


def test_other_scripts_are_sent_as_they_are(client: FlaskClient) -> None:
    """UTF-8, not escapes."""
    response = client.get("/api/v1/search?q=" + quote('"四个政治文件"'))
    assert response.mimetype == "application/json"
    assert "中日四个政治文件" in response.text


def test_the_pages_lead_to_the_same_as_json(client: FlaskClient) -> None:
    """From whatever page, order or view of a search: the link is one that the API can read."""
    for more in (
        "",
        "&page=2&sort=newest&fold=no",
        "&view=kwic&sort=left2&kind=readout",
    ):
        page = BeautifulSoup(client.get(f"/search?q=japan{more}").text, "lxml")
        for link in page.select("a[href*='/api/v1/']"):
            assert client.get(link["href"]).json["query"] == "japan"
    status = BeautifulSoup(client.get("/status").text, "lxml")
    assert client.get(status.select_one("a[href*='/api/']")["href"]).status_code == 200
