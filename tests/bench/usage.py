"""How often words and runs of words occur in statements: what queries are drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from indexer.analysis import tokenize
from indexer.statement import Statement

#: Runs of words are counted in so many statements at most, words in all of them.
_SAMPLE = 10_000
_STOP_WORDS = 30


class Usage:
    """The words of a corpus by the share of statements that use them."""

    def __init__(
        self, statements: Sequence[Statement], rng: np.random.Generator
    ) -> None:
        self.size = len(statements)
        self._rng = rng
        chosen = set(rng.permutation(self.size)[:_SAMPLE].tolist())
        self.documents: Counter[str] = Counter()
        self.sample: list[list[str]] = []
        for number, statement in enumerate(statements):
            words = tokenize(statement.text)
            self.documents.update(set(words))
            if number in chosen:
                self.sample.append(words)
        tokens = Counter(word for words in self.sample for word in words)
        self.stop_words = {word for word, _ in tokens.most_common(_STOP_WORDS)}

    def words(self, least: float, most: float) -> list[str]:
        """The words, stop words apart, in ``least`` to ``most`` statements."""
        return sorted(
            word
            for word, count in self.documents.items()
            if least <= count <= most and plain(word) and word not in self.stop_words
        )

    @cached_property
    def _ids(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """The sample's tokens as numbers, the statement of each, and the words by number."""
        numbers: dict[str, int] = {}
        ids = [
            numbers.setdefault(w, len(numbers)) for words in self.sample for w in words
        ]
        docs = np.repeat(
            np.arange(len(self.sample)), [len(words) for words in self.sample]
        )
        return np.array(ids, np.uint64), docs, list(numbers)

    def runs(self, length: int, least: float, most: float) -> Iterator[tuple[str, ...]]:
        """Runs of ``length`` words in ``least`` to ``most`` statements of the sample, shuffled."""
        ids, docs, words = self._ids
        size = max(0, len(ids) - length + 1)
        codes = np.zeros(size, np.uint64)
        for shift in range(length):  # a hash that overflows; two runs rarely share one
            codes *= np.uint64(0x9E3779B97F4A7C15)
            codes += ids[shift : shift + size]
        whole = np.flatnonzero(docs[:size] == docs[length - 1 : length - 1 + size])
        whole = whole[np.lexsort((docs[whole], codes[whole]))]
        run, doc = codes[whole], docs[whole]
        begins = np.append(True, run[1:] != run[:-1])
        first_in_doc = begins | np.append(True, doc[1:] != doc[:-1])
        starts = np.flatnonzero(begins)
        counts = np.add.reduceat(first_in_doc.astype(np.int64), starts)
        chosen = whole[starts[(counts >= least) & (counts <= most)]]
        for start in self._rng.permutation(chosen).tolist():
            yield tuple(words[i] for i in ids[start : start + length].tolist())


def plain(word: str) -> bool:
    """Whether every engine takes a token as one word."""
    return len(word) > 2 and word.isascii() and word.isalpha()
