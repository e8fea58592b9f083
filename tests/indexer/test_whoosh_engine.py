"""The Whoosh engine keeps every promise of an engine."""

from __future__ import annotations

from indexer.engines.whoosh import WhooshEngine
from tests.indexer.contract import EngineContract


class TestWhooshEngine(EngineContract):
    def make(self, path):
        return WhooshEngine(path)
