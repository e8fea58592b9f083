"""The load tools run, in short, and see what is wrong."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.query import EVERYTHING, Phrase
from indexer.search import SearchRequest, SearchResults, Sort, Uses
from indexer.statement import Statement
from tests.bench import corpus, day, load, wrk
from tests.bench.classes import Draw
from tests.bench.load_table import Side
from tests.bench.load_totals import wrong
from tests.bench.peers import has_apsw

SIZE = 300
FACETS = ("year", "month", "source", "kind", "language", "country")

needs_apsw = pytest.mark.skipif(
    not has_apsw(), reason="the site over FTS5 needs its driver: pip install apsw"
)


@needs_apsw
@pytest.mark.parametrize("facts", ["sql", "arrays"])
def test_the_other_sites_tell_what_ours_tells(tmp_path: Path, facts: str) -> None:
    """FTS5 behind the same pages gives the same numbers, matches and silence, before and after."""
    from tests.bench.peers.site import Site

    statements = some_of_all(corpus.load(None, SIZE + 10, seed=6))
    ours, site = open_engine(tmp_path / "index"), Site(tmp_path, facts)
    for batch in (statements[:SIZE], statements[SIZE:]):
        with ours.writer() as writer:
            for statement in batch:
                writer.put(statement)
        site.publish(batch)
        draws = Draw(statements, seed=6, count=3).exact().values()
        for request in [
            SearchRequest(),
            SearchRequest(query=Phrase(("never", "said"))),
            *(each for requests in draws for each in requests),
        ]:
            for sort in Sort:
                asked = replace(
                    request, sort=sort, limit=SIZE + 10, uses=True, facets=FACETS
                )
                found, expected = site.search(asked), ours.search(asked)
                assert told(found) == told(expected)
                if sort is not Sort.RELEVANCE and request.query != EVERYTHING:
                    assert dates(found) == dates(expected)
        assert site.info().generation == ours.info().generation


def some_of_all(statements: Sequence[Statement]) -> list[Statement]:
    """The statements with kinds or without, and one in fifty without a date."""
    kinds = ("", "readout", "remarks")
    return [
        replace(each, kind=kinds[number % 3], date=each.date if number % 50 else None)
        for number, each in enumerate(statements)
    ]


def told(results: SearchResults) -> object:
    """What must be equal: all but scores and snippets, and the order of hits of the same day."""
    occurrences = {hit.statement.id: hit.occurrences for hit in results.hits}
    counts = results.total, results.statements, results.index.statements
    return (
        counts,
        dict(results.facets),
        results.uses and used(results.uses),
        occurrences,
    )


def dates(results: SearchResults) -> list[datetime.date | None]:
    """Of hits in their order."""
    return [hit.statement.date for hit in results.hits]


def used(uses: Uses) -> object:
    """Uses, of whose statements a page shows this much."""
    ends = [
        end and (end.id, end.title, end.date, end.source)
        for end in (uses.first, uses.last)
    ]
    return replace(uses, first=None, last=None), ends


@needs_apsw
@pytest.mark.skipif(not wrk.installed(), reason="the client, wrk, is not installed")
def test_a_load_is_measured_beside_the_other_site(tmp_path: Path) -> None:
    """No error, no wrong answer, more than one generation seen, and a page with all of it."""
    page = tmp_path / "load.md"
    options = (
        f"--size {SIZE} --queries 2 --seconds 4 --turns 2 --publishes 2 --output {page}"
    )
    assert load.main(options.split()) == 0
    text = page.read_text("utf-8")
    for name in (load.OURS, load.SQL, load.ARRAYS):
        (row,) = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
        assert "| 0 | 0 |" in row and int(row.split("|")[-2]) > 1
    assert "times as many requests a second as SQLite FTS5 (asked for: 3)" in text
    assert "times as many as FTS5 and arrays" in text


def test_an_answer_of_no_generation_is_seen() -> None:
    """A total that a query has in another generation, or in none, is wrong."""
    seen = Counter({(1, 5, "a"): 2, (2, 5, "a"): 3, (3, 5, "a"): 1, (1, 5, "b"): 1})
    answered = wrk.Load(7, 1.0, 0, 1.0, 1.0, 1.0, seen, 0)
    side = Side("ours", 0, lambda batch: None, [answered])
    totals = {(1, "a"): 5, (2, "a"): 6}
    assert wrong(side, totals) == {(2, 5, "a"): 3, (3, 5, "a"): 1, (1, 5, "b"): 1}


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
