"""The OpenSearch engine keeps every promise of an engine, on three nodes with copies."""

from __future__ import annotations

import os

from hypothesis import settings

# Each example makes indices in the cluster; this stands before what it is to hold for.
settings.register_profile("cluster", max_examples=int(os.environ.get("EXAMPLES", "10")))
settings.load_profile("cluster")

from indexer.engines import open_engine  # noqa: E402
from tests.cluster.shared import location  # noqa: E402
from tests.indexer.contract import EngineContract  # noqa: E402


class TestOpenSearchEngine(EngineContract):
    def make(self, path):
        return open_engine(location(path))
