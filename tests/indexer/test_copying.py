"""``communique copy`` brings a whole index to another place, and says whether all of it came."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.copying import copy
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import EngineError, TargetTaken
from indexer.query import Term
from tests.indexer.contract.fixtures import found, publish, said
from tests.indexer.contract.publishing import WHOLE
from tests.indexer.killing import outcomes, write
from webapp.cli import cli

OLD, NEW = 3, 40


@pytest.fixture
def source(tmp_path):
    """Three statements in two generations, of which one was removed, and two notes."""
    engine = WhooshEngine(tmp_path / "source")
    with engine.writer() as writer:
        writer.put(WHOLE, "1")
        writer.put(said("gone", "one"), "2")
        writer.put(said("b", "one"), "3")
        writer.note("catalogue", b"\x00\xff")
    with engine.writer() as writer:
        writer.put(said("b", "one two"), "4")
        writer.remove("gone")
        writer.note("sources", b"")
    yield engine
    engine.close()


@pytest.fixture
def target(tmp_path):
    engine = WhooshEngine(tmp_path / "target")
    yield engine
    engine.close()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with an index of a few readouts, and another index of some others."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "RAW", "INDEX", "ENGINE"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw" / "a").mkdir(parents=True)
    write(tmp_path, range(OLD))
    assert communique("--index", "other", "index").exit_code == 0
    write(tmp_path, range(OLD, NEW))
    assert communique("index").exit_code == 0
    return tmp_path


def communique(*args):
    """Run the command in the current folder."""
    return CliRunner().invoke(cli, args, prog_name="communique")


def held(place):
    """How many statements a new engine finds."""
    engine = WhooshEngine(Path(place))
    try:
        return engine.info().statements
    finally:
        engine.close()


def test_a_copy_holds_statements_digests_and_notes(source, target):
    """Everything that is there, whole, in one generation; what was removed is not."""
    seen = []
    copied = copy(source, target, progress=lambda done, of: seen.append((done, of)))
    assert (copied.info, copied.notes, copied.faults) == (target.info(), 2, ())
    assert sorted(target.ids()) == sorted(source.ids())
    assert [target.get(key) for key in ("b", "gone")] == [said("b", "one two"), None]
    assert target.get(WHOLE.id) == WHOLE
    assert {name: target.note(name) for name in target.notes()} == {
        "catalogue": b"\x00\xff",
        "sources": b"",
    }
    assert (target.info().generation, target.info().fingerprint) == (
        1,
        source.info().fingerprint,
    )
    assert found(target, Term("two")) == ["b"]
    assert target.verify() == []
    assert seen == [(1, 2), (2, 2)]


def test_a_source_may_be_indexed_meanwhile(source, target):
    """The copy is of the generation that was current when it began, its notes too."""
    before = source.info()

    def publish_more(done, of):
        with source.writer() as writer:
            writer.put(said(f"later-{done}", "one"))
            writer.note("sources", b"later")

    copied = copy(source, target, progress=publish_more)
    assert copied.faults == ()
    assert target.info().fingerprint == before.fingerprint
    assert target.note("sources") == b""


def test_a_target_that_holds_statements_is_kept_unless_asked(source, target):
    """It is refused, and with ``replace`` nothing of what was there is left."""
    with target.writer() as writer:
        writer.put(said("old", "one"))
        writer.note("old", b"")
    with pytest.raises(TargetTaken, match="--replace"):
        copy(source, target)
    assert found(target) == ["old"]
    assert copy(source, target, replace=True).faults == ()
    assert found(target, Term("one")) == ["b"]
    assert target.notes() == ["catalogue", "sources"]


def test_an_empty_index_is_a_target(source, target):
    """Where somebody indexed an empty raw/ nothing is lost."""
    publish(target)
    assert copy(source, target).info.statements == 2


def test_a_damaged_source_is_not_copied(source, target, tmp_path):
    """A letter of a headline that is another than was written, with nothing else to tell of it."""
    publish(target, said("old", "one"))
    segments = (tmp_path / "source").glob("gen-2/*.arr")
    (damaged,) = (path for path in segments if b"Xi says" in path.read_bytes())
    damaged.write_bytes(damaged.read_bytes().replace(b"Xi says", b"Xi sees"))
    with pytest.raises(EngineError, match="not as it was written"):
        copy(source, target, replace=True)
    assert found(target) == ["old"]


class Forgetful(WhooshEngine):
    """Lists other digests than it was given, or one statement less."""

    lists_all = True

    def ids(self):
        for statement_id, digest in super().ids():
            if self.lists_all:
                yield statement_id, digest + "?"
            elif statement_id != "b":
                yield statement_id, digest


def test_what_the_target_has_otherwise_is_told(source, tmp_path):
    """Counts and digests of the target are read back from it."""
    target = Forgetful(tmp_path / "target")
    assert copy(source, target).faults == (
        "the target has other digests than were copied",
    )
    target.lists_all = False
    (fault,) = copy(source, target, replace=True).faults
    assert fault == "2 statements were copied; the target lists 1"


def test_indexing_goes_on_from_a_copy(folder):
    """What was indexed there is known here: nothing is read again, and a check finds all sound."""
    result = communique("copy", "index", "copy")
    assert result.exit_code == 0
    assert result.stdout.startswith("copied 40 statements and 2 notes (generation 1,")
    assert "are the same in both" in result.stdout
    (folder / "raw" / "a" / "000.txt").unlink()
    result = communique("--index", "copy", "index", "--json")
    assert '"updated": 0, "removed": 1, "unchanged": 39' in result.stdout
    assert communique("--index", "copy", "check").exit_code == 0


def test_the_command_refuses_in_a_sentence(folder):
    """No index, a target that is taken, one in raw/, an address that is none: codes 3, 2, 2, 2."""
    for code, source, target in (
        (3, "nowhere", "copy"),
        (2, "index", "other"),
        (2, "index", "raw/copy"),
        (2, "index", "https://user:secret@host/name"),
    ):
        result = communique("copy", source, target)
        assert result.exit_code == code
        assert result.stderr.count("\n") == 1 and "secret" not in result.stderr
    assert not (folder / "copy").exists()
    assert held("other") == OLD
    assert communique("copy", "index", "other", "--replace").exit_code == 0
    assert held("other") == NEW


def test_somebody_who_writes_there_is_named(folder):
    """Exit code 4, as for every command that writes."""
    engine = WhooshEngine(folder / "other")
    with engine.writer():
        result = communique("copy", "index", "other", "--replace")
    assert result.exit_code == 4
    assert "other" in result.stderr


def test_killed_at_any_step_the_target_is_as_it_was_or_whole(folder):
    """Whatever was being written; the next copy is not hindered."""
    command = ["copy", "index", "other", "--replace"]
    left = list(outcomes(folder, command, lambda: held("other"), stride=3))
    assert set(left) == {OLD, NEW}
    assert left == sorted(left)
    assert held("index") == NEW
    assert not list((folder / "other").glob("building-*"))
