"""What stands around a statement: captions with their credits, datelines, bylines, boilerplate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.cleaning.datelines import Day, read_byline, read_dateline
from indexer.source import Source

#: A longer paragraph is no caption: a credit at its end is cut off alone.
LONGEST_CAPTION = 600

#: A longer paragraph is no boilerplate, so that a source's patterns have little to read.
_LONGEST_BOILERPLATE = 1_000

_AGENCY = (
    "(?:Xinhua|AP|AFP|Reuters|Getty Images|EPA|Kyodo|Jiji|Yonhap|TASS|Sputnik|ANSA|DPA|dpa|ANI|PTI"
    "|CCTV|CGTN|CNS|CNSPHOTO|VCG|GT|Global Times|China Daily|China News Service|People's Daily"
    "|新华社|中新社|共同|時事)"
)
_PHOTO = "(?:[Pp]hoto|[Pp]hotograph|[Ii]mage|[Pp]icture)s?"

# What the brackets at the end of a caption hold.
_BRACKETED = re.compile(
    rf"(?:(?:[Ff]ile|[Hh]andout|[Pp]ool) )?{_PHOTO}"
    r"(?:\s?[/:：–—-].*|\s(?:by|from|via|of|courtesy|provided|supplied|taken|credit|source)\b.*)?"
    rf"|[A-Z].{{1,40}}\s{_PHOTO}(?:\s?[/:：].*)?|(?:[Cc]redit|[Cc]ourtesy)(?:[:：]| of\b).*"
    r"|(?:图片?|照片|资料图片?|圖片?)(?:[/:：]|来源|來源|由|$).*|.*[摄攝]"
    r"|写真(?:提供)?(?:[/:：=＝]|$).*|写真.{1,30}提供|提供[:：=＝].*|.*撮影"
)
_NAMES = r"[^\W\d_][\w .,'’·-]{1,60}"
_AGENCY_AND_NAME = re.compile(
    rf"(?!.*(?:Ipsos|NORC)){_AGENCY}\s?/\s?{_NAMES}|{_NAMES}\s?/\s?{_AGENCY}"
)
_BRACKETS = {")": "(", "]": "[", "）": "（", "】": "【"}

# The same without brackets, after the caption's last sentence.
_AFTER = r"(?:^|(?<=[.!?。！？”\"’)\]）]))\s*"
_BARE = re.compile(
    rf"{_AFTER}(?:File )?(?:Photos?|Images?|Pictures?)(?:\sby\s|\scourtesy\sof\s|(?:\scredit)?:\s?)"
    rf"[^!?。]{{2,80}}(?<![.!?])$"
    rf"|{_AFTER}[^.!?。/]{{0,60}}/\s?{_AGENCY}(?:\s[Pp]hoto)?$|{_AFTER}{_AGENCY}/{_NAMES}(?<!\.)$"
    rf"|/\s?{_AGENCY}\s[Pp]hoto$|{_AFTER}[A-Z][A-Za-z]{{1,9}}\sPhoto/{_NAMES}(?<!\.)$"
    r"|[^。！？，；、”]{1,30}[摄攝]$|(?:图片|照片|圖片)(?:来源|來源)[:：][^。]{1,40}$"
    r"|写真(?:提供)?[:：=＝][^。]{1,40}$|[=＝][^。]{1,20}撮影$"
)
_TAIL = 160

# Most paragraphs end so, and no credit does.
_SENTENCE_END = tuple('.!?:;,。！？：；，"”’」')


@dataclass(slots=True)
class Parts:
    """Paragraphs taken apart; ``day`` is what the dateline or the byline says."""

    body: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    place: str = ""
    agency: str = ""
    day: Day | None = None


def take_apart(paragraphs: Iterable[str], source: Source) -> Parts:
    """Tell what was stated from captions, credits, the dateline, bylines and boilerplate."""
    parts = Parts()
    for paragraph in paragraphs:
        if _matches(source.drop, paragraph):
            continue
        if _matches(source.captions, paragraph):
            parts.captions.append(paragraph)
            continue
        rest, credit = split_credit(paragraph)
        if credit and len(paragraph) <= LONGEST_CAPTION:
            parts.captions.append(paragraph)
            continue
        if credit:
            parts.captions.append(credit)
        parts.body.append(rest)
    _take_head(parts)
    return parts


def split_credit(paragraph: str) -> tuple[str, str]:
    """The paragraph without the photo credit at its end, and the credit; "" where there is none."""
    start = _credit_start(paragraph)
    return paragraph[:start].rstrip(), paragraph[start:].strip()


def _credit_start(paragraph: str) -> int:
    end = len(paragraph)
    offset = max(end - _TAIL, 0)
    tail = paragraph[offset:]
    if tail.endswith((").", "].", "）。")):
        tail = tail[:-1]
    opening = _BRACKETS.get(tail[-1:])
    if tail.endswith(_SENTENCE_END):
        return end
    if opening is None:
        bare = _BARE.search(tail)
        return offset + bare.start() if bare else end
    start = tail.rfind(opening)
    inside = tail[start + 1 : -1].strip()
    if start < 0 or not inside:
        return end
    if (
        _BRACKETED.fullmatch(inside)
        or _AGENCY_AND_NAME.fullmatch(inside)
        or (opening == "[" and re.fullmatch(_AGENCY, inside))
    ):
        return offset + start
    return end


def _matches(patterns: tuple[re.Pattern[str], ...], paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST_BOILERPLATE and any(
        pattern.fullmatch(paragraph) for pattern in patterns
    )


def _take_head(parts: Parts) -> None:
    """Take bylines and the dateline off the beginning of the body."""
    while parts.body and parts.day is None and (day := read_byline(parts.body[0])):
        parts.day = day
        del parts.body[0]
    if parts.body and (dateline := read_dateline(parts.body[0])):
        parts.place, parts.agency = dateline.place, dateline.agency
        parts.day = parts.day or dateline.day
        parts.body[:1] = [dateline.rest] if dateline.rest else []
