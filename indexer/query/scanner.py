"""Query text to lexemes: words, phrases, operators and brackets, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from indexer.analysis import tokenize
from indexer.errors import QueryError
from indexer.query.tree import KEYWORD_FIELDS, TEXT_FIELDS

DATE_FIELDS = ("date", "after", "before")
ALIASES = {"language": "lang"}
FIELDS = (*TEXT_FIELDS, *KEYWORD_FIELDS, *DATE_FIELDS, *ALIASES)

MOST = 100

#: The distance of NEAR/p: in one paragraph.
PARAGRAPH = -1

#: Each opening quotation mark with those that close it. An apostrophe is none of them.
QUOTES = {
    **dict.fromkeys('"“”„‟', '"“”„‟'),
    **dict.fromkeys("«»", "«»"),
    **{"「": "」", "『": "』", "」": "", "』": ""},
}

# Full-width forms count as ASCII, character for character; half a surrogate pair is no letter.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)

_SIGNS = rf"\s(){''.join(QUOTES)}"
_RUN = re.compile(rf"[^{_SIGNS}]+")

#: How far a field's value goes: to a comma where several may follow; days may have blanks inside.
VALUE = re.compile(rf"[^,{_SIGNS}]+")
DAYS = re.compile(rf"[0-9/-]+\s*\.\.\s*[0-9][^{_SIGNS}]*|{_RUN.pattern}")

_SLOP = re.compile(r"~([pP](?!\w)|[0-9]*)")
_FIELD = re.compile(r"([A-Za-z]+):")
_NEAR = re.compile(r"(O?NEAR)(?:/(.*))?", re.DOTALL)


class Kind(Enum):
    """What a lexeme is."""

    WORD = "word"
    PHRASE = "phrase"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MINUS = "-"
    NEAR = "NEAR"
    EVERYTHING = "*"
    END = "end"


_KINDS = {
    **{"(": Kind.OPEN, ")": Kind.CLOSE, "*": Kind.EVERYTHING, "*:*": Kind.EVERYTHING},
    **{"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT},
}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query: ``text`` as typed, of a phrase without its quotes, of a field its name.

    ``start`` is its offset in the query. ``distance`` is the number after NEAR/ or "…"~,
    PARAGRAPH where that is p, or 0.
    """

    kind: Kind
    text: str
    start: int
    distance: int = 0

    @property
    def operator(self) -> str:
        """A NEAR as it is written."""
        return f"{self.text}/{'p' if self.distance == PARAGRAPH else self.distance}"


def shown(text: str) -> str:
    """A piece of the query in a sentence: in quotes, and not too long."""
    return f"“{text}”" if len(text) <= 40 else f"“{text[:40]}…”"


class Scanner:
    """Reads a query from left to right, one lexeme ahead.

    ``last`` is the lexeme taken last; ``notices`` says what was not read as its writer may think.
    """

    def __init__(self, text: str) -> None:
        self._text = text.translate(_PLAIN)
        self._place = 0
        self._ahead: Lexeme | None = None
        self.last: Lexeme | None = None
        self.notices: list[str] = []

    def peek(self) -> Lexeme:
        """The next lexeme, which stays."""
        if self._ahead is None:
            self._ahead = self._scan()
        return self._ahead

    def take(self) -> Lexeme:
        """The next lexeme."""
        self.last, self._ahead = self.peek(), None
        return self.last

    def take_value(self, extent: re.Pattern[str] = VALUE) -> Lexeme:
        """A field's value: a word as it stands, or a phrase; of the kind END where neither is."""
        self._skip_blanks()
        start = self._place
        if match := extent.match(self._text, start):
            self._place = match.end()
            return Lexeme(Kind.WORD, match[0], start)
        if self._text[start : start + 1] in QUOTES:
            return self._phrase()
        return Lexeme(Kind.END, "", start)

    def skip(self, sign: str) -> bool:
        """Pass ``sign`` if it comes next, after blanks."""
        self._skip_blanks()
        found = self._text.startswith(sign, self._place)
        self._place += len(sign) if found else 0
        return found

    def _skip_blanks(self) -> None:
        while self._text[self._place : self._place + 1].isspace():
            self._place += 1

    def _scan(self) -> Lexeme:
        while True:
            self._skip_blanks()
            start = self._place
            if run := _RUN.match(self._text, start):
                if lexeme := self._word(run[0], start):
                    return lexeme
            elif start == len(self._text):
                return Lexeme(Kind.END, "", start)
            elif self._text[start] in QUOTES:
                return self._phrase()
            else:
                self._place += 1
                return Lexeme(_KINDS[self._text[start]], self._text[start], start)

    def _word(self, run: str, start: int) -> Lexeme | None:
        """What a run of signs without blanks means; None where it holds nothing to look for."""
        if self._excludes(run, start):
            self._place = start + 1
            return Lexeme(Kind.MINUS, "-", start)
        self._place = start + len(run)
        if run in _KINDS:
            return Lexeme(_KINDS[run], run, start)
        if match := _NEAR.fullmatch(run):
            example = f"a {match[1]}/5 b"
            return Lexeme(
                Kind.NEAR, match[1], start, _distance(match[2], example, start)
            )
        if match := _FIELD.match(run):
            name = match[1].lower()
            name = ALIASES.get(name, name)
            place = start + match.end()
            if name in FIELDS:
                self._place = place
                return Lexeme(Kind.FIELD, name, start)
            following = self._text[place : place + 1].strip()
            if following and following not in "/)":
                raise _unknown_field(match[1], start)
        if not tokenize(run):
            if "*" in run:
                raise QueryError(
                    "“*” ends a word of three letters or more: write docum*.", start
                )
            self._remark(f"{shown(run)} holds no letter or digit and was left out.")
            return None
        self._remark_on(run)
        return Lexeme(Kind.WORD, run, start)

    def _excludes(self, run: str, start: int) -> bool:
        """Whether a run begins with the hyphen that excludes what follows it."""
        before = self._text[start - 1 : start]
        if not run.startswith("-") or before.strip() not in ("", "("):
            return False
        rest = run.lstrip("-")
        after = self._text[start + len(run) : start + len(run) + 1]
        opens = after == "(" or bool(QUOTES.get(after))
        if not (tokenize(rest) if rest else opens):
            return False
        if len(run) - len(rest) > 1:
            raise QueryError(
                "Write one hyphen to exclude what follows, or leave a blank after a dash.",
                start,
            )
        return True

    def _phrase(self) -> Lexeme:
        start = self._place
        closing = QUOTES[self._text[start]]
        end = start + 1
        while end < len(self._text) and self._text[end] not in closing:
            end += 1
        if end == len(self._text):
            raise QueryError(
                f"The quotation mark {self._text[start]} has no partner: "
                'write "joint statement", or leave the mark out.',
                start,
            )
        inner = self._text[start + 1 : end]
        self._place = end + 1
        distance = 0
        if slop := _SLOP.match(self._text, self._place):
            distance = _distance(slop[1], '"a b"~5', self._place)
            self._place = slop.end()
        if "*" in inner:
            self._remark(
                "“*” in quotes stands for nothing: a phrase is searched as it is."
            )
        return Lexeme(Kind.PHRASE, inner, start, distance)

    def _remark_on(self, run: str) -> None:
        """Say what a word may have been meant for."""
        if run.upper() in ("AND", "OR", "NOT"):
            self._remark(
                f"{shown(run)} was searched as a word: "
                f"in capitals, {run.upper()} is an operator."
            )
        elif _NEAR.fullmatch(run.upper()) and "/" in run:
            self._remark(
                f"{shown(run)} was searched as words: write {run.upper()} in capitals."
            )
        elif re.fullmatch("~([0-9]+|p)", run):
            self._remark(
                f"{shown(run)} was searched as a word: "
                f'for words near each other, write "a b"{run} without a blank.'
            )
        elif re.fullmatch(r"\w+\?\w+", run):
            self._remark(
                f"“?” stands for no letter, it parts words: {shown(run)} was searched "
                "as a phrase."
            )

    def _remark(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)


def _distance(figures: str | None, example: str, place: int) -> int:
    if figures in ("p", "P"):
        return PARAGRAPH
    if (
        not re.fullmatch("0*[1-9][0-9]{0,3}", figures or "")
        or int(figures or "") > MOST
    ):
        raise QueryError(
            f"Say within how many words, from 1 to {MOST}: write {example}.", place
        )
    return int(figures or "")


def _unknown_field(name: str, place: int) -> QueryError:
    near = get_close_matches(name.lower(), FIELDS, n=1)
    instead = f"{near[0]}:…" if near else f"one of {', '.join(FIELDS)}"
    return QueryError(
        f"There is no field {shown(name)}: write {instead}, "
        "or a blank after the colon to look for the words.",
        place,
    )
