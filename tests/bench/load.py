"""``python -m tests.bench.load``: pages under load, while statements are published.

wrk asks gunicorn, a process a processor, for search pages of all classes; in turns with it the same
site over SQLite FTS5 by SQL alone, and over FTS5 with arrays in memory. Every answer is held to the
generation that it names.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from subprocess import Popen

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.bench import wrk
from tests.bench.classes import Draw
from tests.bench.corpus import load
from tests.bench.load_table import Asked, Side, report
from tests.bench.load_totals import counting, path, totals_of, wrong
from tests.bench.peers import has_apsw
from tests.bench.processes import GUNICORN, serving

OURS, SQL, ARRAYS = "Communiqué", "SQLite FTS5", "FTS5 and arrays"
#: The sites over FTS5, by where they have their facts from.
_SITES = {"sql": SQL, "arrays": ARRAYS}

#: Statements that are published at a time.
_BATCH = 10

Served = AbstractContextManager[tuple[Popen[bytes], int]]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.load", description=__doc__
    )
    add = parser.add_argument
    add("--corpus", type=Path, default=os.environ.get("CORPUS") or None)
    add("--size", type=int, default=50_000, help="statements [%(default)s]")
    add("--seconds", type=int, default=60, help="for each, together [%(default)s]")
    add("--turns", type=int, default=60, help="that each takes [%(default)s]")
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
    if not has_apsw():
        raise SystemExit("FTS5's driver is missing: pip install apsw")
    corpus = Path(options.corpus) if options.corpus else None
    more = options.publishes * _BATCH
    statements = load(corpus, options.size + more, options.seed)
    first, later = statements[: options.size], statements[options.size :]
    batches = [later[at : at + _BATCH] for at in range(0, more, _BATCH)]
    drawn = Draw(first, options.seed, options.queries).exact().values()
    requests = [each for column in zip(*drawn, strict=True) for each in column]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        _say(f"{len(first):,} statements: indexing")
        publishing = dict(_published(folder, first))
        # Where nothing is found a page is another one: it offers looser searches.
        ours = open_engine(folder / "index")
        requests = [each for each in requests if ours.search(counting(each)).total]
        totals = totals_of(requests, folder, batches)
        sides = [
            Side(name, stack.enter_context(serve)[1], publishing[name], [])
            for name, serve in _serving(folder)
        ]
        paths = [path(each) for each in requests]
        for turn in range(options.turns):
            start, end = (
                len(batches) * each // options.turns for each in (turn, turn + 1)
            )
            for side in sides:
                seconds = max(1, options.seconds // options.turns)
                _say(f"{side.name}: turn {turn + 1}, {seconds} s")
                client = wrk.start(
                    folder,
                    side.port,
                    paths,
                    connections=options.connections,
                    seconds=seconds,
                )
                _publish(side, batches[start:end], seconds)
                side.loads.append(wrk.finish(client))
    found = {side.name: wrong(side, totals) for side in sides}
    asked = Asked(
        size=options.size,
        queries=options.queries,
        connections=options.connections,
        seconds=options.seconds,
        publishes=options.publishes,
        batch=_BATCH,
        turns=options.turns,
        corpus=corpus.name if corpus else "",
    )
    page = report(asked, sides, found)
    options.output.write_text(page, encoding="utf-8")
    print(page)
    for name, answers in found.items():
        for answer, count in answers.most_common(5):
            _say(f"{name}: {count} times {answer}")
    return int(any(found.values()) or any(side.failures for side in sides))


def _serving(folder: Path) -> Iterator[tuple[str, Served]]:
    """A server of each side, to be entered."""
    index = {"COMMUNIQUE_INDEX": str(folder / "index")}
    yield OURS, serving(folder / "ours", (*GUNICORN, "webapp.wsgi:app"), **index)
    site = (*GUNICORN, "tests.bench.peers.site:application()")
    for facts, name in _SITES.items():
        where = {"SITE": str(folder / facts), "SITE_FACTS": facts}
        yield name, serving(folder / facts, site, **where)


def _published(
    folder: Path, statements: Sequence[Statement]
) -> Iterator[tuple[str, Callable[[Sequence[Statement]], None]]]:
    """The statements in an index of each side, and how more of them are published there."""
    from tests.bench.peers.site import Site

    ours = open_engine(folder / "index")

    def publish(batch: Sequence[Statement]) -> None:
        with ours.writer() as writer:
            for statement in batch:
                writer.put(statement)

    publish(statements)
    yield OURS, publish
    sites = {}
    for facts, name in _SITES.items():
        (folder / facts).mkdir()
        sites[name] = Site(folder / facts, facts)
    # Both keep the same file.
    sites[SQL].publish(statements)
    sites[SQL].optimize()
    shutil.copy(folder / "sql" / "site.db", folder / "arrays")
    for name, site in sites.items():
        yield name, site.publish


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _publish(
    side: Side, batches: Sequence[Sequence[Statement]], seconds: float
) -> None:
    """Publish all batches, spread over the time that the client takes."""
    pause = threading.Event()
    for batch in batches:
        pause.wait(seconds / (len(batches) + 1))
        side.publish(batch)


if __name__ == "__main__":
    sys.exit(main())
