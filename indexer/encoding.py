"""Bytes to text: the encoding is found out; a declaration is only a hint."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import islice

#: The weighing looks at so many bytes after the first beyond ASCII, and at so many characters.
_BYTES, _CHARACTERS = 1_000_000, 2_000

#: What a declaration adds to an encoding's score, and what the best must reach.
_DECLARED, _ENOUGH = 0.2, 0.6

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# What pages call an encoding, and what browsers read it as (WHATWG Encoding).
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}

# Python knows codecs that no page is in (punycode, unicode_escape, rot13).
_CHARSET = re.compile("ascii|utf-8|cp|iso8859|koi8|mac|gb|big5|euc|shift_jis")

# Where a national standard keeps the characters that most text is made of: its level 1, as lead
# bytes (the trail bytes are 0xA1 to 0xFE, in Big5 0x40 to 0x7E as well), and its Kana.
_LEVEL_1 = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5hkscs": ("big5", 0xA4, 0xC6),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "cp949": ("euc_kr", 0xB0, 0xC8),
}
# Korean is read where it is declared: short Chinese is made of the same bytes.
_GUESSED = ("utf-8", "cp1252", "gb18030", "big5hkscs", "euc_jp", "cp932")
_KANA = {"euc_jp": range(0x3041, 0x30FF), "cp932": range(0x3041, 0x30FF)}
_CJK_SIGNS = frozenset("\u00b7\u2014\u2018\u2019\u201c\u201d\u2026") | frozenset(
    map(chr, (*range(0x3000, 0x3012), *range(0xFF01, 0xFF5F)))
)

# In Windows-1252 a letter beyond ASCII stands beside one of ASCII; signs stand anywhere.
_LETTER = re.compile("(?<=[A-Za-z])[\u00c0-\u0178]|[\u00c0-\u0178](?=[A-Za-z])")
_SIGN = re.compile("[\u00a0-\u00bf\u2013-\u2026\u20ac](?![\u00a1-\u0178])")

_FOREIGN = re.compile("[^\x00-\x7f]")
_BROKEN = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PLAIN = re.compile("[\t\n\r -~\u00a0-\u024f\u2010-\u2026\u3000-\u9fff\uff01-\uff5e]")

_BINARY = "is not a text but binary data; put its text there, saved as UTF-8"
_UNKNOWN = "is in an encoding that cannot be told; save it as UTF-8"


def decode(data: bytes, declared: str = "") -> str:
    """The text in ``data``, without its byte order mark.

    ``declared`` is the encoding that the file claims, "" where it claims none. UTF-8 is tried
    first; else GB18030, Big5, Shift_JIS, EUC-JP, Windows-1252 and the declared encoding are
    weighed by how much each makes of the bytes what people write. Raises ValueError with a
    reason where the bytes are no text or no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            break
    else:
        text = _decode_utf16(data) if b"\0" in data else _decode(data, declared)
    if 20 * sum(1 for _ in _CONTROL.finditer(text)) > len(text):
        raise ValueError(_BINARY)
    return text


def _decode_utf16(data: bytes) -> str:
    """UTF-16 without a mark: the other byte order gives characters from all over Unicode."""
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = data[: 2 * _CHARACTERS].decode(encoding, "replace")
        if "\0" not in sample and len(_PLAIN.findall(sample)) > 0.9 * len(sample):
            return data.decode(encoding, "replace")
    raise ValueError(_BINARY)


def _decode(data: bytes, declared: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        sample = data[max(error.start - 4, 0) :][:_BYTES]
    hint = _read_as(declared)
    scores = {
        encoding: _score(sample, encoding) + _DECLARED * (encoding == hint)
        for encoding in dict.fromkeys((*_GUESSED, hint or "utf-8"))
    }
    best = max(scores, key=scores.__getitem__)
    if scores[best] < _ENOUGH:
        raise ValueError(_UNKNOWN)
    return data.decode(best, "replace")


def _read_as(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    return _READ_AS.get(name, name) if _CHARSET.match(name) else ""


def _score(sample: bytes, encoding: str) -> float:
    """From -1 to 1: the share of the characters beyond ASCII that are plausible, less the broken."""
    text = sample.decode(encoding, "replace")
    found = list(islice(_FOREIGN.finditer(text), _CHARACTERS))
    broken = sum(1 for match in found if _BROKEN.match(match[0]))
    if encoding in _LEVEL_1:
        common = _common(encoding)
        good = sum(1 for match in found if match[0] in common)
    elif encoding == "utf-8":  # what is well-formed UTF-8 is hardly ever anything else
        good = len(found) - broken
    elif encoding == "cp1252":
        good = sum(
            1
            for match in found
            if _LETTER.match(text, match.start()) or _SIGN.match(text, match.start())
        )
    else:  # a declared one for another script: its texts are mostly small letters
        good = sum(
            1 for match in found if match[0].isalpha() and not match[0].isupper()
        )
    return (good - broken) / max(len(found), 1)


@lru_cache
def _common(encoding: str) -> frozenset[str]:
    standard, first, last = _LEVEL_1[encoding]
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    codes = (bytes((a, b)) for a in range(first, last + 1) for b in trails)
    level_1 = frozenset("".join(code.decode(standard, "ignore") for code in codes))
    kana = frozenset(map(chr, _KANA.get(encoding, ())))
    return frozenset(c for c in level_1 if c > "\x7f") | kana | _CJK_SIGNS
