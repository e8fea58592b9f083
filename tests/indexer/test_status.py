"""The status: counts and days that a reader can check by eye."""

import datetime
import json

import pytest

from indexer import pipeline
from indexer.catalogue import Catalogue, Failure, Row, Summary
from indexer.errors import IndexMissing, IndexOutdated
from indexer.status import age, read_status, status_object
from tests.indexer.contract.fixtures import said
from tests.oracle import NaiveEngine

TODAY = datetime.date(2026, 1, 31)


@pytest.fixture
def engine(tmp_path):
    """Three statements of a source, one of them undated, an undated one of another, a failure."""
    for name, text in {
        "a/1.txt": " date 2024-05 One\n\nThey met.",
        "a/2.txt": " date 2025-07-10 Two\n\nThey met.",
        "a/3.txt": "They met, they talked, and they parted.",
        "b/4.txt": "They dined.",
        "b/5.txt": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    engine = NaiveEngine()
    pipeline.index(tmp_path, engine)
    return engine


def test_each_source_has_its_counts_and_days(engine):
    """Statements, first and last day and what is undated, the largest source first."""
    found = status_object(read_status(engine), TODAY)
    assert found["sources"] == [
        {
            "source": "a",
            "statements": 3,
            "tokens": 14,
            "first": "2024-05-01",
            "last": "2025-07-10",
            "undated": 1,
            "repeated": 0,
        },
        {
            "source": "b",
            "statements": 1,
            "tokens": 3,
            "first": None,
            "last": None,
            "undated": 1,
            "repeated": 0,
        },
    ]
    assert (found["statements"], found["undated"], found["readouts"]) == (4, 2, 5)
    assert found["newest"] == "2025-07-10"
    assert [each["path"] for each in found["failed"]] == ["b/5.txt"]
    json.dumps(found)


def test_a_status_is_that_of_one_generation(engine):
    """Where another one is published while the status is read, it is read again."""

    class Overtaken(NaiveEngine):
        """Loses a source as soon as somebody has seen it."""

        def search(self, request):
            results = super().search(request)
            if not request.filters and results.total == 4:
                with self.writer() as writer:
                    writer.remove("b/4")
            return results

    overtaken = Overtaken()
    overtaken._published = engine._published
    found = read_status(overtaken)
    assert found.index == overtaken.info()
    assert [(each.source, each.statements) for each in found.sources] == [("a", 3)]


def test_near_copies_of_earlier_statements_are_counted(engine):
    """By source those that it has earlier itself; altogether those that any source has."""
    with engine.writer() as writer:
        for name, year in (("a/1", 2026), ("a/2", 2025), ("b/3", 2025), ("c/4", 2019)):
            date = datetime.date(year, 1, 1)
            writer.put(said(name, "They agreed.", date=date, source=name[0]))
    found = status_object(read_status(engine), TODAY)
    repeated = {each["source"]: each["repeated"] for each in found["sources"]}
    assert repeated == {"a": 1, "b": 0, "c": 0}
    assert found["copies"] == 3


def test_what_was_never_indexed_from_raw_has_a_status_as_well():
    """An engine that somebody filled by hand has no catalogue, and so no failures."""
    engine = NaiveEngine()
    with pytest.raises(IndexMissing):
        read_status(engine)
    with engine.writer():
        pass
    assert read_status(engine).failed == ()


def test_a_catalogue_of_another_version_is_outdated():
    """It is said, not taken for one without failures."""
    engine = NaiveEngine()
    with engine.writer() as writer:
        writer.note(pipeline.NOTE, b'{"version": 0}')
    with pytest.raises(IndexOutdated):
        read_status(engine)


def test_the_summary_is_that_of_the_catalogue():
    """What is read without the rows says the same as the whole."""
    failure = Failure("b/x.txt", "is empty", "2026-01-30")
    whole = Catalogue(
        rules={"b": "1"},
        rows={"b/x.txt": Row(0, 1, ""), "b/y.txt": Row.of(1, 2, "d", {"b/y": "e"})},
        failures={"b/x.txt": [failure]},
    )
    assert Catalogue.load(whole.dump()) == whole
    assert Summary.load(whole.dump()) == Summary(2, [failure])


def test_ages_count_days():
    """From the day on which it failed first; never less than none."""
    assert age(Failure("a", "b", "2026-01-30"), TODAY) == 1
    assert age(Failure("a", "b", "2026-02-01"), TODAY) == 0
