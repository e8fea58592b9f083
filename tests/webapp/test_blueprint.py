from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from indexer.engine import Engine
from webapp import create_app, create_blueprint


def test_it_lives_in_another_site(engine: Engine) -> None:
    """Under a prefix every link stays below it, and the host's own pages are left alone."""
    site = Flask("host")
    site.add_url_rule("/", "front", lambda: "the host's own page")
    site.register_blueprint(create_blueprint(engine=engine), url_prefix="/statements")
    client = site.test_client()
    own = client.get("/")
    assert own.text == "the host's own page"
    assert "Content-Security-Policy" not in own.headers
    for path in (
        "/statements/",
        "/statements/search?q=japan",
        "/statements/search?q=(",
    ):
        response = client.get(path)
        assert "Content-Security-Policy" in response.headers
        page = BeautifulSoup(response.text, "lxml")
        for each in page.select("a[href^='/'], link, script, form"):
            url = each.get("href") or each.get("src") or each.get("action")
            assert str(url).startswith("/statements/"), each
    with client.get("/statements/assets/communique.js") as script:
        assert script.status_code == 200
    assert client.get("/statements/api/v1/search?q=(").json["position"] == 0


def test_the_index_is_found_by_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A WSGI server that knows only create_app serves what COMMUNIQUE_INDEX names."""
    from indexer.engines import open_engine
    from tests.webapp.corpus import STATEMENTS

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
    from tests.webapp.corpus import STATEMENTS

    with open_engine(tmp_path / "index").writer() as writer:
        writer.put(STATEMENTS[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMMUNIQUE_INDEX", "")
    assert create_app().test_client().get("/readyz").json["statements"] == 1
