"""What exports of a concordance promise: every line, in files that other programs open."""

from __future__ import annotations

import csv
import datetime
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.concordance import Concordance, Line, LineSort
from indexer.line_exports import COLUMNS, LINE_FORMS, LineExport
from indexer.query import Term
from indexer.search import IndexInfo, SearchRequest
from indexer.statement import Statement
from tests.indexer.test_exports import CELLS, MADE, STATEMENTS
from tests.oracle import NaiveEngine

PEACE = SearchRequest(query=Term("peace"), filters={"language": ("en", "")})


@pytest.fixture
def engine():
    engine = NaiveEngine()
    with engine.writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
    return engine


def written(form, request, found, sort=LineSort.NEWEST):
    """What an export in this form is, as one text."""
    export = LineExport(
        request=request,
        sort=sort,
        found=found,
        made=MADE,
        address=lambda line: f"https://here.example/{line.statement.id}#{line.number}",
    )
    return "".join(LINE_FORMS[form][1](export))


def rows(text):
    """The lines of a CSV by the names of its columns."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_csv_opens_again(engine):
    """Every occurrence is a line, with where it stands and where the file comes from."""
    text = written("csv", PEACE, engine.concordance(PEACE, sort=LineSort.NEWEST))
    title, first, second = rows(text)
    assert tuple(title) == COLUMNS
    assert (title["left"], title["match"], title["right"]) == (
        *("On ", "peace", ", “and quiet”"),
    )
    assert [each["field"] for each in (title, first, second)] == [
        *("title", "text", "text")
    ]
    assert (first["left"], first["right"]) == ("", ". ¶ No war, but peace.")
    assert second["left"] == "Peace. ¶ No war, but "
    assert [each["address"][-3:] for each in (title, first, second)] == [
        *("a#1", "a#2", "a#3")
    ]
    for number, each in enumerate((title, first, second), 1):
        assert each["line"] == str(number)
        assert (each["total"], each["statements"]) == ("3", "1")
        assert (each["date"], each["date_precision"]) == ("2025-10", "month")
        assert (each["query"], each["sort"]) == ("peace", "newest")
        assert each["filters"] == "language=en or "
        assert each["fingerprint"] == engine.info().fingerprint
        assert each["exported_at"] == "2026-01-05T09:30:00+00:00"
    assert text.count("\r\n") == 4


def test_json_has_the_text_as_it_is(engine):
    """One object: the search, then the lines, with their paragraphs' ends."""
    found = json.loads(
        written("json", PEACE, engine.concordance(PEACE, sort=LineSort.NEWEST))
    )
    lines = found.pop("lines")
    assert lines[1]["right"] == ".\n\nNo war, but peace."
    assert lines[0]["field"] == "title"
    assert [line["number"] for line in lines] == [1, 2, 3]
    assert (found["total"], found["statements"], found["sort"]) == (3, 1, "newest")
    assert found["index"]["fingerprint"] == engine.info().fingerprint


@pytest.mark.parametrize("form", LINE_FORMS)
def test_nothing_found_is_an_export_too(engine, form):
    """It has no line."""
    request = SearchRequest(query=Term("nothing"))
    text = written(form, request, engine.concordance(request))
    assert (json.loads(text)["lines"] if form == "json" else rows(text)) == []


@given(st.lists(CELLS, min_size=5, max_size=5))
def test_no_cell_is_a_formula(said):
    """Whatever stands around a match, no cell begins as a formula does."""
    left, match, right, title, source = said
    line = Line(
        statement=Statement(
            id="a", title=title, text="", source=source, date=datetime.date(2025, 1, 1)
        ),
        number=1,
        in_title=False,
        left=left,
        match=match,
        right=right,
        opens=True,
        closes=True,
    )
    info = IndexInfo(generation=1, statements=1, tokens=1, built_at="", fingerprint="f")
    found = Concordance(total=1, statements=1, lines=iter([line]), index=info)
    (row,) = rows(written("csv", SearchRequest(), found))
    for cell in row.values():
        assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
