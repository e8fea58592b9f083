"""What makes two texts near-copies, and signatures by which such texts find each other.

A shingle is SHINGLE tokens that follow each other: some words, or as many characters of Chinese.
Two texts are near-copies where at least half of the shingles that either has are in both (their
Jaccard similarity, Broder, "On the resemblance and containment of documents", 1997): each then
holds two thirds of the other if they are of one length. Texts on one subject, formulaic ones too,
share far less; a text that lost its third paragraph, or a word in twenty, shares more. In a text
of fewer than SHORT tokens one changed word may be another event: those must be the same word for
word, and so must their headlines.

A signature is SIGNATURE bytes. Of a longer text it is SLOTS numbers of 16 bits, each of which two
texts have in common as often as they have shingles in common (MinHash: each is the least of all
shingles in an order of its own); of a short one it is a hash of its words. Texts whose signatures
agree in a band, which is BAND slots, are compared, so those of similarity s are found at
1 - (1 - s ** 2) ** 16: 99.0 % at one half, 99.9 % at 0.6, 99.998 % at 0.7. What a text's signature
is depends on nothing but its words, on whatever machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b, shake_128
from itertools import pairwise

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import Field
from indexer.engines.whoosh.fields import heads

SHINGLE = 5
SHORT = 50
SLOTS = 32
BAND = 2
SIGNATURE = 2 * SLOTS

#: Odd factors: shingles times such a one, in 32 bits, are in an order of its own.
_ORDERS = np.frombuffer(shake_128(b"orders").digest(4 * SLOTS), "<u4") | np.uint32(1)
_PIECE = 1 << 15  # tokens at a time, which stay in the processor's cache


def shingles(tokens: Sequence[bytes]) -> Array:
    """The distinct shingles of a text, ascending, as hashes that mean something here only."""
    runs = zip(*(tokens[start:] for start in range(SHINGLE)), strict=False)
    found = np.fromiter(map(hash, runs), np.int64)
    found.sort()
    return found[heads(found)]


def alike(one: Array, other: Array) -> bool:
    """Whether texts with these shingles are near-copies."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return bool(near(common, len(one), len(other)))


def near(common: Array | int, one: Array | int, other: Array | int) -> Array | bool:
    """Whether texts of so many shingles are near-copies where so many are in both."""
    return 2 * common >= one + other - common


def signatures(headlines: Field, texts: Field) -> Array:
    """The signature of each document."""
    terms, stream, lengths = texts
    ends = np.cumsum(lengths)
    slots = np.zeros((len(lengths), SLOTS), "<u2")
    long = np.flatnonzero(lengths >= SHORT)
    hashes = _hashes(terms)
    pieces = np.flatnonzero(np.diff(ends[long] // _PIECE, prepend=-1))
    for low, high in pairwise([*pieces.tolist(), len(long)]):
        docs = long[low:high]
        start, end = ends[docs[0]] - lengths[docs[0]], ends[docs[-1]]
        runs = _runs(hashes, stream[start:end])
        bounds = np.column_stack([ends[docs] - lengths[docs], ends[docs] - SHINGLE + 1])
        slots[docs] = _least(runs, bounds.ravel() - start)
    packed: Array = slots.view(f"V{SIGNATURE}").ravel()
    short = np.flatnonzero((lengths < SHORT) & (lengths > 0)).tolist()
    for doc, headline, text in zip(
        short, _words(headlines, short), _words(texts, short), strict=True
    ):
        digest = blake2b(b"\n".join((headline, text)), digest_size=SIGNATURE)
        packed[doc] = np.void(digest.digest())
    return packed


def _hashes(terms: list[bytes]) -> Array:
    """32 bits of hash of each term for each place in a shingle, by place."""
    digests = (blake2b(term, digest_size=4 * SHINGLE).digest() for term in terms)
    hashes = np.frombuffer(b"".join(digests), "<u4").reshape(-1, SHINGLE)
    return np.ascontiguousarray(hashes.T)


def _runs(hashes: Array, stream: Array) -> Array:
    """The hash of the shingle that begins at each token, and one more number behind the last."""
    count = len(stream) - SHINGLE + 1
    runs = np.zeros(count + 1, np.uint32)
    for place, own in enumerate(hashes):
        runs[:count] += own[stream[place : place + count]]
    return runs


def _least(runs: Array, bounds: Array) -> Array:
    """The slots of texts whose shingles begin and end at each two of the bounds."""
    slots = [np.minimum.reduceat(runs * order, bounds)[::2] for order in _ORDERS]
    return np.column_stack(slots).astype(np.uint16)


def _words(field: Field, docs: list[int]) -> list[bytes]:
    """The tokens of some documents of a field, joined."""
    terms, stream, lengths = field
    ends = np.cumsum(lengths)
    return [
        b" ".join(
            [terms[i] for i in stream[ends[doc] - lengths[doc] : ends[doc]].tolist()]
        )
        for doc in docs
    ]
