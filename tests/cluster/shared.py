"""The one cluster, for tests that are given a folder and no fixture."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.cluster.nodes import Nodes

nodes: Nodes | None = None
_names: list[str] = []


def location(path: Path, options: str = "?shards=2") -> str:
    """The address of an index that stands for a folder, which need not exist.

    The index of another folder goes: each is an example's of one test, and indices are dear.
    """
    assert nodes
    name = f"t{hashlib.blake2b(str(path).encode(), digest_size=8).hexdigest()}"
    if name not in _names:
        clear()
        _names.append(name)
    return nodes.location(name, options)


def clear() -> None:
    """Take out what was kept."""
    assert nodes
    alive = next((n for n in range(1, 4) if nodes.is_alive(n)), None)
    while _names and alive:
        nodes.ask(alive, f"/{_names.pop()}-*?ignore_unavailable=true", "DELETE")
