"""The text of a page that no selectors are known for."""

from __future__ import annotations

import copy
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from functools import cache
from itertools import islice

from indexer.cleaning.blocks import Paragraph
from indexer.cleaning.tree import Element, tree_paragraphs, tree_value

# Nothing that anybody reads.
_UNREAD = (
    "script style noscript template svg iframe select button object video audio title textarea"
).split()
_NAVIGATION = "//nav | //*[@role='navigation'] | //*[@hidden]"
_AROUND = (
    "//header | //footer | //aside | //*[@role='banner'] | //*[@role='contentinfo']"
)
_CAPTIONS = frozenset(("caption", "wp-caption-text"))
_CJK = re.compile("[\u3000-\u9fff\uac00-\ud7af]")
_SENTENCE_END = tuple(".!?…。！？\"”’'」』)）:：;；")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*")
_NO_LETTER = re.compile(r"\W+")

#: So many characters are a sentence or two; in Chinese, Japanese or Korean a third of them are.
_PROSE = 80
#: A shorter piece of text stands in many places.
_TELLING = 20
#: A page of more elements is a book or an attack: trafilatura would take minutes for it.
_MOST_ELEMENTS = 30_000
#: A longer article is not searched for what it lost.
_LONGEST = 200_000
#: trafilatura takes whatever it can find where it has fewer characters: a Chinese statement is short.
_LEAST = 60


def article(tree: Element) -> list[str]:
    """The paragraphs that are the page's article; the page loses what nobody reads.

    trafilatura says which they are, in its precise mode. It loses the rest of an article that
    stands in several parts: so each paragraph of prose in the same kind of element as most of
    what it took is put back where it stood. Where it finds nothing, or the page is too large, all
    paragraphs are taken that are not in the page's navigation, header or footer.
    """
    _take_out(tree.xpath(_NAVIGATION))
    small = sum(1 for _ in islice(tree.iter(), _MOST_ELEMENTS + 1)) <= _MOST_ELEMENTS
    taken = [paragraph.text for paragraph in _extracted(tree)] if small else []
    _take_out(list(tree.iter(*_UNREAD)))
    if taken:
        return _restored(taken, list(tree_paragraphs(tree)))
    _take_out(tree.xpath(_AROUND))
    return [paragraph.text for paragraph in tree_paragraphs(tree)]


def captions(tree: Element) -> list[str]:
    """What stands below the photos of a page that no selectors are known for."""
    return [
        tree_value(element)
        for element in tree.iter("*")
        if element.tag == "figcaption"
        or not _CAPTIONS.isdisjoint(element.get("class", "").split())
    ]


def _take_out(elements: list[Element]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _extracted(tree: Element) -> Iterable[Paragraph]:
    # Takes a sixth of a second, which only such pages wait for.
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(
        copy.deepcopy(tree),
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        config=_config(),
    )
    return tree_paragraphs(found.body) if isinstance(found, Document) else ()


@cache
def _config() -> ConfigParser:
    from trafilatura.settings import DEFAULT_CONFIG

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # not to stderr
    config = copy.deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["min_extracted_size"] = str(_LEAST)
    return config


def _restored(taken: list[str], page: list[Paragraph]) -> list[str]:
    """The paragraphs that were taken, and those of the page that belong to them."""
    places: dict[str, int] = {}
    for place, text in enumerate(taken):
        places.setdefault(_letters(text), place)
    whole = "".join(map(_letters, taken))
    if len(whole) > _LONGEST:
        return taken
    sizes: Counter[tuple[str, ...]] = Counter()
    found = []
    for paragraph in page:
        letters = _letters(paragraph.text)
        there = letters in places or (len(letters) >= _TELLING and letters in whole)
        found.append((paragraph, letters, there))
        if there and _is_prose(paragraph, _PROSE // 2):
            sizes[_kind(paragraph)] += len(letters)
    kind, size = max(sizes.items(), key=lambda pair: pair[1], default=((), 0))
    if 2 * size < len(whole):
        return taken
    place, behind = 0, [[text] for text in taken]
    for paragraph, letters, there in found:
        if there:
            place = max(place, places.get(letters, place))
        elif (
            _is_prose(paragraph)
            and _kind(paragraph) == kind
            and not any(part in whole for part in _telling(paragraph.text))
        ):
            behind[place].append(paragraph.text)
            whole += letters
    return [text for texts in behind for text in texts]


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


def _telling(text: str) -> Iterator[str]:
    for sentence in _SENTENCES.split(text):
        if len(letters := _letters(sentence)) >= _TELLING:
            yield letters


def _is_prose(paragraph: Paragraph, least: int = _PROSE) -> bool:
    text = paragraph.text
    size = len(text) * (3 if _CJK.search(text) else 1)
    ends = text.endswith(_SENTENCE_END)
    return size >= least and ends and 2 * paragraph.linked < len(text)


def _kind(paragraph: Paragraph) -> tuple[str, ...]:
    """The kind of element that a paragraph is in: names and classes of its block and the next."""
    block = paragraph.block
    around = block.getparent()
    if around is None:
        around = block
    return block.tag, block.get("class", ""), around.tag, around.get("class", "")
