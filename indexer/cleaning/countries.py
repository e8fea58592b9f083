"""The countries that a text names, by CLDR's names in its language and by demonyms."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib import resources
from typing import Any, TypeAlias

# The members of the United Nations, its two observers, and Kosovo and Taiwan.
_CODES = (
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH"
    " CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM"
    " GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA"
    " LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI"
    " NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN"
    " SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK"
    " YE ZA ZM ZW"
).split()

#: Beyond the lead a country is one of the parties' subjects only if it is named so often.
_OFTEN = 3
_LEAD, _MOST_TEXT = 600, 20_000

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_CJK = {"zh": ("zh", "zh_Hant"), "ja": ("ja",)}

# Given names and states of the U.S., which stand beside another name.
_ALSO_NAMES = frozenset({"Jordan", "Georgia", "Chad"})
_SMALL = frozenset("A An And As At But By For From In Of On That The To With".split())

# 中日 or 日米韓 before what only two countries have.
_PAIR = (
    r"(?<![\d今明昨当])([{}]{{2,3}})(?=两国|双边|双方|关系|関係|外长|外相|防长|首脑|首脳|元首|领导人|联合"
    "|共同|战略|戦略|经贸|経済|建交|友好|高层|四个|間|会談|三国|合作|贸易|外交)"
)

Finder: TypeAlias = Callable[[str], Iterator[str]]


def countries_of(
    title: str, paragraphs: Sequence[str], language: str
) -> tuple[str, ...]:
    """The countries' English short names: those in the title and the lead, in their order, first.

    Then come those that the text names often, the most frequent first. A language whose names CLDR
    does not know, or that does not tell names by capitals, gives none; but Chinese and Japanese do.
    """
    find = _finder(language.partition("-")[0].lower())
    if find is None:
        return ()
    text = "\n".join(paragraphs)[:_MOST_TEXT]
    first = dict.fromkeys([*find(title), *find(text[:_LEAD])])
    counts = Counter(find(text[_LEAD:]))
    often = (code for code, count in counts.most_common() if count >= _OFTEN)
    return tuple(_short_names()[code] for code in dict.fromkeys([*first, *often]))


@cache
def _finder(language: str) -> Finder | None:
    """What finds the codes of the countries that a text in the language names; "" for none."""
    if language in _CJK:
        return partial(_in_characters, _by_first(_names(language), str), _pair_of())
    try:
        names = _names(language)
    except (ValueError, LookupError):
        return None
    if not any(name[0].isupper() for name in names):
        return None
    return partial(_in_words, _by_first(names, _words))


def _in_words(names: Mapping[Any, list[tuple[Any, str]]], text: str) -> Iterator[str]:
    found = list(_WORD.finditer(text))
    words = [match[0] for match in found]
    end = 0
    for i, word in enumerate(words):
        if i < end or word not in names:
            continue
        for name, code in names[word]:
            if tuple(words[i : i + len(name)]) == name:
                end = i + len(name)
                if code and not (
                    word in _ALSO_NAMES and _beside_a_name(text, found[i])
                ):
                    yield code
                break


def _beside_a_name(text: str, match: re.Match[str]) -> bool:
    before = re.search(
        r"([^\W\d_]+)\.? $", text[max(match.start() - 30, 0) : match.start()]
    )
    behind = text[match.end() : match.end() + 2]
    return bool(
        (before and before[1][0].isupper() and before[1] not in _SMALL)
        or (behind[:1] == " " and behind[1:].isupper())
    )


def _in_characters(
    names: Mapping[Any, list[tuple[Any, str]]], pair_of: Mapping[str, str], text: str
) -> Iterator[str]:
    for match in _pair().finditer(text):
        if len(set(match[1])) == len(match[1]):
            yield from (pair_of[character] for character in match[1])
    end = 0
    for i, character in enumerate(text):
        if i < end or character not in names:
            continue
        for name, code in names[character]:
            if text.startswith(name, i):
                end = i + len(name)
                around = text[i - 1 : i] + text[end : end + 1]
                if code and not (_KATAKANA.match(name) and _KATAKANA.search(around)):
                    yield code
                break


def _by_first(
    names: Mapping[str, str], parts: Callable[[str], Any]
) -> dict[Any, list[tuple[Any, str]]]:
    """The names by their first word or character, the longest first."""
    found: dict[Any, list[tuple[Any, str]]] = {}
    for name, code in names.items():
        if units := parts(name):
            found.setdefault(units[0], []).append((units, code))
    for each in found.values():
        each.sort(key=lambda pair: -len(pair[0]))
    return found


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name))


def _names(language: str) -> dict[str, str]:
    """What countries are called in the language; LookupError or ValueError if it is none."""
    names: dict[str, str] = {}
    for locale in _CJK.get(language, (language,)):
        territories = _territories(locale)
        names |= {territories[code]: code for code in _CODES if code in territories}
    for name, code in list(names.items()):
        names[name.replace("&", "and").replace("St.", "Saint")] = code
    for key, more in _table().get(language, {}).items():
        names |= dict.fromkeys(more, "" if key == "none" else key)
    return {name.upper(): code for name, code in names.items()} | names


def _territories(locale: str) -> Mapping[str, str]:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(locale).territories
    except UnknownLocaleError as error:
        raise LookupError(str(error)) from None


@cache
def _short_names() -> dict[str, str]:
    territories = _territories("en")
    shorter: dict[str, str] = _table()["short"]
    return {code: territories[code] for code in _CODES} | shorter


@cache
def _table() -> dict[str, Any]:
    data = resources.files("indexer.cleaning").joinpath("names.toml").read_bytes()
    return tomllib.loads(data.decode())


def _pair_of() -> dict[str, str]:
    table: dict[str, str] = _table()["pairs"]
    return table


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(_PAIR.format("".join(_pair_of())))
