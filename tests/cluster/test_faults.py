"""Nodes that die, hang or are busy: an answer is whole, or it is said that there is none."""

from __future__ import annotations

import re
import signal
import socket
import time
from contextlib import closing, contextmanager

import pytest

from indexer.engines import open_engine
from indexer.engines.opensearch.connection import LONG_SECONDS, Connection
from indexer.engines.opensearch.location import parse_location
from indexer.errors import EngineError, EngineUnavailable
from indexer.periods import Period
from indexer.query import parse_query
from indexer.search import SearchRequest
from tests.cluster.load import Ask, Unanswered, load
from tests.cluster.nodes import COUNT, Nodes
from tests.cluster.test_agreement import corpus
from tests.indexer.running import wait_for
from webapp import create_app

#: Seconds in which searches are right again when a node is lost, whichever it is and however.
RECOVERY = 15.0

QUERIES = ("history", '"four political documents"', "mirr* OR of", "date:2025 tokyo~")
PATHS = (
    *("/api/v1/search?q=history", "/api/v1/search?q=of&sort=newest"),
    *("/search?q=mirror&similar=all", "/search?q=documents&view=kwic"),
)


@pytest.fixture(scope="module")
def place(nodes: Nodes):
    """Sixty statements in three pieces with a copy of each, so that any node may go."""
    place = nodes.location("faults", "?shards=3&replicas=1")
    engine = open_engine(place)
    with engine.writer(fresh=True) as writer:
        for statement in corpus(60, 11):
            writer.put(statement, statement.id)
    engine.close()
    yield place
    nodes.ask(1, "/faults-*", "DELETE")


@pytest.fixture
def engine(nodes, place):
    """An engine on them."""
    nodes.wait(COUNT, "green")
    engine = open_engine(place)
    yield engine
    engine.close()


@pytest.fixture
def client(engine):
    """A reader of the pages."""
    return client_of(engine)


def client_of(engine):
    return create_app({"TESTING": False}, engine=engine).test_client()


def answers(engine, text):
    """All that a search tells, but for scores."""
    request = SearchRequest(query=parse_query(text), uses=True)
    found = engine.search(request)
    hits = [(hit.statement.id, hit.title, hit.snippets) for hit in found.hits]
    over = engine.timelines([request], period=Period.YEAR)
    return found.total, found.uses, found.facets, hits, over


def page(client, path):
    """What a page or the API says of a search, but for when it did."""
    response = client.get(path)
    if response.status_code == 503:
        assert int(response.headers["Retry-After"]) > 0
        raise Unanswered(response.text)
    assert response.status_code == 200, response.text
    if not response.is_json:
        return re.sub(r"\d\d:\d\d", "", response.text)
    return {key: response.json[key] for key in ("total", "facets", "uses")}


def asked_of(engine):
    """Questions through the engine."""

    def ask(text):
        try:
            return answers(engine, text)
        except EngineUnavailable as error:
            raise Unanswered(str(error)) from None

    return [Ask(lambda text=text: ask(text), answers(engine, text)) for text in QUERIES]


def asked_of_pages(client):
    """Questions through the web."""
    return [
        Ask(lambda path=path: page(client, path), page(client, path)) for path in PATHS
    ]


def held(engine):
    """All statements."""
    return sorted(engine.ids())


def loads(engine, client):
    """Four threads of searches."""
    pages = asked_of_pages(client)
    return load(asked_of(engine), asked_of(engine), pages, pages)


def right_within(going, seconds):
    """Wait until all threads are answered again, at most so long."""
    began = time.monotonic()
    going.again()
    while not going.is_right():
        waited = time.monotonic() - began
        assert waited < seconds, (going.unanswered[-3:], going.wrong)
        time.sleep(0.05)
    print(
        f"right again after {time.monotonic() - began:.1f} s, {len(going.unanswered)} unanswered"
    )


@contextmanager
def lost(nodes, number, how):
    """A node that is killed, or stands still, and comes back."""
    if how == "killed":
        nodes.kill(number)
        yield
        nodes.start_one(number)
    else:
        nodes.signal(number, signal.SIGSTOP)
        try:
            yield
        finally:
            nodes.signal(number, signal.SIGCONT)


@pytest.mark.parametrize("how", ["killed", "stopped"])
@pytest.mark.parametrize("who", ["data", "manager"])
def test_any_one_node_may_go_and_come_back(nodes, engine, client, who, how):
    """Searches are right again within 15 s, and go on being so; none was partial, nothing is lost."""
    before = held(engine)
    manager = nodes.manager()
    victim = manager if who == "manager" else manager % COUNT + 1
    with loads(engine, client) as going:
        right_within(going, 60)
        with lost(nodes, victim, how):
            right_within(going, RECOVERY)
            nodes.wait(COUNT - 1)
            right_within(going, RECOVERY)
            assert not going.unanswered
        nodes.wait(COUNT, "green")
        right_within(going, RECOVERY)
    assert going.wrong == []
    assert held(engine) == before
    assert engine.verify() == []


def test_the_longest_request_too_leaves_a_silent_node(nodes, place):
    """One that may take a minute: each node is asked in turn, the one that stands still for seconds."""
    connections = [Connection(parse_location(place)) for _ in range(COUNT)]
    with lost(nodes, 1, "stopped"):
        for connection in connections:
            for _ in range(COUNT):
                began = time.monotonic()
                connection.send("GET", "/", seconds=LONG_SECONDS)
                assert time.monotonic() - began < RECOVERY
            connection.close()
    nodes.wait(COUNT)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("taken", "sentence"), [(0, "timed out"), (9, "a node stands still")]
)
def test_a_machine_that_is_cut_off_is_said(scheme, taken, sentence):
    """One that takes no connection, and one that takes them and never answers: in seconds."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=taken)) as server:
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(2)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        place = f"opensearch+{scheme}://127.0.0.1:{port}/cut"
        connection = Connection(parse_location(place))
        began = time.monotonic()
        with pytest.raises(EngineUnavailable, match=f"reached .*{sentence}"):
            connection.send("GET", "/", seconds=LONG_SECONDS)
        assert time.monotonic() - began < LONG_SECONDS / 2
        connection.close()
        for each in waiting:
            each.close()


def test_a_node_that_is_slow_is_not_left(nodes, place):
    """It says that it lives, so it is waited for as long as was said."""
    connection = Connection(parse_location(place))
    slow = {"wait_for_nodes": COUNT + 1, "timeout": "4s"}
    began = time.monotonic()
    with pytest.raises(EngineError, match="refused") as told:
        connection.send("GET", "/_cluster/health", seconds=LONG_SECONDS, params=slow)
    assert time.monotonic() - began > 4
    assert not isinstance(told.value, EngineUnavailable)
    connection.close()


def test_where_a_piece_has_no_copy_left_nothing_is_answered(nodes, engine, client):
    """Of three pieces the last node holds two: no search is answered from those alone."""
    first, second = 1, 2
    nodes.kill(first)
    nodes.kill(second)
    with pytest.raises(EngineUnavailable):
        answers(engine, "history")
    for path in ("/search?q=history", "/readyz"):
        assert client.get(path).status_code == 503
    nodes.start_one(first)
    nodes.start_one(second)


def test_all_nodes_gone_are_said_and_waited_for(nodes, engine, client):
    """503 with Retry-After for readers and programs, /readyz red, and no restart when they return."""
    expected = [(page(client, path)) for path in PATHS]
    for number in range(1, COUNT + 1):
        nodes.kill(number)
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        answers(engine, "history")
    for path in (
        "/",
        "/search?q=a",
        "/statements/xinhua/1",
        "/readyz",
        "/api/v1/search?q=a",
    ):
        response = client.get(path)
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        programs = path.startswith(("/api", "/readyz"))
        kind = "application/problem+json" if programs else "text/html"
        assert response.mimetype == kind
        assert "communique status" in response.text
        assert "127.0.0.1" not in response.text
    assert client.get("/healthz").status_code == 200
    for number in range(1, COUNT + 1):
        nodes.start_one(number)
    nodes.wait(COUNT)
    wait_for(lambda: client.get("/readyz").status_code == 200, "nodes that come back")
    assert [page(client, path) for path in PATHS] == expected
    assert engine.verify() == []


def test_a_server_that_starts_before_the_cluster_waits_for_it(nodes, place):
    """Nothing is asked of the cluster before a reader asks."""
    for number in range(1, COUNT + 1):
        nodes.kill(number)
    client = client_of(open_engine(place))
    assert client.get("/readyz").status_code == 503
    for number in range(1, COUNT + 1):
        nodes.start_one(number)
    nodes.wait(COUNT)
    wait_for(lambda: client.get("/readyz").status_code == 200, "nodes that start")


def test_a_busy_cluster_is_said(nodes, engine, client):
    """429, which the cluster answers where a search would take more memory than it has."""

    def limit(size):
        setting = {"indices.breaker.request.limit": size}
        nodes.ask(1, "/_cluster/settings", "PUT", {"transient": setting})

    expected = answers(engine, "history")
    limit("1b")
    try:
        with pytest.raises(EngineUnavailable, match="too busy: try again"):
            answers(engine, "history")
        response = client.get("/search?q=history")
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
    finally:
        limit(None)
    assert answers(engine, "history") == expected
