"""How a command ends: the exit code, and an error as one sentence."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from indexer.errors import (
    EngineError,
    EngineUnavailable,
    IndexBusy,
    IndexerError,
    QueryError,
    WorkerError,
)

FAILURES, USAGE, NO_INDEX, BUSY, REFUSED = 1, 2, 3, 4, 5

# What the system says where there is no room: on the disk, by quota, by a limit of the process.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class Commands(click.Group):
    """The edge where every error becomes one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            if not hushed():
                raise
        except (IndexerError, OSError) as error:
            click.echo(f"communique: {sentence(error)}", err=True)
            ctx.exit(_code(error))


def hushed() -> bool:
    """Whether the pipe that broke is our output, which nobody reads: the rest of it goes nowhere."""
    try:
        click.echo()  # breaks once more, unless it was another pipe
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False


def sentence(error: IndexerError | OSError) -> str:
    """What went wrong and what to do, on one line."""
    from indexer.terminal import plain  # --help should not wait for it

    if isinstance(error, QueryError):
        return f"{plain(str(error))} (at character {error.position + 1})"
    if not isinstance(error, OSError):
        return plain(str(error))
    if error.errno in _FULL:
        return (
            f"There is no room for what is to be written ({error.strerror}): make room and "
            "run it again; the index is as it was."
        )
    place = f"{error.filename}: " if error.filename else ""
    hint = ""
    if error.errno in _FORBIDDEN:
        hint = (
            ": have its owner run this, change the permissions, "
            "or name another folder (--raw, --index)."
        )
    return plain(f"{place}{error.strerror or error}{hint}")


def leave(code: int) -> None:
    """End the command with an exit code."""
    click.get_current_context().exit(code)


def _code(error: IndexerError | OSError) -> int:
    if isinstance(error, OSError | WorkerError | EngineUnavailable):
        return REFUSED
    if isinstance(error, IndexBusy):
        return BUSY
    return NO_INDEX if isinstance(error, EngineError) else USAGE
