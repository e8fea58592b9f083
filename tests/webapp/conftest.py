"""The real app on a real engine, and a reader of its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from indexer.engine import Engine
from indexer.engines import open_engine
from tests.webapp.corpus import STATEMENTS
from webapp import create_app

Read = Callable[[str], BeautifulSoup]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(tmp_path_factory.mktemp("corpus") / "index")
    with engine.writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
    return engine


@pytest.fixture
def app(engine: Engine) -> Flask:
    return create_app({"TESTING": True}, engine=engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def read(client: FlaskClient) -> Read:
    """A page that answers 200, parsed."""

    def read(path: str) -> BeautifulSoup:
        response = client.get(path)
        assert response.status_code == 200, response.text
        return BeautifulSoup(response.text, "lxml")

    return read
