"""The Whoosh engine: a Whoosh index whose fields live in arrays of our own."""

from indexer.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
