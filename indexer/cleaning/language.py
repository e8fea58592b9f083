"""The language of a text: by its script, by its commonest words, or by a trained model."""

from __future__ import annotations

import re

#: So many characters tell a language; fewer letters than so many do not.
_ENOUGH, _LEAST = 600, 20

_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30fa\u30fd-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "km": re.compile("[\u1780-\u17ff]"),
    "lo": re.compile("[\u0e80-\u0eff]"),
    "my": re.compile("[\u1000-\u109f]"),
}
_LETTER = re.compile(r"[^\W\d_]")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|that|with|for|is|was|by|has|on|as)\b", re.I
)
_WORD = re.compile(r"[^\W\d_]+")

#: So much of a text in a script is enough to be in its language: a Japanese text is half Kanji.
_SHARES = {"ja": 0.1, "ko": 0.3, "zh": 0.3}
_OTHER_SHARE = 0.5

#: An English text has at least so many of its commonest words; no other language does.
_ENGLISH_SHARE = 0.15

#: The best language must be so many times (as a natural logarithm) likelier than the next.
_SURE = 5.0


def language_of(text: str) -> str:
    """The language's BCP 47 tag, "" where it cannot be told for sure.

    A script that only one language is written in decides, then the share of the commonest English
    words, then py3langid's model for some hundred languages.
    """
    sample = text[:_ENOUGH]
    letters = len(_LETTER.findall(sample))
    for language, script in _SCRIPTS.items():
        share = len(script.findall(sample)) / max(letters, 1)
        if share >= _SHARES.get(language, _OTHER_SHARE):
            return language
    if letters < _LEAST:
        return ""
    words = len(_WORD.findall(sample))
    if len(_ENGLISH.findall(sample)) >= _ENGLISH_SHARE * words:
        return "en"
    return _by_model(sample)


def _by_model(sample: str) -> str:
    import py3langid  # its model takes half a second, which only such texts wait for

    (language, best), (_, second) = py3langid.rank(sample)[:2]
    return str(language) if best - second >= _SURE else ""
