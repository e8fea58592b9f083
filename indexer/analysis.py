"""Text to tokens: the one analysis that index, queries and snippets share.

A token is a run of letters and digits, compared after NFKC, case folding and the removal of
accents (Unicode Standard Annex 15; Unicode 3.13); every Han, Kana or Hangul character is a
token of its own. Nothing is dropped, so positions are true: there are no stop words.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import Stemmer

Offsets: TypeAlias = npt.NDArray[np.intp]

#: Raised when the same text gives other tokens or stems: an older index is then rebuilt.
VERSION = 1

LANGUAGES = tuple(sorted(Stemmer.algorithms()))

# One character beyond ASCII with the voicing marks that NFKC joins to half-width Kana.
_CLUSTER = re.compile("[^\x00-\x7f][\u3099\u309a\uff9e\uff9f]*")

# Marks that are accents or ask for a glyph. Others (Indic vowel signs, say) belong to the word.
_ACCENT = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)

# Han with its iteration marks, Kana with the long mark, Hangul.
_IDEOGRAPH = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)

# Bytes of UTF-8: ASCII letters and digits folded, all other ASCII a blank, the rest as it is.
_FOLD_BYTES = bytes(
    code if code >= 128 else ord(chr(code).lower()) if chr(code).isalnum() else 32
    for code in range(256)
)

_INSIDE_BYTES = bytes(int(byte != 32) for byte in _FOLD_BYTES)

_APART, _INSIDE, _ALONE, _COMPLEX, _UNKNOWN = range(5)
_classes = np.full(65536, _UNKNOWN, np.uint8)
_classes[:128] = [_APART if byte == 32 else _INSIDE for byte in _FOLD_BYTES[:128]]


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    """One cluster folded: separators become blanks, an ideograph stands between blanks."""
    folded = cluster
    for _ in range(
        2
    ):  # a compatibility form may hold capitals, which may decompose again
        folded = unicodedata.normalize("NFKC", folded).casefold()
        folded = _ACCENT.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", folded)
    out = []
    for char in folded:
        category = unicodedata.category(char)
        if _IDEOGRAPH.match(char):
            out.append(f" {char} ")
        elif category[0] in "LNM":
            out.append(char)
        elif category != "Cf" or char == "\u200b":  # a zero-width space parts words
            out.append(" ")
    return "".join(out)


def _fold_match(match: re.Match[str]) -> str:
    return _fold_cluster(match[0])


def tokenize_bytes(text: str) -> list[bytes]:
    """The tokens as UTF-8, in order: ``tokenize`` for those who count millions."""
    if not text.isascii():
        text = _CLUSTER.sub(_fold_match, text)
    return text.encode().translate(_FOLD_BYTES).split()


def tokenize(text: str) -> list[str]:
    """The folded tokens of a text, in order: what is indexed, and what a query looks for."""
    return [token.decode() for token in tokenize_bytes(text)]


def fold(text: str) -> str:
    """A text's tokens joined by one blank: texts of the same fold are the same to a search."""
    return b" ".join(tokenize_bytes(text)).decode()


def spans(text: str) -> tuple[Offsets, Offsets]:
    """Where each token of ``tokenize(text)`` starts and ends: two arrays of offsets in ``text``."""
    padded = f" {text} "
    if text.isascii():
        inside = padded.encode().translate(_INSIDE_BYTES)
        return _runs(np.frombuffer(inside, np.uint8), _INSIDE)
    units = np.frombuffer(padded.encode("utf-16-le", "surrogatepass"), np.uint16)
    classes = _classes.take(units)
    most = classes.max()
    if most == _UNKNOWN:
        for unit in np.unique(units[classes == _UNKNOWN]):
            _classes[unit] = _classify(chr(unit))
        classes = _classes.take(units)
        most = classes.max()
    return _spans_by_cluster(text) if most == _COMPLEX else _runs(classes, most)


def _classify(char: str) -> int:
    """How one UTF-16 unit stands in a text, if that can be said without its neighbours."""
    folded = _fold_cluster(char)
    if not folded or unicodedata.category(char) in ("Cs", "Lm", "Sk", "Mn"):
        return _COMPLEX
    if folded.isspace():
        return _APART
    if " " not in folded:
        return _INSIDE
    return _ALONE if len(folded) == 3 and folded[0] == folded[2] == " " else _COMPLEX


def _runs(classes: npt.NDArray[np.uint8], most: int) -> tuple[Offsets, Offsets]:
    """Starts and ends of runs of _INSIDE and of single _ALONE.

    The text had a blank put before and behind it; ``most`` is the largest class there is.
    """
    if most < _ALONE:
        edges = (classes[1:] != classes[:-1]).nonzero()[0]
        return edges[::2], edges[1::2]
    inside, alone = classes == _INSIDE, classes == _ALONE
    starts = (alone[1:] | (inside[1:] & ~inside[:-1])).nonzero()[0]
    ends = (alone[:-1] | (inside[:-1] & ~inside[1:])).nonzero()[0]
    return starts, ends


def _spans_by_cluster(text: str) -> tuple[Offsets, Offsets]:
    """``spans`` where folding changes lengths: fold piece by piece and remember whence."""
    folded, begins, finishes = [], [], []
    for match in re.finditer(f"[\x00-\x7f]+|{_CLUSTER.pattern}", text):
        start, end = match.span()
        if text[start] < "\x80":
            folded.append(match[0])
            begins.append(np.arange(start, end))
            finishes.append(np.arange(start + 1, end + 1))
        else:
            piece = _fold_cluster(match[0])
            folded.append(piece)
            begins.append(np.full(len(piece), start))
            finishes.append(np.full(len(piece), end))
    points = np.frombuffer("".join(folded).encode("utf-32-le"), np.uint32)
    classes = np.where(points < 128, _classes[points & 127], _INSIDE)
    starts, ends = _runs(np.pad(classes, 1), _INSIDE)
    return np.concatenate(begins)[starts], np.concatenate(finishes)[ends - 1]


_stemmers = threading.local()


def stem_all(words: list[str], language: str = "english") -> list[str]:
    """The Snowball stems of folded tokens; ``language`` is one of ``LANGUAGES``."""
    stemmer = _stemmers.__dict__.get(language)
    if stemmer is None:  # a stemmer is not safe to share between threads
        stemmer = _stemmers.__dict__[language] = Stemmer.Stemmer(language, 0)
    return list(stemmer.stemWords(words))


@lru_cache(maxsize=1 << 18)
def stem(word: str, language: str = "english") -> str:
    """The Snowball stem of one folded token."""
    return stem_all([word], language)[0]
