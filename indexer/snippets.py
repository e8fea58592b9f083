"""The words around matches: which part of a text to show, and what to mark in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from indexer.search import Snippet

Mark: TypeAlias = tuple[int, int]

#: Characters of a snippet, unless what matched is longer.
WIDTH = 200

_SENTENCE = re.compile(r"[.!?…;][\"'”’»)\]]*\s+|[。！？；][」』”’）]*\s*")
_SPACE = re.compile(r"\s+|(?<=[\u3000-\u9fff])(?=[\u3000-\u9fff])")
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
        return (Snippet(text[: _cut_right(text, 0, WIDTH, _end(text, 0))]),)[:count]
    left = list(marks)
    chosen: list[list[Mark]] = []
    while left and len(chosen) < count:
        best = max(_groups(text, left), key=len)
        chosen.append(best)
        left = [mark for mark in left if mark not in best]
    pieces = []
    after = 0
    chosen.sort()
    for number, group in enumerate(chosen):
        before = chosen[number + 1][0][0] if number + 1 < len(chosen) else len(text)
        start, end = _window(text, group[0][0], group[-1][1], after, before)
        inside = [(s - start, e - start) for s, e in group]
        pieces.append(Snippet(text[start:end].replace("\n", " "), tuple(inside)))
        after = end
    return tuple(pieces)


def _groups(text: str, marks: Sequence[Mark]) -> list[list[Mark]]:
    """For each mark, it and those behind it that fit into one piece with it."""
    groups = []
    for number, (start, end) in enumerate(marks):
        limit = min(start + WIDTH, _end(text, start))
        group = [(start, end)]
        for mark in marks[number + 1 :]:
            if mark[1] > limit:
                break
            group.append(mark)
        groups.append(group)
    return groups


def _window(text: str, first: int, last: int, after: int, before: int) -> Mark:
    """Where a piece that holds first..last begins and ends, between ``after`` and ``before``."""
    room = max(0, WIDTH - (last - first))
    paragraph = text.rfind(_BREAK, 0, first)
    floor = max(after, paragraph + len(_BREAK) if paragraph >= 0 else 0)
    start = _cut_left(text, floor, first - room // 2, first)
    ceiling = max(last, min(before, _end(text, last)))
    end = _cut_right(text, last, max(last, start + WIDTH), ceiling)
    return start, end


def _cut_left(text: str, floor: int, wish: int, first: int) -> int:
    """The first sentence or else word that begins at ``wish`` or behind it."""
    if wish <= floor:
        return floor
    for pattern in (_SENTENCE, _SPACE):
        found = pattern.search(text, wish, first)
        if found:
            return found.end()
    return wish if wish + 40 < first else first


def _cut_right(text: str, last: int, wish: int, ceiling: int) -> int:
    """The end of the last sentence or else word that ends at ``wish`` or before it."""
    if wish >= ceiling:
        return ceiling
    for pattern in (_SENTENCE, _SPACE):
        found = [m for m in pattern.finditer(text, last, wish)]
        if found and (
            pattern is _SPACE or found[-1].start() > last + (wish - last) // 2
        ):
            stop = found[-1].end() if pattern is _SENTENCE else found[-1].start()
            return last + len(text[last:stop].rstrip())
    return wish


def _end(text: str, place: int) -> int:
    """Where the paragraph around a place ends."""
    end = text.find(_BREAK, place)
    return len(text) if end < 0 else end
