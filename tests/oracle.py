"""The naive engine: every answer by scanning every text, so simple that it can be believed.

The other engines' tests hold their answers against this one's. It shares the analysis and the
query tree with them, and nothing that evaluates.
"""

from __future__ import annotations

import calendar
import datetime
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import permutations

from indexer.analysis import spans, stem, tokenize
from indexer.dates import DateRange
from indexer.errors import IndexBusy, IndexMissing
from indexer.query import (
    And,
    Dates,
    Everything,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
)
from indexer.query.tree import TEXT_FIELDS
from indexer.search import (
    UNDATED,
    FacetCount,
    Hit,
    IndexInfo,
    SearchRequest,
    SearchResults,
    Snippet,
    Sort,
)
from indexer.statement import Statement

Span = tuple[int, int]

MARGIN = 80  # characters of a snippet on either side of its match


class Document:
    """A statement with its tokens: title and text are two lists that nothing spans."""

    def __init__(self, statement: Statement, digest: str) -> None:
        self.statement = statement
        self.digest = digest
        self.searched = {"title": statement.headline, "text": statement.text}
        self.tokens = {name: tokenize(text) for name, text in self.searched.items()}

    def characters(self, name: str, found: set[Span]) -> tuple[Span, ...]:
        """Token spans as ranges of characters; those that overlap become one."""
        starts, ends = (offsets.tolist() for offsets in spans(self.searched[name]))
        assert len(starts) == len(ends) == len(self.tokens[name])
        marks: list[Span] = []
        for start, end in sorted(
            (starts[first], ends[last - 1]) for first, last in found
        ):
            if marks and start < marks[-1][1]:
                marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
            else:
                marks.append((start, end))
        return tuple(marks)


@dataclass(frozen=True)
class Generation:
    """All that one writer published."""

    documents: dict[str, Document]
    notes: dict[str, bytes]
    info: IndexInfo


class NaiveWriter:
    """Collects what a session says; NaiveEngine publishes it."""

    def __init__(self, documents: dict[str, Document], notes: dict[str, bytes]) -> None:
        self.documents = documents
        self.notes = notes

    def put(self, statement: Statement, digest: str = "") -> None:
        self.documents[statement.id] = Document(statement, digest)

    def remove(self, statement_id: str) -> None:
        self.documents.pop(statement_id, None)

    def note(self, name: str, data: bytes) -> None:
        self.notes[name] = data


class NaiveEngine:
    """An ``indexer.engine.Engine`` in memory. Relevance is the number of occurrences."""

    def __init__(self, language: str = "english") -> None:
        self.language = language
        self._published: Generation | None = None
        self._lock = threading.Lock()

    @property
    def _generation(self) -> Generation:
        if self._published is None:
            raise IndexMissing("There is no index yet: write one first.")
        return self._published

    @contextmanager
    def writer(self, *, fresh: bool = False) -> Iterator[NaiveWriter]:
        if not self._lock.acquire(blocking=False):
            raise IndexBusy(f"Process {os.getpid()} is writing: wait until it is done.")
        try:
            before = self._published
            if fresh or before is None:
                session = NaiveWriter({}, {})
            else:
                session = NaiveWriter(dict(before.documents), dict(before.notes))
            yield session
            number = 1 if before is None else before.info.generation + 1
            self._published = publish(session, number)
        finally:
            self._lock.release()

    def get(self, statement_id: str) -> Statement | None:
        document = self._generation.documents.get(statement_id)
        return document and document.statement

    def ids(self) -> Iterator[tuple[str, str]]:
        documents = self._generation.documents
        return iter([(key, each.digest) for key, each in documents.items()])

    def info(self) -> IndexInfo:
        return self._generation.info

    def note(self, name: str) -> bytes | None:
        return self._generation.notes.get(name)

    def verify(self) -> list[str]:
        assert self._generation
        return []

    def close(self) -> None:
        pass

    def matches(self, query: Query, statement_id: str) -> Snippet | None:
        document = self._generation.documents.get(statement_id)
        if document is None:
            return None
        found = self._found(query, document, "text")
        return Snippet(document.statement.text, document.characters("text", found))

    def search(self, request: SearchRequest) -> SearchResults:
        generation = self._generation
        matching = [
            document
            for document in generation.documents.values()
            if holds(request.query, document, self.language)
            and (request.dates is None or inside(document.statement, request.dates))
        ]
        result = [each for each in matching if passes(each.statement, request)]
        hits = self._in_order([self._hit(each, request) for each in result], request)
        return SearchResults(
            total=len(result),
            hits=tuple(hits[request.offset : request.offset + request.limit]),
            facets={
                name: facet(name, [each.statement for each in matching], request)
                for name in request.facets
            },
            index=generation.info,
        )

    def _found(self, query: Query, document: Document, name: str) -> set[Span]:
        return positive_spans(query, name, document.tokens[name], self.language)

    def _hit(self, document: Document, request: SearchRequest) -> Hit:
        statement = document.statement
        in_title = self._found(request.query, document, "title")
        in_text = self._found(request.query, document, "text")
        marks = document.characters("text", in_text)
        return Hit(
            statement=replace(statement, text=""),
            score=float(len(in_title) + len(in_text)),
            title=Snippet(statement.title, document.characters("title", in_title)),
            snippets=tuple(snippets(statement.text, marks)[: request.snippets]),
            occurrences=len(in_title) + len(in_text),
        )

    def _in_order(self, hits: list[Hit], request: SearchRequest) -> list[Hit]:
        """Each sort is stable, so the last one decides and the ones before break its ties."""
        hits = sorted(hits, key=lambda hit: hit.statement.id)
        oldest = request.sort is Sort.OLDEST
        hits.sort(
            key=lambda hit: hit.statement.date or datetime.date.min, reverse=not oldest
        )
        hits.sort(key=lambda hit: hit.statement.date is None)
        if request.sort is Sort.RELEVANCE:
            hits.sort(key=lambda hit: -hit.score)
        return hits


def publish(session: NaiveWriter, number: int) -> Generation:
    """What ``session`` collected, with its measures."""
    documents = session.documents
    lines = sorted(f"{key} {each.digest}\n" for key, each in documents.items())
    info = IndexInfo(
        generation=number,
        statements=len(documents),
        tokens=sum(
            len(tokens)
            for each in documents.values()
            for tokens in each.tokens.values()
        ),
        built_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        fingerprint=hashlib.sha256("".join(lines).encode()).hexdigest(),
    )
    return Generation(documents, session.notes, info)


# What matches


def holds(
    query: Query,
    document: Document,
    language: str,
    names: tuple[str, ...] = TEXT_FIELDS,
) -> bool:
    """Whether the statement matches the query, looked for in the fields ``names``."""
    match query:
        case Everything():
            return True
        case And(parts):
            return all(holds(part, document, language, names) for part in parts)
        case Or(parts):
            return any(holds(part, document, language, names) for part in parts)
        case Not(part):
            return not holds(part, document, language, names)
        case Dates(dates):
            return inside(document.statement, dates)
        case Field(name, part) if name in TEXT_FIELDS:
            return holds(part, document, language, (name,))
        case Field(name, part):
            return has_keyword(document.statement, name, part)
        case leaf:
            return any(leaf_spans(leaf, document.tokens[n], language) for n in names)


def has_keyword(statement: Statement, name: str, part: Query) -> bool:
    """Whether a keyword field has the words of a Phrase, or of one of several."""
    if isinstance(part, Or):
        return any(has_keyword(statement, name, each) for each in part.parts)
    assert isinstance(part, Phrase)
    words = list(part.words)
    values = {
        "source": (statement.source,),
        "kind": (statement.kind,),
        "lang": (statement.language,),
        "place": (statement.place,),
        "speaker": statement.speakers,
        "country": statement.countries,
    }[name]
    tokens = [tokenize(value) for value in values]
    if name in ("source", "kind", "lang"):
        return words in tokens
    return any(phrase_spans(words, each) for each in tokens)


def days(statement: Statement) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day that the statement's date may mean."""
    date = statement.date
    if date is None:
        return None
    if statement.date_precision == "year":
        return date.replace(month=1, day=1), date.replace(month=12, day=31)
    if statement.date_precision == "month":
        length = calendar.monthrange(date.year, date.month)[1]
        return date.replace(day=1), date.replace(day=length)
    return date, date


def inside(statement: Statement, dates: DateRange) -> bool:
    """Whether all of the statement's date lies in the range; an undated one never does."""
    interval = days(statement)
    if interval is None:
        return False
    first, last = interval
    return (dates.first is None or dates.first <= first) and (
        dates.last is None or last <= dates.last
    )


# Where it matches: spans (start, end) in tokens


def positive_spans(
    query: Query, name: str, tokens: list[str], language: str
) -> set[Span]:
    """Where the field ``name`` with these tokens has what the query asks for, not excludes."""
    match query:
        case Everything() | Not() | Dates():
            return set()
        case And(parts) | Or(parts):
            return union(positive_spans(part, name, tokens, language) for part in parts)
        case Field(field, part):
            return (
                positive_spans(part, name, tokens, language) if field == name else set()
            )
        case leaf:
            return leaf_spans(leaf, tokens, language)


def leaf_spans(leaf: Query, tokens: list[str], language: str) -> set[Span]:
    """Every occurrence of a node that stands at places in a text."""
    match leaf:
        case Phrase(words):
            return phrase_spans(list(words), tokens)
        case Near(parts, distance, True):
            return ordered_spans(
                [part_spans(part, tokens, language) for part in parts], distance
            )
        case Near(parts, distance, False):
            found = [part_spans(part, tokens, language) for part in parts]
            orders = permutations(found)
            return minimal(union(ordered_spans(order, distance) for order in orders))
        case Term(word):
            wanted = stem(word, language)
            return single(stem(token, language) == wanted for token in tokens)
        case Prefix(start):
            return single(token.startswith(start) for token in tokens)
        case Fuzzy(word):
            return single(
                token[0] == word[0] and levenshtein(token, word) <= leaf.edits
                for token in tokens
            )
    raise TypeError(f"{leaf!r} stands at no places")


def part_spans(part: Query, tokens: list[str], language: str) -> set[Span]:
    """Every occurrence of a part of a Near: of an Or, the shortest of its parts' ones."""
    if isinstance(part, Or):
        return minimal(union(leaf_spans(each, tokens, language) for each in part.parts))
    return leaf_spans(part, tokens, language)


def ordered_spans(parts: Iterable[set[Span]], distance: int) -> set[Span]:
    """The shortest windows that hold one occurrence of each part in order, near enough.

    Every chain of occurrences is tried, as (start, end, words that the parts cover).
    """
    first, *others = parts
    chains = {(start, end, end - start) for start, end in first}
    for occurrences in others:
        chains = {
            (start, part_end, covered + part_end - part_start)
            for start, end, covered in chains
            for part_start, part_end in occurrences
            if part_start >= end
        }
    shortest = minimal({(start, end) for start, end, _ in chains})
    return {
        (start, end)
        for start, end, covered in chains
        if (start, end) in shortest and end - start - covered <= distance - 1
    }


def phrase_spans(words: list[str], tokens: list[str]) -> set[Span]:
    """Where ``words`` stand next to each other."""
    length = len(words)
    return {
        (start, start + length)
        for start in range(len(tokens) - length + 1)
        if tokens[start : start + length] == words
    }


def single(answers: Iterable[bool]) -> set[Span]:
    """The spans of the single tokens for which the answer is yes."""
    return {(place, place + 1) for place, answer in enumerate(answers) if answer}


def minimal(found: set[Span]) -> set[Span]:
    """Those spans that have no other span inside them."""
    return {
        (start, end)
        for start, end in found
        if not any(
            start <= other_start and other_end <= end
            for other_start, other_end in found - {(start, end)}
        )
    }


def union(sets: Iterable[set[Span]]) -> set[Span]:
    return set().union(*sets)


def levenshtein(one: str, other: str) -> int:
    """The fewest insertions, deletions and changes of a letter that make one the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row = row, [i]
        for j, other_letter in enumerate(other, 1):
            change = before[j - 1] + (letter != other_letter)
            row.append(min(change, before[j] + 1, row[j - 1] + 1))
    return row[-1]


# What a page shows


def values(statement: Statement, name: str) -> set[str]:
    """The statement's values of a facet."""
    match name:
        case "year":
            return {statement.date.isoformat()[:4] if statement.date else UNDATED}
        case "month":
            if statement.date is None or statement.date_precision == "year":
                return set()
            return {statement.date.isoformat()[:7]}
        case "country":
            return set(statement.countries) - {""}
        case "speaker":
            return set(statement.speakers) - {""}
        case "source" | "kind" | "language" | "place":
            return {getattr(statement, name)} - {""}
    raise KeyError(name)


def passes(
    statement: Statement, request: SearchRequest, ignoring: tuple[str, ...] = ()
) -> bool:
    """Whether the statement has one of the wanted values of each filter."""
    return all(
        values(statement, name) & set(wanted)
        for name, wanted in request.filters.items()
        if name not in ignoring
    )


def facet(
    name: str, matching: list[Statement], request: SearchRequest
) -> tuple[FacetCount, ...]:
    """The facet's counts over all that matches but for its own filter."""
    ignoring = ("year", "month") if name == "year" else (name,)
    counts = Counter(
        value
        for statement in matching
        if passes(statement, request, ignoring)
        for value in values(statement, name)
    )
    by_time = name in ("year", "month")
    return tuple(
        FacetCount(value, count)
        for value, count in sorted(
            counts.items(),
            key=lambda pair: (
                0 if by_time else -pair[1],
                pair[0],
            ),  # digits < "undated"
        )
    )


def snippets(text: str, marks: tuple[Span, ...]) -> list[Snippet]:
    """Windows around the matches from the first on, cut between words and never in a mark."""
    if not marks:
        return [Snippet(text[: between_words(text, 2 * MARGIN)].rstrip())]
    windows: list[Span] = []
    for start, end in marks:
        shown = windows[-1][1] if windows else 0
        if end <= shown:
            continue
        last = between_words(text, end + MARGIN)
        last = max([last] + [b for a, b in marks if a < last < b])
        windows.append((max(shown, between_words(text, start - MARGIN)), last))
    return [
        Snippet(
            text[first:last],
            tuple((a - first, b - first) for a, b in marks if first <= a and b <= last),
        )
        for first, last in windows
    ]


def between_words(text: str, place: int) -> int:
    """``place``, or where the word starts that it would cut in two."""
    starts, ends = (offsets.tolist() for offsets in spans(text))
    for start, end in zip(starts, ends, strict=True):
        if start < place < end:
            return start
    return min(max(place, 0), len(text))
