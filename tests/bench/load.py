"""``python -m tests.bench.load``: pages under load, while statements are published.

wrk asks gunicorn, a process a processor, for search pages of all classes; beside it the same site
over SQLite FTS5, in turns. Every answer is held to the generation that it names.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from indexer.answer import canonical
from indexer.engines import open_engine
from indexer.search import SearchRequest, Sort
from indexer.statement import Statement
from tests.bench import wrk
from tests.bench.classes import Draw
from tests.bench.corpus import load
from tests.bench.peers.site import Site
from tests.bench.processes import GUNICORN, serving
from tests.bench.table import machine

OURS, THEIRS = "Communiqué", "SQLite FTS5"

#: Requests a second of ours for one of theirs.
MUST = 3.0

#: Statements that are published at a time.
_BATCH = 10

#: Totals by generation and canonical query.
Totals = dict[tuple[int, str], int]


class Side(NamedTuple):
    """One of the two that are compared."""

    name: str
    port: int
    publish: Callable[[Sequence[Statement]], None]
    loads: list[wrk.Load]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.load", description=__doc__
    )
    add = parser.add_argument
    add("--corpus", type=Path, default=os.environ.get("CORPUS") or None)
    add("--size", type=int, default=50_000, help="statements [%(default)s]")
    add("--seconds", type=int, default=60, help="for each, together [%(default)s]")
    add("--turns", type=int, default=4, help="that each takes [%(default)s]")
    add("--publishes", type=int, default=20, help="for each [%(default)s]")
    add("--connections", type=int, default=16, help="[%(default)s]")
    add("--queries", type=int, default=24, help="of each class [%(default)s]")
    add("--seed", type=int, default=1, help="[%(default)s]")
    add("--output", type=Path, default=Path("tests/bench/load.md"))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 1 if an answer was wrong, or missing."""
    options = _options(arguments)
    if not wrk.installed():
        raise SystemExit("The client is missing. On Debian or Ubuntu: apt install wrk")
    corpus = Path(options.corpus) if options.corpus else None
    more = options.publishes * _BATCH
    statements = load(corpus, options.size + more, options.seed)
    first, later = statements[: options.size], statements[options.size :]
    batches = [later[at : at + _BATCH] for at in range(0, more, _BATCH)]
    drawn = Draw(first, options.seed, options.queries).exact().values()
    requests = [each for column in zip(*drawn, strict=True) for each in column]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        _say(f"{len(first):,} statements: indexing")
        ours = open_engine(Path(folder) / "index")
        site = Site(Path(folder), "sql")
        with ours.writer() as writer:
            for statement in first:
                writer.put(statement)
        site.publish(first)
        site.optimize()
        # Where nothing is found a page is another one: it offers looser searches.
        requests = [each for each in requests if ours.search(_count(each)).total]
        totals = _totals(Path(folder), requests, batches)

        def publish(batch: Sequence[Statement]) -> None:
            with ours.writer() as writer:
                for statement in batch:
                    writer.put(statement)

        index = str(Path(folder) / "index")
        ports = [
            stack.enter_context(
                serving(Path(folder) / name, (*GUNICORN, app), **environment)
            )[1]
            for name, app, environment in (
                ("ours", "webapp.wsgi:app", {"COMMUNIQUE_INDEX": index}),
                (
                    "theirs",
                    "tests.bench.peers.site:application()",
                    {"SITE": folder, "SITE_FACTS": "sql"},
                ),
            )
        ]
        sides = [
            Side(OURS, ports[0], publish, []),
            Side(THEIRS, ports[1], site.publish, []),
        ]
        paths = [_path(each) for each in requests]
        for turn in range(options.turns):
            start, end = (
                len(batches) * each // options.turns for each in (turn, turn + 1)
            )
            for side in sides:
                seconds = max(1, options.seconds // options.turns)
                _say(f"{side.name}: turn {turn + 1}, {seconds} s")
                client = wrk.start(
                    Path(folder),
                    side.port,
                    paths,
                    connections=options.connections,
                    seconds=seconds,
                )
                _publish(side, batches[start:end], seconds)
                side.loads.append(wrk.finish(client))
    found = {side.name: wrong(side, totals) for side in sides}
    page = _report(options, corpus, sides, found)
    options.output.write_text(page, encoding="utf-8")
    print(page)
    for name, answers in found.items():
        for answer, count in answers.most_common(5):
            _say(f"{name}: {count} times {answer}")
    return int(any(found.values()) or any(map(_failures, sides)))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _path(request: SearchRequest) -> str:
    """The page of a search; no near-copies are folded, as FTS5 knows none."""
    args = {"q": str(request.query), "fold": "no"}
    if request.dates and request.dates.first and request.dates.last:
        args["from"] = request.dates.first.isoformat()
        args["to"] = request.dates.last.isoformat()
    if request.sort is Sort.NEWEST:
        args["sort"] = "newest"
    return f"/search?{urlencode(args)}"


def _count(request: SearchRequest) -> SearchRequest:
    return replace(request, limit=0, facets=(), snippets=0)


def _totals(
    folder: Path,
    requests: Sequence[SearchRequest],
    batches: Sequence[Sequence[Statement]],
) -> Totals:
    """What each search finds in each generation: in the first, and in what came since."""
    counts = [_count(each) for each in requests]
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


def _publish(
    side: Side, batches: Sequence[Sequence[Statement]], seconds: float
) -> None:
    """Publish all batches, spread over the time that the client takes."""
    pause = threading.Event()
    for batch in batches:
        pause.wait(seconds / (len(batches) + 1))
        side.publish(batch)


def wrong(side: Side, totals: Totals) -> Counter[tuple[int, int, str]]:
    """Answers whose total is not that of the generation they name."""
    wrong: Counter[tuple[int, int, str]] = Counter()
    for each in side.loads:
        for (generation, total, query), count in each.seen.items():
            if totals.get((generation, query)) != total:
                wrong[generation, total, query] += count
    return wrong


def _failures(side: Side) -> int:
    return sum(each.errors + each.strange for each in side.loads)


def _rate(side: Side) -> float:
    return sum(each.requests for each in side.loads) / sum(
        each.seconds for each in side.loads
    )


def _report(
    options: argparse.Namespace,
    corpus: Path | None,
    sides: Sequence[Side],
    found: dict[str, Counter[tuple[int, int, str]]],
) -> str:
    ratio = _rate(sides[0]) / _rate(sides[1])
    lines = [
        "# Load",
        "",
        f"Search pages of {options.size:,} statements, {options.queries} queries of each of twelve"
        f" classes in turn, by wrk on {options.connections} connections of one client;"
        f" {options.seconds} s and {options.publishes} publications of {_BATCH} statements for each"
        f" side, in {options.turns} turns. Both sites are gunicorn's with"
        " `deploy/gunicorn.conf.py`, a process a processor, with the same pages; FTS5 answers the"
        " other with no more than its page needs. Every answer names its generation, and its total"
        " is compared with the one"
        " that the query has there.",
        "",
        f"- Corpus: {f'{corpus.name}, cut into sections' if corpus else 'generated'}",
        f"- Machine: {machine()}, the client and the publisher on the same one",
        "",
        "| site | requests a second | p50 | p95 | p99 | requests | errors | wrong | generations |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for side in sides:
        times = [
            f"{sum(getattr(each, name) for each in side.loads) / len(side.loads):.1f} ms"
            for name in ("p50", "p95", "p99")
        ]
        generations = {key[0] for each in side.loads for key in each.seen}
        lines.append(
            f"| {side.name} | {_rate(side):,.0f} | {' | '.join(times)} |"
            f" {sum(each.requests for each in side.loads):,} | {_failures(side)} |"
            f" {found[side.name].total()} | {len(generations)} |"
        )
    lines += [
        "",
        f"{ratio:.2f} times as many requests a second (asked for: {MUST:g}); percentiles are the"
        " mean of those of the turns.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
