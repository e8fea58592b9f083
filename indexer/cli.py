"""The command line: the group of its commands, and the options that all of them share."""

from __future__ import annotations

from dataclasses import replace

import click

from indexer.cli_backup import backup, restore
from indexer.cli_copy import copy
from indexer.cli_index import check, index, show
from indexer.cli_search import search
from indexer.cli_sources import add, sources
from indexer.cli_status import failures, status
from indexer.cli_tokens import token
from indexer.cli_watch import watch
from indexer.outcomes import Commands
from indexer.settings import check_folders, load_settings


def _folder(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value == "":
        raise click.BadParameter(f"name a folder, or leave out --{option.name}.")
    return value


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--raw",
    metavar="DIR",
    callback=_folder,
    help="Readouts, a folder per source [COMMUNIQUE_RAW; raw]",
)
@click.option(
    "--index",
    "--engine",
    metavar="DIR|ADDRESS",
    callback=_folder,
    help="The built index, a folder or opensearch+https://HOST/NAME "
    "[COMMUNIQUE_ENGINE; COMMUNIQUE_INDEX; index]",
)
@click.version_option(package_name="communique", message="Communiqué %(version)s")
@click.pass_context
def cli(ctx: click.Context, raw: str | None, index: str | None) -> None:
    """Search diplomatic statements: exact phrases, exact counts, exact dates.

    Exit codes: 0 done, 1 done with failures, 2 wrong usage, 3 no index, 4 somebody else is
    indexing, 5 the system refused, as where a disk is full.
    """
    settings = load_settings()
    settings = replace(settings, raw=raw or settings.raw, index=index or settings.index)
    check_folders(settings)
    ctx.obj = settings


for command in (
    *(add, backup, check, copy, failures, index, restore),
    *(search, show, sources, status, token, watch),
):
    cli.add_command(command)
