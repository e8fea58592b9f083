"""What keeping and serving an index costs: writing, opening, memory, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.query import Phrase
from indexer.search import SearchRequest
from indexer.statement import Statement

#: The best of so many tries is taken.
TRIES = 3
_FOLDERS = 20
_ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-c", "from webapp.cli import main; main()"]


def adding(engine: Engine, like: Statement) -> float:
    """Milliseconds from opening the writer until a new statement is found."""
    taken = []
    for number in range(TRIES):
        word = f"newlyadded{number}"
        statement = replace(like, id=word, text=f"{like.text} {word}")
        with _timed(taken):
            with engine.writer() as writer:
                writer.put(statement)
            _expect(engine, word)
    return min(taken) * 1000


def serving(folder: Path, queries: Sequence[str]) -> dict[str, float | None]:
    """What ``tests.bench.serving`` reports of fresh processes that serve ``folder``, at best."""
    reports = [
        json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.bench.serving", str(folder)],
                cwd=_ROOT,
                input=json.dumps(queries),
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for _ in range(TRIES)
    ]
    return {
        name: min((r[name] for r in reports if r[name] is not None), default=None)
        for name in reports[0]
    }


class Readouts:
    """A raw folder with a file for each statement, and the index that the command line makes."""

    def __init__(self, folder: Path, statements: Sequence[Statement]) -> None:
        self._raw = folder / "raw"
        self._index = folder / "index"
        for number in range(_FOLDERS):
            (self._raw / f"source-{number:02}").mkdir(parents=True)
        for number, statement in enumerate(statements):
            self._write(f"source-{number % _FOLDERS:02}/{number:06}", statement)
        self._like = statements[0]
        self.first_seconds = self._run()

    def _write(self, name: str, statement: Statement) -> None:
        head = f" date {statement.date or '1970-01-01'} {statement.title}"
        path = self._raw / f"{name}.txt"
        path.write_text(f"{head}\n\n{statement.text}\n", encoding="utf-8")

    def _run(self) -> float:
        """Seconds that ``communique index`` takes."""
        taken: list[float] = []
        command = [
            *_COMMAND,
            "--raw",
            str(self._raw),
            "--index",
            str(self._index),
            "index",
        ]
        with _timed(taken):
            subprocess.run(command, check=True, capture_output=True)
        return taken[0]

    def unchanged(self) -> float:
        """Seconds of ``communique index`` with nothing to do."""
        return min(self._run() for _ in range(TRIES))

    def one_added(self) -> float:
        """Seconds from ``communique index`` on until an open engine finds one more file."""
        engine = open_engine(self._index)
        engine.info()
        taken: list[float] = []
        for number in range(TRIES):
            word = f"newlyfiled{number}"
            statement = replace(self._like, text=f"{self._like.text} {word}")
            self._write(f"source-00/new-{number}", statement)
            with _timed(taken):
                self._run()
                _expect(engine, word)
        engine.close()
        return min(taken)


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    start = perf_counter()
    yield
    taken.append(perf_counter() - start)


def _expect(engine: Engine, word: str) -> None:
    found = engine.search(SearchRequest(query=Phrase((word,))))
    if found.total != 1:
        raise SystemExit(f"{word} was added once and found {found.total} times.")
