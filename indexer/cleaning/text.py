"""Plain text: its characters made uniform, its paragraphs told apart."""

from __future__ import annotations

import re
import unicodedata

# Controls, the soft hyphen, zero-width spaces, marks of direction and of byte order, lone
# surrogates: nobody sees them, and each would break a word or a phrase.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]+"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_SENTENCE_END = tuple(".!?…:;。！？：；\"'”’」』)）]】")
_CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")

# A line so wide that does not end a sentence was broken to fit; a shorter one is a heading.
_WRAPPED = range(40, 101)


def normal(text: str) -> str:
    """The text in NFC, with ``\\n`` between lines and without what nobody can see."""
    text = _LINE_END.sub("\n", _INVISIBLE.sub("", text)).replace("\u2029", "\n\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The text as one line, in the same uniform characters."""
    return " ".join(normal(text).split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that ``normal`` gave, each one line of single blanks.

    A blank line ends a paragraph, and so does a line end unless the line was only broken to fit.
    """
    found: list[str] = []
    open_line = False
    for line in text.split("\n"):
        words = " ".join(line.split())
        if words and open_line:
            both_cjk = _CJK.match(found[-1][-1]) and _CJK.match(words)
            found[-1] += words if both_cjk else " " + words
        elif words:
            found.append(words)
        open_line = len(words) in _WRAPPED and not words.endswith(_SENTENCE_END)
    return found
