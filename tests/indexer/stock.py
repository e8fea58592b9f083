"""Our query tree in Whoosh's own query classes, so that its matchers can be asked the same.

For tests only: what the engine answers from arrays is held against Whoosh's own evaluation, posting
by posting, of the same index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from whoosh import query as whoosh
from whoosh.matching import ListMatcher, Matcher
from whoosh.query.spans import SpanNear
from whoosh.reading import IndexReader
from whoosh.searching import SearchContext, Searcher

from indexer.analysis import stem, tokenize
from indexer.query import (
    And,
    Dates,
    Everything,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)
from indexer.query.tree import TEXT_FIELDS, values
from tests.scan import Document, phrase_spans

WHOLE_VALUES = ("source", "kind", "lang")


class SpanNearInTree(SpanNear):
    """SpanNear that may stand in any query: in 2.7.4 it has no size and forgets to need spans."""

    def estimate_size(self, ixreader: IndexReader) -> int:
        return self.q.estimate_size(ixreader)

    def matcher(
        self, searcher: Searcher, context: SearchContext | None = None
    ) -> Matcher:
        context = context or searcher.context()
        return super().matcher(searcher, context.set(needs_current=True))


class InParagraph(whoosh.Query):
    """Documents where one paragraph of a field has a span of each part.

    Whoosh knows the spans; ``documents`` tell by their ids in which paragraph a token is.
    """

    def __init__(
        self,
        name: str,
        parts: Iterable[whoosh.Query],
        documents: Mapping[str, Document],
    ) -> None:
        self.name = name
        self.parts = list(parts)
        self.documents = documents

    def estimate_size(self, ixreader: IndexReader) -> int:
        return max(part.estimate_size(ixreader) for part in self.parts)

    def matcher(
        self, searcher: Searcher, context: SearchContext | None = None
    ) -> Matcher:
        shared = set.intersection(*(self._places(p, searcher) for p in self.parts))
        return ListMatcher(sorted({doc for doc, _ in shared}))

    def _places(self, part: whoosh.Query, searcher: Searcher) -> set[tuple[int, int]]:
        """Documents and paragraphs that wholly have a span of one part."""
        matcher = part.matcher(searcher, searcher.context(needs_current=True))
        places = set()
        while matcher.is_active():
            document = self.documents[searcher.stored_fields(matcher.id())["id"]]
            paragraphs = document.tokens[self.name].paragraphs
            for span in matcher.spans():
                if paragraphs[span.start] == paragraphs[span.end]:
                    places.add((matcher.id(), paragraphs[span.start]))
            matcher.next()
        return places


def can_say(query: Query) -> bool:
    """Whether Whoosh has queries that find the same statements.

    Days are not in Whoosh's schema. Its spans take the words between each two parts for
    themselves, ours all of them together: the same for two parts, and for parts in order with
    nothing between. They also take every stretch, ours the shortest: where the forms of a part
    have several lengths, a longer stretch may have less between its parts.
    """
    match query:
        case Dates():
            return False
        case And(parts) | Or(parts) | Paragraph(parts):
            return all(map(can_say, parts))
        case Not(part) | Field(_, part):
            return can_say(part)
        case Near(parts, distance, ordered):
            alike = len(parts) == 2 or (ordered and distance == 1)
            return alike and all(len(set(lengths(part))) == 1 for part in parts)
    return True


def lengths(part: Query) -> Iterator[int]:
    """How many words the forms of a part of a Near have."""
    match part:
        case Or(parts):
            for each in parts:
                yield from lengths(each)
        case Phrase(words):
            yield len(words)
        case _:
            yield 1


def said_in_whoosh(
    query: Query,
    reader: IndexReader,
    documents: Mapping[str, Document] = MappingProxyType({}),
    fields: tuple[str, ...] = TEXT_FIELDS,
) -> whoosh.Query:
    """The query in Whoosh's classes; stems and parts of values are looked up in the lexicon.

    Paragraphs are those of the ``documents``, told by their ids.
    """

    def said(part: Query) -> whoosh.Query:
        return said_in_whoosh(part, reader, documents, fields)

    match query:
        case Everything():
            return whoosh.Every("id")
        case And(parts):
            return whoosh.And(list(map(said, parts)))
        case Or(parts):
            return whoosh.Or(list(map(said, parts)))
        case Not(part):
            # In an And: AndNot of whoosh3 lets the first document through.
            return whoosh.Not(said(part))
        case Field(name, part) if name in TEXT_FIELDS:
            return said_in_whoosh(part, reader, documents, (name,))
        case Field():
            return any_term(*values_with(query, reader))
        case Paragraph(parts):
            return whoosh.Or(
                [
                    InParagraph(
                        name,
                        [leaf_in_whoosh(part, reader, name) for part in parts],
                        documents,
                    )
                    for name in fields
                ]
            )
        case leaf:
            return whoosh.Or([leaf_in_whoosh(leaf, reader, name) for name in fields])


def leaf_in_whoosh(leaf: Query, reader: IndexReader, name: str) -> whoosh.Query:
    """What stands at places in a text, looked for in one field."""
    match leaf:
        case Term(word):
            texts = [text.decode() for text in reader.lexicon(name)]
            return any_term(name, [text for text in texts if stem(text) == stem(word)])
        case Phrase((word,)):
            return whoosh.Term(name, word)
        case Phrase(words):
            return whoosh.Phrase(name, list(words))
        case Prefix(start):
            return whoosh.Prefix(name, start)
        case Fuzzy(word):
            return whoosh.FuzzyTerm(name, word, maxdist=leaf.edits, prefixlength=1)
        case Or(parts):
            return whoosh.Or([leaf_in_whoosh(part, reader, name) for part in parts])
        case Near((first, *others), distance, ordered):
            near = leaf_in_whoosh(first, reader, name)
            for part in others:
                other = leaf_in_whoosh(part, reader, name)
                near = SpanNearInTree(near, other, slop=distance, ordered=ordered)
            return near
    raise TypeError(f"{leaf!r} stands at no places")


def any_term(name: str, texts: Iterable[str]) -> whoosh.Query:
    return whoosh.Or([whoosh.Term(name, text) for text in texts])


def values_with(field: Field, reader: IndexReader) -> tuple[str, list[str]]:
    """A keyword field's name in the schema, and its values that have the words asked for."""
    name = {"lang": "language"}.get(field.name, field.name)
    wanted = [list(phrase.words) for phrase in values(field)]
    found = []
    for value in (text.decode() for text in reader.lexicon(name)):
        words = tokenize(value)
        if field.name in WHOLE_VALUES:
            has = words in wanted
        else:
            has = any(phrase_spans(phrase, words) for phrase in wanted)
        if has:
            found.append(value)
    return name, found


def ids_found(query: whoosh.Query, searcher: Searcher) -> list[str]:
    """The ids of all hits, sorted."""
    return sorted(hit["id"] for hit in searcher.search(query, limit=None))


def occurrences(query: whoosh.Query, searcher: Searcher) -> Counter[int]:
    """How many spans each document has of the query, by Whoosh's document numbers."""
    found: Counter[int] = Counter()
    for segment, offset in searcher.leaf_searchers():
        matcher = query.matcher(segment, segment.context(needs_current=True))
        while matcher.is_active():
            found[offset + matcher.id()] += len(matcher.spans())
            matcher.next()
    return found
