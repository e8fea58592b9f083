"""The commands that give out tokens, list them and take them back."""

from __future__ import annotations

import datetime

import click

from indexer.errors import SettingsError
from indexer.settings import FILE, Settings
from indexer.tokens import Tokens


@click.group()
@click.pass_context
def token(ctx: click.Context) -> None:
    """Give out tokens by which programs may read, list them, and take them back."""
    settings: Settings = ctx.obj
    if not settings.web.tokens:
        reason = 'names no file of tokens; write tokens = "tokens.toml" below [web]'
        raise SettingsError(FILE, reason)
    ctx.obj = Tokens(settings.web.tokens)


@token.command()
@click.argument("name")
@click.pass_obj
def add(tokens: Tokens, name: str) -> None:
    """Make a token for NAME, a person or a program, and print it this once."""
    secret = tokens.add(name, datetime.datetime.now(datetime.UTC).date())
    click.echo(secret)
    click.echo("Keep it as you would a password: it is not shown again.", err=True)


@token.command("list")
@click.pass_obj
def list_(tokens: Tokens) -> None:
    """Say who has a token, and since when."""
    for each in tokens.all():
        click.echo(f"{each.created}  {each.name}")


@token.command()
@click.argument("name")
@click.pass_obj
def remove(tokens: Tokens, name: str) -> None:
    """Let NAME's token open nothing from now on; no server needs to be restarted."""
    tokens.remove(name)
