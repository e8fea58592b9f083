"""The classes of queries, drawn from a corpus with a seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

import numpy as np

from indexer.dates import DateRange
from indexer.query import And, Not, Or, Phrase, Prefix, Query, Term
from indexer.search import SearchRequest, Sort
from indexer.statement import Statement
from tests.bench.usage import Usage, plain

WORDS = (
    "common word",
    "AND of 2",
    "OR of 3",
    "word with dates",
    "prefix",
    "newest first",
)
PHRASES = (
    "frequent phrase",
    "phrase with stop words",
    "phrase with dates",
    "phrase with an exclusion",
)
RARE = ("rare word", "rare phrase")
#: The classes of exact forms, and those by stem.
EXACT = (*WORDS, *PHRASES, *RARE)
STEMS = ("bare word", "bare words, AND of 2")

#: Of so many queries each class is made, unless the run says otherwise.
QUERIES = 24

T = TypeVar("T")
Requests = list[SearchRequest]
Stemming = Callable[[Sequence[str]], Sequence[str]]


class Draw:
    """Draws queries from the words and phrases of a corpus."""

    def __init__(
        self, statements: Sequence[Statement], seed: int, count: int = QUERIES
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._count = count
        self._usage = usage = Usage(statements, self._rng)
        self._days = sorted(s.date.toordinal() for s in statements if s.date)
        self._common = usage.words(0.05 * usage.size, 0.3 * usage.size)
        self._middling = usage.words(0.01 * usage.size, 0.2 * usage.size)

    def exact(self) -> dict[str, Requests]:
        """The classes of exact forms."""
        size = self._usage.size
        common, middling = self._forms(self._common), self._forms(self._middling)
        frequent = self._phrases((2, 3, 4), 0.01, 1.0, self._without_stop_words)
        stopped = self._phrases((3, 4, 5), 0.005, 1.0, self._with_stop_words)
        rare = self._phrases((3, 4, 5), 0.0, 0.0, self._mostly_content)
        starts = self._usage.words(max(2, 0.002 * size), size)
        made: dict[str, list[Query]] = {
            "common word": self._some(common),
            "AND of 2": self._joined(And, common, 2),
            "OR of 3": self._joined(Or, middling, 3),
            "word with dates": self._some(common),
            "prefix": [
                Prefix(w[: int(self._rng.integers(3, 6))]) for w in self._some(starts)
            ],
            "newest first": self._some(common),
            "frequent phrase": self._some(frequent),
            "phrase with stop words": self._some(stopped),
            "phrase with dates": self._some(frequent),
            "phrase with an exclusion": [
                And((phrase, Not(word)))
                for phrase, word in zip(
                    self._some(frequent), self._some(common), strict=True
                )
            ],
            "rare word": self._some(self._forms(self._usage.words(2, 10))),
            "rare phrase": self._some(rare),
        }
        return {
            name: [
                self._page(query, dated="dates" in name, newest="newest" in name)
                for query in made[name]
            ]
            for name in EXACT
        }

    def stems(self, stemmings: Sequence[Stemming]) -> dict[str, Requests]:
        """Bare words, of those on whose forms all stemmings agree, so that totals can be equal."""
        agreed = self._agreed(stemmings)
        common: list[Query] = [Term(word) for word in self._common if word in agreed]
        made = self._some(common), self._joined(And, common, 2)
        return {
            name: [self._page(query) for query in queries]
            for name, queries in zip(STEMS, made, strict=True)
        }

    def _agreed(self, stemmings: Sequence[Stemming]) -> set[str]:
        """The words whose group of words with the same stem is the same in all stemmings."""
        words = [word for word in self._usage.documents if plain(word)]
        agreed = set(words)
        groups: list[dict[str, frozenset[str]]] = []
        for stemming in stemmings:
            by_stem = defaultdict(set)
            for word, stem in zip(words, stemming(words), strict=True):
                by_stem[stem].add(word)
            groups.append(
                {w: frozenset(group) for group in by_stem.values() for w in group}
            )
        return {word for word in agreed if len({group[word] for group in groups}) == 1}

    def _some(self, pool: Sequence[T]) -> list[T]:
        """So many of the pool, each once as long as there are enough."""
        if not pool:
            raise SystemExit(
                "The corpus is too small or too uniform to draw queries from."
            )
        order = self._rng.permutation(len(pool)).tolist()
        return [pool[order[number % len(pool)]] for number in range(self._count)]

    def _forms(self, words: Sequence[str]) -> list[Query]:
        return [Phrase((word,)) for word in words]

    def _joined(
        self, kind: type[And] | type[Or], pool: Sequence[Query], parts: int
    ) -> list[Query]:
        columns = [self._some(pool) for _ in range(parts)]
        return [kind(tuple(column)) for column in zip(*columns, strict=True)]

    def _page(
        self, query: Query, *, dated: bool = False, newest: bool = False
    ) -> SearchRequest:
        return SearchRequest(
            query=query,
            dates=self._range() if dated else None,
            sort=Sort.NEWEST if newest else Sort.RELEVANCE,
            facets=("year", "source"),
            limit=10,
            snippets=3,
        )

    def _range(self) -> DateRange:
        """From one statement's day to another's, a fiftieth to a third of all statements apart."""
        size = len(self._days)
        length = int(size * self._rng.uniform(0.02, 0.33))
        first = int(self._rng.integers(0, size - length))
        days = self._days[first], self._days[first + length]
        return DateRange(*map(date.fromordinal, days))

    def _phrases(
        self,
        lengths: Sequence[int],
        least: float,
        most: float,
        wanted: Callable[[tuple[str, ...]], bool],
    ) -> list[Query]:
        """Phrases in such a share of the statements, or else in the sample's fewest."""
        size = len(self._usage.sample)
        found: list[Query] = []
        for length in lengths:
            runs = self._usage.runs(length, max(1, least * size), max(1, most * size))
            found += [
                Phrase(run) for run in islice(filter(wanted, runs), 50 * self._count)
            ]
        return found

    def _without_stop_words(self, run: tuple[str, ...]) -> bool:
        return all(map(plain, run)) and self._usage.stop_words.isdisjoint(run)

    def _with_stop_words(self, run: tuple[str, ...]) -> bool:
        words = all(w in self._usage.stop_words or plain(w) for w in run)
        return words and not self._usage.stop_words.isdisjoint(run)

    def _mostly_content(self, run: tuple[str, ...]) -> bool:
        words = all(w in self._usage.stop_words or plain(w) for w in run)
        return words and len(set(run) - self._usage.stop_words) >= 2
