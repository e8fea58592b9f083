"""What a load asks for, and how many statements each search has to find in each generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from indexer.answer import canonical
from indexer.engines import open_engine
from indexer.search import SearchRequest, Sort
from indexer.statement import Statement
from tests.bench.load_table import Side

#: Totals by generation and canonical query.
Totals = dict[tuple[int, str], int]


def path(request: SearchRequest) -> str:
    """The page of a search; no near-copies are folded, as FTS5 knows none."""
    args = {"q": str(request.query), "fold": "no"}
    if request.dates and request.dates.first and request.dates.last:
        args["from"] = request.dates.first.isoformat()
        args["to"] = request.dates.last.isoformat()
    if request.sort is Sort.NEWEST:
        args["sort"] = "newest"
    return f"/search?{urlencode(args)}"


def counting(request: SearchRequest) -> SearchRequest:
    """The search for no more than its total."""
    return replace(request, limit=0, facets=(), snippets=0)


def totals_of(
    requests: Sequence[SearchRequest],
    folder: Path,
    batches: Sequence[Sequence[Statement]],
) -> Totals:
    """What each search finds in each generation: in the first, and in what came since."""
    counts = [counting(each) for each in requests]
    first = open_engine(folder / "index")
    before = [first.search(each).total for each in counts]
    totals = {(1, canonical(r)): n for r, n in zip(counts, before, strict=True)}
    later = open_engine(folder / "later")
    for generation, batch in enumerate(batches, 2):
        with later.writer() as writer:
            for statement in batch:
                writer.put(statement)
        for each, number in zip(counts, before, strict=True):
            found = later.search(each).total
            totals[generation, canonical(each)] = number + found
    return totals


def wrong(side: Side, totals: Totals) -> Counter[tuple[int, int, str]]:
    """Answers whose total is not that of the generation they name."""
    wrong: Counter[tuple[int, int, str]] = Counter()
    for each in side.loads:
        for (generation, total, query), count in each.seen.items():
            if totals.get((generation, query)) != total:
                wrong[generation, total, query] += count
    return wrong
