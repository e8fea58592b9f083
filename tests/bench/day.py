"""``python -m tests.bench.day``: a day in an hour, for a server of several processes.

Readers ask gunicorn for pages of all kinds; statements are published, and processes killed, all the
while. Nobody may get a wrong answer, and memory may not grow. The oldest process is never killed, so
that its memory is that of the whole day.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import re
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.bench.classes import Draw
from tests.bench.corpus import load
from tests.bench.processes import GUNICORN, Memory, children, memory, serving
from tests.bench.table import machine

#: How often a reader asks again whose process was killed.
_PATIENCE = 20
_BATCH = 5

#: So many requests a reader makes on one connection.
_VISIT = 20

#: A figure is taken after each of so many parts of the day.
_PARTS = 20

#: Memory may grow by so much from a quarter of the day, when all is warm, to its end.
_GROWTH = 1.15

_TOTAL = re.compile(r"<h1>([\d,]+) statement")
_INDEX = re.compile(r"in index (\d+),")


class Moment(NamedTuple):
    """How it stands after ``requests``: all processes, and the one that is never killed."""

    requests: int
    everybody: Memory
    oldest: Memory


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.day", description=__doc__
    )
    add = parser.add_argument
    add("--requests", type=int, default=100_000, help="[%(default)s]")
    add("--size", type=int, default=10_000, help="statements [%(default)s]")
    add("--workers", type=int, default=4, help="[%(default)s]")
    add("--readers", type=int, default=8, help="at the same time [%(default)s]")
    add("--publishes", type=int, default=100, help="[%(default)s]")
    add("--kills", type=int, default=50, help="[%(default)s]")
    add("--seed", type=int, default=1, help="[%(default)s]")
    add("--output", type=Path, default=Path("tests/bench/day.md"))
    return parser.parse_args(arguments)


class Day:
    """What happens to one server; ``problems`` counts what should not."""

    def __init__(
        self, options: argparse.Namespace, folder: Path, statements: Sequence[Statement]
    ) -> None:
        self._options = options
        self._index = folder / "index"
        self._first = statements[: options.size]
        self._later = statements[options.size :]
        self._done = itertools.count(1)
        self._turn = threading.Lock()
        self.asked = 0
        self.again = 0
        self.published = 0
        self.killed = 0
        self.problems: Counter[str] = Counter()
        self.moments: list[Moment] = []

    def run(self, folder: Path) -> None:
        """The whole day."""
        self._publish(self._first)
        paths = list(_paths(self._first, self._options.seed))
        command = [
            *GUNICORN,
            "--workers",
            str(self._options.workers),
            "webapp.wsgi:app",
        ]
        with serving(folder, command, COMMUNIQUE_INDEX=str(self._index)) as (
            server,
            port,
        ):
            self._server = server.pid
            readers = [
                threading.Thread(target=self._read, args=(port, paths, number))
                for number in range(self._options.readers)
            ]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()

    def _publish(self, statements: Sequence[Statement]) -> None:
        with open_engine(self._index).writer() as writer:
            for statement in statements:
                writer.put(statement)

    def _read(self, port: int, paths: Sequence[str], number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while (count := next(self._done)) <= self._options.requests:
            path = paths[(count * 7919 + number) % len(paths)]
            status, body = self._get(connection, path)
            if status != 200:
                self.problems[f"{status} for {path}"] += 1
            elif path == "/search" and not self._fits(body):
                self.problems["a total of another generation"] += 1
            self._happen()
            if not count % _VISIT:
                connection.close()  # the next one may be answered by another process
        connection.close()

    def _get(
        self, connection: http.client.HTTPConnection, path: str
    ) -> tuple[int, bytes]:
        for _ in range(_PATIENCE):
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.again += 1
        return 0, b""

    def _fits(self, body: bytes) -> bool:
        """Whether a page of all statements counts those of the generation it names."""
        text = body.decode()
        total, index = _TOTAL.search(text), _INDEX.search(text)
        if not total or not index:
            return False
        there = len(self._first) + (int(index[1]) - 1) * _BATCH
        return int(total[1].replace(",", "")) == there

    def _happen(self) -> None:
        """Publish, kill and look, each as often as was asked for, whoever's turn it is."""
        with self._turn:
            self.asked += 1
            if self._due(self._options.publishes):
                batch = self._later[self.published * _BATCH :][:_BATCH]
                self._publish(batch)
                self.published += 1
            if self._due(self._options.kills) and len(children(self._server)) > 1:
                os.kill(children(self._server)[-1], signal.SIGKILL)
                self.killed += 1
            if self._due(_PARTS):
                workers = children(self._server)
                self.moments.append(
                    Moment(
                        self.asked,
                        memory([self._server, *workers]),
                        memory(workers[:1]),
                    )
                )

    def _due(self, times: int) -> bool:
        """Whether this request is one of ``times`` that are spread over the day."""
        before, now = (
            each * times // self._options.requests
            for each in (self.asked - 1, self.asked)
        )
        return before != now


def _paths(statements: Sequence[Statement], seed: int) -> Iterator[str]:
    """Pages of every kind, searches most of all."""
    for requests in Draw(statements, seed, 12).exact().values():
        for request in requests:
            query = str(request.query)
            yield f"/search?{urlencode({'q': query})}"
            yield f"/api/v1/search?{urlencode({'q': query})}"
        yield f"/search?{urlencode({'q': query, 'view': 'kwic'})}"
        yield f"/search?{urlencode({'q': query, 'view': 'timeline'})}"
        yield f"/search.atom?{urlencode({'q': query})}"
        yield from ("/", "/search", "/status", "/metrics")
    for statement in statements[:: max(1, len(statements) // 100)]:
        yield f"/statements/{quote(statement.id)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 1 if an answer was wrong or memory grew."""
    options = _options(arguments)
    more = options.publishes * _BATCH
    statements = load(None, options.size + more, options.seed)
    with tempfile.TemporaryDirectory() as name:
        day = Day(options, Path(name), statements)
        day.run(Path(name))
    page = _report(options, day)
    options.output.write_text(page, encoding="utf-8")
    print(page)
    for problem, count in day.problems.most_common(5):
        print(f"{count} times {problem}", file=sys.stderr)
    return int(bool(day.problems) or _growth(day.moments) > _GROWTH)


def _growth(moments: Sequence[Moment]) -> float:
    """Anonymous memory of the oldest process at the end over that at a quarter of the day."""
    warm = moments[(len(moments) - 1) // 4].oldest.anonymous
    return moments[-1].oldest.anonymous / warm if warm else 0.0


def _report(options: argparse.Namespace, day: Day) -> str:
    lines = [
        "# A day in an hour",
        "",
        f"{options.requests:,} requests of {options.readers} readers for pages of every kind, from"
        f" gunicorn with {options.workers} processes and {options.size:,} generated statements;"
        f" {day.published} generations were published meanwhile, and {day.killed} processes killed"
        " (SIGKILL), each time the youngest.",
        "",
        f"- Machine: {machine()}",
        f"- Wrong answers: {day.problems.total()}; asked again, because their process was killed:"
        f" {day.again}",
        "",
        "| requests | all processes, PSS MB | anonymous MB | the oldest, PSS MB | anonymous MB |",
        "|---:|---:|---:|---:|---:|",
    ]
    moments = day.moments
    last = len(moments) - 1
    for at in sorted({0, last // 4, last // 2, 3 * last // 4, last}):
        cells = (*moments[at].everybody, *moments[at].oldest)
        lines.append(
            f"| {moments[at].requests:,} | {' | '.join(f'{cell:.0f}' for cell in cells)} |"
        )
    lines += [
        "",
        "The oldest process has at the end"
        f" {_growth(moments):.2f} times the anonymous memory of a quarter of the day.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
