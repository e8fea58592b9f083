"""``communique serve`` on real sockets: strangers who are slow, rude or confused cost others nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from indexer.engines import open_engine
from indexer.statement import Statement
from tests.indexer.running import COMMAND, wait_for
from tests.webapp.corpus import STATEMENTS

PATIENCE = 60.0
SLOW = 200
#: More than a server keeps of an answer in memory, or waits to be fetched, by default.
READERS = 8
ROOT = Path(__file__).parent.parent.parent
SECRET = "zugzwang"


class Server(NamedTuple):
    """A server that answers, and the file of all that it says."""

    port: int
    said: Path

    def get(self, path: str) -> int:
        """The status of an answer, all of which was read."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urlopen(address, timeout=PATIENCE) as answer:
                answer.read()
                return int(answer.status)
        except HTTPError as error:
            error.read()
            return error.code

    def connect(self, receives: int = 0) -> socket.socket:
        """A connection; ``receives`` is how many bytes the system takes in for it unread."""
        client = socket.socket()
        if receives:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", self.port))
        return client

    def say(self, data: bytes) -> bytes:
        """All that it answers to these bytes, behind which the client says no more."""
        with self.connect() as client:
            try:
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: client.recv(65536), b""))
            except OSError:  # it has hung up before all was said
                return b""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with open_engine(folder / "index").writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
        writer.put(Statement(id="large", title="A", text="One mirror more. " * 6000))
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_")},
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    said = folder / "said.log"
    command = [*COMMAND, "serve", "--port", "0"]
    with (
        said.open("wb") as file,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=file, stderr=file
        ) as process,
    ):
        try:
            pattern = re.compile(r"http://127\.0\.0\.1:(\d+)")
            wait_for(lambda: pattern.search(said.read_text("utf-8")), "an address")
            found = pattern.search(said.read_text("utf-8"))
            assert found
            yield Server(int(found[1]), said)
        finally:
            process.send_signal(signal.SIGKILL)


def test_who_never_ends_his_request_slows_nobody(server: Server) -> None:
    """Two hundred who have said half of a header, and others are answered as ever."""
    with ExitStack() as kept:
        for _ in range(SLOW):
            client = kept.enter_context(server.connect())
            client.sendall(
                b"GET /search?q=japan HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
            )
        for _ in range(20):
            assert server.get("/search?q=japan") == 200
            client.sendall(b"a")


def test_who_never_sends_his_body_slows_nobody(server: Server) -> None:
    """Two hundred bodies that do not come hold no thread."""
    with ExitStack() as kept:
        for _ in range(SLOW):
            client = kept.enter_context(server.connect())
            client.sendall(
                b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\na"
            )
        for _ in range(20):
            assert server.get("/search?q=japan") == 200


def test_who_never_reads_his_export_slows_nobody(server: Server) -> None:
    """More large exports than there are threads, unread: pages, and other exports, are answered."""
    query = quote("mirror OR " + "x" * 900)
    path = f"/search.json?view=kwic&q={query}"
    with ExitStack() as kept:
        clients = []
        for _ in range(READERS):
            client = kept.enter_context(server.connect(receives=4096))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert client.recv(12) == b"HTTP/1.1 200"
            clients.append(client)
        for _ in range(10):
            assert server.get("/search?q=japan") == 200
        assert server.get("/search.csv?q=mirror&view=kwic") == 200
        # Slow is not lost: one of them goes on reading, and gets all of it.
        head, _, body = _read_head(clients[0])
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
        while len(body) < length and (piece := clients[0].recv(1 << 20)):
            body += piece
        assert len(body) == length > 8 << 20
        assert body.endswith(b"]}\n")


def _read_head(client: socket.socket) -> tuple[bytes, bytes, bytearray]:
    said = bytearray()
    while b"\r\n\r\n" not in said:
        said += client.recv(4096)
    head, middle, body = said.partition(b"\r\n\r\n")
    return bytes(head), bytes(middle), body


GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
SECOND = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"

#: What is no request, or several to some and one to others; each is answered once at most.
CONFUSED = {
    "two lengths": GET + b"Content-Length: 0\r\nContent-Length: 36\r\n\r\n" + SECOND,
    "a list of lengths": GET + b"Content-Length: 0, 36\r\n\r\n" + SECOND,
    "length and chunks": (
        GET
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        + SECOND
    ),
    "unknown coding": GET + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "two codings": GET
    + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"
    + SECOND,
    "a coding, spaced": GET + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a header, folded": GET + b"X:\r\n chunked\r\n\r\n",
    "a coding, tabbed": GET
    + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n"
    + SECOND,
    "a length below nothing": GET + b"Content-Length: -1\r\n\r\n" + SECOND,
    "a length with a sign": GET + b"Content-Length: +0\r\n\r\n" + SECOND,
    "a length in hex": GET + b"Content-Length: 0x24\r\n\r\n" + SECOND,
    "an endless length": GET + b"Content-Length: 99999999999999999999\r\n\r\n",
    "too large a body": GET + b"Content-Length: 65537\r\n\r\n" + b"a" * 65537,
    "a chunk of no number": GET
    + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
    + SECOND,
    "a chunk below nothing": GET + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "a chunk without end": GET + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n",
    "a name with a blank": GET + b"Bad Name: x\r\n\r\n",
    "no name": GET + b": x\r\n\r\n",
    "no colon": GET + b"nothing\r\n\r\n",
    "nul": GET + b"X: a\0b\r\n\r\n",
    "bare return": GET + b"X: a\rY: b\r\n\r\n",
    "bare newline": b"GET /healthz HTTP/1.1\nHost: localhost\nX: y\n\n",
    "too large a head": GET + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
    "too many headers": GET + b"X: y\r\n" * 60_000 + b"\r\n",
    "too long an address": b"GET /"
    + b"a" * 300_000
    + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "no method": b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "small letters": b"get / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no address": b"GET HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an address with blanks": b"GET /a b c HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a stranger's address": b"GET http://evil.example/search HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a stranger's host": b"GET //evil.example/search HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "a host of no letters": b"GET /feed HTTP/1.1\r\nHost: \xff<>@:99999\r\n\r\n",
    "no host": b"GET /search HTTP/1.1\r\n\r\n",
    "an invalid address": b"GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "connect": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "options of all": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "no utf-8": b"GET /\xff\xfe?q=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "encoded no utf-8": b"GET /%ff%c0%af%00?q=%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "traversal": b"GET /assets/../../setup.cfg HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "encoded traversal": b"GET /assets/%2e%2e%2f__init__.py HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "half an escape": b"GET /search?q=%2&%=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "nothing": b"",
    "newlines": b"\r\n" * 1000,
    "nuls": b"\0" * 10_000,
}


@pytest.mark.parametrize("name", CONFUSED)
def test_what_is_no_request_is_refused_or_answered_once(
    server: Server, name: str
) -> None:
    """Never two answers to what a proxy took for one, never a fault of ours, and the next is served."""
    told = server.say(CONFUSED[name])
    statuses = re.findall(rb"HTTP/1\.[01] (\d+)", told)
    assert len(statuses) <= 1, told
    # 501 is what RFC 9112 wants for a coding that nobody knows.
    assert all(200 <= int(each) < 500 or each == b"501" for each in statuses), told
    assert b"Traceback" not in told and b"[metadata]" not in told
    assert b"evil.example" not in told.partition(b"\r\n\r\n")[0]
    assert b"waitress" not in told.partition(b"\r\n\r\n")[0].lower()
    assert server.get("/healthz") == 200


def test_what_was_searched_is_not_in_the_log(server: Server) -> None:
    """Whatever was found, refused or not understood, and whoever hung up: no word of it is said."""
    for path in (
        f"/search?q={SECRET}",
        f"/search?q=%22{SECRET}",
        f"/search?from={SECRET}&source={SECRET}",
        f"/search.csv?q={SECRET}",
        f"/search.csv?q=%22{SECRET}",
        f"/search.atom?q={SECRET}",
        f"/api/v1/search?q={SECRET}&page={SECRET}",
        f"/search?view={SECRET}",
        f"/nowhere?q={SECRET}",
    ):
        assert server.get(path) in (200, 400, 404)
    request = f"GET /search?q={SECRET} HTTP/1.1\r\nReferer: /search?q={SECRET}\r\n"
    for end in ("\r\n", f"Cookie: {SECRET}\r\nBad {SECRET}\r\n\r\n", "X: y"):
        server.say((request + end).encode())
    with server.connect(receives=4096) as rude:
        rude.sendall(
            f"GET /search.json?q=mirror+OR+{SECRET}&view=kwic HTTP/1.1\r\n\r\n".encode()
        )
        rude.recv(1)
    assert server.get("/healthz") == 200
    said = server.said.read_text("utf-8")
    assert SECRET not in said
    assert "Traceback" not in said
