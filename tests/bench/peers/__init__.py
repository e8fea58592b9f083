"""The engines that are compared, each set up as a good application would."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from tests.bench.peers.base import Listed, Page, Peer
from tests.bench.peers.ours import Communique
from tests.bench.peers.sqlite import Sqlite
from tests.bench.peers.stock import StockWhoosh

__all__ = [
    "Communique",
    "Listed",
    "Page",
    "Peer",
    "StockWhoosh",
    "has_apsw",
    "has_tantivy",
    "natives",
]


def has_apsw() -> bool:
    """Whether the ``apsw`` package is installed, by which the site over FTS5 works."""
    return find_spec("apsw") is not None


def has_tantivy() -> bool:
    """Whether the ``tantivy`` package is installed."""
    return find_spec("tantivy") is not None


def natives(folder: Path, *, stems: bool) -> list[Peer]:
    """The engines in native code: with exact forms only, or with ``stems`` beside them."""
    peers: list[Peer] = [Sqlite(folder, stems=stems)]
    if has_tantivy():
        from tests.bench.peers.tantivy import Tantivy

        peers.append(Tantivy(folder, stems=stems))
    return peers
