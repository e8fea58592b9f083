from __future__ import annotations

from urllib.parse import unquote

import pytest

from webapp.fragments import to_sentence

LONG = "It " + "was said " * 40 + "to the end of it."


@pytest.mark.parametrize(
    "text, matched, directive",
    [
        ("One. Two of it. Three.", "of", "Two of it."),
        ("One.\n\nTwo\nlines.", "Two", "Two"),
        ("One — “two of it.” Three", "of", "One — “two of it.”"),
        ("他说。中日四个政治文件是基础。", "四", "中日四个政治文件是基础。"),
        ("Whole", "Whole", "Whole"),
        (LONG, "end", "It was said was said,to the end of it."),
        ("中" * 300 + "国" * 9, "国" * 9, "国" * 9),
    ],
)
def test_the_sentence_that_holds_the_match(
    text: str, matched: str, directive: str
) -> None:
    """A short sentence whole, a long one by its ends, and one without blanks by the match."""
    start = text.index(matched)
    url = to_sentence("https://news.example/a", text, (start, start + len(matched)))
    _, _, said = url.partition("#:~:text=")
    found = said.split(",")
    assert unquote(",".join(found)) == directive


def test_what_would_mean_something_is_encoded() -> None:
    """Hyphens, commas and ampersands are words of the sentence, not syntax."""
    url = to_sentence("https://news.example/a", "One-China, R&D", (0, 3))
    assert url == "https://news.example/a#:~:text=One%2DChina%2C%20R%26D"


def test_a_fragment_that_is_there_stays() -> None:
    """The directive goes behind it."""
    url = to_sentence("https://news.example/a#b", "One", (0, 3))
    assert url == "https://news.example/a#b:~:text=One"
