"""The app of a house that lets one intranet in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.engine import Engine
from webapp import create_app

INTRANET = "https://intranet.example"


@pytest.fixture
def app(engine: Engine) -> Flask:
    """Pages of the intranet may frame what is made for frames."""
    return create_app({"TESTING": True, "FRAME_ANCESTORS": [INTRANET]}, engine=engine)


@pytest.fixture
def closed(engine: Engine) -> FlaskClient:
    """A house that lets nobody in, as without settings."""
    return create_app({"TESTING": True}, engine=engine).test_client()
