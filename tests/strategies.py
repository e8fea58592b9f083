"""Hypothesis strategies: small corpora in which formulations repeat, and queries about them.

Texts mix a few set formulations with single words that are easily got wrong: accents, forms of
one stem, apostrophes, hyphens, full stops without a blank, Han, Kana, Hangul, full-width letters.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

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
    Query,
    Term,
)
from indexer.search import FACETS, SearchRequest, Sort
from indexer.statement import Statement

FORMULATIONS = (
    "four political documents",
    "the four political document of the",
    "history as a mirror",
    "a mirror of history",
    "Japan's one-China principle",
    "strategic, mutually beneficial relationship",
    "四个政治文件",
    "中日四个政治文件",
)
COMMON = ("a", "of", "the", "The", "history", "mirror", "documents", "中", "文件")
WORDS = (
    *("as", "histories", "mirrors", "documented", "relation", "benefit", "Japan"),
    *("Communiqué", "COMMUNIQUES", "Takaichi", "Takaichy", "Tkaichi", "Tokyo"),
    *("U.S.", "Senator.The", "3,000", "½", "ＡＰＥＣ", "Straße"),
    *("日中", "カタカナ", "ｶﾞ", "한국"),
)
TOKENS = tuple(sorted(set(tokenize(" ".join(FORMULATIONS + WORDS)))))
COMMON_TOKENS = tuple(sorted(set(tokenize(" ".join(COMMON)))))

DAYS = (
    *(datetime.date(2024, 12, 31), datetime.date(2025, 1, 1)),
    *(datetime.date(2025, 7, 10), datetime.date(2025, 7, 31)),
    *(datetime.date(2025, 10, 31), datetime.date(2026, 2, 1)),
)

SOURCES = ("xinhua", "mofa-jp", "MOFA JP", "State Department", "")
KINDS = ("readout", "joint statement", "press conference", "")
LANGUAGES = ("en", "zh-Hans", "ja", "")
COUNTRIES = ("China", "Japan", "South Korea", "Korea")
SPEAKERS = ("Wang Yi", "Takeshi Iwaya", "Wang Wentao")
PLACES = ("Kuala Lumpur", "Gyeongju", "Gyeongju, South Korea", "")

# What goes in


@st.composite
def texts(draw: st.DrawFn, longest: int = 10) -> str:
    """Nothing, a word, or some of them; blanks, punctuation and blank lines between."""
    pieces = st.one_of(map(st.sampled_from, (FORMULATIONS, COMMON, WORDS)))
    between = st.sampled_from((" ", " ", " ", ", ", ".", "\n\n"))
    fewest = draw(st.sampled_from((0, longest // 2, longest // 2)))
    drawn = draw(
        st.lists(st.tuples(pieces, between), min_size=fewest, max_size=longest)
    )
    joined = "".join(piece + mark for piece, mark in drawn)
    return joined.strip()


@st.composite
def dates_known(draw: st.DrawFn) -> dict[str, object]:
    """A statement's date and its precision."""
    date = draw(st.none() | st.sampled_from(DAYS))
    precision = draw(st.sampled_from(("day", "day", "month", "year")))
    if date is None or precision == "day":
        return {"date": date}
    month = 1 if precision == "year" else date.month
    return {"date": date.replace(month=month, day=1), "date_precision": precision}


IDS = st.sampled_from(tuple(f"xinhua/{number}" for number in range(12)))


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """A statement; some titles only repeat a photo caption."""
    title = draw(texts(longest=3))
    return Statement(
        id=draw(IDS),
        title=title,
        text=draw(texts()),
        source=draw(st.sampled_from(SOURCES)),
        kind=draw(st.sampled_from(KINDS)),
        place=draw(st.sampled_from(PLACES)),
        agency=draw(st.sampled_from(("", "Xinhua"))),
        countries=tuple(draw(st.lists(st.sampled_from(COUNTRIES), max_size=3))),
        speakers=tuple(draw(st.lists(st.sampled_from(SPEAKERS), max_size=2))),
        language=draw(st.sampled_from(LANGUAGES)),
        captions=draw(st.sampled_from(((), (), (f"{title} [Photo/four mirror]",)))),
        **draw(dates_known()),
    )


@dataclass(frozen=True)
class Session:
    """One writer's life: statements to put and ids to remove, in turn; ``fails`` at its end."""

    changes: tuple[Statement | str, ...]
    fresh: bool = False
    fails: bool = False


RARELY = st.integers(0, 7).map(lambda number: number == 7)

SESSIONS = st.builds(
    Session,
    changes=st.lists(st.one_of(statements(), statements(), IDS), max_size=12).map(
        tuple
    ),
    fresh=RARELY,
    fails=RARELY,
)

CORPORA = st.lists(SESSIONS, min_size=1, max_size=4)

# What is asked

tokens = st.sampled_from(TOKENS) | st.sampled_from(COMMON_TOKENS)


@st.composite
def phrases(draw: st.DrawFn, longest: int = 8) -> Phrase:
    """A stretch of a formulation, or any words."""
    if draw(RARELY):
        words = draw(st.lists(tokens, min_size=1, max_size=2))
    else:
        whole = tokenize(draw(st.sampled_from(FORMULATIONS)))
        start = draw(st.integers(0, len(whole) - 1))
        words = whole[start : start + draw(st.integers(1, longest))]
    return Phrase(tuple(words))


@st.composite
def prefixes(draw: st.DrawFn) -> Prefix:
    """At least three letters of a word."""
    word = draw(st.sampled_from([token for token in TOKENS if len(token) >= 3]))
    return Prefix(word[: draw(st.integers(3, len(word)))])


@st.composite
def fuzzies(draw: st.DrawFn) -> Fuzzy:
    """A word of four letters or more, perhaps with a letter changed, added or left out."""
    word = draw(st.sampled_from([token for token in TOKENS if len(token) >= 5]))
    place = draw(st.integers(1, len(word) - 1))
    middle = draw(st.sampled_from((word[place], "", "a", "x" + word[place])))
    return Fuzzy(word[:place] + middle + word[place + 1 :])


singles = st.one_of(tokens.map(Term), phrases(), prefixes(), fuzzies())


def several(parts: st.SearchStrategy[Query], most: int) -> st.SearchStrategy[object]:
    """Two parts or more, as a tuple."""
    return st.lists(parts, min_size=2, max_size=most).map(tuple)


@st.composite
def nears(draw: st.DrawFn) -> Near:
    """Some words of one formulation, or whatever may be part of a Near."""
    if draw(st.booleans()):
        whole = tokenize(draw(st.sampled_from((*FORMULATIONS, " ".join(COMMON)))))
        words = draw(st.lists(st.sampled_from(whole), min_size=2, max_size=3))
        parts = tuple(draw(st.sampled_from((Term(w), Phrase((w,))))) for w in words)
    else:
        any_part = st.one_of(singles, several(singles, 3).map(Or))
        parts = draw(several(any_part, 5 if draw(RARELY) else 3))
    return Near(parts, draw(st.integers(1, 12)), draw(st.booleans()))


near_by = singles | nears()
paragraphs = st.builds(
    Paragraph, several(near_by | several(near_by, 2).map(Or), 4)
) | st.lists(st.sampled_from(COMMON_TOKENS).map(Term), min_size=2, max_size=3).map(
    lambda parts: Paragraph(tuple(parts))
)

leaves = st.one_of(singles, singles, nears(), paragraphs)


@st.composite
def conjunctions(draw: st.DrawFn, inner: st.SearchStrategy[Query]) -> And:
    """Two parts or more; exclusions only beside a part that is none."""
    positive = draw(st.lists(inner, min_size=1, max_size=3))
    fewest = 2 - len(positive) if len(positive) < 2 else 0
    negative = draw(st.lists(inner.map(Not), min_size=fewest, max_size=2))
    return And(tuple(draw(st.permutations(positive + negative))))


def branches(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    return st.one_of(conjunctions(inner), several(inner, 3).map(Or))


@st.composite
def keywords(draw: st.DrawFn) -> Field:
    """A keyword field with all or some of a value's words, or with those of several values."""
    name, values = draw(
        st.sampled_from(
            (
                *(("source", SOURCES), ("kind", KINDS), ("lang", LANGUAGES)),
                *(("country", COUNTRIES), ("speaker", SPEAKERS), ("place", PLACES)),
            )
        )
    )
    asked = []
    for value in draw(
        st.lists(st.sampled_from(values).filter(bool), min_size=1, max_size=2)
    ):
        words = tokenize(value)
        start = draw(st.sampled_from((0, 0, 0, len(words) - 1)))
        asked.append(Phrase(tuple(words[start:])))
    return Field(name, asked[0] if len(asked) == 1 else Or(tuple(asked)))


@st.composite
def ranges(draw: st.DrawFn) -> DateRange:
    """Two days in order, or one with the other side open."""
    first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    left_out = draw(st.sampled_from((None, None, "first", "last")))
    return DateRange(
        None if left_out == "first" else first, None if left_out == "last" else last
    )


fields = st.builds(
    Field,
    st.sampled_from(("title", "text")),
    st.recursive(leaves, branches, max_leaves=3),
)

days_asked = st.one_of(ranges().map(Dates), st.just(EVERYTHING))
parts = st.one_of(leaves, leaves, leaves, leaves, fields, keywords(), days_asked)

QUERIES = RARELY.flatmap(
    lambda everything: (
        st.just(EVERYTHING)
        if everything
        else st.recursive(parts, branches, max_leaves=6)
    )
)


def some_of(*values: str) -> st.SearchStrategy[object]:
    """One or two of these values, or one that nobody has."""
    return st.lists(
        st.sampled_from((*filter(None, values), "nobody's")), min_size=1, max_size=2
    ).map(tuple)


VALUES = {
    "year": some_of("2024", "2025", "2026", "undated"),
    "month": some_of("2024-12", "2025-01", "2025-07", "2025-10"),
    "source": some_of(*SOURCES),
    "kind": some_of(*KINDS),
    "language": some_of(*LANGUAGES),
    "country": some_of(*COUNTRIES),
    "speaker": some_of(*SPEAKERS),
    "place": some_of(*PLACES),
}

FILTERS = st.one_of(
    *(st.just([]), st.just([]), st.lists(st.sampled_from(FACETS), max_size=2))
).flatmap(lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names}))

REQUESTS = st.builds(
    SearchRequest,
    query=QUERIES,
    dates=st.one_of(st.none(), st.none(), ranges()),
    filters=FILTERS,
    facets=st.just(FACETS),
    sort=st.sampled_from(Sort),
    limit=st.just(1000),
    uses=st.booleans(),
    fold=st.booleans(),
    similar=RARELY.flatmap(lambda some: IDS if some else st.just("")),
)

# Few words in many orders, which is what phrases and NEAR can be wrong about

letters = st.sampled_from("aabbcd")
letter_parts = st.one_of(
    letters.map(Term), st.lists(letters, min_size=1, max_size=3).map(tuple).map(Phrase)
)

CROWDED_TEXTS = st.lists(
    st.lists(st.one_of(letters, letters, letters, st.just("\n\n")), max_size=12).map(
        " ".join
    ),
    min_size=1,
    max_size=6,
)
letter_nears = [
    st.builds(
        Near,
        several(letter_parts | several(letter_parts, 2).map(Or), 4),
        st.integers(1, 6),
        ordered,
    )
    for ordered in (st.just(True), st.just(False))
]
crowded_parts = st.one_of(letter_parts, *letter_nears)
CROWDED_QUERIES = st.one_of(
    letter_parts,
    *letter_nears,
    st.builds(Paragraph, several(crowded_parts | several(crowded_parts, 2).map(Or), 4)),
)
