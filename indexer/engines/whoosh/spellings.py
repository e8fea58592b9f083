"""Words of the corpus that are spelled nearly like another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer import deadline
from indexer.engines.whoosh.segment import TEXT_FIELDS, Segment
from indexer.query import Fuzzy


def spellings(segments: Sequence[Segment], word: str) -> list[str]:
    """The nearest first, of those as near the most frequent, then in the order of letters."""
    edits = Fuzzy(word).edits
    found: Counter[str] = Counter()
    distances: dict[str, int] = {}
    for segment in segments:
        for name in TEXT_FIELDS:
            deadline.check()
            field = segment.texts[name]
            terms = [term.decode() for term in field.lexicon]
            near = process.extract_iter(
                word, terms, scorer=OSA.distance, score_cutoff=edits
            )
            for spelled, distance, term in near:
                distances[spelled] = int(distance)
                found[spelled] += field.frequency(term)
    distances.pop(word, None)
    return sorted(distances, key=lambda each: (distances[each], -found[each], each))
