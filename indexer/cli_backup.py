"""The commands that keep a copy of everything, and bring it back."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.errors import BackupError
from indexer.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write readouts and index into FILE, a .tar.zst; nobody has to stop meanwhile."""
    from indexer import backup as backups
    from indexer.terminal import counted

    saved = backups.save(Path(settings.raw), settings.index, file)
    click.echo(
        f"{file}: {counted(saved.readouts, 'file')} of {settings.raw} and generation "
        f"{saved.generation}, {saved.size:,} bytes."
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Into folders in use: a new generation, and the readouts that are missing.",
)
@click.option(
    "--raw-only",
    is_flag=True,
    help="Readouts alone, as from somebody you do not trust; then run communique index.",
)
@click.pass_obj
def restore(settings: Settings, file: Path, replace: bool, raw_only: bool) -> None:
    """Bring back what `communique backup` wrote into FILE, all of it or nothing."""
    from indexer import backup as backups
    from indexer.terminal import counted

    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise BackupError(file, "there is no such file") from None
    with opened:
        restored = backups.restore(
            opened,
            Path(settings.raw),
            settings.index,
            replace=replace,
            index=not raw_only,
        )
    there = f", {restored.kept:,} of them there already" if restored.kept else ""
    click.echo(f"{counted(restored.readouts, 'file')} in {settings.raw}{there}.")
    if restored.generation:
        click.echo(f"Generation {restored.generation} answers in {settings.index}.")
    else:
        click.echo("Run communique index to search them.")
