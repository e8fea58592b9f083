"""``communique copy`` to a cluster and back, whole or not at all."""

from __future__ import annotations

import pytest

from indexer.copying import copy
from indexer.engines import open_engine
from indexer.errors import IndexBusy, TargetTaken
from tests.cluster.shared import location
from tests.cluster.test_indexing import NEW, OLD, STRIDE, indices, run
from tests.indexer.contract.fixtures import found, publish, said
from tests.indexer.contract.publishing import WHOLE
from tests.indexer.killing import SENDS, outcomes, write


@pytest.fixture
def cluster(tmp_path):
    """An engine on an empty place in the cluster."""
    engine = open_engine(location(tmp_path))
    yield engine
    engine.close()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with an index of many readouts, and a few of them in the cluster."""
    for name in ("CONFIG", "RAW", "INDEX", "ENGINE"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw" / "a").mkdir(parents=True)
    write(tmp_path, range(OLD))
    assert run(tmp_path, "--index", location(tmp_path), "index").returncode == 0
    write(tmp_path, range(OLD, NEW))
    assert run(tmp_path, "index").returncode == 0
    return tmp_path


def test_there_and_back_nothing_is_lost(cluster, tmp_path):
    """Statements, digests, notes and the fingerprint of all come back as they went."""
    first, last = (open_engine(tmp_path / name) for name in ("first", "last"))
    with first.writer() as writer:
        writer.put(WHOLE, "1")
        for number in range(600):
            writer.put(said(f"{number:03}", f"They met {number} times."), str(number))
        writer.note("catalogue", bytes(range(256)) * 40_000)
        writer.note("sources", b"")
    publish(first, said("007", "They met no more."))
    for source, target in ((first, cluster), (cluster, last)):
        copied = copy(source, target)
        assert (copied.info.statements, copied.notes, copied.faults) == (601, 2, ())
    assert sorted(last.ids()) == sorted(cluster.ids()) == sorted(first.ids())
    assert last.get(WHOLE.id) == cluster.get(WHOLE.id) == WHOLE
    assert last.info().fingerprint == cluster.info().fingerprint
    assert last.note("catalogue") == first.note("catalogue")
    assert cluster.verify() == last.verify() == []
    for engine in (first, last):
        engine.close()


def test_a_cluster_that_holds_statements_is_kept_unless_asked(cluster, tmp_path):
    """As with a folder; nothing that was begun stays there."""
    source = open_engine(tmp_path / "source")
    publish(source, said("new", "one"))
    publish(cluster, said("old", "one"))
    with pytest.raises(TargetTaken):
        copy(source, cluster)
    assert found(cluster) == ["old"]
    assert copy(source, cluster, replace=True).faults == ()
    assert found(cluster) == ["new"]
    source.close()


def test_who_reads_while_others_publish_twice_is_told(cluster):
    """The generation before stays, that before it is gone; what was read so far is not all."""
    statements = [said(f"{number:03}", "one") for number in range(600)]
    publish(cluster, *statements)
    reading = cluster.statements()
    next(reading)
    publish(cluster, said("more", "one"))
    publish(cluster, said("still more", "one"))
    with pytest.raises(IndexBusy, match="twice"):
        list(reading)


def test_indexing_goes_on_in_the_cluster(folder):
    """Nothing that was copied is read again."""
    ran = run(folder, "copy", "index", location(folder), "--replace")
    assert ran.returncode == 0, ran.stderr
    assert f"copied {NEW} statements and 2 notes (generation 2," in ran.stdout
    (folder / "raw" / "a" / "000.txt").unlink()
    ran = run(folder, "--index", location(folder), "index")
    assert f"removed 1, unchanged {NEW - 1}," in ran.stdout
    assert run(folder, "--index", location(folder), "check").returncode == 0


def held(folder):
    """How many statements the cluster holds."""
    engine = open_engine(location(folder))
    try:
        return engine.info().statements
    finally:
        engine.close()


def test_killed_at_any_call_the_cluster_is_as_it_was_or_whole(nodes, folder):
    """The name stands for a whole index, and the next copy is not hindered."""
    command = ["copy", "index", location(folder), "--replace"]
    left = list(
        outcomes(folder, command, lambda: held(folder), steps=SENDS, stride=STRIDE)
    )
    assert set(left) == {OLD, NEW}
    assert left == sorted(left)
    assert len(indices(nodes, folder)) == 2
