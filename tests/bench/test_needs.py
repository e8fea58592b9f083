"""What many statements need is reckoned so that a reader can do it by hand."""

import pytest

from tests.bench.needs import Growth, Known, needs

#: A page of 20 ms and 10 more for a million on two processors; 4,000 bytes, half of them searched.
KNOWN = Known(
    {"word": Growth(20.0, 10.0), "rare": Growth(5.0, 0.0)},
    cores=2,
    store=4000.0,
    searched=2000.0,
    speed=1000.0,
)


def test_a_line_through_two_measurements() -> None:
    """30 ms at 1,000,000 and 50 at 3,000,000 are 20 and 10 more each; what shrinks does not grow."""
    found = Growth.of((1_000_000, 30.0), (3_000_000, 50.0))
    assert found == Growth(20.0, 10.0)
    assert found.at(10_000_000) == 120.0
    assert Growth.of((1_000_000, 30.0), (3_000_000, 25.0)) == Growth(25.0, 0.0)


def test_few_need_three_nodes() -> None:
    """As many as keep a manager elected where one fails, with a shard each."""
    found = needs(KNOWN, 10_000_000)
    assert (found.nodes, found.shards, found.cores) == (3, 3, 1)
    assert found.store == 40e9
    assert found.hours == pytest.approx(10_000 / 3600)


def test_many_need_what_is_short_first() -> None:
    """100 million: 1,000 ms of two processors in 480 are 5; 400 GB in 16 shards; 400 GB of cache."""
    found = needs(KNOWN, 100_000_000)
    assert (found.slowest, found.cores, found.shards) == ("word", 5, 16)
    assert found.cache == 400e9
    assert found.nodes == 10  # 44 GB of cache each
    assert found.disk == pytest.approx(400e9 * 2 * 3 / 0.85)
