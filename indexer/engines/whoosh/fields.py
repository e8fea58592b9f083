"""Text fields of one segment, as arrays to compute with (their layout is told in ``build``)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from indexer import deadline
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import RARE
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.paragraphs import Paragraphs

_PIECE = 1 << 16


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
        self.paragraphs = Paragraphs(arrays, name, self.bounds)
        self._term_docs = arrays[f"{name}.term_docs"]
        self._docs = arrays[f"{name}.docs"]
        self._freqs = arrays[f"{name}.freqs"]
        self._term_tokens = arrays[f"{name}.term_tokens"]
        self._positions = arrays[f"{name}.positions"]
        self._stem_terms = arrays[f"{name}.stem_terms"]
        self._stem_members = arrays[f"{name}.stem_members"]
        self._within: tuple[int, int] | None = None

    def within(self, first: int, stop: int) -> TextField:
        """The same field, as if it had no other documents than those from ``first`` on."""
        field = TextField.__new__(TextField)
        field.__dict__.update(self.__dict__, _within=(first, stop))
        return field

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
        terms = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        stream[begins[docs] + self._positions] = terms
        return stream

    @property
    def tokens(self) -> int:
        """How many tokens all documents have."""
        return len(self._positions)

    def terms_at(self, places: Array, docs: Array) -> Array:
        """The term at each place of the stream, -1 where the place is not in its document."""
        inside = (places >= self.bounds[docs]) & (places < self.bounds[docs + 1] - 1)
        ranks = self.stream.take(places, mode="clip")
        terms: Array = self._by_rank.take(ranks, mode="clip")
        rare = (inside & (ranks == RARE)).nonzero()[0]
        if len(rare):
            known, their_terms = self._rare
            terms[rare] = their_terms[np.searchsorted(known, places[rare])]
        terms[~inside] = -1
        return terms

    @cached_property
    def _by_rank(self) -> Array:
        """The term of each rank; the last is for RARE, and ranks that there are not: none."""
        known = (self.ranks < RARE).nonzero()[0]
        terms = np.full(len(known) + 1, -1, np.int32)
        terms[self.ranks[known]] = known
        return terms

    @cached_property
    def _rare(self) -> tuple[Array, Array]:
        """Where in the stream RARE stands for a term, ascending, and for which."""
        rare = (self.ranks >= RARE).nonzero()[0]
        postings = ranges(self._term_docs[rare], self._term_docs[rare + 1])
        docs = np.repeat(self._docs[postings], self._freqs[postings])
        tokens = ranges(self._term_tokens[rare], self._term_tokens[rare + 1])
        places = self.bounds[docs] + self._positions[tokens]
        order = np.argsort(places)
        counts = self._term_tokens[rare + 1] - self._term_tokens[rare]
        return places[order], np.repeat(rare, counts)[order]

    def docs(self, starts: Array) -> Array:
        """The documents in which places of the stream are."""
        return np.searchsorted(self.bounds, starts, "right") - 1

    def count(self, spans: Spans) -> Postings:
        """The documents in which spans are, and how many each has."""
        if not len(spans.starts):
            return NO_POSTINGS
        docs = self.docs(spans.starts)
        first = heads(docs)
        counts = np.empty_like(first)
        np.subtract(first[1:], first[:-1], out=counts[:-1])
        counts[-1] = len(docs) - first[-1]
        return Postings(docs.take(first), counts)

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

    def frequencies(self, terms: range) -> Array:
        """How many tokens are each of these terms, neighbours in the lexicon."""
        counts: Array = np.diff(self._term_tokens[terms.start : terms.stop + 1])
        return counts

    def postings(self, term: int) -> Postings:
        """The documents that hold a term."""
        start, stop = self._of_term(term)
        return Postings(self._docs[start:stop], self._freqs[start:stop])

    def _of_term(self, term: int) -> tuple[int, int]:
        """Where the postings of a term begin and end."""
        start, stop = self._term_docs[term : term + 2].tolist()
        if self._within is None:
            return start, stop
        # Bisection of a memory view: NumPy would convert the whole array first.
        first, last = self._within
        docs = self._docs.data
        start = bisect_left(docs, first, start, stop)
        return start, bisect_left(docs, last, start, stop)

    def union(self, terms: Sequence[int]) -> Postings:
        """The documents that hold one of the terms, which count as one."""
        if len(terms) < 2:
            return self.postings(terms[0]) if terms else NO_POSTINGS
        if isinstance(terms, range):  # neighbours in the lexicon are so in the arrays
            start, stop = self._term_docs[[terms.start, terms.stop]].tolist()
            docs, freqs = self._docs[start:stop], self._freqs[start:stop]
        else:
            parts = map(self.postings, terms)
            docs, freqs = map(np.concatenate, zip(*parts, strict=True))
        low, high = self._within or (0, len(self.lengths))
        if len(docs) * 16 < high:
            found = _summed(docs, freqs)
            cut = slice(*np.searchsorted(found.docs, (low, high)))
            return Postings(found.docs[cut], found.freqs[cut])
        sums = np.zeros(len(self.lengths), np.int32)
        np.add.at(sums, docs.astype(np.intp), freqs.astype(np.int32))
        present = (sums[low:high] > 0).nonzero()[0]  # fast with truth values only
        present += low
        return Postings(present, sums.take(present))

    def places(self, term: int) -> Array:
        """Where a term stands in the stream, ascending."""
        return np.concatenate([places for _, places in self._pieces(term)])

    def _pieces(self, term: int) -> Iterator[tuple[Postings, Array]]:
        """Postings and places of a term, as many at a time as stay in the processor's cache."""
        first, last = self._of_term(term)
        docs, freqs = self._docs[first:last], self._freqs[first:last]
        start, stop = self._term_tokens[term : term + 2].tolist()
        if self._within:
            start += int(self._freqs[self._term_docs[term] : first].sum())
            stop = start + int(freqs.sum())
        cuts = [0, len(docs)]
        if stop - start > 2 * _PIECE:
            cuts[1:1] = np.searchsorted(
                np.cumsum(freqs), range(_PIECE, stop - start, _PIECE)
            )
        for low, high in pairwise(cuts):
            deadline.check()
            piece = Postings(docs[low:high], freqs[low:high])
            places = np.repeat(self.bounds.take(piece.docs), piece.freqs)
            places += self._positions[start : start + len(places)]
            yield piece, places
            start += len(places)

    def occurrences(self, terms: Sequence[int]) -> Spans:
        """Where the terms stand in the stream, at least one of them."""
        if len(terms) == 1:
            starts = self.places(terms[0])
        else:
            # Runs that ascend: what Timsort is good at.
            starts = np.concatenate([self.places(term) for term in terms])
            starts.sort(kind="stable")
        return Spans(starts, starts + 1)

    def phrase(self, terms: Sequence[int]) -> Postings:
        """The documents where several terms stand next to each other, and how often."""
        found = [self._those(*piece) for piece in self._neighbours(terms)]
        if len(found) == 1:
            return found[0]
        return Postings(*map(np.concatenate, zip(*found, strict=True)))

    def _those(self, postings: Postings, tokens: Array, starts: Array) -> Postings:
        """The postings of those of a term's tokens for which a mask is true."""
        docs, freqs = postings
        if np.count_nonzero(tokens) * 16 < len(tokens):
            few = starts[tokens.nonzero()[0]]
            return self.count(Spans(few, few))
        upto = np.cumsum(tokens, dtype=np.int32)
        upto = upto.take(np.cumsum(freqs, dtype=np.int32) - 1)
        counts = upto.copy()
        counts[1:] -= upto[:-1]
        present = (counts > 0).nonzero()[0]
        return Postings(docs.take(present), counts.take(present))

    def stretches(self, terms: Sequence[int]) -> Spans:
        """Where several terms stand next to each other in the stream."""
        found = [
            starts[same.nonzero()[0]] for _, same, starts in self._neighbours(terms)
        ]
        starts = np.concatenate(found)
        return Spans(starts, starts + len(terms))

    def _neighbours(
        self, terms: Sequence[int]
    ) -> Iterator[tuple[Postings, Array, Array]]:
        """Pieces of the rarest term, by which of its tokens the others stand, and the starts.

        What stands there is gathered from the stream.
        """
        by_frequency = sorted(range(len(terms)), key=lambda i: self.frequency(terms[i]))
        anchor, beside, *rest = by_frequency
        for piece, starts in self._pieces(terms[anchor]):
            starts -= anchor
            same = self._is(terms[beside], starts + beside)
            for i in rest:
                chosen = same.nonzero()[0]
                same[chosen] = self._is(terms[i], starts.take(chosen) + i)
            yield piece, same, starts

    def _is(self, term: int, places: Array) -> Array:
        """Whether a term stands at each of the places (ascending)."""
        rank = int(self.ranks[term])
        if rank < RARE:
            same: Array = self.stream.take(places, mode="clip") == rank
            return same
        return np.isin(places, self.places(term))


def _summed(docs: Array, freqs: Array) -> Postings:
    """A few postings, in any order, as one."""
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    first = heads(docs)
    return Postings(docs[first], np.add.reduceat(freqs[order], first, dtype=np.int32))


def ranges(starts: Array, stops: Array) -> Array:
    """The whole numbers from each start up to its stop, one range after the other."""
    sizes = stops - starts
    before = np.cumsum(sizes) - sizes
    numbers: Array = np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
    return numbers


def heads(docs: Array) -> Array:
    """Where in ``docs`` (ascending), or other numbers, each is for the first time."""
    first = np.ones(len(docs), bool)
    np.not_equal(docs[1:], docs[:-1], out=first[1:])
    return first.nonzero()[0]
