"""The end of a query that is being typed."""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.query.scanner import ALIASES, FIELDS, QUOTES

_RUN = re.compile(rf"[^\s(){''.join(QUOTES)}]*\Z")
_NAME = re.compile(r"-?([A-Za-z]+):")
_FIELD_OF_QUOTES = re.compile(r"([A-Za-z]+):\s*\Z")


class Unfinished(NamedTuple):
    """The last ``word``, perhaps of a ``field``, and what stands ``before`` it.

    ``closing`` closes what is open at the end: quotation marks, if it is ``quoted``, and brackets.
    """

    before: str
    word: str
    field: str = ""
    quoted: bool = False
    closing: str = ""


def unfinished(text: str) -> Unfinished:
    """The word that ``text`` ends in, "" where it ends in a blank or in a sign."""
    quote, opened, depth = "", 0, 0
    for place, sign in enumerate(text):
        if quote:
            quote = "" if sign in quote else quote
        elif sign in QUOTES:
            quote, opened = QUOTES[sign], place
        else:
            depth += (sign == "(") - (sign == ")")
    run = _RUN.search(text)
    assert run
    word, field = run[0], ""
    if quote:
        named = _FIELD_OF_QUOTES.search(text[:opened])
    elif named := _NAME.match(word):
        word = word[named.end() :].rpartition(",")[2]
    else:
        word = word.removeprefix("-")
    if named:
        name = named[1].lower()
        field = ALIASES.get(name, name) if name in FIELDS else ""
    before = text.removesuffix(word) if word else text
    return Unfinished(before, word, field, bool(quote), quote[:1] + ")" * depth)
