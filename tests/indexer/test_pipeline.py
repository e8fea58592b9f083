"""What indexing promises: the index is what raw/ holds, and only what changed is touched."""

import os
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from indexer import cleaning, pipeline, profiles
from indexer.catalogue import Catalogue, Row
from indexer.changes import find_changes
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import (
    EngineError,
    IndexBusy,
    IndexMissing,
    IndexOutdated,
    SettingsError,
)
from indexer.names import NOTE, load_names
from indexer.readouts import RawFile
from indexer.search import SearchRequest
from tests.indexer.running import somebody_else
from tests.oracle import NaiveEngine

SECOND = 1_000_000_000  # ns
OLD = 1_700_000_000 * SECOND  # long settled


class Corpus:
    """A raw/ of small files with an engine beside it."""

    def __init__(self, raw: Path) -> None:
        self.raw = raw
        self.engine = NaiveEngine()
        raw.mkdir()

    def write(self, name: str, text: str, *, at: int = OLD) -> None:
        """Write a readout that was last changed at ``at``."""
        path = self.raw / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(at, at))

    def readout(self, name: str, text: str = "They met.", *, at: int = OLD) -> None:
        """Write a readout with a header line."""
        self.write(name, f" date 2025-07-10 A meeting\n\n{text}\n", at=at)

    def index(self, **options: bool) -> tuple[int, int, int, int, int]:
        """Index, and give added, updated, removed, unchanged, failed."""
        report = pipeline.index(self.raw, self.engine, **options)
        counts = (report.added, report.updated, report.removed, report.unchanged)
        return (*counts, len(report.failed))

    @property
    def generation(self) -> int:
        return self.engine.info().generation

    @property
    def texts(self) -> dict[str, str]:
        """The text of every statement in the index."""
        ids = sorted(statement_id for statement_id, _ in self.engine.ids())
        return {each: self.engine.get(each).text for each in ids}


class OutdatedEngine(NaiveEngine):
    """An engine that holds an index of another format until it is built anew."""

    @property
    def _generation(self):
        if self._published is None:
            raise IndexOutdated("The index has format 0")
        return super()._generation


class OvertakenEngine(NaiveEngine):
    """An engine to which somebody else publishes just before a writer begins."""

    def writer(self, *, fresh: bool = False):
        if not fresh:
            with super().writer():
                pass
        return super().writer(fresh=fresh)


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path / "raw")


def test_everything_in_raw_is_indexed(corpus):
    """Each readout gives its statement, and the report counts them."""
    corpus.readout("xinhua/a.txt", "They met.")
    corpus.readout("mofa/b.txt", "They talked.")
    assert corpus.index() == (2, 0, 0, 0, 0)
    assert corpus.texts == {"mofa/b": "They talked.", "xinhua/a": "They met."}


def test_an_empty_raw_gives_an_empty_index(corpus):
    """Without a readout there is an index that finds nothing, rather than no index."""
    assert corpus.index() == (0, 0, 0, 0, 0)
    assert corpus.engine.search(SearchRequest()).total == 0


def test_nothing_changed_publishes_nothing(corpus):
    """A run over an unchanged raw/ leaves the generation as it is."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    assert corpus.index() == (0, 0, 0, 1, 0)
    assert corpus.generation == 1


def test_a_new_time_alone_is_no_change(corpus):
    """A file that was only touched is not cleaned again."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    os.utime(corpus.raw / "xinhua" / "a.txt", ns=(OLD + 1, OLD + 1))
    assert corpus.index() == (0, 0, 0, 1, 0)
    assert corpus.generation == 1


def test_a_changed_file_is_updated_and_the_others_are_left(corpus):
    """Only the statement of the file that changed is written again."""
    corpus.readout("xinhua/a.txt", "They met.")
    corpus.readout("xinhua/b.txt", "They dined.")
    corpus.index()
    corpus.readout("xinhua/a.txt", "They sat.", at=OLD + 1)
    assert corpus.index() == (0, 1, 0, 1, 0)
    assert corpus.texts == {"xinhua/a": "They sat.", "xinhua/b": "They dined."}


def test_a_file_just_written_is_looked_into_again(corpus):
    """A change that keeps size and time is still seen where the clock was too coarse to show it."""
    now = (time.time_ns() // SECOND + 1) * SECOND
    corpus.readout("xinhua/a.txt", "They met.", at=now)
    corpus.index()
    corpus.readout("xinhua/a.txt", "They sat.", at=now)
    assert corpus.index() == (0, 1, 0, 0, 0)


@pytest.mark.parametrize(("part", "settled"), [(0, False), (SECOND // 3, True)])
def test_a_fine_clock_settles_a_file_sooner(corpus, part, settled):
    """Where times tell parts of a second, a file of a second ago need not be read again."""
    at = time.time_ns() // SECOND * SECOND - SECOND + part
    corpus.readout("xinhua/a.txt", at=at)
    corpus.index()
    row = pipeline.load_catalogue(corpus.engine).rows["xinhua/a.txt"]
    assert (row.mtime_ns == at) is settled


def test_a_file_that_is_being_written_is_left_as_it_is(corpus):
    """What is unfinished is neither added, nor updated, nor removed, until it is finished."""
    corpus.readout("xinhua/a.txt", "They met.")
    corpus.index()
    corpus.readout("xinhua/a.txt", "They", at=OLD + 1)
    corpus.readout("xinhua/b.txt", "Th")
    assert corpus.index(unfinished={"xinhua/a.txt", "xinhua/b.txt"})[:3] == (0, 0, 0)
    assert corpus.texts == {"xinhua/a": "They met."}
    assert corpus.index() == (1, 1, 0, 0, 0)


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_an_id_is_one_line_s_however_long_the_file(corpus, size):
    """The second line of the same id is a failure, in the same chunk of a file and in another."""
    text = "They met. " * (size // 10)
    lines = [f'{{"id": "{each}", "title": "", "text": "{text}"}}' for each in "aba"]
    corpus.write("un/debates.jsonl", "\n".join(lines))
    assert corpus.index() == (2, 0, 0, 0, 1)
    assert list(corpus.texts) == ["un/debates~jsonl/a", "un/debates~jsonl/b"]


def test_what_left_raw_leaves_the_index(corpus):
    """A file that is gone takes its statements with it."""
    corpus.readout("xinhua/a.txt")
    corpus.readout("xinhua/b.txt")
    corpus.index()
    (corpus.raw / "xinhua" / "a.txt").unlink()
    assert corpus.index() == (0, 0, 1, 1, 0)
    assert list(corpus.texts) == ["xinhua/b"]


@pytest.mark.parametrize("full", [False, True])
def test_an_empty_raw_empties_no_index_unasked(corpus, full):
    """A disk that is not mounted is no removal; who means it says so."""
    corpus.readout("xinhua/a.txt")
    corpus.write("xinhua/source.toml", "")
    corpus.index()
    (corpus.raw / "xinhua" / "a.txt").unlink()
    with pytest.raises(SettingsError, match="mount its disk"):
        corpus.index(full=full)
    assert list(corpus.texts) == ["xinhua/a"]
    corpus.index(full=full, allow_empty=True)
    assert corpus.texts == {}
    assert corpus.index() == (0, 0, 0, 0, 0)


def test_a_source_that_lost_its_last_readout_is_named(corpus):
    """A disk that is not mounted looks like an empty folder: one of two files gone is not told."""
    for name in ("near/a.txt", "far/b.txt", "far/c.txt"):
        corpus.readout(name)
    corpus.index()
    (corpus.raw / "far/b.txt").unlink()
    assert pipeline.index(corpus.raw, corpus.engine).emptied == ()
    (corpus.raw / "far/c.txt").unlink()
    report = pipeline.index(corpus.raw, corpus.engine)
    assert (report.removed, report.emptied) == (1, (("far", 1),))
    assert pipeline.index(corpus.raw, corpus.engine).emptied == ()


def test_a_moved_file_is_removed_here_and_added_there(corpus):
    """An id comes from the path, so a moved file is another statement."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    (corpus.raw / "xinhua" / "a.txt").rename(corpus.raw / "xinhua" / "c.txt")
    assert corpus.index() == (1, 0, 1, 0, 0)
    assert list(corpus.texts) == ["xinhua/c"]


def test_lines_of_a_file_are_told_apart(corpus):
    """Of a file with a statement a line, the lines that did not change count as unchanged."""
    line = '{"id": "%s", "title": "T", "date": "2025-07-10", "text": "%s"}\n'
    corpus.write("un/all.jsonl", line % ("a", "One.") + line % ("b", "Two."))
    assert corpus.index() == (2, 0, 0, 0, 0)
    corpus.write(
        "un/all.jsonl", line % ("a", "One.") + line % ("c", "Three."), at=OLD + 1
    )
    assert corpus.index() == (1, 0, 1, 1, 0)


def test_one_id_given_twice_is_a_failure(corpus):
    """Of two lines with one id the first counts, and the second is reported."""
    line = '{"id": "a", "title": "T", "date": "2025-07-10", "text": "%s"}\n'
    corpus.write("un/all.jsonl", line % "One." + line % "Two.")
    assert corpus.index() == (1, 0, 0, 0, 1)
    assert list(corpus.texts.values()) == ["One."]


def test_a_failure_is_reported_while_it_lasts(corpus):
    """An unreadable file fails at each run with its path and reason, and publishes only once."""
    corpus.readout("xinhua/a.txt")
    corpus.write("xinhua/b.txt", "")
    assert corpus.index() == (1, 0, 0, 0, 1)
    report = pipeline.index(corpus.raw, corpus.engine)
    assert report.generation == 1
    assert [failure.path for failure in report.failed] == ["xinhua/b.txt"]
    assert "empty" in report.failed[0].reason
    corpus.readout("xinhua/b.txt", at=OLD + 1)
    assert corpus.index() == (1, 0, 0, 1, 0)


def test_a_failure_keeps_the_day_it_began(corpus):
    """How long a file has failed is known, though it was tried again since."""
    corpus.write("xinhua/b.txt", "")
    pipeline.index(corpus.raw, corpus.engine)
    catalogue = pipeline.load_catalogue(corpus.engine)
    failures = catalogue.failures["xinhua/b.txt"]
    failures[0] = failures[0]._replace(since="2025-01-01")
    with corpus.engine.writer() as writer:
        writer.note(pipeline.NOTE, catalogue.dump())
    report = pipeline.index(corpus.raw, corpus.engine, full=True)
    assert report.failed[0].since == "2025-01-01"


def test_a_file_that_turns_unreadable_takes_its_statement_along(corpus):
    """The index never shows what raw/ no longer gives."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    corpus.write("xinhua/a.txt", "", at=OLD + 1)
    assert corpus.index() == (0, 0, 1, 0, 1)


def test_a_changed_source_cleans_its_files_again(corpus):
    """What source.toml says holds for files indexed before, and those of other sources stay."""
    corpus.readout("xinhua/a.txt")
    corpus.readout("mofa/b.txt")
    corpus.index()
    corpus.write("xinhua/source.toml", 'kind = "readout of a call"')
    assert corpus.index() == (0, 1, 0, 1, 0)
    assert corpus.engine.get("xinhua/a").kind == "readout of a call"
    assert corpus.index() == (0, 0, 0, 2, 0)


@pytest.mark.parametrize(
    ("rule", "again"),
    [
        ("indexer.cleaning.rules", ["a/b.html", "a/c.txt", "x/d.html"]),
        ("indexer.changes.profiles_digest", ["a/b.html"]),
    ],
)
def test_changed_rules_clean_again_what_they_concern(corpus, monkeypatch, rule, again):
    """All for the rules of cleaning; for the profiles pages alone that choose one by address."""
    corpus.write("a/b.html", "<p>They met.</p>")
    corpus.readout("a/c.txt")
    corpus.write("x/d.html", "<p>They met.</p>")
    corpus.write("x/source.toml", 'profile = "none"')
    corpus.index()
    assert not pipeline.pending(corpus.raw, corpus.engine)
    monkeypatch.setattr(rule, lambda: "others")
    assert pipeline.pending(corpus.raw, corpus.engine).changed == again
    assert corpus.index() == (0, 0, 0, 3, 0)
    assert not pipeline.pending(corpus.raw, corpus.engine)


@pytest.mark.parametrize(
    ("module", "told"),
    [(cleaning, cleaning.rules), (profiles, profiles.profiles_digest)],
    ids=["names of countries", "profiles"],
)
def test_data_that_changed_tells_by_itself(monkeypatch, tmp_path, module, told):
    """No number has to be raised for a TOML file beside the code."""

    def now():
        profiles.load_profiles.cache_clear()
        told.cache_clear()
        return told()

    with monkeypatch.context() as patched:
        patched.setattr(module.resources, "files", lambda _: tmp_path)
        (tmp_path / "one.toml").write_text('hosts = ["a.example"]')
        before = now()
        (tmp_path / "one.toml").write_text('hosts = ["b.example"]')
        assert now() != before
    now()


def test_full_starts_anew(corpus):
    """With ``full`` everything is cleaned and written again."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    assert corpus.index(full=True) == (1, 0, 0, 0, 0)
    assert pipeline.index(corpus.raw, corpus.engine, full=True).rebuilt == ""


def test_an_index_without_catalogue_is_rebuilt_with_the_reason(corpus):
    """Where nobody can tell what was indexed, everything is, and the report says why."""
    corpus.readout("xinhua/a.txt")
    with corpus.engine.writer() as writer:
        writer.note(pipeline.NOTE, b'{"version": 0}')
    report = pipeline.index(corpus.raw, corpus.engine)
    assert report.added == 1
    assert "no catalogue" in report.rebuilt


def test_an_outdated_index_is_rebuilt_with_the_reason(corpus):
    """An index of another format is built anew by itself, and the report says why."""
    corpus.readout("xinhua/a.txt")
    corpus.engine = OutdatedEngine()
    report = pipeline.index(corpus.raw, corpus.engine)
    assert (report.added, report.rebuilt) == (1, "The index has format 0")
    assert corpus.index() == (0, 0, 0, 1, 0)


def test_a_run_that_another_one_overtook_gives_way(corpus):
    """What was read before somebody else published is not written over it."""
    corpus.engine = OvertakenEngine()
    corpus.readout("xinhua/a.txt")
    corpus.index()
    corpus.readout("xinhua/b.txt")
    with pytest.raises(IndexBusy, match="run communique index again"):
        corpus.index()
    assert list(corpus.texts) == ["xinhua/a"]


def test_progress_is_told_of_every_file_that_is_cleaned(corpus):
    """Progress counts the files to clean, not those that stay."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    corpus.readout("xinhua/b.txt")
    corpus.readout("xinhua/c.txt")
    told = []
    pipeline.index(corpus.raw, corpus.engine, progress=lambda *each: told.append(each))
    assert told == [(1, 2), (2, 2)]


def test_without_raw_nothing_is_removed(corpus):
    """A raw/ that is not there is an error, not an order to empty the index."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    corpus.raw.rename(corpus.raw.with_name("elsewhere"))
    with pytest.raises(SettingsError):
        corpus.index()
    assert list(corpus.texts) == ["xinhua/a"]


def test_check_finds_nothing_wrong_after_indexing(corpus):
    """Right after a run the index is what raw/ gives."""
    corpus.readout("xinhua/a.txt")
    corpus.write("xinhua/b.txt", "")
    corpus.index()
    assert pipeline.check(corpus.raw, corpus.engine) == []


def test_check_names_each_difference(corpus):
    """New, changed and lost files are named, even those whose size and time are the same."""
    for name in "abc":
        corpus.readout(f"xinhua/{name}.txt", "They met.")
    corpus.index()
    corpus.readout("xinhua/a.txt", "They sat.")
    (corpus.raw / "xinhua" / "b.txt").unlink()
    corpus.readout("xinhua/d.txt")
    assert pipeline.check(corpus.raw, corpus.engine) == [
        "xinhua/d.txt: is not indexed yet",
        "xinhua/a.txt: has changed since it was indexed",
        "xinhua/b.txt: is indexed, but gone from raw/",
    ]


def test_check_compares_the_engine_with_the_catalogue(corpus):
    """A statement that got lost in the engine, or into it, is found."""
    corpus.readout("xinhua/a.txt")
    corpus.readout("xinhua/b.txt")
    corpus.index()
    stranger = replace(corpus.engine.get("xinhua/a"), id="stranger")
    with corpus.engine.writer() as writer:
        writer.remove("xinhua/b")
        writer.put(stranger)
    assert pipeline.check(corpus.raw, corpus.engine) == [
        "stranger: the index has it otherwise than raw/ gave",
        "xinhua/b: is lost from the index",
    ]


def test_check_without_an_index_says_so(corpus):
    """Without an index there is nothing to check."""
    with pytest.raises(IndexMissing):
        pipeline.check(corpus.raw, corpus.engine)


def test_pending_says_what_a_run_would_do(corpus):
    """Looking at what is pending changes nothing."""
    corpus.readout("xinhua/a.txt")
    corpus.index()
    corpus.readout("xinhua/b.txt")
    changes = pipeline.pending(corpus.raw, corpus.engine)
    assert (changes.new, changes.changed, changes.gone) == (["xinhua/b.txt"], [], [])
    assert corpus.generation == 1


def test_starting_anew_mends_a_damaged_index(tmp_path):
    """Where no generation is whole, every message says ``--full``, and that works."""
    raw, folder = tmp_path / "raw", tmp_path / "index"
    (raw / "x").mkdir(parents=True)
    (raw / "x" / "a.txt").write_text("date 2025-07-10 A headline\n\nThe text.\n")
    pipeline.index(raw, WhooshEngine(folder))
    for file in folder.glob("gen-*/*.arr"):
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(EngineError, match="--full"):
        pipeline.index(raw, WhooshEngine(folder))
    assert pipeline.index(raw, WhooshEngine(folder), full=True).added == 1


def test_a_file_that_cannot_be_read_for_the_moment_stays():
    """It is reported, and what it gave is kept until it can be read again."""
    with TemporaryDirectory() as folder:
        raw = Path(folder)
        raw.chmod(0o755)
        (raw / "x").mkdir()
        file = raw / "x" / "a.txt"
        file.write_text("date 2025-07-10 A headline\n\nThe text.\n")
        engine = NaiveEngine()
        assert pipeline.index(raw, engine).added == 1
        file.chmod(0)
        os.utime(file, (0, 1))
        with somebody_else():
            report = pipeline.index(raw, engine)
        assert (report.unchanged, report.removed) == (1, 0)
        assert [failure.path for failure in report.failed] == ["x/a.txt"]
        file.chmod(0o644)
        report = pipeline.index(raw, engine)
        assert (report.unchanged, report.removed, report.failed) == (1, 0, ())
        file.unlink()
        assert pipeline.index(raw, engine, allow_empty=True).removed == 1


def test_what_is_in_a_folder_that_cannot_be_listed_is_not_gone():
    """A closed folder hides its files; they are not taken out of the index."""
    rows = {"x/y/b.txt": Row(9, 9, "digest"), "x/z.txt": Row(9, 9, "digest")}
    hidden = RawFile("raw/x/y", "x/y", 0, 0)
    changes = find_changes(Catalogue(rows=rows), {"x/y": hidden}, {})
    assert changes.gone == ["x/z.txt"]


def test_a_source_that_is_named_is_published(corpus):
    """The names belong to the generation; one that an earlier version wrote is given them."""
    corpus.readout("a/one.txt")
    corpus.index()
    assert load_names(corpus.engine) == {}
    corpus.write("a/source.toml", 'name = "Ministry of Affairs"')
    corpus.index()
    assert load_names(corpus.engine) == {"a": "Ministry of Affairs"}
    with corpus.engine.writer() as writer:
        writer.note(NOTE, b"{}")
    assert corpus.index() == (0, 0, 0, 1, 0)
    assert load_names(corpus.engine) == {"a": "Ministry of Affairs"}
