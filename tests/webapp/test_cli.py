"""What ``communique serve`` promises."""

import json
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

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


def test_help_waits_for_no_engine():
    """What a command does not need is not loaded: neither NumPy nor Flask, lxml or Whoosh."""
    heavy = "{'numpy', 'flask', 'lxml', 'whoosh', 'bs4'}"
    code = f"import sys, webapp.cli; print(*{heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == []
