"""The leaves of a query on one segment: their documents, and the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from rapidfuzz.distance import Levenshtein

from indexer import deadline
from indexer.analysis import stem
from indexer.engines.whoosh.extract import Extract, distinct
from indexer.engines.whoosh.fields import (
    NO_POSTINGS,
    NO_SPANS,
    Postings,
    Spans,
    TextField,
)
from indexer.engines.whoosh.intervals import either, near, sharing
from indexer.engines.whoosh.segment import TEXT_FIELDS
from indexer.query import (
    And,
    Field,
    Fuzzy,
    Near,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)

Leaf: TypeAlias = Term | Phrase | Prefix | Fuzzy | Near | Paragraph

#: A word of the title counts as so many of the text.
TITLE_WEIGHT = 2.0


class Sought(NamedTuple):
    """A leaf of the query and the text fields in which it is looked for."""

    leaf: Leaf
    fields: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        """Whether the leaf stands for single words, not for stretches of several."""
        return not isinstance(self.leaf, (Near, Paragraph)) and not (
            isinstance(self.leaf, Phrase) and len(self.leaf.words) > 1
        )


def sought(query: Query, fields: tuple[str, ...] = TEXT_FIELDS) -> Iterator[Sought]:
    """What may match in the texts: the leaves that are not below a Not."""
    match query:
        case Term() | Phrase() | Prefix() | Fuzzy() | Near() | Paragraph():
            yield Sought(query, fields)
        case And(parts) | Or(parts):
            for part in parts:
                yield from sought(part, fields)
        case Field(name, part) if name in TEXT_FIELDS:
            yield from sought(part, (name,))


class Leaves:
    """What leaves match in the text fields of ``size`` documents; what was found is kept."""

    def __init__(
        self, fields: Mapping[str, TextField], size: int, language: str
    ) -> None:
        self._fields = fields
        self._size = size
        self._language = language
        self._terms: dict[tuple[Leaf, str], Sequence[int]] = {}
        self._postings: dict[Sought, Postings] = {}
        self._spans: dict[tuple[Query, str], Spans] = {}
        self._frequencies: dict[tuple[Leaf, str], Postings] = {}

    def postings(self, wanted: Sought) -> Postings:
        """The documents with a leaf (intp), and its weighted frequency in their fields."""
        found = self._postings.get(wanted)
        if found is None:
            found = self._postings[wanted] = self._weigh(wanted)
        return found

    def _weigh(self, wanted: Sought) -> Postings:
        found = {name: self.frequencies(wanted.leaf, name) for name in wanted.fields}
        found = {name: each for name, each in found.items() if len(each.docs)}
        if set(found) <= {"text"}:
            docs, freqs = found.get("text", NO_POSTINGS)
            return Postings(docs.astype(np.intp, copy=False), freqs)
        sums = np.zeros(self._size, np.float32)
        for name, (docs, freqs) in found.items():
            weight = np.float32(TITLE_WEIGHT if name == "title" else 1.0)
            sums[docs] += freqs * weight
        docs = (sums > 0).nonzero()[0]
        return Postings(docs, sums[docs])

    def frequencies(self, leaf: Leaf, name: str) -> Postings:
        """The documents with a leaf in one field, and how often each has it."""
        key = (leaf, name)
        postings = self._frequencies.get(key)
        if postings is None:
            deadline.check()
            postings = self._frequencies[key] = self._count(
                leaf, self._fields[name], name
            )
        return postings

    def _count(self, leaf: Leaf, field: TextField, name: str) -> Postings:
        if isinstance(leaf, (Near, Paragraph)):
            return field.count(self.spans(leaf, name))
        terms = self.terms(leaf, name)
        if isinstance(leaf, Phrase) and len(leaf.words) > 1:
            return field.phrase(terms) if terms else NO_POSTINGS
        return field.union(terms)

    def places(self, wanted: Sequence[Sought], name: str, extract: Extract) -> Spans:
        """Where the leaves stand in an extract of a field: each stretch once, ascending."""
        words: set[int] = set()
        found = []
        for each in wanted:
            leaf, fields = each
            known = self._frequencies.get((leaf, name))
            if name not in fields or (known and not len(known.docs)):
                continue
            if isinstance(leaf, (Near, Paragraph)):
                found.append(extract.cut(self.spans(leaf, name)))
            elif each.is_word:
                words.update(self.terms(leaf, name))
            elif terms := self.terms(leaf, name):
                found.append(extract.phrase(terms))
        if words:
            found += extract.words(list(words))
        return distinct(found)

    def spans(self, part: Query, name: str) -> Spans:
        """Where a leaf, or a part of one, stands in the stream of a field."""
        key = (part, name)
        spans = self._spans.get(key)
        if spans is None:
            deadline.check()
            spans = self._spans[key] = self._find(part, name)
        return spans

    def _find(self, part: Query, name: str) -> Spans:
        field = self._fields[name]
        match part:
            case Near(parts, distance, ordered):
                found = [self.spans(each, name) for each in parts]
                return near(found, distance, field.bounds, ordered=ordered)
            case Paragraph(parts):
                found = [self.spans(each, name) for each in parts]
                return distinct(sharing(found, field.paragraphs.bounds))
            case Or(parts):
                return either([self.spans(each, name) for each in parts])
            case Term() | Phrase() | Prefix() | Fuzzy():
                terms = self.terms(part, name)
                if not terms:
                    return NO_SPANS
                if isinstance(part, Phrase) and len(part.words) > 1:
                    return field.stretches(terms)
                return field.occurrences(terms)
        raise AssertionError(part)

    def terms(self, leaf: Leaf, name: str) -> Sequence[int]:
        """The terms of a field that a word stands for, or those of a phrase in order."""
        key = (leaf, name)
        terms = self._terms.get(key)
        if terms is None:
            field = self._fields[name]
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
            found = []
            for word in words:
                term = field.lexicon.find(word.encode())
                if term is None:
                    return ()
                found.append(term)
            return found
    raise AssertionError(leaf)
