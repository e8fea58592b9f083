"""The fields of one segment, as arrays to compute with (their layout is told in ``build``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from indexer import analysis
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import RARE
from indexer.engines.whoosh.lexicon import Lexicon


class Postings(NamedTuple):
    """Documents, ascending, and how often each has the thing asked for."""

    docs: Array
    freqs: Array


class Spans(NamedTuple):
    """Stretches of the token stream, ascending: document, first token, and the one after the last."""

    docs: Array
    starts: Array
    ends: Array

    def select(self, chosen: Array) -> Spans:
        """Those that a mask or an array of indices chooses."""
        return Spans(self.docs[chosen], self.starts[chosen], self.ends[chosen])

    def postings(self) -> Postings:
        """How many there are in each document."""
        first = np.flatnonzero(np.diff(self.docs, prepend=-1))
        return Postings(self.docs[first], np.diff(first, append=len(self.docs)))


NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.int32))
NO_SPANS = Spans(*(np.empty(0, np.int32),) * 3)


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
        return np.diff(self.bounds)

    def terms(self) -> Array:
        """The term of every token, in order."""
        stream = np.empty(len(self.stream), np.int32)
        docs = np.repeat(self._docs, self._freqs)
        counts = np.diff(self._term_tokens)
        stream[self.bounds[docs] + self._positions] = np.repeat(
            np.arange(len(counts)), counts
        )
        return stream

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
        if isinstance(terms, range):  # neighbours in the lexicon are so in the arrays
            start, stop = self._term_docs[[terms.start, terms.stop]].tolist()
            docs, freqs = self._docs[start:stop], self._freqs[start:stop]
        else:
            parts = [self.postings(term) for term in terms]
            docs = np.concatenate([part.docs for part in parts])
            freqs = np.concatenate([part.freqs for part in parts])
        if len(docs) * 16 > len(self.lengths):
            sums = np.bincount(docs, freqs, len(self.lengths))
            found = np.flatnonzero(sums)
            return Postings(found, sums[found])
        order = np.argsort(docs, kind="stable")
        docs = docs[order]
        first = np.flatnonzero(np.diff(docs, prepend=-1))
        return Postings(
            docs[first], np.add.reduceat(freqs[order], first, dtype=np.int32)
        )

    def occurrences(self, terms: Sequence[int], docs: Array | None = None) -> Spans:
        """Where the terms stand: in the whole segment, or in ``docs`` (ascending) only."""
        if docs is not None:
            return self._occurrences_in(terms, docs)
        if not terms:
            return NO_SPANS
        if len(terms) == 1:
            found, starts = self._places(terms[0])
            return Spans(found, starts, starts + 1)
        places = [self._places(term) for term in terms]
        starts = np.concatenate([starts for _, starts in places])
        order = np.argsort(starts, kind="stable")
        starts = starts[order]
        return Spans(
            np.concatenate([found for found, _ in places])[order], starts, starts + 1
        )

    def _places(self, term: int) -> tuple[Array, Array]:
        """Document and place in the stream of every token that is this term."""
        start, stop = self._term_tokens[term : term + 2].tolist()
        docs = np.repeat(*self.postings(term))
        return docs, self.bounds[docs] + self._positions[start:stop]

    def _occurrences_in(self, terms: Sequence[int], docs: Array) -> Spans:
        """Scan these documents' part of the stream; what is rare is looked up."""
        starts, lengths = self.bounds[docs], self.lengths[docs]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(
            starts - ends + lengths, lengths
        )
        ranks = self.ranks[list(terms)]
        hit = np.isin(self.stream[places], ranks[ranks < RARE])
        for term in (
            term for term, rank in zip(terms, ranks, strict=True) if rank >= RARE
        ):
            hit |= np.isin(places, self._places(term)[1])
        starts = places[hit]
        return Spans(np.repeat(docs, lengths)[hit], starts, starts + 1)

    def phrase(self, terms: Sequence[int], docs: Array | None = None) -> Spans:
        """Where the terms stand next to each other: from the rarest one, gathered in the stream."""
        size = len(terms)
        anchor = min(range(size), key=lambda i: self.frequency(terms[i]))
        found = self.occurrences([terms[anchor]], docs)
        near = sorted(
            set(range(size)) - {anchor}, key=lambda i: self.frequency(terms[i])
        )
        for i in near:
            places = found.starts + (i - anchor)
            rank = int(self.ranks[terms[i]])
            if rank < RARE:
                same = self.stream.take(places, mode="clip") == rank
            else:
                same = np.isin(places, self._places(terms[i])[1])
            found = found.select(same)
        starts = found.starts - anchor
        ends = starts + size
        whole = Spans(found.docs, starts, ends)
        return whole.select(
            (starts >= self.bounds[found.docs]) & (ends <= self.bounds[1:][found.docs])
        )


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
            places = np.flatnonzero(self.stream == values[0])
        else:
            places = np.flatnonzero(np.isin(self.stream, values))
        if self.bounds is None:
            return places
        return np.unique(np.searchsorted(self.bounds, places, "right") - 1)

    def counts(self, docs: Array) -> dict[str, int]:
        """How many of the documents (ascending) have each value."""
        if self.bounds is None:
            chosen = self.stream[docs]
        else:
            mask = np.zeros(len(self.lengths), bool)
            mask[docs] = True
            chosen = self.stream[np.repeat(mask, self.lengths)]
        counts = np.bincount(chosen, minlength=len(self.values)).tolist()
        return {v: n for v, n in zip(self.values, counts, strict=True) if n}
