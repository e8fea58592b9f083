"""The OpenSearch engine keeps every promise of an engine, on three nodes with copies."""

from __future__ import annotations

from indexer.engines import open_engine
from tests.cluster.shared import location
from tests.indexer.contract import EngineContract


class TestOpenSearchEngine(EngineContract):
    def make(self, path):
        return open_engine(location(path))
