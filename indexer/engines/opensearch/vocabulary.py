"""All words of a generation with their frequencies, which the cluster itself cannot list.

It is kept beside the generation as a note: the words in order, one a line, compressed (Zstandard),
then their counts. A few MB for a million words, read when it is first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA
from zstandard import ZstdCompressor, ZstdDecompressor

from indexer.engines.whoosh.arrays import Array
from indexer.query import Fuzzy

#: The note it is kept as; a writer's own notes have names of small letters.
NOTE = "Vocabulary"


class Vocabulary:
    """Distinct words in the order of their bytes, and how many tokens are each."""

    def __init__(self, words: list[bytes], counts: Array) -> None:
        self._words = words
        self._counts = counts

    @classmethod
    def load(cls, data: bytes) -> Vocabulary:
        """What ``dump`` made."""
        raw = ZstdDecompressor().decompress(data)
        size = int.from_bytes(raw[:8], "little")
        words = raw[8 : 8 + size].split(b"\n") if size else []
        return cls(words, np.frombuffer(raw[8 + size :], "<i8"))

    def dump(self) -> bytes:
        """The whole as bytes."""
        words = b"\n".join(self._words)
        counts = self._counts.astype("<i8").tobytes()
        return ZstdCompressor().compress(
            len(words).to_bytes(8, "little") + words + counts
        )

    @property
    def tokens(self) -> int:
        """How many tokens there are."""
        return int(self._counts.sum())

    def changed(self, difference: Counter[bytes]) -> Vocabulary:
        """The same with more of some words, or with fewer."""
        counts = Counter(dict(zip(self._words, self._counts.tolist(), strict=True)))
        counts.update(difference)
        words = sorted(word for word, count in counts.items() if count)
        return Vocabulary(words, np.array([counts[word] for word in words], np.int64))

    def spellings(self, word: str) -> list[str]:
        """Words spelled nearly so: the nearest first, then the most frequent, then by letters."""
        spelled = [each.decode() for each in self._words]
        near = process.extract_iter(
            word, spelled, scorer=OSA.distance, score_cutoff=Fuzzy(word).edits
        )
        found = [
            (int(distance), -int(self._counts[place]), each)
            for each, distance, place in near
            if each != word
        ]
        return [each for _, _, each in sorted(found)]

    def completions(self, prefix: str, limit: int) -> list[str]:
        """Words that begin so: the most frequent first, then by code points."""
        start = prefix.encode("utf-8", "replace")
        low = bisect_left(self._words, start)
        high = bisect_left(self._words, start + b"\xff", low)
        order = np.argsort(-self._counts[low:high], kind="stable")[:limit]
        return [self._words[low + place].decode() for place in order.tolist()]


NO_WORDS = Vocabulary([], np.empty(0, np.int64))
