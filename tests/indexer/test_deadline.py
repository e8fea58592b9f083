"""What is promised of searches that may not take for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer import deadline
from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.errors import SearchTimeout
from indexer.ladder import ladder
from indexer.matrix import matrix
from indexer.periods import Period
from indexer.query import parse_query
from indexer.search import SearchRequest
from indexer.statement import Statement

OVER = 1e-9
QUERIES = (
    "mirror",
    '"a mirror"',
    "mir*",
    "mirrow~",
    "a NEAR/5 mirror",
    "a ONEAR/5 (mirror OR door)",
    '"a a mirror mirror"~9',
    "mirror OR door",
    "mirror -door",
    "speaker:smith",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(tmp_path_factory.mktemp("deadline") / "index")
    with engine.writer() as writer:
        for number in range(20):
            writer.put(
                Statement(
                    id=f"s/{number}", title="A mirror", text="A mirror a day. " * 9
                )
            )
    return engine


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    yield
    deadline.limit(None)


@pytest.mark.parametrize("query", QUERIES)
def test_every_kind_of_search_is_stopped(engine: Engine, query: str) -> None:
    """Whatever is asked for, it ends when its time is over, and is answered when it has time."""
    asked = SearchRequest(query=parse_query(query), uses=True)
    answered = engine.search(asked)
    deadline.limit(OVER)
    with pytest.raises(SearchTimeout, match="narrow it by date or source"):
        engine.search(asked)
    deadline.limit(60)
    assert engine.search(asked) == answered


ASKED: dict[str, Callable[[Engine, SearchRequest], object]] = {
    "hits": lambda engine, asked: list(engine.hits(asked).hits),
    "lines": lambda engine, asked: list(engine.concordance(asked).lines),
    "timelines": lambda engine, asked: engine.timelines([asked], period=Period.DAY),
    "tokens": lambda engine, asked: engine.tokens(asked),
    "matches": lambda engine, asked: engine.matches(asked.query, "s/1"),
    "spellings": lambda engine, asked: engine.spellings("mirrow"),
    "ladder": lambda engine, asked: ladder(engine, asked),
    "matrix": lambda engine, asked: matrix(
        engine, [(1, "a NEAR/5 mirror")], SearchRequest(), Period.DAY
    ),
}


@pytest.mark.parametrize("what", ASKED)
def test_whatever_an_engine_is_asked_is_stopped(engine: Engine, what: str) -> None:
    """Lists, lines, counts and marks of an expensive query end when their time is over."""
    asked = SearchRequest(query=parse_query("a NEAR/5 mirror"))
    ASKED[what](engine, asked)
    deadline.limit(OVER)
    with pytest.raises(SearchTimeout):
        ASKED[what](engine, asked)


def test_hits_that_are_being_sent_are_stopped(engine: Engine) -> None:
    """Time may run out between one hit and the next."""
    hits = engine.hits(SearchRequest(query=parse_query("mirror"))).hits
    deadline.limit(OVER)
    with pytest.raises(SearchTimeout):
        list(hits)


def test_a_deadline_is_that_of_its_thread(engine: Engine) -> None:
    """One search out of time stops no other, and on the command line there is no time to keep."""
    deadline.limit(OVER)
    found: list[int] = []
    asked = SearchRequest(query=parse_query("mirror"))
    thread = threading.Thread(target=lambda: found.append(engine.search(asked).total))
    thread.start()
    thread.join()
    assert found == [20]


def test_waiting_for_another_machine_takes_none_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A node that is silent makes no search one that computes for too long."""
    now = [0.0]
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: now[0]))
    deadline.limit(2)
    with deadline.waiting():
        now[0] += 5
    now[0] += 1
    deadline.check()
    now[0] += 2
    with pytest.raises(SearchTimeout):
        deadline.check()
    deadline.limit(None)
    with deadline.waiting():
        now[0] += 5
    deadline.check()


def test_a_search_that_was_stopped_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The first search of an index may be stopped anywhere; the next one is answered in full."""
    engine = open_engine(tmp_path / "index")
    with engine.writer() as writer:
        writer.put(Statement(id="a", title="A", text="A mirror.", source="x"))
    asked = SearchRequest(query=parse_query("mirror"), uses=True)
    with pytest.raises(SearchTimeout):
        deadline.limit(OVER)
        open_engine(tmp_path / "index").search(asked)
    deadline.limit(None)
    assert engine.search(asked).total == 1
