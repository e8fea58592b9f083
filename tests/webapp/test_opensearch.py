"""A browser can add the site as a search engine, and is told completions."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from indexer.engine import Engine
from webapp import create_blueprint
from webapp.opensearch import NAMESPACE


def urls(client: FlaskClient, page: str, **environment: str) -> dict[str, str]:
    """The addresses of the description that a page links to, by their types."""
    head = BeautifulSoup(client.get(page, **environment).text, "lxml").head
    link = head.select_one("link[rel=search]")
    response = client.get(link["href"])
    assert response.mimetype == link["type"]
    root = ElementTree.fromstring(response.data)
    assert root.tag == f"{{{NAMESPACE}}}OpenSearchDescription"
    assert 0 < len(root.findtext(f"{{{NAMESPACE}}}ShortName")) <= 16
    icon = root.findtext(f"{{{NAMESPACE}}}Image")
    with client.get(icon) as image:
        assert image.status_code == 200
    found = root.findall(f"{{{NAMESPACE}}}Url")
    return {each.get("type"): each.get("template") for each in found}


def test_a_browser_finds_out_how_to_search_here(client: FlaskClient) -> None:
    """Every page links to a description, and each of its addresses answers a search."""
    found = urls(client, "/help")
    assert len(found) == 4
    for kind, template in found.items():
        assert template.startswith("http://localhost/")
        answer = client.get(template.replace("{searchTerms}", "japan"))
        assert (answer.status_code, answer.mimetype) == (200, kind)


def test_it_stays_below_its_prefix(engine: Engine) -> None:
    """In another site all addresses are those there."""
    site = Flask("host")
    site.register_blueprint(create_blueprint(engine=engine), url_prefix="/statements")
    found = urls(site.test_client(), "/statements/help")
    for template in found.values():
        assert template.startswith("http://localhost/statements/")


def test_suggestions_are_searches(client: FlaskClient) -> None:
    """What was typed, then what it may become: words by how frequent they are, and sources."""
    response = client.get("/suggest?q=four+pol")
    assert response.mimetype == "application/x-suggestions+json"
    assert response.json == ["four pol", ["four political"]]
    typed, searches = client.get("/suggest?q=mof").json
    assert searches == ["source:mofa-jp"]
    for query in client.get("/suggest?q=s").json[1]:
        assert client.get("/search", query_string={"q": query}).status_code == 200
    assert client.get("/suggest").json == ["", []]


@pytest.mark.parametrize("query", ["q=a&q=b", "q=" + "x" * 1001])
def test_what_cannot_be_completed_is_refused(client: FlaskClient, query: str) -> None:
    """400 for programs, with a sentence."""
    response = client.get(f"/suggest?{query}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.json["detail"].endswith(".")
