"""What kind of statement it is: by what its title calls it, or by the shape of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What a title calls a statement. English names it first, Chinese and Japanese last.
_NAMED_FIRST = (
    ("press conference", r"(?:press|news) (?:conference|briefing|availability)"),
    ("press conference", r"(?:media|daily) briefing"),
    ("joint statement", r"joint (?:press )?statement|joint declaration"),
    ("communiqué", r"(?:joint )?communiqu[eé]"),
    ("readout", r"(?:joint )?read-?out"),
    ("interview", r"interview (?:of|with|by|on)"),
    ("remarks", r"(?:[\w’']+ ){0,2}remarks"),
    (
        "speech",
        r"(?:keynote )?(?:speech|address) (?:by|at|to|of|before)|keynote speech",
    ),
    ("press release", r"(?:press|news) release"),
    ("fact sheet", r"fact ?sheet"),
    ("statement", r"(?:press )?statement (?:by|of|from|on)|spokes\w+ statement"),
)
_NAMED_LAST = (
    ("press conference", "记者会|记者招待会|新闻发布会|吹风会|記者会見?|会見記録"),
    (
        "joint statement",
        "联合声明|共同声明|联合宣言|共同宣言|聯合聲明|共同プレスリリース",
    ),
    ("communiqué", "公报|コミュニケ|公報"),
    ("interview", "专访|采访|インタビュー"),
    ("remarks", "讲话|致辞|发言|答记者问|挨拶|冒頭発言"),
    ("speech", "演讲|演説|スピーチ"),
    ("statement", "声明|谈话|談話"),
)
_EITHER = re.compile(
    r"\b(?:in|at|during|of) (?:an? |the |their )?(?:joint )?(?:press|news) conference\b",
    re.IGNORECASE,
)


def _compiled(
    table: Sequence[tuple[str, str]], form: str
) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (kind, re.compile(form.format(words), re.IGNORECASE)) for kind, words in table
    ]


_FIRST = _compiled(_NAMED_FIRST, r"\b(?:{})\b")
_LAST = _compiled(_NAMED_LAST, "(?:{})")

_QUESTION = re.compile(
    r"(?:Q|QUESTION|Question|问|問|記者|记者|[^\W\d_]{2,12}记者)\s?[:：]|Q\s"
)
_FEWEST_QUESTIONS = 3


def kind_of(title: str, paragraphs: Sequence[str] = ()) -> str:
    """The kind that the title names, or else that three questions make; "" where none does."""
    if _EITHER.search(title):
        return "press conference"
    first = [(m.start(), k) for k, p in _FIRST if (m := p.search(title))]
    if first:
        return min(first, key=lambda pair: pair[0])[1]
    last = [(m.end(), k) for k, p in _LAST for m in p.finditer(title)]
    if last:
        return max(last, key=lambda pair: pair[0])[1]
    questions = sum(1 for text in paragraphs if _QUESTION.match(text))
    return "press conference" if questions >= _FEWEST_QUESTIONS else ""
