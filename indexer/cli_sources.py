"""Commands about sources: list them, try what they make of pages, add files to one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import ReadoutError, SettingsError
from indexer.outcomes import FAILURES

# What a command needs beyond this is loaded inside it: --help should not wait for it.
if TYPE_CHECKING:
    from indexer.settings import Settings
    from indexer.source import Source


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def sources(ctx: click.Context, as_json: bool) -> None:
    """List the sources in raw/ and the profiles there are for others."""
    if ctx.invoked_subcommand:
        return
    from indexer.profiles import load_profiles
    from indexer.sources import load_sources
    from indexer.terminal import json_line

    settings: Settings = ctx.obj
    known = {
        "sources": list(load_sources(Path(settings.raw)).values()),
        "profiles": list(load_profiles().values()),
    }
    if as_json:
        click.echo(json_line({k: [_row(each) for each in v] for k, v in known.items()}))
        return
    for title, found in known.items():
        click.echo(f"{title.capitalize()}:")
        for line in _table(found):
            click.echo(line)


def _row(source: Source) -> dict[str, Any]:
    names = ("id", "name", "country", "language", "kind", "profile", "timezone")
    row: dict[str, Any] = {name: getattr(source, name) for name in names}
    return row | {"hosts": list(source.hosts), "note": source.note}


def _table(found: list[Source]) -> Iterator[str]:
    from indexer.terminal import plain

    for source in found:
        told = (source.name, source.language, ", ".join(source.hosts[:2]))
        yield plain(f"    {source.id:14}  {'; '.join(filter(None, told))}")


@sources.command("test")
@click.argument("name")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def try_source(
    ctx: click.Context, name: str, paths: tuple[Path, ...], as_json: bool
) -> None:
    """Show what a source, or a profile, makes of files: what its selectors find, and the statements."""
    from indexer.pipeline import clean_paths
    from indexer.terminal import json_line, plain, statement_lines

    raw = Path(ctx.obj.raw)
    source = _named(raw, name)
    failed = False
    for path, result in clean_paths(raw, paths, source):
        if isinstance(result, ReadoutError):
            failed = True
            click.echo(plain(str(result)), err=True)
            continue
        found = _found(raw, path, source)
        if as_json:
            date = result.date and result.date.isoformat()
            click.echo(json_line(asdict(result) | {"date": date, "found": found}))
        else:
            click.echo("\n".join((*_found_lines(found), *statement_lines(result))))
    ctx.exit(FAILURES if failed else 0)


def _named(raw: Path, name: str) -> Source:
    from indexer.profiles import load_profiles
    from indexer.settings import nearest
    from indexer.source import Source
    from indexer.sources import load_sources

    known = load_sources(raw) if raw.is_dir() else {}
    profiles = load_profiles()
    if name in known:
        return known[name]
    if name in profiles:
        return Source(id=name, profile=name).over(profiles[name])
    hint = nearest(name, [*known, *profiles])
    raise SettingsError(name, f"there is no source or profile of that name; {hint}")


def _found(raw: Path, path: Path, source: Source) -> dict[str, int]:
    """How many elements each selector finds in a page, one that a worker has read unharmed."""
    from indexer.cleaning.page import parse, select
    from indexer.readouts import find_readout, read

    file = find_readout(raw, path)
    if not file.is_page:
        return {}
    tree = parse(read(file).text())
    given = {
        f.name: getattr(source.selectors, f.name) for f in fields(source.selectors)
    }
    return {
        name: len(select(tree, *([value] if isinstance(value, str) else value)))
        for name, value in given.items()
        if value
    }


def _found_lines(found: dict[str, int]) -> Iterator[str]:
    for name, count in found.items():
        by_rule = "nothing: found by rule instead" if name == "body" else "nothing"
        yield f"selectors.{name}: {f'{count:,} found' if count else by_rule}"


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", required=True, metavar="NAME", help="The folder in raw/.")
@click.pass_context
def add(ctx: click.Context, paths: tuple[Path, ...], source: str) -> None:
    """Copy files, folders and ZIP archives into raw/NAME/, over no other file.

    A NAME that `communique sources` lists among the profiles is set up with it.
    """
    from indexer.intake import take_in
    from indexer.terminal import plain

    added = there = failed = 0
    for taken in take_in(Path(ctx.obj.raw), source, list(paths)):
        if isinstance(taken, ReadoutError):
            failed += 1
            click.echo(plain(str(taken)), err=True)
        elif taken.added:
            added += 1
            click.echo(plain(f"added {taken.name}"))
        else:
            there += 1
    click.echo(f"added {added:,}, already there {there:,}, not taken {failed:,}")
    if added:
        click.echo("Run communique index to search them.")
    ctx.exit(FAILURES if failed else 0)
