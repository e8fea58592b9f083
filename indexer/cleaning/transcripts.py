"""Transcripts: each question and answer is a paragraph that begins with who speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LABEL = re.compile(
    r"(?:Q|A|Question|Answer|Moderator|[A-Z][A-Z .’'-]{1,40}|(?:M[rs]s?\.|Dr\.) [\w .’'-]{2,40}"
    r"|问|答|問|记者|記者|[^\W\d_]{2,12}(?:记者|社|報|报|网|電視|电视))\s?[:：]"
)
_FEWEST = 3


def joined(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs, each label that stands alone put before what follows it.

    One that stands alone once or twice is more likely a heading than a speaker.
    """
    labels = [bool(_LABEL.fullmatch(text)) for text in paragraphs]
    if sum(labels) < _FEWEST:
        return list(paragraphs)
    found: list[str] = []
    for i, text in enumerate(paragraphs):
        if i and labels[i - 1] and not labels[i]:
            blank = "" if found[-1].endswith("：") else " "
            found[-1] += blank + text
        else:
            found.append(text)
    return found
