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
@click.option(
    "--public",
    is_flag=True,
    help="Let anybody read who reaches an address that is not this machine's own.",
)
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None, public: bool) -> None:
    """Serve the pages and the API; index raw/ first if there is no index."""
    from waitress.server import create_server

    from webapp import create_app, limits, logs
    from webapp.server import run
    from webapp.strict import be_strict

    logs.configure(settings.web.logs)
    limits.allow_connections()
    host = host or settings.host
    port = settings.port if port is None else port
    name = f"[{host}]" if ":" in host else host
    public = public or settings.web.public
    with listen(host, port) as listener, open_index(settings) as engine:
        hosts = settings.web.hosts
        if _is_local(listener):
            hosts = hosts or (() if public else local_names(name))
        elif not (public or settings.web.signs_in):
            raise click.UsageError(
                f"Anybody who reaches {host} could read everything: say --public if they may, or "
                "let readers sign in (sign_in_header or tokens, below [web] in communique.toml)."
            )
        try:
            engine.info()
        except IndexMissing:
            started = time.monotonic()
            tell(run_index(settings, engine), time.monotonic() - started)
        server = create_server(
            create_app({"HOSTS": hosts}, engine=engine),
            sockets=[listener],
            clear_untrusted_proxy_headers=False,  # the app believes or drops them itself
            **limits.SERVER,
        )
        be_strict(server)
        click.echo(
            f"Serving http://{name}:{listener.getsockname()[1]} (Ctrl-C stops it)"
        )
        run(server)


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


def local_names(name: str) -> tuple[str, ...]:
    """What a server of this machine's own goes by, ``name`` among it.

    Answered to any name, a page of the web could have a browser of this machine read everything: it
    need only let its own name lead here (DNS rebinding).
    """
    from webapp.proxies import host_name

    return tuple(filter(None, ("localhost", "127.0.0.1", "[::1]", host_name(name))))


def _is_local(listener: socket.socket) -> bool:
    from webapp.proxies import address

    at = address(listener.getsockname()[0])
    return at is not None and at.is_loopback


def main() -> None:
    """The console script."""
    cli(prog_name="communique")
