"""On paper: what many statements need of a cluster, from what some of them were measured to need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

#: What a shard is to hold at the most: one that has to move or to be copied should take minutes.
SHARD_BYTES = 25e9
#: Generations that disks need room for, and what of a disk may be used: a cluster gives no shards
#: to one that is fuller (its low watermark).
GENERATIONS, FULL = 3, 0.85
#: A node: processors, memory that its heap leaves to the system's cache, disk.
CORES, CACHE_BYTES, DISK_BYTES = 16, 44e9, 4e12
#: Milliseconds that the slowest class of pages may take in the middle; its p95 is some twice that.
LIMIT = 500.0


@dataclass(frozen=True, slots=True)
class Growth:
    """Milliseconds of a page as a line: ``fixed``, and ``each`` more of a million statements."""

    fixed: float
    each: float

    @classmethod
    def of(cls, few: tuple[int, float], many: tuple[int, float]) -> Growth:
        """Through two measurements, each a number of statements and milliseconds."""
        (size, taken), (larger, taken_then) = few, many
        each = max(0.0, taken_then - taken) / (larger - size) * 1e6
        return cls(max(0.0, taken_then - each * larger / 1e6), each)

    def at(self, statements: int) -> float:
        """Milliseconds among so many statements."""
        return self.fixed + self.each * statements / 1e6


@dataclass(frozen=True, slots=True)
class Known:
    """What was measured: by class how a page grows, on ``cores`` processors that all nodes share;
    bytes a statement, stored once, and those of them that searches read; statements a second.
    """

    growth: Mapping[str, Growth]
    cores: int
    store: float
    searched: float
    speed: float


@dataclass(frozen=True, slots=True)
class Needs:
    """What ``statements`` of them need, everything with ``copies`` of each shard beside it."""

    statements: int
    slowest: str
    store: float
    shards: int
    cores: int
    cache: float
    disk: float
    nodes: int
    hours: float


def needs(known: Known, statements: int, copies: int = 1) -> Needs:
    """What so many statements need.

    The work of a page that grows is shared by shards, each of which one processor searches; all
    processors were busy with it when it was measured, which is the worst that may be assumed. It is
    to be done within ``LIMIT``.
    """
    millions = statements / 1e6
    busy = {
        name: known.cores * growth.each * millions / max(LIMIT - growth.fixed, 1.0)
        for name, growth in known.growth.items()
    }
    slowest = max(busy, key=lambda name: busy[name])
    cores = max(1, ceil(busy[slowest]))
    store = known.store * statements
    cache = known.searched * statements * (1 + copies)
    disk = store * (1 + copies) * GENERATIONS / FULL
    nodes = max(
        3, ceil(cores / CORES), ceil(cache / CACHE_BYTES), ceil(disk / DISK_BYTES)
    )
    shards = max(ceil(store / SHARD_BYTES), cores, nodes)
    return Needs(
        statements,
        slowest,
        store,
        shards,
        cores,
        cache,
        disk,
        nodes,
        statements / known.speed / 3600,
    )
