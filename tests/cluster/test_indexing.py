"""``communique index`` into a cluster: whole or not at all, whatever happens on the way."""

from __future__ import annotations

import datetime
import json
import os
import subprocess

import pytest

from indexer.engines import open_engine
from indexer.engines.opensearch import bulk
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.generations import building
from indexer.engines.opensearch.location import parse_location
from indexer.errors import EngineError, EngineUnavailable, IndexBusy
from indexer.search import SearchRequest
from tests.cluster.shared import location
from tests.indexer.contract.fixtures import found, publish, said
from tests.indexer.killing import SENDS, outcomes, write
from tests.indexer.running import COMMAND

OLD, NEW = 3, 40

#: Of the HTTP calls of a run so many are left out between two at which it is killed.
STRIDE = int(os.environ.get("STRIDE", "9"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with readouts, whose index is in the cluster."""
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    monkeypatch.setenv("COMMUNIQUE_ENGINE", location(tmp_path))
    (tmp_path / "raw" / "a").mkdir(parents=True)
    write(tmp_path, range(OLD))
    return tmp_path


@pytest.fixture
def engine(tmp_path):
    """An engine on an empty place in the cluster."""
    engine = open_engine(location(tmp_path))
    yield engine
    engine.close()


def run(folder, *arguments):
    """Run ``communique`` to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=300
    )


def total(folder):
    """How many statements a new process would find."""
    engine = open_engine(location(folder))
    try:
        return engine.search(SearchRequest()).total
    finally:
        engine.close()


def indices(nodes, folder):
    """The names of the indices of a place, but for its registry."""
    name = location(folder).partition("?")[0].rpartition("/")[2]
    known = nodes.ask(1, f"/{name}-*/_alias")
    return {
        each: set(known[each]["aliases"]) for each in known if "registry" not in each
    }


def test_what_changed_is_indexed_and_full_starts_anew(nodes, folder):
    """The same command line: added, updated, removed; the index of before stays for a while."""
    assert "added 3," in run(folder, "index").stdout
    write(folder, range(2, 5))
    (folder / "raw" / "a" / "002.txt").write_text(
        " date 2025-07-11 Other\n\nOther words."
    )
    (folder / "raw" / "a" / "000.txt").unlink()
    assert "added 2, updated 1, removed 1, unchanged 1," in run(folder, "index").stdout
    assert "added 0, updated 0, removed 0, unchanged 4," in run(folder, "index").stdout
    assert run(folder, "check").returncode == 0
    full = json.loads(run(folder, "index", "--full", "--json").stdout)
    assert (full["added"], full["generation"]) == (4, 3)
    assert json.loads(run(folder, "search", "--json", "other").stdout)["total"] == 1
    kept = indices(nodes, folder)
    assert sorted(map(len, kept.values())) == [0, 1]


@pytest.mark.parametrize("how", [[], ["--full"]], ids=["what changed", "full"])
def test_killed_at_any_call_it_leaves_one_generation_or_the_other(nodes, folder, how):
    """The name stands for a whole index, and the next run is not hindered and leaves no orphan."""
    assert run(folder, "index").returncode == 0
    write(folder, range(OLD, NEW))
    command = ["index", "--jobs", "1", *how]
    left = list(
        outcomes(folder, command, lambda: total(folder), steps=SENDS, stride=STRIDE)
    )
    assert set(left) == {OLD, NEW}
    assert left == sorted(left)
    assert run(folder, "check").returncode == 0
    (folder / "raw" / "a" / "000.txt").unlink()
    assert "removed 1," in run(folder, "index").stdout
    kept = indices(nodes, folder)
    assert len(kept) == 2
    engine = open_engine(location(folder))
    assert engine._generations.registry.indices() == set(kept)
    engine.close()


def test_the_second_indexer_says_who_holds_the_lock(engine, folder):
    """It names the process and the machine, with exit code 4."""
    with engine.writer() as writer:
        writer.put(said("a", "one"))
        ran = run(folder, "index")
    assert ran.returncode == 4
    assert str(os.getpid()) in ran.stderr and ran.stderr.count("\n") == 1
    assert found(engine) == ["a"]


def lock_of(engine, **changes):
    """Have the lock's document say something else; somebody on another machine holds it."""
    now = datetime.datetime.now(datetime.UTC)
    holder = {
        "mine": "other",
        "host": "elsewhere",
        "pid": 1,
        "since": now.isoformat(timespec="seconds"),
        "expires": (now + datetime.timedelta(hours=1)).isoformat(),
    }
    registry = engine._generations.registry
    registry.create()
    registry.write("lock", {"holder": holder | changes})


def test_a_lock_from_elsewhere_holds_until_it_expires(engine):
    """Whether somebody on another machine lives is not known; that his time is over is."""
    lock_of(engine)
    with pytest.raises(IndexBusy, match="elsewhere"), engine.writer():
        pass
    lock_of(engine, expires=datetime.datetime.now(datetime.UTC).isoformat())
    publish(engine, said("a", "one"))
    assert found(engine) == ["a"]


def test_who_lost_the_lock_publishes_nothing(engine):
    """One who was silent for too long finds somebody else in his place."""
    publish(engine, said("a", "one"))
    with pytest.raises(IndexBusy, match="lost its turn.*elsewhere"):
        with engine.writer() as writer:
            writer.put(said("b", "one"))
            lock_of(engine)
    assert found(engine) == ["a"]
    lock_of(engine, expires=datetime.datetime.now(datetime.UTC).isoformat())


def test_a_busy_cluster_slows_writing_down(nodes, tmp_path):
    """Real answers of 429, for whole requests: the same writes are sent again until all are done."""
    connection = Connection(parse_location(location(tmp_path, "")))
    index = f"{connection.location.name}-bulk"
    nodes.ask(1, f"/{index}", "PUT", {"aliases": {f"{index}-alias": {}}})
    pauses = []

    def limit(size):
        setting = {"network.breaker.inflight_requests.limit": size}
        nodes.ask(1, "/_cluster/settings", "PUT", {"transient": setting})

    def wait(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            limit(None)

    writes = [bulk.Write(str(n), n + 1, {"text": "word " * 500}) for n in range(300)]
    limit("100kb")
    try:
        bulk.write(connection, f"{index}-alias", writes, wait)
        with pytest.raises(EngineUnavailable, match="takes no more"):
            limit("100kb")
            bulk.write(connection, f"{index}-alias", writes, lambda seconds: None)
    finally:
        limit(None)
    assert pauses == [bulk.FIRST, 2 * bulk.FIRST, 4 * bulk.FIRST]
    bulk.write(connection, f"{index}-alias", writes, pytest.fail)  # all of them stale
    nodes.ask(1, f"/{index}/_refresh", "POST")
    assert nodes.ask(1, f"/{index}/_count")["count"] == 300
    connection.close()


def test_a_full_disk_stops_writing_with_a_sentence(nodes, engine, tmp_path):
    """The block that the cluster sets at its flood stage: nothing is lost, and it goes on later."""
    publish(engine, said("a", "one"))
    with pytest.raises(EngineUnavailable, match="disks .* are full"):
        with engine.writer() as writer:
            (begun,) = [
                i for i, a in indices(nodes, tmp_path).items() if building(i) in a
            ]
            block = {"index.blocks.read_only_allow_delete": True}
            nodes.ask(1, f"/{begun}/_settings", "PUT", block)
            writer.put(said("b", "one"))
    assert found(engine) == ["a"]
    publish(engine, said("b", "one"))
    assert found(engine) == ["a", "b"]
    assert begun not in indices(nodes, tmp_path)


def test_an_index_that_somebody_deletes_is_not_made_anew_by_a_write(
    nodes, engine, tmp_path
):
    """Writes go behind an alias or nowhere."""
    with pytest.raises(EngineError):
        with engine.writer() as writer:
            (begun,) = indices(nodes, tmp_path)
            nodes.ask(1, f"/{begun}", "DELETE")
            writer.put(said("a", "one"))
    assert indices(nodes, tmp_path) == {}


def test_a_name_that_stands_for_two_is_an_error_that_a_full_run_mends(
    nodes, engine, tmp_path
):
    """Somebody moved the alias by hand."""
    publish(engine, said("a", "one"))
    publish(engine, said("b", "one"))
    name = location(tmp_path).partition("?")[0].rpartition("/")[2]
    add = [{"add": {"index": each, "alias": name}} for each in indices(nodes, tmp_path)]
    nodes.ask(1, "/_aliases", "POST", {"actions": add})
    with pytest.raises(EngineError, match="2 indices"):
        found(engine)
    with engine.writer(fresh=True) as writer:
        writer.put(said("c", "one"))
    assert found(engine) == ["c"]


def test_a_word_longer_than_any_is_kept(engine):
    """Lucene takes no such term: the word is found by its beginning, the text is whole."""
    from indexer.query import Phrase, Prefix

    long = "a" * 40_000
    publish(engine, said("x" * 600, f"before {long} after"))
    assert engine.get("x" * 600).text == f"before {long} after"
    assert found(engine, Prefix("aaaa")) == ["x" * 600]
    assert found(engine, Phrase(("before", "after"))) == []
