"""From streams of terms to the arrays of a field: everything is derived by sorting, in bulk.

``name.x`` below is an array ``x`` of the field ``name``; documents, terms and tokens are counted
from 0, and pointers have one entry more than what they point from.

A text field has ``terms`` and ``term_ends`` (the lexicon, see Blobs); ``stream``, the frequency
rank of every token of every document in order, RARE standing for all ranks from there on, and
for the gap before, between and behind documents, so that no phrase spans two; ``ranks``, the rank
of each term; ``bounds``, where each document's tokens begin, its gap ending it; ``term_docs``
(pointers) into ``docs`` and ``freqs``, the postings by term; ``term_tokens`` (pointers) into
``positions``, within the document, by term; ``stems`` and ``stem_ends``, the lexicon of stems, and
``stem_terms`` (pointers) into ``stem_members``, the terms of each stem; and what ``paragraphs`` tells.

A keyword field has ``values`` and ``value_ends``; ``stream``, the value of every occurrence;
``bounds``, unless every document has exactly one value.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from indexer.analysis import stem_all
from indexer.engines.whoosh.arrays import Array, narrow, pack_blobs

#: The terms; the place of its term for every token; the number of tokens of every document.
Field: TypeAlias = tuple[list[bytes], Array, Array]

#: The rank that stands in the stream for itself and all rarer ones.
RARE = 65535

#: Tokens are sorted and moved so many at a time, to need little memory beside the arrays.
PIECE = 1 << 22


def text_arrays(
    name: str, terms: list[bytes], stream: Array, lengths: Array, language: str
) -> dict[str, Array]:
    """The arrays of a text field.

    ``terms`` are sorted and each occurs; ``stream`` (int32) has the term's index for every token,
    ``lengths`` the number of tokens of every document (at most 65,536 documents).
    """
    begins = _bounds(lengths)
    counts = np.bincount(stream, minlength=len(terms))
    ranks = np.empty(len(terms), np.int32)
    ranks[np.argsort(-counts, kind="stable")] = np.arange(len(terms), dtype=np.int32)
    token_bounds = _bounds(counts)
    token_docs, positions = _by_term(stream, begins, token_bounds)
    opens = np.empty(len(stream), bool)
    opens[1:] = token_docs[1:] != token_docs[:-1]
    opens[token_bounds[:-1]] = True
    first = np.flatnonzero(opens).astype(np.int32)
    positions = narrow(positions)
    arrays = {
        "stream": _with_gaps(np.minimum(ranks, RARE).astype(np.uint16)[stream], begins),
        "ranks": narrow(ranks),
        "bounds": begins + np.arange(1, len(begins) + 1, dtype=np.int32),
        "term_docs": np.searchsorted(first, token_bounds).astype(np.int32),
        "docs": token_docs[first],
        "freqs": narrow(np.diff(first, append=len(stream))),
        "term_tokens": token_bounds,
        "positions": positions,
    }
    arrays["terms"], arrays["term_ends"] = pack_blobs(terms)
    arrays |= _stem_arrays(terms, language)
    return {f"{name}.{key}": array for key, array in arrays.items()}


def keyword_arrays(
    name: str, values: list[bytes], stream: Array, lengths: Array
) -> dict[str, Array]:
    """The arrays of a keyword field: as ``text_arrays``, with values for terms."""
    arrays = {"stream": narrow(stream)}
    arrays["values"], arrays["value_ends"] = pack_blobs(values)
    if not (lengths == 1).all():
        arrays["bounds"] = _bounds(lengths)
    return {f"{name}.{key}": array for key, array in arrays.items()}


def _bounds(lengths: Array) -> Array:
    bounds = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def _with_gaps(ranks: Array, begins: Array) -> Array:
    """The ranks with a gap before each document and behind the last."""
    stream = np.full(len(ranks) + len(begins), RARE, np.uint16)
    inside = np.ones(len(stream), bool)
    inside[begins + np.arange(len(begins))] = False
    stream[inside] = ranks
    return stream


def _by_term(stream: Array, begins: Array, bounds: Array) -> tuple[Array, Array]:
    """Documents and positions of the tokens, sorted by their terms.

    A piece at a time: numbers of 64 bits for all tokens would take most of the memory.
    """
    terms = len(bounds) - 1
    docs = np.repeat(np.arange(len(begins) - 1, dtype=np.uint16), np.diff(begins))
    by_term = np.empty(len(stream), np.uint16), np.empty(len(stream), np.int32)
    free = bounds[:-1].astype(np.int64)  # where the next token of each term belongs
    for start in range(0, len(stream), PIECE):
        piece = stream[start : start + PIECE]
        order = _sort_order(piece, terms)
        counts = np.bincount(piece, minlength=terms)
        targets = np.repeat(free - (np.cumsum(counts) - counts), counts)
        targets += np.arange(len(piece))
        order += start
        found = docs[order]
        by_term[0][targets] = found
        by_term[1][targets] = order - begins[found]
        free += counts
    return by_term


def _sort_order(stream: Array, terms: int) -> Array:
    """The stable order of tokens by term: NumPy sorts 16 bits by radix, so 16 bits at a time."""
    order = np.argsort(stream.astype(np.uint16), kind="stable")
    if terms > 1 << 16:
        order = order[
            np.argsort((stream >> 16).astype(np.uint16)[order], kind="stable")
        ]
    return order


def _stem_arrays(terms: list[bytes], language: str) -> dict[str, Array]:
    stems = [stem.encode() for stem in stem_all([t.decode() for t in terms], language)]
    lexicon = sorted(set(stems))
    ids = {stem: index for index, stem in enumerate(lexicon)}
    of_term = np.fromiter(map(ids.__getitem__, stems), np.int64, len(stems))
    data, ends = pack_blobs(lexicon)
    return {
        "stems": data,
        "stem_ends": ends,
        "stem_terms": _bounds(np.bincount(of_term, minlength=len(lexicon))),
        "stem_members": narrow(np.argsort(of_term, kind="stable")),
    }
