"""``communique serve`` and nginx, as processes that run for as long as a ``with`` block."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from indexer.engines import open_engine
from tests.indexer.running import running, wait_for
from tests.webapp.corpus import STATEMENTS

_CONFIG = """\
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


@contextmanager
def serving(folder: Path, web: str) -> Iterator[int]:
    """The port of ``communique serve`` on the test's corpus with these lines below [web]."""
    (folder / "communique.toml").write_text(f"[web]\n{web}\n", encoding="utf-8")
    with open_engine(folder / "index").writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
    # What it says of each request would fill a pipe that nobody reads.
    with running(folder, "serve", "--port", "0", errors=subprocess.DEVNULL) as server:
        assert server.stdout
        for line in server.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                yield int(found[1])
                return
        raise AssertionError("The server does not start.")


@contextmanager
def nginx(folder: Path, locations: str) -> Iterator[int]:
    """The port of an nginx with these locations; skips the test where there is no nginx."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not program:
        pytest.skip("no nginx here; on Debian: apt install nginx-light")
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(port=port, locations=locations), encoding="utf-8")
    with subprocess.Popen([program, "-p", folder, "-c", config]) as process:
        try:
            wait_for(lambda: _listens(port) or process.poll() is not None, "nginx")
            assert process.poll() is None, "nginx did not start; it said why above"
            yield port
        finally:
            process.terminate()


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers by their names in small letters, and body; ``_`` in a name stands for ``-``."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=given)
    response = connection.getresponse()
    body = response.read().decode("utf-8", "replace")
    connection.close()
    return response.status, {n.lower(): v for n, v in response.getheaders()}, body


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
