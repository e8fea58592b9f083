from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs
from wsgiref.types import WSGIApplication
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from indexer.engine import Engine
from indexer.web_settings import WebSettings
from tests.webapp.corpus import STATEMENTS
from webapp import create_app, create_blueprint
from webapp.feed import ATOM

PREFIX = "/intranet/statements"
PAGES = (
    "/",
    "/search",
    "/search?q=mirror",
    "/search?q=mirror&view=kwic",
    "/search?q=mirror&view=timeline&period=month",
    "/search?view=matrix&phrases=mirror",
    "/search?q=nothing-says-this",
    "/search?sort=newest&fold=no&page=1",
    "/statements/xinhua/2025-10-31?q=mirror&result=1",
    "/help",
    "/status",
    "/embed?query=mirror",
    "/embed/search?q=mirror&accent=ffcc00",
    "/embed/statements/xinhua/2025-10-31?q=mirror",
    "/embed/timeline?q=mirror",
)


def as_blueprint(engine: Engine) -> Flask:
    """In a Flask site, which has pages of its own."""
    site = Flask("host")
    settings = WebSettings(frame_ancestors=("https://intranet.example",))
    blueprint = create_blueprint(engine=engine, settings=settings)
    site.register_blueprint(blueprint, url_prefix=PREFIX)
    site.add_url_rule("/", "front", lambda: "the host's own page")
    return site


def as_mount(engine: Engine) -> WSGIApplication:
    """Beside another WSGI app, which passes on what is below a path as SCRIPT_NAME."""
    host = Flask("host")
    host.add_url_rule("/", "front", lambda: "the host's own page")
    ours = create_app({"FRAME_ANCESTORS": ["https://intranet.example"]}, engine=engine)
    return DispatcherMiddleware(host, {PREFIX: ours})


@pytest.fixture(params=[as_blueprint, as_mount])
def guest(engine: Engine, request: pytest.FixtureRequest) -> Client:
    return Client(request.param(engine))


def addresses(page: str) -> set[str]:
    """Where links, forms, styles, scripts and pictures of a page lead, without their fragments."""
    soup = BeautifulSoup(page, "lxml")
    found = {
        str(each[name])
        for name in ("href", "src", "action")
        for each in soup.select(f"[{name}]")
    }
    found |= {
        str(address)
        for snippet in soup.select("textarea")
        for address in addresses(snippet.get_text())
    }
    return {each.split("#")[0] for each in found if not each.startswith("#")}


def path_of(address: str) -> str:
    return address.removeprefix("http://localhost")


@pytest.mark.parametrize("page", PAGES)
def test_everything_stays_below_the_prefix(guest: Client, page: str) -> None:
    """Each link, form, asset and script is below it, and is there."""
    response = guest.get(PREFIX + page)
    assert response.status_code == 200
    found = addresses(response.text) - {each.url for each in STATEMENTS}
    assert found
    for address in sorted(found):
        assert path_of(address).startswith(f"{PREFIX}/"), address
    ways = {}
    for address in sorted(found):
        path, _, query = path_of(address).partition("?")
        view = parse_qs(query).get("view", [""])[0]
        ways[path, view] = path_of(address)
    for address in ways.values():  # one of each kind
        with guest.get(address) as answer:
            assert answer.status_code == 200, address


def test_feeds_and_exports_stay_below_the_prefix(guest: Client) -> None:
    """What is read elsewhere names addresses that lead back."""
    feed = ElementTree.fromstring(guest.get(f"{PREFIX}/search.atom?q=mirror").data)
    links = [each.get("href") for each in feed.iter(f"{{{ATOM}}}link")]
    assert links
    assert all(path_of(str(each)).startswith(f"{PREFIX}/") for each in links)
    for form in ("ris", "bib"):
        for base in ("/statements/fmprc/undated", "/search"):
            text = guest.get(f"{PREFIX}{base}.{form}").text
            own = re.findall(r"http://localhost[^\s}]*", text)
            assert all(path_of(each).startswith(f"{PREFIX}/") for each in own)


def test_the_host_is_left_alone(guest: Client) -> None:
    """Its own pages keep their headers, and what is at none of ours is not its page either."""
    own = guest.get("/")
    assert own.text == "the host's own page"
    assert "Content-Security-Policy" not in own.headers
    assert guest.get(PREFIX + "nowhere").status_code == 404


def test_errors_are_told_below_the_prefix(guest: Client) -> None:
    """As pages, in frames, and as JSON."""
    for page in ("/search?q=(", "/embed/search?q=(", "/statements/nobody"):
        response = guest.get(PREFIX + page)
        assert response.status_code in (400, 404)
        assert "Content-Security-Policy" in response.headers
        for address in addresses(response.text):
            assert address.startswith(f"{PREFIX}/"), address
    assert guest.get(f"{PREFIX}/api/v1/search?q=(").json["position"] == 0


def test_the_index_is_found_by_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A WSGI server that knows only create_app serves what COMMUNIQUE_INDEX names."""
    from indexer.engines import open_engine

    with open_engine(tmp_path / "elsewhere").writer() as writer:
        writer.put(STATEMENTS[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMMUNIQUE_INDEX", str(tmp_path / "elsewhere"))
    assert create_app().test_client().get("/readyz").json["statements"] == 1


def test_an_empty_variable_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COMMUNIQUE_INDEX= names no index, here as on the command line."""
    from indexer.engines import open_engine

    with open_engine(tmp_path / "index").writer() as writer:
        writer.put(STATEMENTS[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMMUNIQUE_INDEX", "")
    assert create_app().test_client().get("/readyz").json["statements"] == 1
