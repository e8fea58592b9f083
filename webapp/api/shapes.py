"""The objects that only the API gives; what the command line prints too is in ``indexer.objects``."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from indexer import objects
from indexer.tables import Part
from webapp.api.tree import Node


class SearchPage(objects.Answer):
    """A page of hits, with the counts of the whole result, and the address of the next page.

    Where near-copies are folded, total and facets take a group of them for one statement;
    statements takes each. Next is relative to this address, and null on the last page.
    """

    next: str | None


class Statement(TypedDict):
    """A whole statement. The hash is that of the text as UTF-8."""

    id: str
    title: str
    text: str
    date: str | None
    date_precision: str
    source: str
    kind: str
    place: str
    agency: str
    countries: list[str]
    speakers: list[str]
    language: str
    url: str
    captions: list[str]
    sha256: str
    index: objects.Index


class Match(TypedDict):
    """A match in the title or the text (field), numbered as on the statement's page.

    Start and end are offsets of characters in it, from 0, the end not included.
    """

    number: int
    field: Literal["title", "text"]
    start: int
    end: int
    match: str


class Matches(objects.Understood):
    """All matches of a query in a statement; where some overlap, occurrences are more."""

    id: str
    occurrences: int
    matches: list[Match]
    index: objects.Index


class Kwic(objects.Understood):
    """A page of lines; total counts those of all pages, statements those that have any."""

    sort: str
    total: int
    statements: int
    lines: list[objects.Line]
    index: objects.Index
    next: str | None


class Facets(objects.Understood):
    """How a whole result spreads; counts ignore the filter by the same name."""

    total: int
    statements: int
    folded: bool
    facets: dict[str, list[objects.FacetCount]]
    index: objects.Index


class Tally(TypedDict):
    """What was found, and how much was searched: statements, and their words."""

    statements: int
    occurrences: int
    searched: int
    words: int


class Period(Tally):
    """The counts of a period, such as 2025, 2025-07 or 2025-07-10."""

    period: str


class Series(TypedDict):
    """The counts of all statements, of those with a value, or of the rest.

    Imprecise are those whose dates are not precise enough for these periods.
    """

    of: Part
    value: str
    total: Tally
    periods: list[Period]
    imprecise: Tally
    undated: Tally


class Timeline(objects.Understood):
    """A whole result by period, from the first to the last of the corpus.

    Periods between that are left out are gaps: nothing of them was searched.
    """

    period: str
    by: str | None
    first: str | None
    last: str | None
    series: list[Series]
    index: objects.Index


class Row(TypedDict):
    """One search, with its counts, or with the error why it cannot be read and where."""

    line: int
    search: str
    error: NotRequired[str]
    position: NotRequired[int]
    canonical: NotRequired[str]
    interpreted: NotRequired[str]
    total: NotRequired[Tally]
    periods: NotRequired[list[Period]]
    imprecise: NotRequired[Tally]
    undated: NotRequired[Tally]


class Matrix(TypedDict):
    """Several searches by period; what a row leaves out between first and last is a gap."""

    period: str
    first: str | None
    last: str | None
    rows: list[Row]
    index: objects.Index


class Suggestion(TypedDict):
    """A completion of the last word; text is the whole query with it, what is open closed.

    The text that ends in the name of a field is only the beginning of a query.
    """

    text: str
    completion: str
    kind: Literal["word", "source", "field"]


class Suggestions(TypedDict):
    """What a query that is being typed may become."""

    query: str
    suggestions: list[Suggestion]
    index: objects.Index


class Parsed(objects.Understood):
    """What a query means; nothing was searched."""

    tree: Node
