"""Who is said to have spoken: names with an office and a verb of saying, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_MOST_TEXT = 20_000
_MOST = 12

# English: "Foreign Minister Wang Yi said", "Remarks by President Trump and Prime Minister May".
_OFFICE = (
    r"(?:(?:Vice|Deputy|Assistant|Acting|First|Former|State|Executive|Chief|Under|Permanent|High|Special"
    r"|National|Foreign|Prime|Defen[cs]e|Finance|Trade|Cabinet|Security|Ministry|Press|Department|Political"
    r"|Director|Secretary)[ -])*"
    r"(?:President|Premier|Chancellor|Minister|Secretary(?:[- ]General| of State| of Defense)?|Ambassador"
    r"|Councill?or|Commissioner|Representative|Envoy|Advis[eo]r|Director|Speaker|Senator"
    r"|Spokes(?:person|man|woman)|spokes(?:person|man|woman)|Taoiseach|King|Queen|Prince|Emir|Sultan|Pope)"
)
_PART = r"(?:[A-Z][a-z’'-]*[A-Z]?[a-zà-ÿ’'-]+|[A-Z]\.|(?:al|bin|de|da|van|von)[ -])"
_PERSON = rf"{_PART}(?:[ -]?{_PART}){{0,4}}"
_ENDS = r"(?=[’']s? | ?[,|]| (?:at|by|on|to|in|and|of|with|for|from|before|after|during|following)\b|$)"
_SAID = (
    r"(?:said|says|stated|told|noted|stressed|emphasi[sz]ed|underlined|underscored|reiterated|reaffirmed"
    r"|pointed out|added|announced|declared|remarked|replied|responded|expressed|recalled|warned|urged"
    r"|called (?:on|for)|also (?:said|stated|noted|stressed|expressed))"
)
_ENGLISH_SAID = re.compile(rf"\b{_OFFICE} ({_PERSON})(?:,[^,.]{{1,60}},)? {_SAID}\b")
_ENGLISH_BY = re.compile(
    r"\b(?:Remarks|Statement|Speech|Address|Interview|Message)(?: [\w&]+){0,3} (?:by|of|from) (.+)"
)
_ENGLISH_EACH = re.compile(
    r"(?:(?:^|\band |, )(?:(?:U\.S\.|the|The|[A-Z][a-z]+) )?)"
    rf"{_OFFICE} ({_PERSON}?)(?i:{_ENDS})"
)
_ENGLISH_OWN = re.compile(
    rf"\b{_OFFICE} ({_PERSON})[’']s? (?:\w+ ){{0,3}}(?:[Rr]emarks|[Ss]tatement|[Pp]ress [Cc]onference)"
)
_ENGLISH_NAMED = re.compile(rf"\b{_OFFICE} ({_PERSON})")

# Chinese: an office, a name of known form, and what its holder does.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温栗耿华习乔"
    "郎章仲"
)
_HAN = "[\u4e00-\u9fff]"
_CHINESE_NAME = rf"(?!周[一二三四五六日末]|顾问|金融|马上)(?:[{_SURNAMES}]|欧阳|司马|诸葛){_HAN}{{1,2}}?"
_CHINESE_OFFICE = "(?:发言人|外交部长|外长|部长助理|部长|国家主席|总书记|总理|国务委员|主任|大使|代表|司长)"
_CHINESE_DOES = (
    "(?=表示|指出|强调|说|称|答|应|宣布|主持|就|在|：|回|重申|介绍|阐述|举行|发表|会见|同|与|和|将|于|已|也|还|即|等"
    "|共|副|向|对|今|昨|当|近日|日前|计划|出席|接受)"
)
_CHINESE = re.compile(rf"{_CHINESE_OFFICE}({_CHINESE_NAME}){_CHINESE_DOES}")
_FOREIGN = re.compile(
    "(?:外务大臣|外相|首相|总统|国务卿|外长|总理|秘书长|大使)"
    rf"({_HAN}{{1,8}}(?:[·•]{_HAN}{{1,8}}?){{1,3}}){_CHINESE_DOES}"
)
_AFTER_NAME = re.compile(
    rf"(?:^|[，。；、“\s])({_CHINESE_NAME})(?:国家)?(?:主席|总书记|总理)(?=表示|指出|强调|说|重申)",
    re.MULTILINE,
)

# Japanese: a name, an office, the particle of the subject, and a verb of saying in the sentence.
_JAPANESE = re.compile(
    rf"(?:^|[、。「」（）\s]|[国本露独仏豪米中英]の?)({_HAN}{{1,6}}?)(?:内閣)?"
    "(?:総理大臣|外務大臣|首相|外相|官房長官|報道官|大統領|国家主席|外交部長|国務長官)(?:は|から)、?"
    "[^。]{0,200}?(?:述べ|表明し|説明し|指摘し|強調し|発言し|言及し)"
)
_JAPANESE_NAMED = re.compile(
    rf"(?:^|[、。「」（）の\s])({_HAN}{{2,6}}?)(?:内閣)?(?:総理大臣|外務大臣|首相|外相|大統領|官房長官)"
)
_NO_NAME = frozenset(
    "General Minister President Secretary State Council Ministry".split()
)

#: In these the words are the speakers' own: whom they name with a verb of saying, they only quote.
_TRANSCRIPTS = frozenset(
    ("press conference", "remarks", "speech", "interview", "statement")
)


def speakers_of(
    title: str, paragraphs: Sequence[str], language: str, kind: str = ""
) -> tuple[str, ...]:
    """The names without their offices, in the order of the text; () where no words attribute it.

    Where the title says who speaks, or the kind is that of a transcript, the title alone counts. A
    surname becomes the full name that the same text gives.
    """
    finders = _FINDERS.get(language.partition("-")[0].lower())
    if finders is None:
        return ()
    in_title, in_text, named = finders
    text = "\n".join(paragraphs)[:_MOST_TEXT]
    names = list(dict.fromkeys(in_title(title)))
    if not names and kind not in _TRANSCRIPTS:
        names = list(dict.fromkeys(in_text(text)))
    if not names:
        return ()
    whole = {*names, *(match[1] for match in named.finditer(text))}
    return tuple(dict.fromkeys(_in_full(name, whole) for name in names))[:_MOST]


def _english_title(title: str) -> Iterator[str]:
    by = _ENGLISH_BY.search(title)
    for part, pattern in ((by[1] if by else "", _ENGLISH_EACH), (title, _ENGLISH_OWN)):
        yield from _english_names(pattern, part)


def _english_text(text: str) -> Iterator[str]:
    return _english_names(_ENGLISH_SAID, text)


def _english_names(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        first, *more = match[1].split()
        activity = len(more) > 1 and more[0].endswith("ing")  # "Trump Signing a Bill"
        if not activity and not _NO_NAME.intersection((first, *more)):
            yield match[1]


def _chinese(text: str) -> Iterator[str]:
    for pattern in (_CHINESE, _FOREIGN, _AFTER_NAME):
        yield from (match[1] for match in pattern.finditer(text))


def _japanese(text: str) -> Iterator[str]:
    yield from (match[1] for match in _JAPANESE.finditer(text))


_FINDERS = {
    "en": (_english_title, _english_text, _ENGLISH_NAMED),
    "zh": (_chinese, _chinese, _CHINESE),
    "ja": (_japanese, _japanese, _JAPANESE_NAMED),
}


def _in_full(name: str, names: Iterable[str]) -> str:
    """The one longer name that has this surname; the name itself where there is none or two."""
    longer = {
        other
        for other in names
        if other != name
        and (name in other.split() or (not name.isascii() and other.startswith(name)))
    }
    return longer.pop() if len(longer) == 1 else name
