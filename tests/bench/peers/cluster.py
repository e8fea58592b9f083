"""Communiqué on a cluster, through the same public interface."""

from __future__ import annotations

from indexer.engines import open_engine
from tests.bench.peers.ours import Communique


class Cluster(Communique):
    """The engine as the pages use it, where the index is in a cluster."""

    def __init__(self, location: str, version: str) -> None:
        self.name = "cluster"
        self.version = version
        self.engine = open_engine(location)
