"""Links into a page elsewhere, to the sentence that matched.

The address ends in a text directive, which browsers read and servers never see: W3C Community
Group, "URL Fragment Text Directives" (https://wicg.github.io/scroll-to-text-fragment/).
"""

from __future__ import annotations

import re
from urllib.parse import quote

LONGEST = 200  # characters of a sentence that is given whole, else by its first and last words
WORDS = 5

_STOP = re.compile(r"[.!?…;][\"'”’»)\]]*(?=\s)|[。！？；][」』”’）]*|\n")


def to_sentence(url: str, text: str, mark: tuple[int, int]) -> str:
    """The address of the page, at the sentence of ``text`` that holds the mark."""
    first, last = _sentence(text, mark)
    words = text[first:last].split()
    whole = " ".join(words)
    if len(whole) <= LONGEST:
        directive = _encode(whole)
    elif len(words) > 2 * WORDS:
        ends = words[:WORDS], words[-WORDS:]
        directive = ",".join(_encode(" ".join(end)) for end in ends)
    else:  # of a script without blanks: what matched must do
        directive = _encode(" ".join(text[slice(*mark)].split()))
    return f"{url}{'' if '#' in url else '#'}:~:text={directive}"


def _sentence(text: str, mark: tuple[int, int]) -> tuple[int, int]:
    start, end = mark
    first = max((stop.end() for stop in _STOP.finditer(text, 0, start)), default=0)
    stop = _STOP.search(text, end)
    return first, stop.end() if stop else len(text)


def _encode(words: str) -> str:
    """Percent-encoded, the hyphen too: it would end a prefix."""
    return quote(words, safe="").replace("-", "%2D")
