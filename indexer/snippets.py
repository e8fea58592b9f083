"""The words around matches: which part of a text to show, and what to mark in it."""

from __future__ import annotations

import re
from bisect import bisect_right
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
        end, closes = _cut_right(text, 0, WIDTH, _end(text, 0))
        return (Snippet(text[:end].replace("\n", " "), closes=closes),)[:count]
    chosen = _fullest(_stops(text, marks), count)
    befores = [marks[first][0] for first, _ in chosen[1:]] + [len(text)]
    pieces = []
    after = 0
    for (first, stop), before in zip(chosen, befores, strict=True):
        piece, after = _piece(text, marks[first:stop], after, before)
        pieces.append(piece)
    return tuple(pieces)


def _stops(text: str, marks: Sequence[Mark]) -> list[int]:
    """For each mark, how far a piece that begins with it reaches: the first mark outside."""
    stops = []
    ends = [end for _, end in marks]
    stop = paragraph = first = 0
    for start, _ in marks:
        first += 1
        if start >= paragraph:
            paragraph = _end(text, start)
        limit = start + WIDTH
        stop = bisect_right(ends, limit if limit < paragraph else paragraph, stop)
        if stop < first:  # a mark alone may be longer than a piece
            stop = first
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


def _piece(
    text: str, marks: Sequence[Mark], after: int, before: int
) -> tuple[Snippet, int]:
    """The piece around some marks, between ``after`` and ``before``, and where it ends."""
    first, last = marks[0][0], marks[-1][1]
    paragraph = text.rfind(_BREAK, after, first)
    floor = after if paragraph < 0 else paragraph + len(_BREAK)
    room = WIDTH - (last - first)
    start, opens = _cut_left(
        text, floor, first - room // 2 if room > 0 else first, first
    )
    ceiling = text.find(_BREAK, last, before)
    if ceiling < 0:
        ceiling = before
    end, closes = _cut_right(text, last, max(last, start + WIDTH), ceiling)
    inside = tuple([(s - start, e - start) for s, e in marks])
    return Snippet(text[start:end].replace("\n", " "), inside, opens, closes), end


def _cut_left(text: str, floor: int, wish: int, first: int) -> tuple[int, bool]:
    """The first sentence or else word that begins at ``wish`` or behind it, and which it is."""
    if wish <= floor:
        return floor, not floor or text[floor - 1] == "\n"
    sentence = _SENTENCE_START.search(text, wish, first)
    if sentence:
        return sentence.end(), True
    return text.find(" ", wish, first) + 1 or wish, False


def _cut_right(text: str, last: int, wish: int, ceiling: int) -> tuple[int, bool]:
    """The end of the last sentence or else word at ``wish`` or before it, and which it is."""
    if wish >= ceiling:
        return ceiling, ceiling == len(text) or text[ceiling] == "\n"
    # No further back than half of what there is to the right of the marks.
    sentence = _SENTENCE_END.match(text, (last + wish) // 2, wish)
    if sentence:
        return sentence.end(), True
    word = text.rfind(" ", last, wish + 1)
    return (wish if word < 0 else word), False


def _end(text: str, place: int) -> int:
    """Where the paragraph around a place ends."""
    end = text.find(_BREAK, place)
    return len(text) if end < 0 else end
