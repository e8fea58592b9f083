"""The Whoosh engine keeps every promise of an engine."""

from __future__ import annotations

import pytest

from indexer.engines.whoosh import WhooshEngine, writer
from tests.indexer.contract import EngineContract


class TestWhooshEngine(EngineContract):
    @pytest.fixture(autouse=True)
    def apart(self, monkeypatch):
        """What is published at once stays a segment, as it is where there is much of it."""
        monkeypatch.setattr(writer, "_FEW_TOKENS", 0)

    def make(self, path):
        return WhooshEngine(path)
