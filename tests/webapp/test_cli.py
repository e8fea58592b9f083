"""What ``communique serve`` promises."""

import json
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from tests.indexer.running import running
from webapp.cli import cli

MAIN = "from webapp.cli import main; main()"
READOUT = " date 2025-07-10 A meeting\n\nBoth recalled the four political documents.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one readout, where nothing is indexed yet."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw" / "xinhua").mkdir(parents=True)
    (tmp_path / "raw" / "xinhua" / "a.txt").write_text(READOUT, encoding="utf-8")
    return tmp_path


def test_serve_indexes_first_where_there_is_no_index(folder):
    """One command is enough: it indexes raw/, tells how that went, and serves it."""
    (folder / "raw" / "xinhua" / "empty.txt").touch()
    command = [sys.executable, "-c", MAIN, "serve", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as server:
        try:
            assert "xinhua/empty.txt: is empty" in server.stderr.readline()
            assert server.stdout.readline().startswith("added 1, ")
            address = server.stdout.readline().split()[1]
            with urlopen(f"{address}/api/v1/search?q=political", timeout=30) as page:
                assert json.load(page)["total"] == 1
        finally:
            server.terminate()


def test_a_taken_port_is_said(folder):
    """A port that somebody has is one sentence and exit code 2, before anything is indexed."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(cli, ["serve", "--port", str(port)])
    assert result.exit_code == 2
    assert f"Port {port} is taken" in result.stderr
    assert not (folder / "index").exists()


def test_an_address_that_is_not_here_is_said(folder):
    """A host that is not this machine is one sentence and exit code 2."""
    result = CliRunner().invoke(cli, ["serve", "--host", "192.0.2.1", "--port", "0"])
    assert result.exit_code == 2
    assert "Cannot listen on 192.0.2.1" in result.stderr


def test_only_this_machine_is_served_unasked(folder):
    """Another address is refused in one sentence with exit code 2, before anything is indexed."""
    result = CliRunner().invoke(cli, ["serve", "--host", "0.0.0.0", "--port", "0"])
    assert result.exit_code == 2
    assert "Anybody who reaches 0.0.0.0 could read everything: say --public" in (
        result.stderr
    )
    assert not (folder / "index").exists()


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ("", ["--public"]),
        ("public = true", []),
        ('tokens = "tokens.toml"', []),
        ('sign_in_header = "X-User"\nsign_in_networks = ["10.1.2.3"]', []),
    ],
)
def test_others_are_served_where_it_is_meant(folder, settings, arguments):
    """Where anybody may read, or readers sign in; by any name that leads here."""
    (folder / "communique.toml").write_text(f"[web]\n{settings}")
    with serving("--host", "0.0.0.0", *arguments) as port:
        assert status(port, "intranet.example", "/healthz") == 200
        open_to_all = "public" in f"{settings} {arguments}"
        assert status(port, "intranet.example") == (200 if open_to_all else 401)


def test_this_machine_is_served_by_its_own_names(folder):
    """No page of the web can read it by letting a name of its own lead here."""
    with serving() as port:
        for host in ("localhost", f"127.0.0.1:{port}", "[::1]:1"):
            assert status(port, host) == 200
        assert status(port, "evil.example") == 421
        assert status(port, "127.0.0.1.evil.example") == 421


def test_names_can_be_given_to_it(folder):
    """Behind a proxy of this machine it goes by those of ``hosts``."""
    (folder / "communique.toml").write_text('[web]\nhosts = ["intranet.example"]')
    with serving() as port:
        assert status(port, "intranet.example") == 200
        assert status(port, "localhost") == 421


@contextmanager
def serving(*arguments):
    """The port of ``communique serve`` in the current folder."""
    with running(Path.cwd(), "serve", "--port", "0", *arguments) as server:
        for line in server.stdout:
            if found := re.search(r"http://\S+:(\d+)", line):
                break
        yield int(found[1])


def status(port, host, path="/"):
    """The status of the answer to a request for a host."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_help_waits_for_no_engine():
    """What a command does not need is not loaded: neither NumPy nor Flask, lxml or Whoosh."""
    heavy = "{'numpy', 'flask', 'lxml', 'whoosh', 'bs4'}"
    code = f"import sys, webapp.cli; print(*{heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == []
