"""What exports promise: all hits, in forms that other programs open, and where they come from."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json

import pybtex.database
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from indexer.exports import COLUMNS, FORMS, Export
from indexer.query import Term
from indexer.search import AllHits, Hit, IndexInfo, SearchRequest, Snippet
from indexer.statement import Statement
from tests.oracle import NaiveEngine

MADE = datetime.datetime(2026, 1, 5, 9, 30, tzinfo=datetime.UTC)
STATEMENTS = (
    Statement(
        id="a",
        title="On peace, “and quiet”",
        text="Peace.\n\nNo war, but peace.",
        date=datetime.date(2025, 10, 1),
        date_precision="month",
        source="xinhua",
        kind="readout",
        countries=("China", "Japan"),
        language="en",
    ),
    Statement(id="b", title="", text="Peace; 和平"),
    Statement(id="c", title="War", text="None of it."),
)
PEACE = SearchRequest(query=Term("peace"))
REQUEST = SearchRequest(query=Term("peace"), filters={"language": ("en", "")})


@pytest.fixture
def engine():
    engine = NaiveEngine()
    with engine.writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
    return engine


def written(engine, form, request=PEACE):
    """What an export in this form is, as one text."""
    export = Export(
        request=request,
        found=engine.hits(request),
        made=MADE,
        address=lambda statement_id: f"https://here.example/{statement_id}",
    )
    return "".join(FORMS[form][1](export))


def rows(text):
    """The lines of a CSV by the names of its columns."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_csv_opens_again(engine):
    """Every hit is a line, with all that is known of it and where it comes from."""
    text = written(engine, "csv")
    first, second = rows(text)
    assert tuple(first) == COLUMNS
    assert first["title"] == "On peace, “and quiet”"
    assert (first["date"], first["date_precision"]) == ("2025-10", "month")
    assert first["countries"] == "China; Japan"
    assert first["address"] == "https://here.example/a"
    assert (first["result"], first["total"], first["occurrences"]) == ("1", "2", "3")
    assert (second["date"], second["date_precision"]) == ("", "")
    for each in (first, second):
        assert each["query"] == "peace"
        assert each["fingerprint"] == engine.info().fingerprint
        assert each["generation"] == "1"
        assert each["exported_at"] == "2026-01-05T09:30:00+00:00"
    assert text.endswith("\r\n")
    assert text.count("\r\n") == 3


CELLS = st.text("=+-@\t\r\n\"',;＝ a1\x00中", max_size=12)


@given(st.lists(CELLS, min_size=6, max_size=6))
def test_no_cell_is_a_formula(said):
    """Whatever a statement says, no cell begins as a formula does, and nothing is lost but that."""
    title, source, kind, place, language, country = said
    statement = Statement(
        id="a",
        title=title,
        text="",
        source=source,
        kind=kind,
        place=place,
        language=language,
        countries=(country,),
    )
    hit = Hit(
        statement=statement,
        score=1.0,
        title=Snippet(title),
        snippets=(),
        occurrences=0,
    )
    info = IndexInfo(generation=1, statements=1, tokens=1, built_at="", fingerprint="f")
    request = SearchRequest(filters={"source": (source,)})
    export = Export(
        request=request,
        found=AllHits(total=1, hits=iter([hit]), index=info),
        made=MADE,
        address=lambda statement_id: "",
    )
    (row,) = rows("".join(FORMS["csv"][1](export)))
    for cell in row.values():
        assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
    for name, value in (("title", title), ("source", source), ("countries", country)):
        kept = value.replace("\x00", "")
        assert row[name] in (kept, f"'{kept}")
        assert row[name] == kept or kept.strip(" ")[0] in "=+-@\t\r\n＝"


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_json_tells_the_search_before_the_hits(engine, form):
    """One object, or a line each; the same of both, and the filters as they were."""
    text = written(engine, form, REQUEST)
    if form == "json":
        head = json.loads(text)
        hits = head.pop("hits")
    else:
        head, *hits = map(json.loads, text.splitlines())
    assert head["query"] == "peace"
    assert head["filters"] == {"language": ["en", ""]}
    assert head["total"] == len(hits) == 1
    assert head["index"]["fingerprint"] == engine.info().fingerprint
    assert head["exported_at"] == "2026-01-05T09:30:00+00:00"
    assert hits[0]["countries"] == ["China", "Japan"]
    assert hits[0]["occurrences"] == 3
    assert hits[0]["result"] == 1


def test_ris_and_bibtex_cite_every_hit(engine):
    """Each record is read by another program, and tells the search it was found by."""
    records = rispy.loads(written(engine, "ris"))
    assert [record["title"] for record in records] == [
        "On peace, “and quiet”",
        "Untitled",
    ]
    assert all("2 found for: peace. Exported" in each["notes"][-1] for each in records)
    text = written(engine, "bib")
    assert text.startswith("2 found for: peace. Exported 2026-01-05T09:30:00+00:00")
    assert list(pybtex.database.parse_string(text, "bibtex").entries) == ["a", "b"]


def test_each_citation_has_the_hash_of_its_text_and_the_day(engine):
    """As the statement's own page cites it: what it said then can be told from what it says now."""
    for statement, record, entry, item in zip(
        STATEMENTS[:2],
        rispy.loads(written(engine, "ris")),
        pybtex.database.parse_string(written(engine, "bib"), "bibtex").entries.values(),
        json.loads(written(engine, "json"))["hits"],
        strict=True,
    ):
        digest = hashlib.sha256(statement.text.encode()).hexdigest()[:16]
        assert f"its SHA-256 begins {digest}" in record["notes"][0]
        assert f"its SHA-256 begins {digest}" in entry.fields["note"]
        assert item["sha256_begins"] == digest
        assert (record["access_date"], entry.fields["urldate"]) == (
            "2026/01/05/",
            "2026-01-05",
        )


def test_what_was_searched_is_no_entry_of_bibtex(engine):
    """A filter that looks like an entry stays in the comment."""
    request = SearchRequest(
        query=Term("peace"), filters={"source": ("@misc{x, title={}}\n@misc{y,",)}
    )
    text = written(engine, "bib", request)
    assert list(pybtex.database.parse_string(text, "bibtex").entries) == []


def test_what_is_not_quoted_is_counted(engine):
    """More matches than snippets: the export says how many it quotes at most, and counts all."""
    apart = "Much else was said. " * 30
    text = "\n\n".join(["They want peace.", apart] * 5)
    with engine.writer() as writer:
        writer.put(Statement(id="long", title="", text=text))
    request = SearchRequest(query=Term("peace"), similar="long")
    (row,) = rows(written(engine, "csv", request))
    assert (row["occurrences"], row["most_snippets"]) == ("5", "3")
    assert row["snippets"].count("peace") == 3
    whole = json.loads(written(engine, "json", request))
    assert whole["most_snippets"] == 3
    assert whole["hits"][0]["occurrences"] == 5
    said = written(engine, "txt", request)
    assert "up to 3 passages are quoted, and all matches counted" in said
    assert "Undated · 5 matches" in said


def test_text_is_for_people(engine):
    """Numbered hits with date, source and marked snippets, behind the search in words."""
    text = written(engine, "txt")
    assert text.startswith("Searched for any form of “peace”\n2 found for: peace.")
    assert (
        "\n1. On peace, “and quiet”\n   2025-10 · xinhua · readout · 3 matches" in text
    )
    assert "«Peace»" in text
    assert "\n2. Untitled\n   Undated · 1 match\n   https://here.example/b\n" in text


@pytest.mark.parametrize("form", FORMS)
def test_nothing_found_is_an_export_too(engine, form):
    """It has no hit, and where the form has a place for it says what was searched."""
    text = written(engine, form, SearchRequest(query=Term("nothing")))
    if form == "json":
        assert json.loads(text)["hits"] == []
    elif form == "csv":
        assert rows(text) == []
    else:
        assert not text or "nothing" in text
