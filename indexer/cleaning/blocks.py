"""Paragraphs: what blocks and empty lines make of the strings in a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from indexer.cleaning.text import one_line

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul"
    " cell fw head item list quote row".split()  # trafilatura's own
)
#: Elements that end a line; ``lb`` is trafilatura's own.
BREAKS = ("br", "lb")

#: Stand for the ends of lines and of blocks among the strings.
LINE_END, BLOCK_END = "\u2028", "\u2029"

# A block's end, an empty line, or a line break before indented text ends a paragraph.
_PARAGRAPH_END = re.compile(
    r"\s*\u2029\s*|\s*\u2028(?:\s*\u2028)+\s*|\s*\u2028(?=[\u3000\xa0])"
)

#: Beyond so many levels, elements lie side by side: libxml2 drops what nests deeper than 256.
DEEPEST = 200


class Paragraph(NamedTuple):
    """A paragraph in one line, the block that holds it, and how many of its characters are links."""

    text: str
    block: Any
    linked: int


def gather(strings: Iterable[tuple[str, Any, bool]], root: Any) -> Iterator[Paragraph]:
    """The paragraphs of the strings in ``root``, each with the block around it and whether a link is."""
    parts: list[str] = []
    linked = 0
    block = root
    for string, around, in_link in strings:
        if string == BLOCK_END:
            if parts:
                yield from _divide("".join(parts), block, linked)
                parts, linked = [], 0
        else:
            parts.append(string)
            block = around
            if in_link:
                linked += len(string.strip())


def _divide(text: str, block: Any, linked: int) -> Iterator[Paragraph]:
    for part in _PARAGRAPH_END.split(text) if LINE_END in text else (text,):
        if plain := one_line(part.replace(LINE_END, " ")):
            yield Paragraph(plain, block, min(linked, len(plain)))
