"""What citations promise: as much of a date as is known, and no character that breaks a format."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace

import pybtex.database
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from indexer.citation import Citation, apa, bibtex, chicago, csl, plain, ris
from indexer.statement import Statement

STATEMENT = Statement(
    id="xinhua/2025-10-31-gyeongju",
    title="Leaders meet in Gyeongju",
    text="They reaffirmed the “four political documents”.",
    date=datetime.date(2025, 10, 31),
    source="Xinhua",
    kind="readout",
    place="Gyeongju",
    language="en",
    url="https://news.example/gyeongju",
)
RETRIEVED = datetime.date(2026, 1, 5)
HERE = "https://search.example/statements/xinhua/2025-10-31-gyeongju"
HASH = hashlib.sha256(STATEMENT.text.encode()).hexdigest()[:16]


def cited(**changes: object) -> Citation:
    """The statement with some changes, retrieved here."""
    statement = replace(STATEMENT, **changes)
    return Citation(statement=statement, retrieved=RETRIEVED, address=HERE)


def test_a_statement_in_each_style():
    """Source, title, kind, date, retrieval and address; the plain one has the hash too."""
    assert chicago(cited()) == (
        "Xinhua. “Leaders meet in Gyeongju.” Readout. October 31, 2025. "
        "Accessed January 5, 2026. https://news.example/gyeongju."
    )
    assert apa(cited()) == (
        "Xinhua. (2025, October 31). Leaders meet in Gyeongju [Readout]. "
        "Retrieved January 5, 2026, from https://news.example/gyeongju"
    )
    assert plain(cited()) == (
        "Leaders meet in Gyeongju. Xinhua, readout, Gyeongju, 31 October 2025. "
        "https://news.example/gyeongju. Retrieved 5 January 2026. "
        f"Text: {HERE}, its SHA-256 begins {HASH}."
    )


DATES = [
    ("day", "October 31, 2025", "2025, October 31", "2025/10/31/", "2025-10-31"),
    ("month", "October 2025", "2025, October", "2025/10//", "2025-10"),
    ("year", "2025", "2025", "2025///", "2025"),
    (None, "n.d.", "n.d.", None, None),
]


@pytest.mark.parametrize("precision, american, in_apa, in_ris, iso", DATES)
def test_a_date_is_told_as_far_as_it_is_known(precision, american, in_apa, in_ris, iso):
    """A month is no day of it, and the undated has no date in any form."""
    known = {"date_precision": precision} if precision else {"date": None}
    citation = cited(**known)
    assert f" Readout. {american.removesuffix('.')}. Accessed" in chicago(citation)
    assert f"Xinhua. ({in_apa}). Leaders" in apa(citation)
    (record,) = rispy.loads(ris(citation))
    assert record.get("date") == in_ris
    assert record.get("year") == (iso and "2025")
    fields = entry(citation).fields
    assert fields.get("date") == iso
    assert fields["year"] == ("2025" if iso else "n.d.")
    assert fields.get("month") == ("October" if iso and len(iso) > 4 else None)
    issued = csl(citation).get("issued")
    parts = [int(part) for part in iso.split("-")] if iso else None
    assert issued == (parts and {"date-parts": [parts]})


def test_what_is_not_known_is_left_out():
    """A statement of which only the text is known has no empty parts."""
    bare = Statement(id="a", title="", text="Words.")
    citation = Citation(statement=bare, retrieved=RETRIEVED)
    assert chicago(citation) == "“Untitled.” n.d. Accessed January 5, 2026."
    assert apa(citation) == "Untitled. (n.d.). Retrieved January 5, 2026."
    assert plain(citation).startswith(
        "Untitled. n.d. Retrieved 5 January 2026. Text: its"
    )
    assert set(csl(citation)) == {"id", "type", "title", "accessed", "note"}
    assert rispy.loads(ris(citation))[0]["title"] == "Untitled"
    assert not entry(citation).persons


def test_titles_bring_their_own_stops_and_quotes():
    """No second full stop after one that ends a title, and quotes inside quotes are single."""
    asked = cited(title="“Who said ‘peace’?”")
    assert "“‘Who said ‘peace’?’” Readout." in chicago(asked)
    assert "(2025, October 31). “Who said ‘peace’?” [Readout]." in apa(asked)
    assert plain(cited(title="王毅会见外相。")).startswith("王毅会见外相。 Xinhua")


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "xinhua/a.html", "https://", "http:// x"]
)
def test_only_an_address_on_the_web_is_one(url):
    """Where a readout gives none that can be opened, the statement's own is cited."""
    assert cited(url=url).url == HERE
    assert "Text: its SHA-256" in plain(cited(url=url))


def test_a_text_that_is_not_known_has_no_hash():
    """A statement of which only its title is known is cited without one."""
    assert cited(text="").digest == ""
    assert "SHA-256" not in plain(cited(text=""))


def entry(citation: Citation) -> pybtex.database.Entry:
    """What another program reads from our BibTeX, where a second entry stands behind it."""
    behind = Citation(statement=replace(STATEMENT, id="behind"), retrieved=RETRIEVED)
    written = bibtex(citation) + bibtex(behind)
    read, other = pybtex.database.parse_string(written, "bibtex").entries.values()
    assert other.key == "behind"
    return read


HOSTILE = st.text(
    st.sampled_from('a b{}\\"%$#&_^~@,=\r\n\t\x00\x85\u2028“’，。é中-/')
    | st.characters(exclude_categories=["Cs"]),
    max_size=30,
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_breaks_bibtex(title, source, place):
    """Whatever a statement says, its entry is one entry, and its fields are as told."""
    statement = Statement(id="a b{c}", title=title, text="", source=source, kind=place)
    citation = Citation(statement=statement, retrieved=RETRIEVED)
    read = entry(citation)
    assert read.key == "a_20b_7bc_7d"
    assert unescaped(read.fields["title"]) == citation.title
    authors = [unescaped(str(person)) for person in read.persons.get("author", [])]
    assert authors == ([citation.author] if citation.author else [])


def unescaped(value: str) -> str:
    """A field as TeX prints it, without the braces around the whole of it."""
    names = {
        "backslash": "\\",
        "braceleft": "{",
        "braceright": "}",
        "asciicircum": "^",
        "asciitilde": "~",
    }
    assert value[0] == "{" and value[-1] == "}"
    text, rest = "", value[1:-1]
    while rest:
        for name, char in names.items():
            command = rf"\text{name}{{}}"
            if rest.startswith(command):
                text, rest = text + char, rest.removeprefix(command)
                break
        else:
            assert rest[0] not in "{}^~" and (rest[0] != "\\" or rest[1] in "#$%&_")
            rest = rest[1:] if rest[0] == "\\" else rest
            text, rest = text + rest[0], rest[1:]
    return text


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_breaks_ris(title, source, note):
    """Whatever a statement says, its record is one record, a line for each value."""
    citation = Citation(
        statement=Statement(id="a", title=title, text="", source=source),
        retrieved=RETRIEVED,
    )
    written = ris(citation, [note])
    lines = written.split("\r\n")
    assert lines[-3:] == ["ER  - ", "", ""]
    assert all(line[2:6] == "  - " for line in lines[:-2])
    (record,) = rispy.loads(written + ris(cited()))[:1]
    assert record["title"].strip() == citation.title.strip()
    assert record.get("authors", [""])[0].strip() == citation.author.strip()
