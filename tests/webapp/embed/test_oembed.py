from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from indexer.engine import Engine
from tests.webapp.conftest import Read
from tests.webapp.corpus import PHRASE
from webapp import create_app

STATEMENT = "http://localhost/statements/xinhua/2025-10-31"
TIMELINE = "http://localhost/search?q=mirror&view=timeline"


def ask(client: FlaskClient, url: str, **more: str) -> dict[str, Any]:
    response = client.get("/oembed", query_string={"url": url} | more)
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    answer: dict[str, Any] = response.json
    return answer


def frame(answer: dict[str, Any]) -> dict[str, str]:
    """The attributes of the one element that the answer gives to paste."""
    (element,) = BeautifulSoup(answer["html"], "html.parser").find_all(True)
    assert element.name == "iframe"
    return {name: str(value) for name, value in element.attrs.items()}


@pytest.mark.parametrize(
    ("url", "title", "source"),
    [
        (
            STATEMENT,
            "Leaders meet in Gyeongju",
            "http://localhost/embed/statements/xinhua/2025-10-31",
        ),
        (
            f"{STATEMENT}?q=mirror&result=3&marks=off#m1",
            "Leaders meet in Gyeongju",
            "http://localhost/embed/statements/xinhua/2025-10-31?q=mirror",
        ),
        (
            f"{STATEMENT}?q=mirror&view=kwic&sort=left1",
            "Leaders meet in Gyeongju",
            "http://localhost/embed/statements/xinhua/2025-10-31?q=mirror",
        ),
        (
            f"{TIMELINE}&by=source",
            "Statements over time: any form of “mirror”",
            "http://localhost/embed/timeline?q=mirror&by=source",
        ),
    ],
)
def test_an_address_of_ours_has_a_frame(
    client: FlaskClient, url: str, title: str, source: str
) -> None:
    """A rich answer with the frame of what the address shows, and the frame is there."""
    answer = ask(client, url, format="json")
    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert (answer["title"], answer["provider_name"]) == (title, "Communiqué")
    assert answer["provider_url"] == "http://localhost/"
    element = frame(answer)
    assert (element["src"], element["title"]) == (source, title)
    assert (int(element["width"]), int(element["height"])) == (
        answer["width"],
        answer["height"],
    )
    assert client.get(source).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/statements/xinhua/2025-10-31",
        "http://localhost.evil.example/statements/xinhua/2025-10-31",
        "http://localhost@evil.example/statements/xinhua/2025-10-31",
        "http://evil.example@localhost/statements/xinhua/2025-10-31",
        "http://localhost:81/statements/xinhua/2025-10-31",
        "//localhost/statements/xinhua/2025-10-31",
        "/statements/xinhua/2025-10-31",
        "javascript://localhost/statements/xinhua/2025-10-31",
        "ftp://localhost/statements/xinhua/2025-10-31",
        "http://localhost/statements/nobody/said-this",
        "http://localhost/statements/xinhua/2025-10-31.txt",
        "http://localhost/statements/../status",
        "http://localhost/search?q=mirror",
        "http://localhost/embed/search?q=mirror",
        "http://localhost/",
        "http://localhost",
        "http://localhost/oembed",
        "http://[/statements/x",
        "\x00",
    ],
)
def test_nothing_else_has_one(client: FlaskClient, url: str) -> None:
    """Not another host's, not another page of ours: 404, as oEmbed has it."""
    response = client.get("/oembed", query_string={"url": url})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"url": ""}, 400),
        ({"url": "http://localhost/" + "x" * 4000}, 400),
        ({"url": f'{STATEMENT}?q="open'}, 400),
        ({"url": f"{TIMELINE}&by=mood"}, 400),
        ({"url": STATEMENT, "maxwidth": "wide"}, 400),
        ({"url": STATEMENT, "maxwidth": "0"}, 400),
        ({"url": STATEMENT, "maxheight": "-1"}, 400),
        ({"url": STATEMENT, "format": "xml"}, 501),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: FlaskClient, asked: dict[str, str], status: int
) -> None:
    """One sentence, as JSON."""
    response = client.get("/oembed", query_string=asked)
    assert response.status_code == status
    assert response.json["detail"]


def test_a_frame_is_no_larger_than_asked(client: FlaskClient) -> None:
    """``maxwidth`` and ``maxheight`` are kept to; what is larger than ours changes nothing."""
    small = ask(client, STATEMENT, maxwidth="300", maxheight="200")
    assert (small["width"], small["height"]) == (300, 200)
    large = ask(client, STATEMENT, maxwidth="5000", maxheight="5000")
    assert (large["width"], large["height"]) == (640, 420)


def test_where_nobody_may_frame_it_is_a_link(closed: FlaskClient) -> None:
    """No frame is promised that the browser would refuse."""
    answer = ask(closed, STATEMENT)
    assert answer["type"] == "link"
    assert not answer.keys() & {"html", "width", "height"}


@pytest.mark.parametrize(
    "path",
    [
        f'/statements/xinhua/2025-10-31?q="{PHRASE}"',
        "/statements/xinhua/2025-10-31?q=mirror&view=kwic&sort=left1",
        "/search?q=mirror&view=timeline&period=month&by=source",
    ],
)
def test_pages_say_where_it_is(read: Read, client: FlaskClient, path: str) -> None:
    """The link in a page's head leads to an answer about this very page."""
    (link,) = read(path).select('link[type="application/json+oembed"]')
    url = str(link["href"])
    assert url.startswith("http://localhost/oembed?")
    element = frame(client.get(url).json)
    (about,) = parse_qs(urlsplit(url).query)["url"]
    shown, framed = parse_qs(urlsplit(about).query), parse_qs(
        urlsplit(element["src"]).query
    )
    assert {k: v for k, v in shown.items() if k != "view"} == framed
    assert client.get(element["src"]).status_code == 200


def test_it_knows_its_prefix(engine: Engine) -> None:
    """Mounted below a path, only addresses below it are its own, and so is the frame's."""
    site = create_app({"FRAME_ANCESTORS": ["https://intranet.example"]}, engine=engine)
    client = Client(DispatcherMiddleware(Flask("host"), {"/library": site}))
    inside = STATEMENT.replace("localhost/", "localhost/library/")
    answer = client.get("/library/oembed", query_string={"url": inside}).json
    assert frame(answer)["src"] == (
        "http://localhost/library/embed/statements/xinhua/2025-10-31"
    )
    for outside in (STATEMENT, STATEMENT.replace("localhost/", "localhost/library")):
        response = client.get("/library/oembed", query_string={"url": outside})
        assert response.status_code == 404
