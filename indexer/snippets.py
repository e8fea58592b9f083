"""The words around matches: which part of a text to show, and what to mark in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from indexer.search import Snippet

Mark: TypeAlias = tuple[int, int]

#: Characters of a snippet, unless what matched is longer.
WIDTH = 200

# What ends a sentence, and what may stand behind it. Each begins with one class of characters,
# so that ``re`` looks for that first.
_OPENS = re.compile(
    r"[.!?…;。！？；](?:(?<=[。！？；])[」』”’）]*|[\"'”’»)\]]*\s+)"
).search
_CLOSES = re.compile(
    r"[.!?…;。！？；](?:(?<=[。！？；])[」』”’）]*|[\"'”’»)\]]*(?=\s))"
).search
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
        end, closes = _cut_right(text, 0, WIDTH, len(text))
        return (Snippet(text[:end].replace("\n", " "), closes=closes),)[:count]
    return tuple(_pieces(text, marks, _fullest(text, marks, count)))


def _fullest(text: str, marks: Sequence[Mark], count: int) -> list[tuple[int, int]]:
    """Up to ``count`` ranges of marks, in order and apart, that hold the most."""
    if len(marks) == 1:
        return [(0, 1)][:count]
    sizes = _sizes(text, marks)
    chosen: list[tuple[int, int]] = []
    while len(chosen) < count and (most := max(sizes)):
        first = sizes.index(most)
        chosen.append((first, first + most))
        sizes[first : first + most] = [0] * most
        before = first - 1
        while before >= 0 and sizes[before] > first - before:
            sizes[before] = first - before  # a piece before it ends where it begins
            before -= 1
    chosen.sort()
    return chosen


def _sizes(text: str, marks: Sequence[Mark]) -> list[int]:
    """For each mark, how many a piece that begins with it holds."""
    sizes = []
    ends = [end for _, end in marks]
    ends.append(len(text) + WIDTH + 1)  # beyond any limit
    stop = first = paragraph = 0
    for start, _ in marks:
        if start >= paragraph:
            paragraph = text.find(_BREAK, start)
            if paragraph < 0:
                paragraph = len(text)
        limit = start + WIDTH
        if limit > paragraph:
            limit = paragraph
        while ends[stop] <= limit:
            stop += 1
        if stop <= first:  # a mark alone may be longer than a piece
            stop = first + 1
        sizes.append(stop - first)
        first += 1
    return sizes


def _pieces(
    text: str, marks: Sequence[Mark], chosen: Sequence[tuple[int, int]]
) -> Iterator[Snippet]:
    """The pieces around ranges of marks, none of which reaches into the next."""
    befores = [marks[low][0] for low, _ in chosen]
    befores.append(len(text))
    after = number = 0
    for low, high in chosen:
        inside = marks[low:high]
        first, last = inside[0][0], inside[-1][1]
        paragraph = text.rfind(_BREAK, after, first)
        start = after if paragraph < 0 else paragraph + len(_BREAK)
        room = (WIDTH - last + first) // 2
        wish = first - room if room > 0 else first
        if wish <= start:
            opens = not start or text[start - 1] == "\n"
        elif sentence := _OPENS(text, wish, first):
            start, opens = sentence.end(), True
        else:
            start, opens = text.find(" ", wish, first) + 1 or wish, False
        wish = start + WIDTH
        number += 1
        after, closes = _cut_right(
            text, last, wish if wish > last else last, befores[number]
        )
        piece = text[start:after].replace("\n", " ")
        places = tuple([(begin - start, end - start) for begin, end in inside])
        yield Snippet(piece, places, opens, closes)


def _cut_right(text: str, last: int, wish: int, before: int) -> tuple[int, bool]:
    """The end of the last sentence or else word at ``wish`` or before it, and which it is."""
    ceiling = text.find(_BREAK, last, min(wish + len(_BREAK), before))
    if ceiling < 0:
        ceiling = before
    if wish >= ceiling:
        return ceiling, ceiling == len(text) or text[ceiling] == "\n"
    # No further back than half of what there is to the right of the marks.
    sentence = _CLOSES(text, (last + wish) // 2, wish)
    if not sentence:
        word = text.rfind(" ", last, wish + 1)
        return (wish if word < 0 else word), False
    end = sentence.end()
    while sentence := _CLOSES(text, end, wish):
        end = sentence.end()
    return end, True
