"""``communique serve`` and gunicorn, as real processes."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.indexer.running import wait_for
from tests.webapp.servers import GUNICORN, SERVE, Server, served

SERVERS = pytest.mark.parametrize(
    "command", [SERVE, GUNICORN], ids=["serve", "gunicorn"]
)
LONG = "word " * 2_000_000  # more than all buffers between server and reader hold


def publish(folder: Path, number: int, text: str = "They met.") -> None:
    """Add a statement; the first generation is 1."""
    with open_engine(folder / "index").writer() as writer:
        writer.put(Statement(id=f"a/{number}", title="", text=text, source="a"))


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def refuses(port: int) -> bool:
    """Whether nobody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return True  # reset is who waited to be let in when the door was closed
    return False


def slow_reader(port: int) -> tuple[socket.socket, int]:
    """Somebody who has read the beginning of a long text, and the number of bytes to come."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.settimeout(60)
    reader.connect(("127.0.0.1", port))
    reader.sendall(b"GET /statements/a/1.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
    begun = b""
    while b"\r\n\r\n" not in begun:
        begun += reader.recv(4096)
    head, _, body = begun.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    return reader, length - len(body)


@SERVERS
def test_a_stop_cuts_nobody_off(tmp_path: Path, command: Sequence[str]) -> None:
    """A slow download ends whole, who asks nothing is let go, and the exit code is 0."""
    publish(tmp_path, 1, LONG)
    with (
        served(tmp_path, command) as server,
        socket.create_connection(("127.0.0.1", server.port)) as idle,
    ):
        # Let in after the other one, which thus is in as well.
        reader, left = slow_reader(server.port)
        with reader:
            server.process.send_signal(signal.SIGTERM)
            if (
                command is SERVE
            ):  # processes of gunicorn that are at work still hold the socket
                wait_for(lambda: refuses(server.port), "nobody new is let in")
            else:
                wait_for(
                    lambda: any("signal: term" in each for each in server.lines),
                    "the signal",
                )
            assert server.process.poll() is None
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
            while piece := reader.recv(65536):
                left -= len(piece)
            assert left == 0
            idle.settimeout(60)
            assert idle.recv(1) == b""
            assert server.process.wait(60) == 0


def test_who_never_reads_holds_a_stop_up_for_a_while_only(tmp_path: Path) -> None:
    """The server ends with exit code 0 when its patience does, and says that it cut somebody."""
    publish(tmp_path, 1, LONG)
    code = """
from waitress.server import create_server
from webapp import create_app
from webapp.server import run
server = create_server(create_app(), host="127.0.0.1", port=0)
print(f"http://127.0.0.1:{server.effective_port}", flush=True)
run(server, patience=0.5)
"""
    with served(tmp_path, [sys.executable, "-c", code]) as server:
        reader, _ = slow_reader(server.port)
        with reader:
            assert server.stop() == 0
        assert "1 connections were cut" in server.lines[-1]


@SERVERS
def test_logs_are_json_where_that_is_asked_for(
    tmp_path: Path, command: Sequence[str]
) -> None:
    """Every line but serve's greeting is an object; a request has its own."""
    publish(tmp_path, 1)
    (tmp_path / "communique.toml").write_text('[web]\nlogs = "json"\n', "utf-8")
    with served(tmp_path, command) as server:
        assert get(server.port, "/search?q=met")[0] == 200
        assert server.stop() == 0
        lines = [each for each in server.lines if not each.startswith("Serving")]
    told = [json.loads(line) for line in lines]
    (visit,) = [each for each in told if each["logger"] == "webapp.access"]
    assert (visit["route"], visit["status"], visit["generation"]) == ("/search", 200, 1)


def answers(server: Server, done: threading.Event, problems: Counter[str]) -> None:
    """Ask again and again until it is done, and count what is not of one generation."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    while not done.is_set():
        connection.request("GET", "/api/v1/search?q=met&fold=no")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            problems[f"{answer.status}: {body[:200]!r}"] += 1
            continue
        found = json.loads(body)
        index = found["index"]
        if not found["total"] == index["statements"] == index["generation"]:
            problems[f"{found['total']} in {index}"] += 1
        problems["asked"] += 1
    connection.close()


def test_every_answer_is_of_one_generation_in_four_processes(tmp_path: Path) -> None:
    """While twenty are published, each of one statement more; at the end all processes know the last."""
    publish(tmp_path, 1)
    with served(tmp_path, [*GUNICORN, "--workers", "4"]) as server:
        done, problems = threading.Event(), Counter[str]()
        readers = [
            threading.Thread(target=answers, args=(server, done, problems))
            for _ in range(4)
        ]
        for reader in readers:
            reader.start()
        for number in range(2, 22):
            publish(tmp_path, number)
        done.set()
        for reader in readers:
            reader.join()
        assert problems.pop("asked") > 0
        assert problems == {}
        for _ in range(20):
            assert json.loads(get(server.port, "/readyz")[1])["generation"] == 21


def counted(server: Server, sample: str) -> float:
    """A figure of /metrics, 0 where there is none."""
    text = get(server.port, "/metrics")[1].decode()
    found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.M)
    return float(found[1]) if found else 0.0


def test_processes_add_up_their_figures(tmp_path: Path) -> None:
    """Whichever of them is asked, and also of one that was killed."""
    publish(tmp_path, 1)
    helps = (
        'communique_requests_total{method="GET",route="communique.help",status="2xx"}'
    )
    with served(tmp_path, [*GUNICORN, "--workers", "3"]) as server:
        for _ in range(30):
            assert get(server.port, "/help")[0] == 200
        wait_for(lambda: counted(server, helps) == 30, "the last one counted")
        assert {counted(server, helps) for _ in range(10)} == {30.0}
        for worker in children(server.process.pid)[:2]:
            os.kill(worker, signal.SIGKILL)
        wait_for(lambda: len(children(server.process.pid)) == 3, "new processes")
        assert counted(server, helps) == 30
        flying = "communique_requests_in_flight"
        wait_for(lambda: counted(server, flying) == 1, "nobody but who asks this")
        assert counted(server, "communique_generation") == 1


def children(process: int) -> list[int]:
    """The processes that it started and that still run."""
    run = subprocess.run(
        ["ps", "--ppid", str(process), "-o", "pid=,stat="],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split() for line in run.stdout.splitlines()]
    return [int(row[0]) for row in rows if not row[1].startswith("Z")]
