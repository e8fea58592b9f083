"""Generations: what is published is whole, and stays readable whatever happens to a writer."""

from __future__ import annotations

import gc
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import weakref
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from indexer.concordance import LineSort
from indexer.engines.whoosh import WhooshEngine, writer
from indexer.engines.whoosh.arrays import ArrayFile
from indexer.engines.whoosh.segment import Segment
from indexer.errors import EngineError, IndexBusy, IndexOutdated
from indexer.query import Phrase, parse_query
from indexer.search import SearchRequest
from indexer.statement import Statement
from tests.indexer.running import somebody_else


def said(number, text="the four political documents"):
    return Statement(id=f"s{number}", title=f"Statement {number}", text=text)


def publish(engine, *statements):
    with engine.writer() as writer:
        for statement in statements:
            writer.put(statement)


def total(engine):
    return engine.search(SearchRequest()).total


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def engine(folder):
    return WhooshEngine(folder)


def current(folder):
    return folder / (folder / "CURRENT").read_text()


def test_the_previous_generation_answers_where_the_current_one_is_damaged(
    engine, folder
):
    """A manifest that cannot be read costs the last publication, not the index."""
    publish(engine, said(1))
    publish(engine, said(2))
    (current(folder) / "manifest.json").write_text("{")
    assert total(WhooshEngine(folder)) == 1


def test_verify_says_that_an_older_generation_answers(engine, folder):
    """Falling back is no secret: who checks the index learns of it."""
    publish(engine, said(1))
    publish(engine, said(2))
    (current(folder) / "manifest.json").write_text("{")
    (fault,) = WhooshEngine(folder).verify()
    assert "gen-2 is not whole" in fault and "gen-1 answers" in fault


def test_folders_that_only_look_like_generations_are_left_alone(engine, folder):
    """Somebody's copy beside the index neither breaks it nor is removed."""
    publish(engine, said(1))
    (folder / "gen-backup").mkdir()
    publish(engine, said(2))
    assert total(WhooshEngine(folder)) == 2
    assert (folder / "gen-backup").is_dir()


def test_a_folder_of_other_things_is_refused_and_left_as_it_is(tmp_path):
    """A wrong --index neither closes somebody's folder nor fills it."""
    (tmp_path / "letters.txt").write_text("Dear Minister")
    tmp_path.chmod(0o755)
    with pytest.raises(EngineError, match="name a folder of its own"):
        publish(WhooshEngine(tmp_path), said(1))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_file_cut_short_is_noticed_on_opening(engine, folder):
    """A segment shorter than its manifest says is never searched."""
    publish(engine, said(1))
    publish(engine, said(2))
    newest = max(
        current(folder).glob("*.arr"), key=lambda path: path.stat().st_mtime_ns
    )
    newest.write_bytes(newest.read_bytes()[:100])
    assert total(WhooshEngine(folder)) == 1


def test_where_no_generation_is_whole_the_error_says_what_to_do(engine, folder):
    """Nothing is guessed from what is left."""
    publish(engine, said(1))
    (current(folder) / "manifest.json").unlink()
    with pytest.raises(EngineError, match="communique index --full"):
        WhooshEngine(folder).info()
    with WhooshEngine(folder).writer(fresh=True) as writer:
        writer.put(said(2))
    assert total(WhooshEngine(folder)) == 1


def test_verify_finds_a_single_changed_byte(engine, folder):
    """The checksums of the manifest are those of the files, byte by byte."""
    publish(engine, said(1))
    assert engine.verify() == []
    file = next(current(folder).glob("*.arr"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    (fault,) = engine.verify()
    assert file.name in fault


@pytest.mark.parametrize("key", ["format", "analysis", "language"])
def test_an_index_of_another_version_is_outdated_before_it_is_unpickled(
    engine, folder, key
):
    """The manifest is compared first, and a fresh writer replaces the index."""
    publish(engine, said(1))
    path = current(folder) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest[key] = "other"
    path.write_text(json.dumps(manifest))
    for toc in current(folder).glob("*.toc"):
        toc.write_bytes(b"not a pickle".ljust(toc.stat().st_size))
    other = WhooshEngine(folder)
    with pytest.raises(IndexOutdated, match="communique index"):
        other.info()
    with pytest.raises(IndexOutdated), other.writer():
        pass
    with other.writer(fresh=True) as writer:
        writer.put(said(2))
    assert total(other) == 1


def test_the_folder_is_the_owners_alone(engine, folder):
    """Opening an index unpickles, so nobody else may write there."""
    publish(engine, said(1))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_message_of_a_busy_index_names_the_holder(engine, folder):
    """A second writer learns which process is writing, and since when."""
    with engine.writer():
        with pytest.raises(IndexBusy, match=f"process {os.getpid()} on .* since"):
            with WhooshEngine(folder).writer():
                pass


def test_only_the_last_two_generations_are_kept(engine, folder):
    """The one before the current is there to fall back on; older ones are gone."""
    for number in range(4):
        publish(engine, said(number))
    assert sorted(path.name for path in folder.glob("gen-*")) == ["gen-3", "gen-4"]
    assert not list(folder.glob("building-*"))


def test_unchanged_segments_are_shared_between_generations(engine, folder, monkeypatch):
    """Adding a statement neither copies nor maps again what is there."""
    monkeypatch.setattr(writer, "_FEW_TOKENS", 0)
    publish(engine, said(1))
    before = next(current(folder).glob("*.arr"))
    first = engine._searcher().corpus.segments[0]
    publish(engine, said(2))
    assert (current(folder) / before.name).samefile(before)
    assert engine._searcher().corpus.segments[0] is first


def test_segments_are_merged_up_to_so_many_tokens(engine, monkeypatch):
    """A merge has a bound as its memory has: more tokens stay more segments, and all are found."""
    monkeypatch.setattr(writer, "_FEW_TOKENS", 0)
    monkeypatch.setattr(writer, "_MANY", 2)
    monkeypatch.setattr(writer, "_MOST_TOKENS", 12)
    for number in range(10):
        publish(engine, said(number))
    sizes = [each.texts["text"].tokens for each in engine._searcher().corpus.segments]
    assert sorted(sizes) == [4, 12, 12, 12]
    assert total(engine) == 10


def test_who_publishes_often_makes_few_segments(engine, monkeypatch):
    """Small ones are merged at once, as far as their tokens go, and larger ones are left alone."""
    monkeypatch.setattr(writer, "_FEW_TOKENS", 12)
    publish(engine, *map(said, range(4)))
    kept = []
    for number in range(4, 12):
        publish(engine, said(number))
        segments = engine._searcher().corpus.segments
        kept.append(sorted(each.texts["text"].tokens for each in segments))
    assert kept == [
        *([4, 16], [8, 16], [12, 16]),
        *([4, 12, 16], [8, 12, 16], [12, 12, 16]),
        *([4, 12, 12, 16], [8, 12, 12, 16]),
    ]
    assert total(engine) == 12


@contextmanager
def without_collector():
    """Nothing is let go but what nobody refers to."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_merged_segments_keep_each_dictionary_once(engine, folder):
    """And none that no text needs: readers hold memory for each, however often one publishes."""
    texts = [f"{number} of the four political documents " * 9 for number in range(600)]
    publish(engine, *map(said, range(600), texts))
    for number in range(600, 609):
        publish(engine, said(number))
    with engine.writer() as writer:
        for number in range(400):
            writer.remove(f"s{number}")
    segments = [ArrayFile(path) for path in current(folder).glob("*.arr")]
    assert [len(each["dictionaries_ends"]) for each in segments] == [2]
    kept = {each.id: each.text for each, _ in engine.statements()}
    known = {f"s{number}": texts[number] for number in range(400, 600)}
    assert kept == known | {
        f"s{number}": said(number).text for number in range(600, 609)
    }


def test_what_is_gone_is_let_go_at_once(engine, folder):
    """A server that is told of new statements all day holds one generation, not those before."""
    publish(engine, *map(said, range(9)))
    with without_collector():
        reader = WhooshEngine(folder)
        reader.search(SearchRequest(query=parse_query("document"), uses=True))
        for sort in LineSort:
            reader.concordance(SearchRequest(query=parse_query("document")), sort=sort)
        before = weakref.ref(reader._searcher().corpus)
        publish(engine, said(9))
        assert total(reader) == 10
        assert before() is None


def test_a_segment_that_was_read_is_let_go_at_once(engine, folder):
    """Its file may be gone, and what was unpacked of it is of no use any more."""
    publish(engine, said(1))
    (path,) = current(folder).glob("*.arr")
    with without_collector():
        segment = Segment(ArrayFile(path))
        assert segment.documents.shown(0).statement.id == said(1).id
        gone = weakref.ref(segment), weakref.ref(segment.documents)
        del segment
        assert [each() for each in gone] == [None, None]


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from indexer.engines.whoosh import WhooshEngine
    from indexer.statement import Statement

    calls = 0

    def count(event, arguments):
        # Every event that writes, or makes, moves or removes a file, is a place to die at.
        global calls
        if event in ("os.rename", "os.link", "os.mkdir", "os.remove", "shutil.rmtree") or (
            event == "open" and arguments[1] not in (None, "r", "rb")
        ):
            calls += 1
            if calls == int(sys.argv[2]):
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    with WhooshEngine(Path(sys.argv[1])).writer() as writer:
        for number in range(100, 200):
            writer.put(Statement(id=f"s{number}", title="", text="new words"))
    print(calls)
"""


def test_a_writer_killed_at_any_step_leaves_one_generation_or_the_other(engine, folder):
    """Nothing is lost, nothing is half there, and the next writer is not hindered."""
    publish(engine, said(1), said(2))
    step, outcomes = 0, set()
    while True:
        step += 1
        ran = subprocess.run(
            [
                sys.executable,
                "-W",
                "ignore",
                "-c",
                textwrap.dedent(KILLED),
                folder,
                str(step),
            ],
            capture_output=True,
            text=True,
        )
        found = total(WhooshEngine(folder))
        outcomes.add(found)
        assert found in (2, 102), ran.stderr
        if ran.returncode != -signal.SIGKILL:
            assert ran.returncode == 0, ran.stderr
            break
    assert step > 8
    assert outcomes == {2, 102}
    assert not list(folder.glob("building-*"))
    assert WhooshEngine(folder).verify() == []


def test_readers_never_fail_while_a_writer_publishes(engine, folder):
    """Every search during twenty publications sees a whole generation, of growing size."""
    publish(engine, said(0))
    done = threading.Event()
    problems = []

    def read(reader):
        seen = 0
        while not done.is_set():
            try:
                phrase = Phrase(("four", "political", "documents"))
                found = reader.search(SearchRequest(query=phrase)).total
            except Exception as error:  # whatever it is, the test shows it
                problems.append(repr(error))
                return
            if found < seen:
                problems.append(f"{found} after {seen}")
            seen = found

    threads = [
        threading.Thread(target=read, args=(reader,))
        for reader in (engine, WhooshEngine(folder))
    ]
    for thread in threads:
        thread.start()
    writer = WhooshEngine(folder)
    for number in range(1, 21):
        publish(writer, said(number))
    done.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert total(engine) == 21


def test_an_index_that_may_not_be_read_says_what_to_do():
    """Whoever may not read it is told so, and not that there is none."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        engine = WhooshEngine(Path(folder) / "index")
        publish(engine, said(1))
        with somebody_else():
            other = WhooshEngine(Path(folder) / "index")
            with pytest.raises(EngineError, match="cannot be read .*Permission denied"):
                other.info()
