"""Timelines and matrices as files: nothing is lost, all adds up, and no spreadsheet obeys them."""

from __future__ import annotations

import csv
import datetime
import io
import json

import pytest

from indexer.matrix import matrix, written_lines
from indexer.periods import Period
from indexer.query import Term
from indexer.search import SearchRequest
from indexer.tables import MATRIX_FORMS, TIMELINE_FORMS, MatrixTable, TimelineTable
from tests.indexer.contract.fixtures import publish, said
from tests.oracle import NaiveEngine

DAY = datetime.date
MADE = datetime.datetime(2026, 1, 5, 9, 30, tzinfo=datetime.UTC)
REQUEST = SearchRequest(query=Term("peace"), filters={"language": ("en",)})


@pytest.fixture
def engine():
    engine = NaiveEngine()
    publish(
        engine,
        said("a", "peace, peace", date=DAY(2022, 5, 1), source="=cmd()", language="en"),
        said("b", "war", date=DAY(2022, 5, 2), source="x", language="en"),
        said(
            "c",
            "peace",
            date=DAY(2024, 1, 1),
            date_precision="year",
            source="x",
            language="en",
        ),
        said("d", "peace to all", source="x", language="en"),
        said("e", "peace", date=DAY(2023, 1, 1), language="fr"),
    )
    return engine


def timeline(engine, form, period=Period.YEAR, by=None):
    (counted,) = engine.timelines([REQUEST], period=period, by=by)
    table = TimelineTable(request=REQUEST, timeline=counted, made=MADE)
    return "".join(TIMELINE_FORMS[form][1](table))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_timeline_as_csv_has_every_period_and_the_rest(engine):
    """Gaps, what is not precise enough and the undated have lines; a gap has no rate."""
    lines = rows(timeline(engine, "csv"))
    told = [
        (
            each["period"],
            each["statements"],
            each["searched_statements"],
            each["statements_per_100_statements"],
            each["occurrences_per_10000_words"],
        )
        for each in lines
    ]
    assert told == [
        ("2022", "1", "2", "50.0", "6666.666667"),
        ("2023", "0", "0", "", ""),
        ("2024", "1", "1", "100.0", "10000.0"),
        ("not precise enough", "0", "0", "", ""),
        ("undated", "1", "1", "100.0", "3333.333333"),
    ]
    index = engine.info()
    for each in lines:
        assert each["query"] == "peace"
        assert each["filters"] == "language=en"
        assert each["generation"] == str(index.generation)
        assert each["fingerprint"] == index.fingerprint
        assert each["exported_at"] == "2026-01-05T09:30:00+00:00"


@pytest.mark.parametrize("period", Period)
@pytest.mark.parametrize("by", [None, "source", "country", "language"])
def test_the_lines_of_a_series_add_up(engine, period, by):
    """In CSV and JSON alike, periods and what is outside of them are the total of the series."""
    read = json.loads(timeline(engine, "json", period, by))
    lines = rows(timeline(engine, "csv", period, by))
    for series in read["series"]:
        own = [
            each
            for each in lines
            if each["series"] == series["of"]
            and each[by or "value"].lstrip("'") == series["value"]
        ]
        assert [each["period"] for each in own] == [
            each["period"] for each in series["periods"]
        ]
        for count, total in series["total"].items():
            assert sum(each[count] for each in series["periods"]) == total
            column = {"searched": "searched_statements", "words": "searched_words"}
            column = column.get(count, count)
            assert sum(int(each[column]) for each in own) == total
    assert (read["period"], read["by"]) == (period.value, by)
    assert read["filters"] == {"language": ["en"]}


def test_no_cell_is_a_formula(engine):
    """Neither a source nor a line that begins like one."""
    names = {each["source"] for each in rows(timeline(engine, "csv", by="source"))}
    assert names == {"", "'=cmd()", "x"}
    lines = written_lines("=1+1 peace\n-war\n@peace")
    assert [each["search"] for each in rows(written(engine, lines, "csv"))] == [
        "'=1+1 peace",
        "'-war",
        "'@peace",
    ]


def written(engine, lines, form, count="statements"):
    shared = SearchRequest(filters=REQUEST.filters)
    counted = matrix(engine, lines, shared, Period.YEAR)
    table = MatrixTable(request=shared, matrix=counted, count=count, made=MADE)
    return "".join(MATRIX_FORMS[form][1](table))


def test_a_matrix_as_csv_has_a_line_for_each_search(engine):
    """Its cells are empty where nothing was searched, and it names what could not be read."""
    lines = written_lines('peace\n"war\nnothing')
    peace, broken, nothing = rows(written(engine, lines, "csv", "occurrences"))
    periods = ("2022", "2023", "2024", "not precise enough", "undated")
    assert [peace[name] for name in periods] == ["2", "", "1", "0", "1"]
    assert (peace["total"], peace["counted"], peace["query"]) == (
        "4",
        "occurrences",
        "peace",
    )
    assert [nothing[name] for name in periods] == ["0", "", "0", "0", "0"]
    assert broken["total"] == broken["2022"] == broken["query"] == ""
    assert broken["error"].endswith("(at character 1)")
    assert broken["fingerprint"] == engine.info().fingerprint


def test_a_matrix_as_json_adds_up(engine):
    """Every search has all periods, or what is wrong with it and where."""
    lines = written_lines('peace\n"war\nwar')
    read = json.loads(written(engine, lines, "json"))
    assert [each["line"] for each in read["rows"]] == [1, 2, 3]
    assert read["rows"][1]["position"] == 0
    for row in (read["rows"][0], read["rows"][2]):
        assert [each["period"] for each in row["periods"]] == ["2022", "2023", "2024"]
        for count, total in row["total"].items():
            inside = sum(each[count] for each in row["periods"])
            assert inside + row["imprecise"][count] + row["undated"][count] == total
