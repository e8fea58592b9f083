"""Commands that bring the index to what raw/ holds, compare the two, and show what cleaning does."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.errors import ReadoutError
from indexer.opening import open_index
from indexer.outcomes import FAILURES, hushed, leave, sentence
from indexer.printing import echo_json
from indexer.settings import Settings, usual_jobs

if TYPE_CHECKING:
    from indexer.engine import Engine
    from indexer.pipeline import Report


@click.command()
@click.option("--full", is_flag=True, help="Index everything anew.")
@click.option(
    "--allow-empty", is_flag=True, help="Empty the index where raw/ has become empty."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Processes that may be used [one per CPU, at most 8].",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def index(
    settings: Settings, full: bool, allow_empty: bool, jobs: int | None, as_json: bool
) -> None:
    """Bring the index to what raw/ holds."""
    started = time.monotonic()
    settings = replace(settings, jobs=jobs or settings.jobs)
    with open_index(settings) as engine:
        report = run_index(settings, engine, full=full, allow_empty=allow_empty)
    try:
        _report(report, time.monotonic() - started, as_json=as_json)
    except BrokenPipeError:
        if not hushed():
            raise
    if report.failed:
        leave(FAILURES)


def _report(report: Report, seconds: float, *, as_json: bool) -> None:
    if as_json:
        echo_json(
            {
                "added": report.added,
                "updated": report.updated,
                "removed": report.removed,
                "unchanged": report.unchanged,
                "failed": [failure._asdict() for failure in report.failed],
                "generation": report.generation,
                "rebuilt": report.rebuilt,
            }
        )
    else:
        tell(report, seconds)


def tell(report: Report, seconds: float) -> None:
    """Say what a run did, and name on the other stream what gave no statement."""
    from indexer.terminal import plain

    if report.rebuilt:
        click.echo(f"Everything was indexed anew. {report.rebuilt}.")
    click.echo(counts(report, seconds))
    for source, lost in report.emptied:
        click.echo(plain(emptied(source, lost)), err=True)
    for failure in report.failed:
        click.echo(plain(f"{failure.path}: {failure.reason}"), err=True)


def counts(report: Report, seconds: float) -> str:
    """What a run did, on one line."""
    return (
        f"added {report.added:,}, updated {report.updated:,}, "
        f"removed {report.removed:,}, unchanged {report.unchanged:,}, "
        f"failed {len(report.failed):,} "
        f"(generation {report.generation}, {seconds:.1f} s)"
    )


def emptied(source: str, statements: int) -> str:
    """What to tell of a source that lost its last readout, in case that nobody meant it."""
    from indexer.terminal import counted

    return (
        f"{source}: nothing is left of it in raw/, so {counted(statements, 'statement')} went from "
        "the index; if that was not meant, bring its folder back and run communique index"
    )


def run_index(
    settings: Settings, engine: Engine, *, full: bool = False, allow_empty: bool = False
) -> Report:
    """Index raw/, with a progress bar where somebody watches."""
    from indexer import pipeline

    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=0, label="Cleaning", file=sys.stderr, hidden=hidden
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return pipeline.index(
            Path(settings.raw),
            engine,
            full=full,
            allow_empty=allow_empty,
            jobs=settings.jobs or usual_jobs(),
            progress=show,
        )


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_obj
def show(settings: Settings, paths: tuple[Path, ...], as_json: bool) -> None:
    """Show what cleaning makes of raw files, of those outside raw/ too."""
    from indexer.pipeline import clean_paths
    from indexer.terminal import statement_lines

    failed = False
    for _, result in clean_paths(Path(settings.raw), paths):
        if isinstance(result, ReadoutError):
            failed = True
            click.echo(sentence(result), err=True)
        elif as_json:
            date = result.date and result.date.isoformat()
            echo_json(asdict(result) | {"date": date})
        else:
            click.echo("\n".join(statement_lines(result)))
    if failed:
        leave(FAILURES)


@click.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Compare the index with its checksums, and with raw/."""
    from indexer import pipeline
    from indexer.terminal import counted, plain

    with open_index(settings) as engine:
        faults = pipeline.check(Path(settings.raw), engine)
        info = engine.info()
    for fault in faults:
        click.echo(plain(fault))
    if faults:
        click.echo(f"communique: {counted(len(faults), 'difference')}", err=True)
        leave(FAILURES)
    click.echo(
        f"Generation {info.generation} is sound and holds what raw/ gives: "
        f"{counted(info.statements, 'statement')}."
    )
