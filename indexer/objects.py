"""The JSON objects that the command line prints and the API gives: their keys and types.

What makes them is checked against these types, and the API's schema is made from them. Dates are ISO
8601 days, and null where nothing is dated.
"""

from __future__ import annotations

from typing import TypedDict


class Snippet(TypedDict):
    """A text; marks are the ranges of its characters that matched, from 0, the end not included."""

    text: str
    marks: list[tuple[int, int]]


class Hit(TypedDict):
    """A statement that was found. More counts the statements that are folded under it.

    Of its date as much is known as date_precision says: the day, the month or the year.
    """

    id: str
    title: str
    date: str | None
    date_precision: str
    source: str
    kind: str
    language: str
    url: str
    score: float
    more: int
    snippets: list[Snippet]


class FacetCount(TypedDict):
    """How many statements have a value."""

    value: str
    count: int


class Use(TypedDict):
    """A statement as the first or the last use of what was searched."""

    id: str
    date: str | None
    date_precision: str
    source: str


#: A run of days without what was searched, with how many other statements are of these days.
Silence = TypedDict(
    "Silence", {"from": str | None, "to": str | None, "statements": int}
)

#: How many statements were searched, and the days from the first to the last of them.
Searched = TypedDict(
    "Searched", {"statements": int, "from": str | None, "to": str | None}
)


class Uses(TypedDict):
    """All matches of a result, its first and last use, and the longest silence between."""

    occurrences: int
    first: Use | None
    last: Use | None
    silence: Silence | None
    searched: Searched


class Index(TypedDict):
    """What was searched: which generation of which corpus."""

    generation: int
    fingerprint: str
    statements: int
    tokens: int
    built_at: str


class Understood(TypedDict):
    """The query as it was typed, in its canonical form, and in words, with remarks on it."""

    query: str
    canonical: str
    interpreted: str
    notices: list[str]


class Answer(Understood):
    """A page of hits, with the counts of the whole result.

    Where near-copies are folded, total and facets take a group of them for one statement;
    statements takes each.
    """

    total: int
    statements: int
    folded: bool
    uses: Uses | None
    hits: list[Hit]
    facets: dict[str, list[FacetCount]]
    index: Index


class Line(TypedDict):
    """An occurrence in its context, in the title or the text (field).

    Opens and closes say whether the context reaches the beginning and the end of it; number is that
    of the match in its statement.
    """

    line: int
    left: str
    match: str
    right: str
    opens: bool
    closes: bool
    id: str
    title: str
    date: str | None
    date_precision: str
    source: str
    kind: str
    language: str
    url: str
    field: str
    number: int


class Source(TypedDict):
    """What the index holds of a source; repeated are near-copies of another of its statements."""

    source: str
    statements: int
    tokens: int
    first: str | None
    last: str | None
    undated: int
    repeated: int


class Failure(TypedDict):
    """A readout that gives no statement: why, since which day, and for how many days."""

    path: str
    reason: str
    since: str
    days: int


class Status(TypedDict):
    """What the index holds, and which readouts it could not take."""

    generation: int
    built_at: str
    statements: int
    tokens: int
    readouts: int
    undated: int
    copies: int
    newest: str | None
    sources: list[Source]
    failed: list[Failure]
