"""The command line with the server: what the console script ``communique`` runs."""

from __future__ import annotations

import errno
import socket
import time

import click

from indexer.cli import cli
from indexer.cli_index import run_index, tell
from indexer.errors import IndexMissing
from indexer.opening import open_index
from indexer.settings import Settings

__all__ = ["cli", "main"]


@cli.command()
@click.option("--host", help="Address to listen on [127.0.0.1].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on [8000].")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the pages and the API; index raw/ first if there is no index."""
    from waitress.server import create_server

    from webapp import create_app, limits
    from webapp.strict import be_strict

    limits.allow_connections()
    host = host or settings.host
    port = settings.port if port is None else port
    with listen(host, port) as listener, open_index(settings) as engine:
        try:
            engine.info()
        except IndexMissing:
            started = time.monotonic()
            tell(run_index(settings, engine), time.monotonic() - started)
        server = create_server(
            create_app(engine=engine), sockets=[listener], **limits.SERVER
        )
        be_strict(server)
        name = f"[{host}]" if ":" in host else host
        click.echo(
            f"Serving http://{name}:{listener.getsockname()[1]} (Ctrl-C stops it)"
        )
        server.run()


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 is any free one. A clear sentence where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = f"Cannot listen on {host}, port {port}: {error.strerror}."
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is taken: choose another, such as --port {port + 1}."
        raise click.UsageError(reason) from None


def main() -> None:
    """The console script."""
    cli(prog_name="communique")
