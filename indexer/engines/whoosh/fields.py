"""The fields of one segment, as arrays to compute with (their layout is told in ``build``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from indexer import analysis
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import RARE
from indexer.engines.whoosh.lexicon import Lexicon

_PIECE = 1 << 14
_MANY_TERMS = 64


class Postings(NamedTuple):
    """Documents, ascending, and how often each has the thing asked for."""

    docs: Array
    freqs: Array


class Spans(NamedTuple):
    """Stretches of the token stream, ascending: the first token, and the one after the last."""

    starts: Array
    ends: Array

    def select(self, places: Array) -> Spans:
        """Those at these places."""
        return Spans(self.starts[places], self.ends[places])


class Found(NamedTuple):
    """Spans, and the document that each of them is in."""

    spans: Spans
    docs: Array

    def postings(self) -> Postings:
        """The documents, and how many spans each has."""
        first = _heads(self.docs)
        ends = np.append(first[1:], len(self.docs))[: len(first)]
        return Postings(self.docs[first], ends - first)


NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.int32))
NO_SPANS = Spans(np.empty(0, np.int32), np.empty(0, np.int32))


class TextField:
    """The token stream of a field and its postings. Terms are told by their ids in the lexicon."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self.lexicon = Lexicon(arrays[f"{name}.terms"], arrays[f"{name}.term_ends"])
        self.stems = Lexicon(arrays[f"{name}.stems"], arrays[f"{name}.stem_ends"])
        self.stream = arrays[f"{name}.stream"]
        self.ranks = arrays[f"{name}.ranks"]
        self.bounds = arrays[f"{name}.bounds"]
        self._term_docs = arrays[f"{name}.term_docs"]
        self._docs = arrays[f"{name}.docs"]
        self._freqs = arrays[f"{name}.freqs"]
        self._term_tokens = arrays[f"{name}.term_tokens"]
        self._positions = arrays[f"{name}.positions"]
        self._stem_terms = arrays[f"{name}.stem_terms"]
        self._stem_members = arrays[f"{name}.stem_members"]

    @cached_property
    def lengths(self) -> Array:
        """How many tokens each document has."""
        return np.diff(self.bounds) - 1

    def terms(self) -> Array:
        """The term of every token, in order, without gaps."""
        stream = np.empty(self.tokens, np.int32)
        docs = np.repeat(self._docs, self._freqs)
        begins = self.bounds - np.arange(1, len(self.bounds) + 1, dtype=np.int32)
        counts = np.diff(self._term_tokens)
        terms = np.repeat(np.arange(len(counts)), counts)
        stream[begins[docs] + self._positions] = terms
        return stream

    @property
    def tokens(self) -> int:
        """How many tokens all documents have."""
        return len(self._positions)

    def docs(self, starts: Array) -> Array:
        """The documents in which places of the stream are."""
        return np.searchsorted(self.bounds, starts, "right") - 1

    def forms(self, stem: bytes) -> Sequence[int]:
        """The terms that have this stem."""
        group = self.stems.find(stem)
        if group is None:
            return ()
        start, stop = self._stem_terms[group : group + 2].tolist()
        members: list[int] = self._stem_members[start:stop].tolist()
        return members

    def frequency(self, term: int) -> int:
        """How many tokens are this term."""
        start, stop = self._term_tokens[term : term + 2].tolist()
        return int(stop - start)

    def postings(self, term: int) -> Postings:
        """The documents that hold a term."""
        start, stop = self._term_docs[term : term + 2].tolist()
        return Postings(self._docs[start:stop], self._freqs[start:stop])

    def union(self, terms: Sequence[int]) -> Postings:
        """The documents that hold one of the terms, which count as one."""
        if len(terms) < 2:
            return self.postings(terms[0]) if terms else NO_POSTINGS
        if isinstance(terms, range) and len(terms) > _MANY_TERMS:
            # Neighbours in the lexicon are so in the arrays.
            start, stop = self._term_docs[[terms.start, terms.stop]].tolist()
            sums = np.bincount(self._docs[start:stop], self._freqs[start:stop])
        else:
            parts = sorted(
                map(self.postings, terms), key=lambda p: len(p.docs), reverse=True
            )
            if sum(len(docs) for docs, _ in parts) * 16 < len(self.lengths):
                return _summed(parts)
            sums = np.zeros(len(self.lengths), np.int32)
            sums[parts[0].docs] = parts[0].freqs
            for docs, freqs in parts[1:]:  # no term has a document twice
                sums[docs] += freqs
        found = (sums > 0).nonzero()[0]  # NumPy is much faster with truth values
        return Postings(found, sums[found])

    def places(self, term: int) -> Array:
        """Where a term stands in the stream, ascending."""
        return np.concatenate([places for places, _ in self._pieces(term)])

    def _pieces(self, term: int) -> Iterator[tuple[Array, Array]]:
        """Places and documents of a term, as many at a time as stay in the processor's cache."""
        start, stop = self._term_tokens[term : term + 2].tolist()
        docs, freqs = self.postings(term)
        cuts = [0, len(docs)]
        if stop - start > 2 * _PIECE:
            cuts[1:1] = np.searchsorted(
                np.cumsum(freqs), range(_PIECE, stop - start, _PIECE)
            )
        for low, high in pairwise(cuts):
            counts = freqs[low:high]
            found = np.repeat(docs[low:high], counts)
            end = start + len(found)
            begins = np.repeat(self.bounds[docs[low:high]], counts)
            yield begins + self._positions[start:end], found
            start = end

    def occurrences(self, terms: Sequence[int]) -> Spans:
        """Where the terms stand in the stream, at least one of them."""
        if len(terms) == 1:
            starts = self.places(terms[0])
        else:
            # Runs that ascend: what Timsort is good at.
            starts = np.concatenate([self.places(term) for term in terms])
            starts.sort(kind="stable")
        return Spans(starts, starts + 1)

    def scan(self, ranks: Array, doc: int) -> Spans:
        """Where words of these ranks, none RARE, stand in a document."""
        begin, end = self.bounds[doc : doc + 2].tolist()
        starts = _isin(self.stream[begin : end - 1], ranks).nonzero()[0]
        return Spans(starts, starts + 1)

    def cut(self, spans: Spans, doc: int) -> Spans:
        """Those of the spans that are in a document, counted from its first token."""
        bounds = self.bounds[doc : doc + 2]
        low, high = np.searchsorted(spans.starts, bounds).tolist()
        begin = bounds[0]
        return Spans(spans.starts[low:high] - begin, spans.ends[low:high] - begin)

    def phrase(self, terms: Sequence[int]) -> Found:
        """Where the terms stand next to each other: from the rarest one, gathered in the stream."""
        by_frequency = sorted(range(len(terms)), key=lambda i: self.frequency(terms[i]))
        anchor = by_frequency[0]
        found = []
        for places, docs in self._pieces(terms[anchor]):
            starts = places - anchor
            for i in by_frequency[1:]:
                rank = int(self.ranks[terms[i]])
                if rank < RARE:
                    same = self.stream.take(starts + i, mode="clip") == rank
                else:
                    same = np.isin(starts + i, self.places(terms[i]))
                chosen = same.nonzero()[0]
                starts, docs = starts[chosen], docs[chosen]
            found.append((starts, docs))
        starts, docs = map(np.concatenate, zip(*found, strict=True))
        return Found(Spans(starts, starts + len(terms)), docs)


def _summed(parts: Sequence[Postings]) -> Postings:
    """A few postings as one."""
    docs, freqs = map(np.concatenate, zip(*parts, strict=True))
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    first = _heads(docs)
    return Postings(docs[first], np.add.reduceat(freqs[order], first, dtype=np.int32))


def _heads(docs: Array) -> Array:
    """Where in ``docs`` (ascending) each document is for the first time."""
    heads = np.ones(len(docs), bool)
    np.not_equal(docs[1:], docs[:-1], out=heads[1:])
    return heads.nonzero()[0]


def _isin(stream: Array, ranks: Array) -> Array:
    """``np.isin``, which has much to prepare, for the few ranks of a word's forms."""
    if not 0 < len(ranks) < 16:
        return np.isin(stream, ranks)
    hit: Array = stream == ranks[0]
    for rank in ranks[1:]:
        hit |= stream == rank
    return hit


class KeywordField:
    """Whole values: few and repeated, so a look-up is a comparison and a facet is a count."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self.lexicon = Lexicon(arrays[f"{name}.values"], arrays[f"{name}.value_ends"])
        self.stream = arrays[f"{name}.stream"]
        self.bounds = arrays.get(f"{name}.bounds")

    @cached_property
    def lengths(self) -> Array:
        """How many values each document has."""
        if self.bounds is None:
            return np.ones(len(self.stream), np.int32)
        return np.diff(self.bounds)

    def terms(self) -> Array:
        """The id of every value, in order."""
        return self.stream

    @cached_property
    def values(self) -> list[str]:
        """The distinct values, by id."""
        return [value.decode() for value in self.lexicon]

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The tokens of each value, by id."""
        return [tuple(analysis.tokenize(value)) for value in self.values]

    def docs(self, values: Sequence[int]) -> Array:
        """The documents that have one of the values, ascending."""
        if len(values) == 1:
            found = self.stream == values[0]
        else:
            found = np.isin(self.stream, values)
        docs: Array = found.nonzero()[0]
        if self.bounds is not None:
            docs = np.unique(np.searchsorted(self.bounds, docs, "right") - 1)
        return docs

    def chosen(self, docs: Array) -> Array:
        """The values that the documents (ascending) have, one after the other."""
        places = docs
        if self.bounds is not None:
            mask = np.zeros(len(self.lengths), bool)
            mask[docs] = True
            places = np.repeat(mask, self.lengths).nonzero()[0]
        values: Array = self.stream[places]
        return values


class Values:
    """The distinct values of a keyword field in all segments, in order.

    ``numbers`` gives, for each segment, the places here of its own values.
    """

    def __init__(self, fields: Sequence[KeywordField]) -> None:
        self.values = sorted(set[str]().union(*(field.values for field in fields)))
        place = {value: number for number, value in enumerate(self.values)}
        self.numbers = [np.array([place[v] for v in f.values], np.intp) for f in fields]
