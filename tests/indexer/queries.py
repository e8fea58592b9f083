"""Hypothesis strategies for queries: every tree that the parser can give, and texts of all sorts."""

from datetime import date

from hypothesis import strategies as st

from indexer.analysis import tokenize
from indexer.dates import DateRange
from indexer.query import (
    EVERYTHING,
    And,
    Dates,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Term,
)
from indexer.query.tree import KEYWORD_FIELDS, TEXT_FIELDS

WORDS = (
    *("a", "or", "and", "not", "near", "title", "s", "5", "2025", "communique", "ss"),
    *("中", "国", "カ", "한", "четыре", "τεσσερα", "documents"),
)


@st.composite
def tokens(draw):
    """A word that is easily misread, or a token of any text."""
    found = tokenize(draw(st.sampled_from(WORDS) | st.text(max_size=6)))
    return found[0] if found else "documents"


def several(parts, most=3):
    """Two parts or more."""
    return st.lists(parts, min_size=2, max_size=most).map(tuple)


@st.composite
def phrases(draw):
    """Some words."""
    return Phrase(tuple(draw(st.lists(tokens(), min_size=1, max_size=4))))


@st.composite
def words(draw):
    """What may stand beside NEAR, but for a group."""
    long = st.sampled_from([word for word in WORDS if len(word) >= 4])
    kinds = (tokens().map(Term), phrases(), long.map(Prefix), long.map(Fuzzy))
    return draw(draw(st.sampled_from(kinds)))


@st.composite
def nears(draw):
    """Two to five parts; many of them single words, which have a short form."""
    part = draw(
        st.sampled_from(
            (tokens().map(lambda word: Phrase((word,))), words() | groups())
        )
    )
    return Near(
        draw(several(part, most=5)), draw(st.integers(1, 100)), draw(st.booleans())
    )


@st.composite
def groups(draw):
    """Some words of which one is enough."""
    return Or(draw(several(words())))


NEARS_OF_TWO = st.builds(
    Near, several(words(), most=2), st.integers(1, 100), st.booleans()
)

#: Some single words, which have a short form, or two parts of any kind.
PARAGRAPHS = st.builds(
    Paragraph,
    several(tokens().map(lambda word: Phrase((word,))), most=6)
    | several(words() | NEARS_OF_TWO | groups(), most=2)
    | several(several(NEARS_OF_TWO, most=2).map(Or), most=2),
)


@st.composite
def dates(draw):
    """Two days in order, or one with the other side open."""
    days = st.dates(date(1000, 1, 1))
    first, last = sorted((draw(days), draw(days)))
    return Dates(
        draw(
            st.sampled_from(
                (DateRange(first, last), DateRange(first), DateRange(None, last))
            )
        )
    )


@st.composite
def keywords(draw):
    """A keyword field with one value or several."""
    values = draw(st.lists(phrases(), min_size=1, max_size=3).map(tuple))
    name = draw(st.sampled_from(KEYWORD_FIELDS))
    return Field(name, values[0] if len(values) == 1 else Or(values))


@st.composite
def conjunctions(draw, inner):
    """Two parts or more; exclusions only beside a part that is none, and no And among them."""
    wanted = draw(st.lists(inner, min_size=1, max_size=3))
    unwanted = draw(st.lists(inner, min_size=2 - len(wanted[:2]), max_size=2))
    parts = wanted + [Not(part) for part in unwanted]
    return And(_flat(draw(st.permutations(parts)), And))


@st.composite
def alternatives(draw, inner):
    """Two parts or more, and no Or among them."""
    return Or(_flat(draw(several(inner)), Or))


def _flat(parts, kind):
    inside = [part.parts if isinstance(part, kind) else (part,) for part in parts]
    return sum(inside, ())


def branches(inner):
    return conjunctions(inner) | alternatives(inner)


@st.composite
def fields(draw):
    """A text field with anything that stands at places in a text."""
    part = draw(st.recursive(words() | nears() | PARAGRAPHS, branches, max_leaves=3))
    return Field(draw(st.sampled_from(TEXT_FIELDS)), part)


#: Trees that ``parse_query`` can give.
TREES = st.just(EVERYTHING) | st.recursive(
    words() | nears() | PARAGRAPHS | fields() | keywords() | dates(),
    branches,
    max_leaves=5,
)

FRAGMENTS = (
    *(
        "a",
        "japan's",
        "one-China",
        "U.S.",
        "中国",
        "document",
        "five",
        "2025-07",
        "5",
        "ﷺ",
    ),
    *(
        "(",
        ")",
        "（",
        "）",
        '"',
        "“",
        "”",
        "„",
        "«",
        "»",
        "「",
        "」",
        "'",
        "’s",
        "\ud800",
    ),
    *("*", "~", "~5", "-", "--", ",", ":", "：", "..", "/", "\\", "?", "&", "\x00"),
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR/5",
        "ONEAR/2",
        "NEAR/0",
        "NEAR/p",
        "ONEAR/p",
        "~p",
        "or",
        "near/5",
        "ＯＲ",
    ),
    *("title:", "text:", "source:", "speaker:", "lang:", "foo:", "date:", "after:"),
    *(" ", " ", " ", "\u3000", "\n", "\u200b"),
)

#: Any text, and any heap of pieces of the language.
TEXTS = st.one_of(
    st.text(),
    st.text("aé中1 \"“”()*~-:,'./OR"),
    st.lists(st.sampled_from(FRAGMENTS)).map("".join),
    st.lists(st.sampled_from(FRAGMENTS)).map(" ".join),
)
