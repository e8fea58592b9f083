"""A query on one segment, whole arrays at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from operator import and_, or_
from typing import NamedTuple, TypeAlias

import numpy as np
from rapidfuzz.distance import Levenshtein

from indexer.analysis import stem
from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.extract import Extract, distinct
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

# A look-up among so many times as many documents is a bisection, not a mask.
_FEW = 16

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
    """One segment's answers to the parts of one query; what was computed is kept.

    With ``days`` only documents dated within them exist, whatever their date may mean.
    """

    def __init__(
        self,
        segment: Segment,
        alive: Array | None,
        language: str,
        days: DateRange | None = None,
    ) -> None:
        self.segment = segment
        self._alive = alive
        self._language = language
        self._range = None
        if days:
            self._range = _range(segment, days)
            if days.last:
                last = days.last.toordinal()
                self._alive = _ending(segment, alive, self._range, last)
        self._terms: dict[tuple[Leaf, str], Sequence[int]] = {}
        self._postings: dict[Sought, Postings] = {}
        self._found: dict[tuple[Query, str], Spans] = {}
        self._absent: set[tuple[Leaf, str]] = set()

    @cached_property
    def fields(self) -> dict[str, TextField]:
        """The text fields, of the documents within the days."""
        fields = self.segment.texts
        if self._range is None:
            return fields
        return {name: field.within(*self._range) for name, field in fields.items()}

    def __len__(self) -> int:
        """How many documents there are."""
        first, last = self._range or (0, len(self.segment))
        if self._alive is None:
            return last - first
        return int(np.count_nonzero(self._alive[first:last]))

    def count(self, docs: Array) -> int:
        """How many of the documents are not deleted."""
        if self._alive is None:
            return len(docs)
        return int(np.count_nonzero(self._alive[docs]))

    def docs(self, query: Query) -> Array:
        """The documents that match, ascending, without deleted ones (intp)."""
        found = self._docs(query)
        if self._range:
            first, last = self._range
            first = bisect_left(found.data, first)
            found = found[first : bisect_left(found.data, last, first)]
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
                    docs, *longer = sorted(lists, key=len)
                    for found in longer:
                        docs = docs[self._are_among(docs, found).nonzero()[0]]
                    for part in others:
                        docs = docs[self.mask(part).take(docs).nonzero()[0]]
                    return docs
        found = self.mask(query).nonzero()[0]
        return found

    def mask(self, query: Query, fields: tuple[str, ...] = TEXT_FIELDS) -> Array:
        """Which documents match, the deleted ones among them."""
        match query:
            case Everything():
                return np.ones(len(self.segment), bool)
            case And(parts):
                return reduce(and_, [self.mask(part, fields) for part in parts])
            case Or(parts):
                leaves = [part for part in parts if isinstance(part, Leaf)]
                others = [part for part in parts if not isinstance(part, Leaf)]
                found = [self.postings(Sought(leaf, fields)).docs for leaf in leaves]
                masks = [self.mask(part, fields) for part in others]
                return reduce(or_, masks, self._among(*found))
            case Not(part):
                return ~self.mask(part, fields)
            case Field(name, part) if name in TEXT_FIELDS:
                return self.mask(part, (name,))
            case Field(name, part):
                return self._with_value(name, part)
            case Dates(days):
                return self.dated(days)
        return self._among(self.postings(Sought(query, fields)).docs)

    def _among(self, *lists: Array) -> Array:
        mask = np.zeros(len(self.segment), bool)
        for docs in lists:
            mask[docs] = True
        return mask

    def _are_among(self, docs: Array, others: Array) -> Array:
        """Which of the documents are among the others; both ascend, and ``docs`` is shorter."""
        if len(docs) * _FEW > len(others):
            return self._among(others).take(docs)
        if not len(docs):
            return docs
        place = np.searchsorted(others, docs)
        same: Array = others.take(place, mode="clip") == docs
        return same

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
        """The documents with a leaf (intp), and its weighted frequency in their fields."""
        found = self._postings.get(wanted)
        if found is None:
            found = self._postings[wanted] = self._weigh(wanted)
        return found

    def _weigh(self, wanted: Sought) -> Postings:
        found = {name: self._field_postings(wanted, name) for name in wanted.fields}
        found = {name: each for name, each in found.items() if len(each.docs)}
        if set(found) <= {"text"}:
            docs, freqs = found.get("text", NO_POSTINGS)
            return Postings(docs.astype(np.intp, copy=False), freqs)
        sums = np.zeros(len(self.segment), np.float32)
        for name, (docs, freqs) in found.items():
            weight = np.float32(TITLE_WEIGHT if name == "title" else 1.0)
            sums[docs] += freqs * weight
        docs = (sums > 0).nonzero()[0]
        return Postings(docs, sums[docs])

    def _field_postings(self, wanted: Sought, name: str) -> Postings:
        leaf, field = wanted.leaf, self.fields[name]
        if isinstance(leaf, Near):
            postings = field.count(self._spans(leaf, name))
        else:
            terms = self._matching_terms(leaf, name)
            if wanted.is_word:
                postings = field.union(terms)
            else:
                postings = field.phrase(terms) if terms else NO_POSTINGS
        if not len(postings.docs):
            self._absent.add((leaf, name))
        return postings

    def places(self, wanted: Sequence[Sought], name: str, extract: Extract) -> Spans:
        """Where the leaves stand in an extract of a field: each stretch once, ascending."""
        words: set[int] = set()
        found = []
        for each in wanted:
            leaf, fields = each
            if name not in fields or (leaf, name) in self._absent:
                continue
            if isinstance(leaf, Near):
                found.append(extract.cut(self._spans(leaf, name)))
            elif each.is_word:
                words.update(self._matching_terms(leaf, name))
            elif terms := self._matching_terms(leaf, name):
                found.append(extract.phrase(terms))
        if words:
            found += extract.words(list(words))
        return distinct(found)

    def _spans(self, part: Query, name: str) -> Spans:
        """Where Near, or a part of it, stands in the stream of a field."""
        key = (part, name)
        spans = self._found.get(key)
        if spans is None:
            spans = self._found[key] = self._find(part, name)
        return spans

    def _find(self, part: Query, name: str) -> Spans:
        field = self.fields[name]
        match part:
            case Near(parts, distance, ordered):
                found = [self._spans(each, name) for each in parts]
                return near(found, distance, field.bounds, ordered=ordered)
            case Or(parts):
                return either([self._spans(each, name) for each in parts])
            case Term() | Phrase() | Prefix() | Fuzzy():
                terms = self._matching_terms(part, name)
                if not terms:
                    return NO_SPANS
                if isinstance(part, Phrase) and len(part.words) > 1:
                    return field.stretches(terms)
                return field.occurrences(terms)
        raise AssertionError(part)

    def _matching_terms(self, leaf: Leaf, name: str) -> Sequence[int]:
        key = (leaf, name)
        terms = self._terms.get(key)
        if terms is None:
            field = self.fields[name]
            terms = self._terms[key] = _expand(leaf, field, self._language)
        return terms


def _expand(leaf: Leaf, field: TextField, language: str) -> Sequence[int]:
    """The terms of a field that a word of the query stands for, or those of a phrase in order."""
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
        case Phrase(words):
            found = [field.lexicon.find(word.encode()) for word in words]
            known = [term for term in found if term is not None]
            return known if len(known) == len(words) else ()
    raise AssertionError(leaf)


def _range(segment: Segment, days: DateRange) -> tuple[int, int]:
    """The first document that begins within the days, and the one after the last."""
    first_day = segment.documents.first_day.data
    low = bisect_left(first_day, days.first.toordinal() if days.first else 1)
    if days.last is None:
        return low, len(segment)
    return low, bisect_right(first_day, days.last.toordinal(), low)


def _ending(
    segment: Segment, alive: Array | None, within: tuple[int, int], last: int
) -> Array | None:
    """Those alive without those that may be dated after the last day."""
    late = segment.documents.last_day[slice(*within)] > last
    if not late.any():
        return alive
    mask = np.ones(len(segment), bool) if alive is None else alive.copy()
    mask[slice(*within)] &= ~late
    return mask


def _within(words: tuple[str, ...], value: tuple[str, ...]) -> bool:
    size = len(words)
    return any(value[i : i + size] == words for i in range(len(value) - size + 1))
