"""The command that keeps the index up to date while readouts arrive."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli_index import counts, emptied, run_index
from indexer.errors import IndexerError
from indexer.opening import open_index
from indexer.outcomes import sentence
from indexer.settings import Settings, usual_jobs

if TYPE_CHECKING:
    from indexer.engine import Engine
    from indexer.pipeline import Report


@click.command()
@click.pass_obj
def watch(settings: Settings) -> None:
    """Index what arrives in raw/, until Ctrl-C."""
    from indexer import watching

    # A service is stopped as a terminal does it: what is not published is not there.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with open_index(settings) as engine:
            keeper = _Keeper(settings, engine)
            started = time.monotonic()
            keeper.tell(run_index(settings, engine), started)
            click.echo(f"Watching {settings.raw} (Ctrl-C stops it)")
            watching.watch(Path(settings.raw), keeper.take)
    except KeyboardInterrupt:
        click.echo("Stopped.")


class _Keeper:
    """Keeps an index up to date, and says what is new: nothing twice in a row."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._generation = 0
        self._told: set[str] = set()

    def take(self, unfinished: frozenset[str]) -> bool:
        """Index raw/ but for unfinished files; False where something is in the way."""
        from indexer import pipeline

        started = time.monotonic()
        try:
            report = pipeline.index(
                Path(self._settings.raw),
                self._engine,
                jobs=self._settings.jobs or usual_jobs(),
                unfinished=unfinished,
            )
        except (IndexerError, OSError) as error:
            self._complain({f"communique: {sentence(error)}"})
            return False
        self.tell(report, started)
        return True

    def tell(self, report: Report, started: float) -> None:
        """Say what a run did that began at ``started``."""
        from indexer.terminal import plain

        for source, lost in report.emptied:
            click.echo(plain(emptied(source, lost)), err=True)
        if report.generation != self._generation:
            click.echo(counts(report, time.monotonic() - started))
            self._generation = report.generation
        self._complain({plain(f"{each.path}: {each.reason}") for each in report.failed})

    def _complain(self, lines: set[str]) -> None:
        for line in sorted(lines - self._told):
            click.echo(line, err=True)
        self._told = lines
