"""The command that moves an index: from a folder to a cluster, back, or beside itself."""

from __future__ import annotations

import sys
import time
from dataclasses import replace as changed

import click

from indexer.opening import open_index
from indexer.outcomes import FAILURES, leave
from indexer.settings import Settings, check_folders


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--replace", is_flag=True, help="Let go of what TO holds.")
@click.pass_obj
def copy(settings: Settings, source: str, target: str, replace: bool) -> None:
    """Copy an index, folder or cluster, to another place, and compare the two.

    TO answers with all of it or as before; communique index goes on from there.
    """
    from indexer import copying
    from indexer.terminal import counted

    started = time.monotonic()
    there = changed(settings, index=target)
    check_folders(there)
    hidden = not sys.stderr.isatty()
    with (
        open_index(changed(settings, index=source)) as given,
        open_index(there) as taking,
        click.progressbar(
            length=0, label="Copying", file=sys.stderr, hidden=hidden
        ) as bar,
    ):

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(1)

        copied = copying.copy(given, taking, replace=replace, progress=show)
    info, seconds = copied.info, time.monotonic() - started
    for fault in copied.faults:
        click.echo(f"communique: {fault}: copy it again with --replace", err=True)
    if copied.faults:
        leave(FAILURES)
    click.echo(
        f"copied {counted(info.statements, 'statement')} and {counted(copied.notes, 'note')} "
        f"(generation {info.generation}, {seconds:.1f} s); counts, digests and fingerprint "
        f"{info.fingerprint} are the same in both"
    )
