"""Datelines and bylines: where and when a report was written, before it begins."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass

from indexer.dates import parse_date


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month; ``year`` is 0 where none is written."""

    year: int
    month: int
    day: int

    def within(self, given: tuple[datetime.date, str] | None) -> datetime.date | None:
        """The calendar day, its year (and month) taken from a ``given`` date of less precision.

        None where there is no year, or where the two do not agree.
        """
        year = given[0].year if given else self.year
        if not year or self.year not in (0, year):
            return None
        if given and given[1] != "year" and given[0].month != self.month:
            return None
        if not 1 <= self.month <= 12 or self.day not in range(
            1, monthrange(year, self.month)[1] + 1
        ):
            return None
        return datetime.date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place that a dateline names, its day, and the paragraph without it."""

    place: str
    day: Day | None
    rest: str


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_ENGLISH = re.compile(
    r"([^\W\d_][^—–―()]{1,80}?(?:\([^()]{2,40}\))?)\s*(?:--+|[—–―]|(?<=[\s)])-(?=\s))\s*"
)
_AGENCY = re.compile(r"\s*\(([A-Z][^()]{1,39})\)$")
_DAY = re.compile(
    rf",?\s*\b(?:(?P<m1>{_MONTH})\s(?P<d1>\d\d?)|(?P<d2>\d\d?)\s(?P<m2>{_MONTH}))(?:,?\s(?P<y>\d{{4}}))?$",
    re.IGNORECASE,
)
_SMALL = frozenset(
    "de da do dos del des du di la le les el es al am of the and upon sur au aux".split()
)
_NAME = (
    r"[^\W\d_a-z][\w.'’-]*"
    rf"(?:\s(?:[^\W\d_a-z][\w.'’-]*|(?:{'|'.join(sorted(_SMALL))})(?=\s))){{0,4}}"
)
_PLACE = re.compile(rf"{_NAME}(?:(?:,\s?(?:the )?|\s?/\s?){_NAME}){{0,3}}")
_LEADING_IN = (
    "In ",
    "On ",
    "At ",
    "From ",
    "Since ",
    "By ",
    "Until ",
    "After ",
    "Before ",
    "As ",
)

# Capitals before a dash that are no town: organisations, and who speaks in a transcript.
_NO_TOWN = frozenset(
    "THE MR MS MRS DR SECRETARY PRESIDENT VICE PRIME MINISTER PREMIER AMBASSADOR CHANCELLOR SENATOR"
    " SPEAKER MODERATOR REPORTER QUESTION ANSWER Q A NOTE FACT SHEET STATEMENT JOINT REMARKS READOUT"
    " COMMUNIQUE TRANSCRIPT NATO ASEAN APEC UNESCO UNICEF BRICS OPEC AUKUS QUAD SCO EU UN US USA UK"
    " UAE WTO WHO IMF IAEA OECD OSCE G7 G20 FOR IMMEDIATE RELEASE UPDATE CHINA JAPAN".split()
)

_CHINESE = re.compile(
    r"[（(]?(?:据)?(?:新华社|新华网|中新社|中新网|人民网|人民日报|央视网|环球网|本报|本网)"
    r"(?P<place>[^\W\d_]{0,12}?)\s?(?:(?P<y>\d{4})年)?(?P<m>\d\d?)月(?P<d>\d\d?)日(?:专)?[电電讯訊]"
    r"\s?(?:[（(][^（）()]{1,60}[）)])?[）)]?\s*"
)
_JAPANESE = re.compile(
    r"【(?P<place>[^【】=＝\d]{1,20}?)(?:[=＝][^【】]{1,40}|共同(?:通信)?|時事(?:通信)?)】\s*"
    r"|[（(](?P<place2>[^（）()=＝\d]{1,20})[=＝][^（）()=＝]{1,20}[）)]\s*"
    r"|【新華社(?P<place3>[^【】\d]{1,20})(?P<m>\d\d?)月(?P<d>\d\d?)日(?:電)?】\s*"
)

_LONGEST_BYLINE = 100
_NOT_THE_DATE = re.compile(
    r"(?:updated|published|posted|released|date|发布时间|更新时间|时间|日期)\s?[:：]?\s?"
    r"|(?:source|来源|來源)\s?[:：]\s?[^\s|]+(?:\s(?:Agency|News|Daily|Net))*"
    r"|[（(](?:Xinhua|AP|AFP|Reuters|Kyodo|新华社)[）)]|^\d\d?:\d\d,\s|[|｜]",
    re.IGNORECASE,
)


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that a paragraph begins with, in English, Chinese or Japanese form."""
    for pattern in (_CHINESE, _JAPANESE):
        if match := pattern.match(paragraph):
            groups = match.groupdict()
            place = (
                groups["place"] or groups.get("place2") or groups.get("place3") or ""
            )
            day = None
            if groups["m"]:
                day = Day(int(groups.get("y") or 0), int(groups["m"]), int(groups["d"]))
            return Dateline(place, day, paragraph[match.end() :])
    return _read_english(paragraph)


def read_byline(paragraph: str) -> Day | None:
    """The day of a paragraph that says nothing but a date, with its label, hour or agency."""
    if len(paragraph) > _LONGEST_BYLINE or not any(map(str.isdigit, paragraph)):
        return None
    try:
        day, precision = labelled_date(paragraph)
    except ValueError:
        return None
    return Day(day.year, day.month, day.day) if precision == "day" else None


def labelled_date(text: str) -> tuple[datetime.date, str]:
    """The date and its precision, as ``parse_date``, whatever label, agency or brackets it has."""
    plain = " ".join(_NOT_THE_DATE.sub(" ", text).split())
    return parse_date(plain.strip("()（）[]【】 ,，"))


def _read_english(paragraph: str) -> Dateline | None:
    match = _ENGLISH.match(paragraph)
    if not match:
        return None
    head = match[1].rstrip()
    agency = _AGENCY.search(head)
    if agency:
        head = head[: agency.start()]
    dated = _DAY.search(head)
    day = None
    if dated:
        head = head[: dated.start()]
        month = _MONTHS.index((dated["m1"] or dated["m2"])[:3].lower()) + 1
        day = Day(int(dated["y"] or 0), month, int(dated["d1"] or dated["d2"]))
    place = head.strip(" ,")
    rest = paragraph[match.end() :]
    if not _PLACE.fullmatch(place) or place.startswith(_LEADING_IN):
        return None
    town = place.split(",")[0]
    if dated and not agency and not town.isupper() and len(town.split()) > 3:
        return None
    if not (agency or dated):
        words = re.split(r"[\s./]+", town)
        begins = rest[:1].isupper() or rest[:1] in "\"“‘'"
        if (
            not town.isupper()
            or len(town) < 4
            or not begins
            or _NO_TOWN.intersection(words)
        ):
            return None
    return Dateline(", ".join(map(_spell, place.split(", "))), day, rest)


def _spell(name: str) -> str:
    """RIO DE JANEIRO as Rio de Janeiro; what is not all capitals, or abbreviated, stays."""
    if not name.isupper() or len(name) < 4 or re.search(r"\w\.\w", name):
        return name
    words = re.split(r"([ /-])", name.lower())
    return "".join(
        word if word in _SMALL and i else word[:1].upper() + word[1:]
        for i, word in enumerate(words)
    )
