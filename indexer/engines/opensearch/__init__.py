"""The OpenSearch engine: statements in a distributed cluster."""

from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.engines.opensearch.location import parse_location

__all__ = ["OpenSearchEngine", "parse_location"]
