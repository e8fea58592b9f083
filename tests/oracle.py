"""The naive engine: every answer by scanning every text, so simple that it can be believed.

The other engines' tests hold their answers against this one's. It shares the analysis and the
query tree with them, and nothing that evaluates.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from indexer.analysis import spans
from indexer.concordance import CONTEXT, Concordance, Line, LineSort
from indexer.dates import DateRange
from indexer.errors import IndexBusy, IndexMissing
from indexer.periods import Period, name_of
from indexer.query import Query, scope, when
from indexer.search import (
    UNDATED,
    AllHits,
    FacetCount,
    Hit,
    IndexInfo,
    Marked,
    Searched,
    SearchRequest,
    SearchResults,
    Snippet,
    Sort,
    Uses,
)
from indexer.statement import Statement
from indexer.timeline import MOST, Series, Tally, Timeline
from tests.copies import earliest, groups
from tests.scan import Document, Span, days, holds, inside, positive_spans

MARGIN = 80  # characters of a snippet on either side of its match


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

    def statements(self) -> Iterator[tuple[Statement, str]]:
        documents = self._generation.documents.values()
        return iter([(each.statement, each.digest) for each in documents])

    def info(self) -> IndexInfo:
        return self._generation.info

    def notes(self) -> list[str]:
        return sorted(self._generation.notes)

    def note(self, name: str) -> bytes | None:
        return self._generation.notes.get(name)

    def verify(self) -> list[str]:
        assert self._generation
        return []

    def close(self) -> None:
        pass

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        document = self._generation.documents.get(statement_id)
        if document is None:
            return None
        in_title = self._found(query, document, "title")
        in_text = self._found(query, document, "text")
        return Marked(
            Snippet(document.statement.title, document.characters("title", in_title)),
            Snippet(document.statement.text, document.characters("text", in_text)),
            len(in_title) + len(in_text),
        )

    def search(self, request: SearchRequest) -> SearchResults:
        generation = self._generation
        matching = [
            document
            for document in generation.documents.values()
            if holds(request.query, document, self.language)
            and (request.dates is None or inside(document.statement, request.dates))
        ]
        # Unfolded, every statement is a group of its own.
        group = {key: number for number, key in enumerate(generation.documents)}
        if request.fold or request.similar:
            copies = groups(generation.documents.values())
            group = copies if request.fold else group
            matching = [each for each in matching if self._alike(each, request)]
        result = [each for each in matching if passes(each.statement, request)]
        folded = earliest([each.statement for each in result], group)
        every = [self._hit(each, request) for each in result]
        hits = self._in_order(
            [
                replace(hit, more=len(folded[key]) - 1)
                for hit in every
                if (key := hit.statement.id) in folded
            ],
            request,
        )
        return SearchResults(
            total=len(folded),
            statements=len(result),
            hits=tuple(hits[request.offset : request.offset + request.limit]),
            facets={
                name: facet(name, [each.statement for each in matching], request, group)
                for name in request.facets
            },
            index=generation.info,
            uses=self._uses(request, every) if request.uses else None,
        )

    def _alike(self, document: Document, request: SearchRequest) -> bool:
        """Whether it is a near-copy of the one that the request names, if it names one."""
        if not request.similar:
            return True
        copies = groups(self._generation.documents.values())
        return copies[document.statement.id] == copies.get(request.similar)

    def _uses(self, request: SearchRequest, hits: list[Hit]) -> Uses:
        """Of all hits, folded or not."""
        within = replace(request, query=scope(request.query))
        among = [each.statement for each in self._among(within)]
        oldest = self._in_order(hits, replace(request, sort=Sort.OLDEST))
        newest = self._in_order(hits, replace(request, sort=Sort.NEWEST))
        quiet = silence([each.statement for each in hits])
        return Uses(
            occurrences=sum(hit.occurrences for hit in hits),
            first=dated(oldest),
            last=dated(newest),
            silence=quiet,
            silent=sum(inside(each, quiet) for each in among) if quiet else 0,
            searched=Searched(len(among), reach(among)),
        )

    def _among(self, request: SearchRequest) -> list[Document]:
        return [
            each
            for each in self._generation.documents.values()
            if holds(request.query, each, self.language)
            and (request.dates is None or inside(each.statement, request.dates))
            and passes(each.statement, request)
            and self._alike(each, request)
        ]

    def timelines(
        self,
        requests: Sequence[SearchRequest],
        *,
        period: Period,
        by: str | None = None,
    ) -> tuple[Timeline, ...]:
        return tuple(self._timeline(request, period, by) for request in requests)

    def _timeline(
        self, request: SearchRequest, period: Period, by: str | None
    ) -> Timeline:
        days = {n: v for n, v in request.filters.items() if n in ("year", "month")}
        reached = placed(
            self._among(
                replace(request, query=when(request.query), filters=days, similar="")
            ),
            period,
        )
        searched = self._among(replace(request, query=scope(request.query)))
        found = self._among(request)
        names = placed(searched, period)

        def tally(documents: list[Document]) -> Tally:
            here = [each for each in documents if each in found]
            return Tally(
                statements=len(here),
                occurrences=sum(self._hit(each, request).occurrences for each in here),
                searched=len(documents),
                words=sum(len(t) for each in documents for t in each.tokens.values()),
            )

        def series(name: str, documents: list[Document]) -> Series:
            by_name = {each: [] for each in (*names, "imprecise", "undated")}
            for document in documents:
                by_name[place(document.statement, period)].append(document)
            *tallies, imprecise, undated = map(tally, by_name.values())
            return Series(
                name=name,
                total=tally(documents),
                periods=tuple(tallies),
                imprecise=imprecise,
                undated=undated,
            )

        parts: list[Series] = []
        if by:
            groups: dict[str, list[Document]] = {}
            for document in searched:
                for value in values(document.statement, by):
                    groups.setdefault(value, []).append(document)
            parts = [series(value, groups[value]) for value in sorted(groups)]
            parts.sort(key=lambda each: each.total.searched, reverse=True)
            parts.sort(key=lambda each: each.total.statements, reverse=True)
            parts = parts[:MOST]
        shown = {each.name for each in parts}
        rest = (
            [each for each in searched if not values(each.statement, by) & shown]
            if by
            else []
        )
        return Timeline(
            period=period,
            by=by,
            first=min(reached, default=""),
            last=max(reached, default=""),
            periods=tuple(names),
            whole=series("", searched),
            parts=tuple(parts),
            rest=series("", rest) if by else None,
            index=self._generation.info,
        )

    def hits(self, request: SearchRequest) -> AllHits:
        everything = replace(request, offset=0, limit=10**9, facets=(), fold=False)
        found = self.search(everything)
        texts = {
            key: each.statement for key, each in self._generation.documents.items()
        }
        whole = [replace(hit, statement=texts[hit.statement.id]) for hit in found.hits]
        return AllHits(total=found.total, hits=iter(whole), index=found.index)

    def completions(self, prefix: str, limit: int) -> list[str]:
        counts = self._words()
        found = [word for word in counts if word.startswith(prefix)]
        return sorted(found, key=lambda word: (-counts[word], word))[:limit]

    def _words(self) -> Counter[str]:
        return Counter(
            token
            for each in self._generation.documents.values()
            for tokens in each.tokens.values()
            for token in tokens
        )

    def spellings(self, word: str) -> list[str]:
        counts = self._words()
        near = {token: edits(token, word) for token in counts if token != word}
        most = 1 if len(word) < 8 else 2
        return sorted(
            (token for token in near if near[token] <= most),
            key=lambda token: (near[token], -counts[token], token),
        )

    def tokens(self, request: SearchRequest) -> dict[str, dict[str, int]]:
        generation = self._generation
        found: dict[str, dict[str, int]] = {}
        for name in request.facets:
            ignoring = ("year", "month") if name == "year" else (name,)
            sums: Counter[str] = Counter()
            for document in generation.documents.values():
                if (
                    holds(request.query, document, self.language)
                    and (not request.dates or inside(document.statement, request.dates))
                    and passes(document.statement, request, ignoring)
                    and self._alike(document, request)
                ):
                    size = sum(map(len, document.tokens.values()))
                    for value in values(document.statement, name):
                        sums[value] += size
            found[name] = dict(sums)
        return found

    def concordance(
        self,
        request: SearchRequest,
        *,
        sort: LineSort = LineSort.RIGHT1,
        offset: int = 0,
        limit: int | None = None,
    ) -> Concordance:
        everything = replace(
            request, sort=Sort.NEWEST, offset=0, limit=10**9, fold=False
        )
        found = self.search(everything)
        occurrences = [
            (self._generation.documents[hit.statement.id], name, span)
            for hit in found.hits
            for name in ("title", "text")
            for span in sorted(
                self._found(
                    request.query, self._generation.documents[hit.statement.id], name
                )
            )
        ]
        if sort is LineSort.OLDEST:
            occurrences.sort(
                key=lambda each: each[0].statement.date or datetime.date.max
            )
        if sort is LineSort.SOURCE:
            occurrences.sort(key=lambda each: each[0].statement.source)
        occurrences.sort(key=lambda each: beside(each, sort))
        stop = None if limit is None else offset + limit
        return Concordance(
            total=len(occurrences),
            statements=len({each.statement.id for each, _, _ in occurrences}),
            lines=iter(
                [self._line(request.query, *each) for each in occurrences[offset:stop]]
            ),
            index=found.index,
        )

    def _line(self, query: Query, document: Document, name: str, span: Span) -> Line:
        """The line of one occurrence; its number is that of the mark it is in."""
        text = document.searched[name]
        starts, ends = (offsets.tolist() for offsets in spans(text))
        start, end = starts[span[0]], ends[span[1] - 1]
        marked = self.matches(query, document.statement.id)
        assert marked
        marks = (marked.title if name == "title" else marked.text).marks
        (number,) = [
            number
            for number, (first, last) in enumerate(marks, 1)
            if first <= start and end <= last
        ]
        before = [each for each in starts if start - CONTEXT <= each <= start]
        after = [each for each in ends if end <= each <= end + CONTEXT]
        left = 0 if start <= CONTEXT else min(before)
        right = len(text) if len(text) <= end + CONTEXT else max(after)
        return Line(
            statement=replace(document.statement, text=""),
            number=number + (len(marked.title.marks) if name == "text" else 0),
            in_title=name == "title",
            left=text[left:start],
            match=text[start:end],
            right=text[end:right],
            opens=left == 0,
            closes=right == len(text),
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


def beside(occurrence: tuple[Document, str, Span], sort: LineSort) -> list[str]:
    """The words beside an occurrence that decide its order, "" where there is none."""
    document, name, (start, end) = occurrence
    tokens = document.tokens[name]
    places = [end + step - 1 if step > 0 else start + step for step in sort.steps]
    return [tokens[each] if 0 <= each < len(tokens) else "" for each in places]


def dated(hits: list[Hit]) -> Statement | None:
    """The first hit's statement, if it has a date."""
    return hits[0].statement if hits and hits[0].statement.date else None


def reach(statements: list[Statement]) -> DateRange | None:
    """From the first to the last day that a date may mean."""
    known = [interval for each in statements if (interval := days(each))]
    if not known:
        return None
    return DateRange(min(first for first, _ in known), max(last for _, last in known))


def silence(statements: list[Statement]) -> DateRange | None:
    """The longest run of days that no date may mean, found from one interval to the next."""
    longest = None
    known = sorted(interval for each in statements if (interval := days(each)))
    for place, (first, _) in enumerate(known[1:], 1):
        reached = max(last for _, last in known[:place])
        quiet = first - reached - datetime.timedelta(1)
        if quiet.days > 0 and (
            longest is None
            or quiet > longest.last - longest.first + datetime.timedelta(1)
        ):
            longest = DateRange(
                reached + datetime.timedelta(1), first - datetime.timedelta(1)
            )
    return longest


def edits(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    table = {(i, 0): i for i in range(len(one) + 1)}
    table |= {(0, j): j for j in range(len(other) + 1)}
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (a != b),
            )
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


def place(statement: Statement, period: Period) -> str:
    """The period that the statement is in, "imprecise" or "undated"."""
    interval = days(statement)
    if interval is None:
        return "undated"
    first, last = (name_of(day, period) for day in interval)
    return first if first == last else "imprecise"


def placed(documents: list[Document], period: Period) -> list[str]:
    """The periods that any of the statements are in, in order."""
    places = {place(each.statement, period) for each in documents}
    return sorted(places - {"imprecise", "undated"})


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
    name: str,
    matching: list[Statement],
    request: SearchRequest,
    group: dict[str, int],
) -> tuple[FacetCount, ...]:
    """The facet's counts over the groups of all that matches but for its own filter."""
    ignoring = ("year", "month") if name == "year" else (name,)
    pairs = {
        (group[statement.id], value)
        for statement in matching
        if passes(statement, request, ignoring)
        for value in values(statement, name)
    }
    counts = Counter(value for _, value in pairs)
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
