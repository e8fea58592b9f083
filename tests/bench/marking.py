"""Snippets for the peers, made as fast as plain Python can: search the text, do not tokenize it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from indexer.analysis import stem
from indexer.query import And, Or, Phrase, Prefix, Query, Term
from indexer.search import Snippet

Mark: TypeAlias = tuple[int, int]
Finder: TypeAlias = Callable[[str], Iterator[Mark]]

WIDTH = 200
_BETWEEN = r"[\W_]+"


def snippets(query: Query, texts: Sequence[str], count: int) -> list[list[Snippet]]:
    """For each text up to ``count`` pieces of it, with what matched marked in them."""
    finders = [_finder(leaf) for leaf in _leaves(query)]
    return [_pieces(text, _marks(text, finders), count) for text in texts]


def _leaves(query: Query) -> Iterator[Query]:
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Phrase() | Prefix() | Term():
            yield query


def _finder(leaf: Query) -> Finder:
    match leaf:
        case Phrase(words):
            return _search(_BETWEEN.join(map(re.escape, words)) + r"(?![^\W_])")
        case Prefix(start):
            return _search(rf"{re.escape(start)}[^\W_]*")
        case Term(word):
            root = stem(word)
            shared = os.path.commonprefix([root, word])
            forms = _search(rf"{re.escape(shared)}[^\W_]*")
            return lambda text: (
                (start, end)
                for start, end in forms(text)
                if stem(text[start:end]) == root
            )
    raise AssertionError(leaf)


@lru_cache(maxsize=256)
def _search(pattern: str) -> Finder:
    """Matches that begin with a word; the pattern's literal beginning lets ``re`` skip ahead."""
    compiled = re.compile(pattern)

    def find(text: str) -> Iterator[Mark]:
        for found in compiled.finditer(text):
            start = found.start()
            if not start or not text[start - 1].isalnum():
                yield start, found.end()

    return find


def _marks(text: str, finders: Sequence[Finder]) -> list[Mark]:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals become two letters
        lowered = "".join(char.lower()[0] for char in text)
    found = sorted({mark for find in finders for mark in find(lowered)})
    if not found and not text.isascii():
        plain = lowered.translate(_PLAIN)
        found = sorted({mark for find in finders for mark in find(plain)})
    return [
        mark for mark, before in zip(found, [(0, 0), *found]) if mark[0] >= before[1]
    ]


class _Plain(dict[int, str]):
    """Each character without its accents."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFKD", chr(code))[0].lower()
        return self[code]


_PLAIN = _Plain()


def _pieces(text: str, marks: Sequence[Mark], count: int) -> list[Snippet]:
    """Windows that follow one another, those with the most marks first, in the text's order."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and mark[1] - groups[-1][0][0] <= WIDTH:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    if not groups:
        return [Snippet(text[:WIDTH])]
    if len(groups) > count:
        groups = sorted(sorted(groups, key=len, reverse=True)[:count])
    return [_window(text, group) for group in groups]


def _window(text: str, group: list[Mark]) -> Snippet:
    first, last = group[0][0], group[-1][1]
    left = max(0, first - max(0, WIDTH - (last - first)) // 2)
    if left:
        left = min(text.find(" ", left, first) + 1 or first, first)
    right = left + WIDTH
    if right < len(text):
        right = max(last, text.rfind(" ", last, right))
    return Snippet(
        text[left:right], tuple([(start - left, end - left) for start, end in group])
    )
