"""Commands that report: what the index holds and lacks, and which readouts failed."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path

import click

from indexer.opening import open_index
from indexer.outcomes import FAILURES, leave
from indexer.printing import echo_json
from indexer.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Say what the index holds, and what raw/ holds that it does not."""
    from indexer import pipeline
    from indexer.status import read_status, status_object
    from indexer.terminal import status_lines

    with open_index(settings) as engine:
        found = read_status(engine)
        changes = pipeline.pending(Path(settings.raw), engine)
    state = {
        "index": settings.index,
        **status_object(found, _today()),
        "raw": settings.raw,
        "pending": {name: len(names) for name, names in asdict(changes).items()},
    }
    if as_json:
        echo_json(state)
    else:
        click.echo("\n".join(status_lines(state)))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_obj
def failures(settings: Settings, as_json: bool) -> None:
    """List the readouts that gave no statement, with the reason and since when."""
    from indexer.status import failure_object, read_status
    from indexer.terminal import failure_line

    with open_index(settings) as engine:
        failed = [failure_object(f, _today()) for f in read_status(engine).failed]
    for each in failed:
        if as_json:
            echo_json(each)
        else:
            click.echo(failure_line(each))
    if failed:
        leave(FAILURES)


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
