"""A query on one segment, whole arrays at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import NamedTuple, TypeAlias

import numpy as np
from rapidfuzz.distance import Levenshtein

from indexer.analysis import stem
from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import (
    NO_POSTINGS,
    NO_SPANS,
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

#: A word of the title counts as so many of the text.
TITLE_WEIGHT = 2.0

_FILTERS = {"lang": "language"}
_WHOLE_VALUES = ("source", "kind", "lang")


class Sought(NamedTuple):
    """A leaf of the query and the text fields in which it is looked for."""

    leaf: Leaf
    fields: tuple[str, ...]


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
        self._spans: dict[tuple[Query, str], Spans] = {}
        self._absent: set[tuple[Leaf, str]] = set()

    def count(self, docs: Array) -> int:
        """How many of the documents are not deleted."""
        if self._alive is None:
            return len(docs)
        return int(np.count_nonzero(self._alive[docs]))

    def living(self, mask: Array) -> Array:
        """A mask of documents without the deleted ones."""
        return mask if self._alive is None else mask & self._alive

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
            docs, freqs = self._field_postings(wanted.leaf, name)
            if len(docs):
                weight = np.float32(TITLE_WEIGHT if name == "title" else 1.0)
                parts.append(Postings(docs, freqs.astype(np.float32) * weight))
        if not parts:
            return Postings(NO_POSTINGS.docs, np.empty(0, np.float32))
        if len(parts) == 1:
            return parts[0]
        sums = np.zeros(len(self.segment), np.float32)
        for docs, freqs in parts:
            sums[docs] += freqs
        docs = sums.nonzero()[0]
        return Postings(docs, sums[docs])

    def _field_postings(self, leaf: Leaf, name: str) -> Postings:
        field = self.segment.texts[name]
        if isinstance(leaf, Near) or (isinstance(leaf, Phrase) and len(leaf.words) > 1):
            postings = field.counted(self._stretches(leaf, name).starts)
        else:
            postings = field.union(self._matching_terms(leaf, name))
        if not len(postings.docs):
            self._absent.add((leaf, name))
        return postings

    def spans(self, leaf: Leaf, name: str, docs: Array) -> Spans:
        """Where a leaf stands in the stream of a field, in ``docs`` (ascending) at least."""
        if (leaf, name) in self._absent:
            return NO_SPANS
        if isinstance(leaf, Near) or (isinstance(leaf, Phrase) and len(leaf.words) > 1):
            return self._stretches(leaf, name)
        return self.segment.texts[name].occurrences(
            self._matching_terms(leaf, name), docs
        )

    def _stretches(self, leaf: Query, name: str) -> Spans:
        """Where a leaf, or an Or within Near, stands in the whole stream of a field."""
        spans = self._spans.get((leaf, name))
        if spans is None:
            spans = self._spans[leaf, name] = self._find_stretches(leaf, name)
        return spans

    def _find_stretches(self, leaf: Query, name: str) -> Spans:
        field = self.segment.texts[name]
        match leaf:
            case Phrase(words) if len(words) > 1:
                terms = []
                for word in words:
                    term = field.lexicon.find(word.encode())
                    if term is None:
                        return NO_SPANS
                    terms.append(term)
                return field.phrase(terms)
            case Near(parts, distance, ordered):
                found = [self._stretches(part, name) for part in parts]
                return near(found, distance, field.bounds, ordered=ordered)
            case Or(parts):
                return either([self._stretches(part, name) for part in parts])
            case Term() | Phrase() | Prefix() | Fuzzy():
                return field.occurrences(self._matching_terms(leaf, name))
        raise AssertionError(leaf)

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


def _within(words: tuple[str, ...], value: tuple[str, ...]) -> bool:
    size = len(words)
    return any(value[i : i + size] == words for i in range(len(value) - size + 1))
