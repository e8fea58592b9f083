"""A generated corpus: Zipf's words in sentences, formulas that are repeated verbatim, and names.

Names stay rare in a corpus of any size, as other words do not.
"""

from __future__ import annotations

import datetime

import numpy as np

from indexer.statement import Statement

_FUNCTION_WORDS = (
    "the of and to in a that is for we with our on as by this it are be".split()
)
_ONSETS = "b br c ch d dr f fl g gr h j k l m n p pr qu r s st t tr v w".split()
_VOWELS = "a e i o u ea ou".split()
_CODAS = ["", "n", "r", "l", "s", "t", "nd", "rm", "ct", "st"]
_ENDINGS = ["", "", "", "s", "ed", "ing", "ation", "al"]

_VOCABULARY = 40_000
_FORMULAS = 1_500
#: Of all words, the share that a formula begins at.
_FORMULAIC = 0.03
_SOURCES = 60
#: A name is in so many statements, in the mean.
_NAMED = 5
_FIRST_DAY = datetime.date(1990, 1, 1).toordinal()
_DAYS = 35 * 365


def generate(size: int, seed: int) -> list[Statement]:
    """``size`` statements of 250 to 400 words, the same for the same seed."""
    rng = np.random.default_rng(seed)
    named = np.random.default_rng((seed, 1)).integers(size // _NAMED + 1, size=size)
    words = _vocabulary(rng)
    chances = _zipf(len(words), 1.07)
    formulas = [
        [words[place] for place in _draw(rng, chances, length)]
        for length in rng.integers(2, 7, _FORMULAS)
    ]
    formula_chances = _zipf(_FORMULAS, 0.9)
    sources = [f"source-{number:02}" for number in range(_SOURCES)]
    source_chances = _zipf(_SOURCES, 0.8)
    statements = []
    for number in range(size):
        length = int(rng.integers(250, 401))
        text = [words[place] for place in _draw(rng, chances, length)]
        places = np.flatnonzero(rng.random(length) < _FORMULAIC).tolist()
        for place, chosen in zip(
            places, _draw(rng, formula_chances, len(places)), strict=True
        ):
            formula = formulas[chosen]
            text[place : place + len(formula)] = formula
        source = sources[_draw(rng, source_chances, 1)[0]]
        title = " ".join(words[place] for place in _draw(rng, chances, 8))
        statements.append(
            Statement(
                id=f"{source}/{number}",
                title=f"{title.capitalize()} (section {number % 9 + 1})",
                text=_prose([*text, _name(int(named[number]))], rng),
                date=datetime.date.fromordinal(_FIRST_DAY + int(rng.integers(_DAYS))),
                source=source,
                language="en",
            )
        )
    return statements


def _name(number: int) -> str:
    """A word that is in no vocabulary, each number's another."""
    letters = "x"
    for _ in range(5):
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return letters


def _zipf(size: int, exponent: float) -> np.ndarray:
    """The cumulated chances of ``size`` ranks."""
    chances = (
        1 / (np.arange(size) + 2.7) ** exponent
    )  # Mandelbrot's shift, as in English
    return np.cumsum(chances / chances.sum())


def _draw(rng: np.random.Generator, chances: np.ndarray, count: int) -> list[int]:
    places = np.searchsorted(chances, rng.random(count))
    return np.minimum(places, len(chances) - 1).tolist()


def _vocabulary(rng: np.random.Generator) -> list[str]:
    """Different words, the most frequent first: function words, then made-up ones in all forms."""
    made = dict.fromkeys(_FUNCTION_WORDS)
    while len(made) < _VOCABULARY:
        syllables = int(rng.integers(1, 4))
        stem = "".join(
            str(rng.choice(part))
            for _ in range(syllables)
            for part in (_ONSETS, _VOWELS, _CODAS)
        )
        for ending in dict.fromkeys(rng.choice(_ENDINGS, 3).tolist()):
            made[stem + ending] = None
    return list(made)[:_VOCABULARY]


def _prose(words: list[str], rng: np.random.Generator) -> str:
    """The words as sentences in paragraphs."""
    sentences, start = [], 0
    while start < len(words):
        end = start + int(rng.integers(12, 32))
        sentence = " ".join(words[start:end])
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        start = end
    return "\n\n".join(
        " ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4)
    )
