"""The words around matches: which part of a text to show, and what to mark in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from indexer.search import Snippet

Mark: TypeAlias = tuple[int, int]

#: Characters of a snippet, unless what matched is longer.
WIDTH = 200

_SENTENCE_START = re.compile(r"[.!?…;][\"'”’»)\]]*\s+|[。！？；][」』”’）]*")
_SENTENCE_END = re.compile(
    r".*(?:[.!?…;][\"'”’»)\]]*(?=\s)|[。！？；][」』”’）]*)", re.S
)
_STOPS = '.!?…;。！？；"”’」』»)）]'
_BREAK = "\n\n"


def merge_marks(marks: Sequence[Mark]) -> list[Mark]:
    """The same characters in marks that ascend and do not overlap; neighbours stay apart."""
    merged: list[Mark] = []
    for start, end in sorted(marks):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def snippets(text: str, marks: Sequence[Mark], count: int) -> tuple[Snippet, ...]:
    """Up to ``count`` pieces of the text, in its order, that hold the most of ``marks``.

    ``marks`` ascend and do not overlap. A piece stays in its paragraph, begins and ends between
    sentences or words, and never cuts a mark. Without marks it is the beginning of the text.
    """
    if not marks:
        end = _cut_right(text, 0, WIDTH, _end(text, 0))
        piece = text[:end].replace("\n", " ")
        return (Snippet(piece, closes=_closes(text, end)),)[:count]
    chosen = _fullest(_stops(text, marks), count)
    pieces = []
    after = 0
    for number, (first, stop) in enumerate(chosen):
        last = number + 1 == len(chosen)
        before = len(text) if last else marks[chosen[number + 1][0]][0]
        group = marks[first:stop]
        start, end = _window(text, group[0][0], group[-1][1], after, before)
        inside = tuple([(s - start, e - start) for s, e in group])
        piece = text[start:end].replace("\n", " ")
        pieces.append(Snippet(piece, inside, _opens(text, start), _closes(text, end)))
        after = end
    return tuple(pieces)


def _stops(text: str, marks: Sequence[Mark]) -> list[int]:
    """For each mark, how far a piece that begins with it reaches: the first mark outside."""
    stops = []
    stop = paragraph = 0
    for first, (start, _) in enumerate(marks):
        if start >= paragraph:
            paragraph = _end(text, start)
        limit = min(start + WIDTH, paragraph)
        stop = max(stop, first + 1)  # a mark alone may be longer than a piece
        while stop < len(marks) and marks[stop][1] <= limit:
            stop += 1
        stops.append(stop)
    return stops


def _fullest(stops: list[int], count: int) -> list[tuple[int, int]]:
    """Up to ``count`` ranges of marks, in order and apart, that hold the most."""
    sizes = [stop - first for first, stop in enumerate(stops)]
    chosen: list[tuple[int, int]] = []
    while len(chosen) < count and (most := max(sizes)):
        first = sizes.index(most)
        chosen.append((first, first + most))
        sizes[first : first + most] = [0] * most
        for i in range(first - 1, -1, -1):  # a piece before it ends where it begins
            if i + sizes[i] <= first:
                break
            sizes[i] = first - i
    return sorted(chosen)


def _window(text: str, first: int, last: int, after: int, before: int) -> Mark:
    """Where a piece that holds first..last begins and ends, between ``after`` and ``before``."""
    paragraph = text.rfind(_BREAK, after, first)
    floor = after if paragraph < 0 else paragraph + len(_BREAK)
    start = _cut_left(text, floor, first - max(0, WIDTH - (last - first)) // 2, first)
    ceiling = max(last, min(before, _end(text, last)))
    return start, _cut_right(text, last, max(last, start + WIDTH), ceiling)


def _cut_left(text: str, floor: int, wish: int, first: int) -> int:
    """The first sentence or else word that begins at ``wish`` or behind it."""
    if wish <= floor:
        return floor
    sentence = _SENTENCE_START.search(text, wish, first)
    return sentence.end() if sentence else text.find(" ", wish, first) + 1 or wish


def _cut_right(text: str, last: int, wish: int, ceiling: int) -> int:
    """The end of the last sentence or else word that ends at ``wish`` or before it."""
    if wish >= ceiling:
        return ceiling
    sentence = _SENTENCE_END.match(text, last, wish)
    if sentence and sentence.end() > (last + wish) // 2:
        return sentence.end()
    word = text.rfind(" ", last, wish + 1)
    return wish if word < 0 else word


def _opens(text: str, start: int) -> bool:
    """Whether a sentence begins here."""
    return (
        not start
        or text[start - 1] == "\n"
        or text[max(0, start - 3) : start].rstrip()[-1:] in _STOPS
    )


def _closes(text: str, end: int) -> bool:
    """Whether a sentence ends here."""
    return end == len(text) or text[end] == "\n" or text[end - 1] in _STOPS


def _end(text: str, place: int) -> int:
    """Where the paragraph around a place ends."""
    end = text.find(_BREAK, place)
    return len(text) if end < 0 else end
