"""Words of the corpus that begin with some letters, the most frequent first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import TextField
from indexer.engines.whoosh.segment import TEXT_FIELDS, Segment


def completions(segments: Sequence[Segment], prefix: str, limit: int) -> list[str]:
    """The most frequent first, then in the order of code points.

    To read all words of all lexicons would take too long for a single letter. So each lexicon names
    its own most frequent ones. A word that none names stands at most as often as the next ones of
    all lexicons together (Fagin's threshold); where that may be enough, each names more.
    """
    fields = [each.texts[name] for each in segments for name in TEXT_FIELDS]
    slices = [field.lexicon.starting(prefix.encode()) for field in fields]
    counts = [f.frequencies(terms) for f, terms in zip(fields, slices, strict=True)]
    taken = limit
    while True:
        unseen, words = 0, set[bytes]()
        for field, terms, frequencies in zip(fields, slices, counts, strict=True):
            places, rest = _most(frequencies, taken)
            words.update(field.lexicon[terms[place]] for place in places)
            unseen += rest
        totals = {word: _total(fields, word) for word in words}
        first = sorted(words, key=lambda word: (-totals[word], word))[:limit]
        if not unseen or (len(first) == limit and totals[first[-1]] > unseen):
            return [word.decode() for word in first]
        taken *= 4


def _most(frequencies: Array, limit: int) -> tuple[list[int], int]:
    """The places of the ``limit`` largest, in no order, and the largest of the others, or 0."""
    if len(frequencies) <= limit:
        return list(range(len(frequencies))), 0
    cut = len(frequencies) - limit
    order = np.argpartition(frequencies, cut - 1)
    return order[cut:].tolist(), int(frequencies[order[cut - 1]])


def _total(fields: Sequence[TextField], word: bytes) -> int:
    known = ((field, field.lexicon.find(word)) for field in fields)
    return sum(field.frequency(term) for field, term in known if term is not None)
