"""What commands print: values as JSON, and files piece by piece."""

from __future__ import annotations

from collections.abc import Iterable

import click


def echo_json(value: object) -> None:
    """Print a value as JSON on one line."""
    from indexer.terminal import json_line

    click.echo(json_line(value))


def echo_pieces(pieces: Iterable[str]) -> None:
    """Print pieces that have their own ends of lines, in UTF-8 wherever they go."""
    for piece in pieces:
        click.echo(piece.encode("utf-8", "replace"), nl=False)
