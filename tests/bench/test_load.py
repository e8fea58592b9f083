"""The load tools run, in short, and see what is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.search import SearchResults
from tests.bench import corpus, day, load, wrk
from tests.bench.classes import Draw
from tests.bench.peers.site import Site

SIZE = 300


def test_the_other_site_counts_what_ours_counts(tmp_path: Path) -> None:
    """FTS5 behind the same pages has the same totals, facets and hits by date, before and after."""
    statements = corpus.load(None, SIZE + 10, seed=6)
    ours, site = open_engine(tmp_path / "index"), Site(tmp_path)
    for batch in (statements[:SIZE], statements[SIZE:]):
        with ours.writer() as writer:
            for statement in batch:
                writer.put(statement)
        site.publish(batch)
        for requests in Draw(statements, seed=6, count=2).exact().values():
            for request in requests:
                assert shown(site.search(request)) == shown(ours.search(request))
        assert site.info().generation == ours.info().generation


def shown(results: SearchResults) -> object:
    """What must be equal: not the scores, nor what FTS5 need not count."""
    facets = {
        name: sorted(counts)
        for name, counts in results.facets.items()
        if name != "kind"
    }
    return results.total, facets, results.index.statements


@pytest.mark.skipif(not wrk.installed(), reason="the client, wrk, is not installed")
def test_a_load_is_measured_beside_the_other_site(tmp_path: Path) -> None:
    """No error, no wrong answer, more than one generation seen, and a page with all of it."""
    page = tmp_path / "load.md"
    options = (
        f"--size {SIZE} --queries 2 --seconds 4 --turns 2 --publishes 2 --output {page}"
    )
    assert load.main(options.split()) == 0
    text = page.read_text("utf-8")
    for name in (load.OURS, load.THEIRS):
        (row,) = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
        assert "| 0 | 0 |" in row and int(row.split("|")[-2]) > 1
    assert "times as many requests a second" in text


def test_an_answer_of_no_generation_is_seen() -> None:
    """A total that a query has in another generation, or in none, is wrong."""
    seen = Counter({(1, 5, "a"): 2, (2, 5, "a"): 3, (3, 5, "a"): 1, (1, 5, "b"): 1})
    answered = wrk.Load(7, 1.0, 0, 1.0, 1.0, 1.0, seen, 0)
    side = load.Side("ours", 0, lambda batch: None, [answered])
    totals = {(1, "a"): 5, (2, "a"): 6}
    assert load.wrong(side, totals) == {(2, 5, "a"): 3, (3, 5, "a"): 1, (1, 5, "b"): 1}


def test_a_day_ends_without_a_wrong_answer(tmp_path: Path) -> None:
    """Some hundred requests, with publications and killed processes."""
    page = tmp_path / "day.md"
    day.main(
        f"--requests 300 --size {SIZE} --workers 2 --readers 4 --publishes 5 --kills 3 "
        f"--output {page}".split()
    )
    text = page.read_text("utf-8")
    assert "Wrong answers: 0;" in text
    assert "5 generations were published meanwhile, and 3 processes killed" in text
    assert text.count("\n| ") == 6
