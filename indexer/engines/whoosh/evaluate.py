"""A query on one segment, whole arrays at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import NamedTuple, TypeAlias

import numpy as np
from rapidfuzz.distance import Levenshtein

from indexer.analysis import stem
from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import RARE
from indexer.engines.whoosh.fields import (
    NO_POSTINGS,
    NO_SPANS,
    Found,
    Postings,
    Spans,
    TextField,
)
from indexer.engines.whoosh.intervals import either, near
from indexer.engines.whoosh.segment import TEXT_FIELDS, Segment
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

Leaf: TypeAlias = Term | Phrase | Prefix | Fuzzy | Near

#: Gives what matches in a document of a field.
Finder: TypeAlias = Callable[[int], Spans]

#: A word of the title counts as so many of the text.
TITLE_WEIGHT = 2.0

_FILTERS = {"lang": "language"}
_WHOLE_VALUES = ("source", "kind", "lang")


class Sought(NamedTuple):
    """A leaf of the query and the text fields in which it is looked for."""

    leaf: Leaf
    fields: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        """Whether the leaf stands for single words, not for stretches of several."""
        return not isinstance(self.leaf, Near) and not (
            isinstance(self.leaf, Phrase) and len(self.leaf.words) > 1
        )


def sought(query: Query, fields: tuple[str, ...] = TEXT_FIELDS) -> Iterator[Sought]:
    """What may match in the texts: the leaves that are not below a Not."""
    match query:
        case Term() | Phrase() | Prefix() | Fuzzy() | Near():
            yield Sought(query, fields)
        case And(parts) | Or(parts):
            for part in parts:
                yield from sought(part, fields)
        case Field(name, part) if name in TEXT_FIELDS:
            yield from sought(part, (name,))


class Evaluation:
    """One segment's answers to the parts of one query; what was computed is kept."""

    def __init__(self, segment: Segment, alive: Array | None, language: str) -> None:
        self.segment = segment
        self._alive = alive
        self._language = language
        self._terms: dict[tuple[Leaf, str], Sequence[int]] = {}
        self._postings: dict[Sought, Postings] = {}
        self._found: dict[tuple[Leaf, str], Found] = {}
        self._absent: set[tuple[Leaf, str]] = set()

    def count(self, docs: Array) -> int:
        """How many of the documents are not deleted."""
        if self._alive is None:
            return len(docs)
        return int(np.count_nonzero(self._alive[docs]))

    def docs(self, query: Query) -> Array:
        """The documents that match, ascending, without deleted ones (intp)."""
        found = self._docs(query).astype(np.intp, copy=False)
        return found if self._alive is None else found[self._alive[found].nonzero()[0]]

    def _docs(self, query: Query) -> Array:
        match query:
            case Term() | Phrase() | Prefix() | Fuzzy() | Near():
                return self.postings(Sought(query, TEXT_FIELDS)).docs
            case And(parts):
                # From the rarest leaf on, what is left is looked up in the other parts.
                lists = [self._docs(part) for part in parts if isinstance(part, Leaf)]
                others = [part for part in parts if not isinstance(part, Leaf)]
                if lists:
                    docs = reduce(_intersect, sorted(lists, key=len))
                    for part in others:
                        docs = docs[self.mask(part)[docs].nonzero()[0]]
                    return docs
        found: Array = self.mask(query).nonzero()[0]
        return found

    def mask(self, query: Query, fields: tuple[str, ...] = TEXT_FIELDS) -> Array:
        """Which documents match, the deleted ones among them."""
        match query:
            case Everything():
                return np.ones(len(self.segment), bool)
            case And(parts):
                return reduce(and_, [self.mask(part, fields) for part in parts])
            case Or(parts):
                return reduce(or_, [self.mask(part, fields) for part in parts])
            case Not(part):
                return ~self.mask(part, fields)
            case Field(name, part) if name in TEXT_FIELDS:
                return self.mask(part, (name,))
            case Field(name, part):
                return self._with_value(name, part)
            case Dates(days):
                return self.dated(days)
        return self._among(self.postings(Sought(query, fields)).docs)

    def _among(self, docs: Array) -> Array:
        mask = np.zeros(len(self.segment), bool)
        mask[docs] = True
        return mask

    def dated(self, days: DateRange) -> Array:
        """Which documents are dated within the days, whatever their date may mean."""
        documents = self.segment.documents
        mask = documents.first_day >= (days.first.toordinal() if days.first else 1)
        if days.last:
            mask &= documents.last_day <= days.last.toordinal()
        return mask

    def _with_value(self, name: str, part: Query) -> Array:
        field = self.segment.keywords[_FILTERS.get(name, name)]
        parts = part.parts if isinstance(part, Or) else (part,)
        phrases = [phrase.words for phrase in parts if isinstance(phrase, Phrase)]
        whole = name in _WHOLE_VALUES
        found = [
            value
            for value, words in enumerate(field.words)
            if any(words == p if whole else _within(p, words) for p in phrases)
        ]
        return self._among(field.docs(found))

    def postings(self, wanted: Sought) -> Postings:
        """The documents with a leaf and its weighted frequency in their fields (float32)."""
        found = self._postings.get(wanted)
        if found is None:
            found = self._postings[wanted] = self._weigh(wanted)
        return found

    def _weigh(self, wanted: Sought) -> Postings:
        parts = []
        for name in wanted.fields:
            docs, freqs = self._field_postings(wanted, name)
            if len(docs):
                weight = np.float32(TITLE_WEIGHT if name == "title" else 1.0)
                freqs = freqs.astype(np.float32)
                parts.append(Postings(docs.astype(np.intp), freqs * weight))
        if not parts:
            return Postings(NO_POSTINGS.docs, np.empty(0, np.float32))
        if len(parts) == 1:
            return parts[0]
        sums = np.zeros(len(self.segment), np.float32)
        for docs, freqs in parts:
            sums[docs] += freqs
        docs = (sums > 0).nonzero()[0]
        return Postings(docs, sums[docs])

    def _field_postings(self, wanted: Sought, name: str) -> Postings:
        leaf = wanted.leaf
        if isinstance(leaf, Phrase | Near) and not wanted.is_word:
            postings = self._stretches(leaf, name).postings()
        else:
            terms = self._matching_terms(leaf, name)
            postings = self.segment.texts[name].union(terms)
        if not len(postings.docs):
            self._absent.add((leaf, name))
        return postings

    def finders(self, wanted: Sought, name: str) -> list[Finder]:
        """Functions that give the spans of a leaf in one document, counted from its first token.

        The stream of a document is scanned for frequent words; rare ones and stretches of several
        words are known for the whole segment.
        """
        leaf, fields = wanted
        if name not in fields or (leaf, name) in self._absent:
            return []
        field = self.segment.texts[name]
        if isinstance(leaf, Phrase | Near) and not wanted.is_word:
            return [partial(field.cut, self._stretches(leaf, name).spans)]
        terms = list(self._matching_terms(leaf, name))
        ranks = field.ranks[terms]
        finders: list[Finder] = []
        if (ranks < RARE).any():
            finders.append(partial(field.scan, ranks[ranks < RARE]))
        if (ranks >= RARE).any():
            rare = [
                term for term, rank in zip(terms, ranks, strict=True) if rank >= RARE
            ]
            finders.append(partial(field.cut, field.occurrences(rare)))
        return finders

    def _stretches(self, leaf: Phrase | Near, name: str) -> Found:
        """Where several words stand in the whole stream of a field."""
        found = self._found.get((leaf, name))
        if found is None:
            field = self.segment.texts[name]
            if isinstance(leaf, Near):
                spans = self._positions(leaf, name)
                found = Found(spans, field.docs(spans.starts))
            else:
                found = self._phrase(leaf, field)
            self._found[leaf, name] = found
        return found

    def _phrase(self, phrase: Phrase, field: TextField) -> Found:
        terms = []
        for word in phrase.words:
            term = field.lexicon.find(word.encode())
            if term is None:
                return Found(NO_SPANS, NO_POSTINGS.docs)
            terms.append(term)
        return field.phrase(terms)

    def _positions(self, part: Query, name: str) -> Spans:
        """Where Near, or a part of it, stands in the stream of a field."""
        field = self.segment.texts[name]
        match part:
            case Near(parts, distance, ordered):
                found = [self._positions(each, name) for each in parts]
                return near(found, distance, field.bounds, ordered=ordered)
            case Or(parts):
                return either([self._positions(each, name) for each in parts])
            case Phrase(words) if len(words) > 1:
                return self._stretches(part, name).spans
            case Term() | Phrase() | Prefix() | Fuzzy():
                terms = self._matching_terms(part, name)
                return field.occurrences(terms) if terms else NO_SPANS
        raise AssertionError(part)

    def _matching_terms(self, leaf: Leaf, name: str) -> Sequence[int]:
        key = (leaf, name)
        terms = self._terms.get(key)
        if terms is None:
            field = self.segment.texts[name]
            terms = self._terms[key] = _expand(leaf, field, self._language)
        return terms


def _expand(leaf: Leaf, field: TextField, language: str) -> Sequence[int]:
    """The terms of a field that a word of the query stands for."""
    match leaf:
        case Term(word):
            return field.forms(stem(word, language).encode())
        case Prefix(start):
            return field.lexicon.starting(start.encode())
        case Fuzzy(word):
            edits = leaf.edits
            same_letter = field.lexicon.starting(word[0].encode())
            return [
                term
                for term in same_letter
                if Levenshtein.distance(
                    word, field.lexicon[term].decode(), score_cutoff=edits
                )
                <= edits
            ]
        case Phrase((word,)):
            term = field.lexicon.find(word.encode())
            return () if term is None else (term,)
    raise AssertionError(leaf)


def _intersect(docs: Array, others: Array) -> Array:
    """Those of ``docs`` that are among the others too; both ascend, and ``docs`` is shorter."""
    if not len(docs):
        return docs
    place = np.searchsorted(others, docs)
    same = others.take(place, mode="clip") == docs
    both: Array = docs[same.nonzero()[0]]
    return both


def _within(words: tuple[str, ...], value: tuple[str, ...]) -> bool:
    size = len(words)
    return any(value[i : i + size] == words for i in range(len(value) - size + 1))
