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
    """The place and the agency that a dateline names, "" where none, its day, and what follows it.

    An agency is written as the dateline writes it; a name in brackets that is no agency's which is
    known is none.
    """

    place: str
    day: Day | None
    rest: str
    agency: str = ""


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_ENGLISH = re.compile(
    r"([^\W\d_][^—–―()]{1,80}?(?:\([^()]{2,40}\))?)\s*(?:--+|[—–―]|(?<=[\s)])-(?=\s))\s*"
)
_BRACKET = re.compile(r"\s*\(([A-Z][^()]{1,39})\)$")
_WIRES = (
    r"(?:AA|AAP|AFP|AGI|ANI|ANP|ANSA|AP|APA|APP|APS|AZERTAC|BTA|CCTV|CGTN|CNA|CNS|DPA|dpa|EFE|GT|IANS|IRNA"
    r"|ISNA|KCNA|KPL|KUNA|MENA|MTI|NAN|NHK|PAP|PNA|PTI|QNA|SANA|SPA|STT|TASS|UNB|UNI|UPI|VNA|VNS|WAM"
    r"|Anadolu|Antara|Belga|Bernama|Interfax|Jiji|Kyodo|Lusa|Mehr|Reuters|RIA Novosti|Sputnik|Ukrinform"
    r"|UN News|Xinhua|Yonhap|China Daily|China News Service|Global Times|People['’]s Daily)"
    r"(?: (?:News(?: Agency)?|Press|Agency))?"
)
# Without a dash: the agency between slashes, or known and followed by a colon or a sentence.
_SLASHED = re.compile(
    rf"([^\W\d_][^—–―()/]{{1,80}}?)[.,]? /({_WIRES})/[.:]?\s*(?:--?\s+)?"
)
_UNDASHED = re.compile(
    rf"([^\W\d_][^—–―()]{{1,80}}?) \(({_WIRES})\)(?::\s*|\s+(?=[A-Z\"“‘]))"
)
_LAND = re.compile(r" \[([A-Z][A-Za-z ]{2,30})\]")
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

_TOWN = r"[^\W\d_]{1,12}"
_CHINESE_DAY = r"(?:(?P<y>\d{4})年)?(?P<m>\d\d?)月(?P<d>\d\d?)日"
_REPORTER = r"\s?(?:[（(][^（）()]{1,60}[）)]|记者[^，。：:]{1,20}报道[:：])?"
_CHINESE = re.compile(
    r"[（(]?据?(?P<agency>新华社|新华网|中新社|中新网|中通社|中央社|人民网|人民日报|央视网|央广网|环球网"
    rf"|中国日报网|本报|本网)(?!记者)(?P<place>(?:{_TOWN}?(?:/{_TOWN}?|[（(]{_TOWN}[）)])?)?)\s?{_CHINESE_DAY}"
    rf"专?(?:[电電讯訊](?![话話视視影子力报報台臺])|消息[:：]?){_REPORTER}[）)]?\s*"
)
# Where a reporter's name stands before the town, nobody can tell where it ends.
_TAIWANESE = re.compile(
    rf"[（(](?P<agency>中央社)(?:記者\w{{2,24}}?|(?P<place>{_TOWN}?))\d\d?日(?:專?電|綜合報導|綜合外電報導)[）)]\s*"
)
_JAPANESE_WIRES = (
    "(?:共同|時事)(?:通信)?|ロイター|AFP(?:時事)?|ＡＦＰ(?:時事)?|AP|ＡＰ|新華社|聯合ニュース|中央社"
    "|タス通信|中国通信"
)
_JAPANESE_DAY = r"(?:(?P<m>\d\d?)月)?(?P<d>\d\d?)日"
_JAPANESE = (
    re.compile(
        rf"【(?P<agency>新華社)(?P<place>[^【】=＝\d]{{1,20}}){_JAPANESE_DAY}電?】\s*"
    ),
    # 北京共同, but not 日中共同, which is what two countries do.
    re.compile(
        r"(?:【(?=[^【】]+】)|[（(](?=[^（）()]+[）)]))(?![日中米韓朝露英仏独印豪台]{2,4}共同)"
        rf"(?P<place>[^\W\d_](?:[^\W\d_]|[・／/]){{0,19}}?)\s?(?:{_JAPANESE_DAY}\s?)?"
        rf"[=＝]?(?P<agency>{_JAPANESE_WIRES})電?(?:[=＝][^【】（）()]{{1,20}})?[】）)]\s*"
    ),
    re.compile(
        rf"[【［\[](?:(?P<place>{_TOWN})\s+)?{_JAPANESE_DAY}\s+(?P<agency>{_JAPANESE_WIRES})"
        r"[】］\]]\s*(?:[-－―–—]\s*)?"
    ),
    re.compile(
        r"【(?P<place>[^【】=＝\d]{1,20})[=＝][^【】]{1,40}】\s*"
        r"|[（(](?P<agency>新華社)?(?P<place2>[^（）()=＝\d]{1,20})[=＝][^（）()=＝]{1,20}[）)]\s*"
    ),
)
_NO_AGENCY = ("本报", "本网")

_LONGEST_BYLINE = 100
_NOT_THE_DATE = re.compile(
    r"(?:updated|published|posted|released|date|发布时间|更新时间|时间|日期)\s?[:：]?\s?"
    r"|(?:source|来源|來源)\s?[:：]\s?[^\s|]+(?:\s(?:Agency|News|Daily|Net))*"
    r"|[（(](?:Xinhua|AP|AFP|Reuters|Kyodo|新华社)[）)]|^\d\d?:\d\d,\s|[|｜]",
    re.IGNORECASE,
)


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that a paragraph begins with, in English, Chinese or Japanese form."""
    for pattern in (_CHINESE, _TAIWANESE, *_JAPANESE):
        if match := pattern.match(paragraph):
            groups = match.groupdict()
            place = groups["place"] or groups.get("place2") or ""
            agency = groups.get("agency") or ""
            day = None
            if groups.get("m"):
                day = Day(int(groups.get("y") or 0), int(groups["m"]), int(groups["d"]))
            rest = paragraph[match.end() :]
            return Dateline(place, day, rest, "" if agency in _NO_AGENCY else agency)
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
    match = _SLASHED.match(paragraph) or _UNDASHED.match(paragraph)
    if match and (match[0].rstrip().endswith(":") or _DAY.search(match[1])):
        return _of_head(match[1], True, match[2], paragraph[match.end() :])
    match = _ENGLISH.match(paragraph)
    if not match:
        return None
    head = match[1].rstrip()
    bracket = _BRACKET.search(head)
    if bracket:
        head = head[: bracket.start()]
    agency = bracket[1] if bracket and re.fullmatch(_WIRES, bracket[1]) else ""
    return _of_head(head, bracket is not None, agency, paragraph[match.end() :])


def _of_head(head: str, bracketed: bool, agency: str, rest: str) -> Dateline | None:
    """The dateline of what stands before the agency, or before the dash where there is none."""
    dated = _DAY.search(head)
    day = None
    if dated:
        head = head[: dated.start()]
        month = _MONTHS.index((dated["m1"] or dated["m2"])[:3].lower()) + 1
        day = Day(int(dated["y"] or 0), month, int(dated["d1"] or dated["d2"]))
    place = _LAND.sub(r", \1", head).strip(" ,")
    if not _PLACE.fullmatch(place) or place.startswith(_LEADING_IN):
        return None
    town = place.split(",")[0]
    if dated and not bracketed and not town.isupper() and len(town.split()) > 3:
        return None
    if not (bracketed or dated):
        words = re.split(r"[\s./]+", town)
        begins = rest[:1].isupper() or rest[:1] in "\"“‘'"
        if (
            not town.isupper()
            or len(town) < 4
            or not begins
            or _NO_TOWN.intersection(words)
        ):
            return None
    return Dateline(", ".join(map(_spell, place.split(", "))), day, rest, agency)


def _spell(name: str) -> str:
    """RIO DE JANEIRO as Rio de Janeiro; what is not all capitals, or abbreviated, stays."""
    if not name.isupper() or len(name) < 4 or re.search(r"\w\.\w", name):
        return name
    words = re.split(r"([ /-])", name.lower())
    return "".join(
        word if word in _SMALL and i else word[:1].upper() + word[1:]
        for i, word in enumerate(words)
    )
