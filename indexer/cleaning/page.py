"""A page as a tree: parsed however deep it nests, asked by CSS, read as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from cssselect import HTMLTranslator
from lxml import etree
from lxml import html as lxml_html

from indexer.cleaning.text import one_line

#: An element of the tree: lxml tells no types.
Element: TypeAlias = Any

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul"
    " cell fw head item list quote row".split()  # trafilatura's own
)
_LINE_END, _BLOCK_END = "\u2028", "\u2029"

# A block's end, an empty line, or a line break before indented text ends a paragraph.
_PARAGRAPH_END = re.compile(
    r"\s*\u2029\s*|\s*\u2028(?:\s*\u2028)+\s*|\s*\u2028(?=[\u3000\xa0])"
)

#: libxml2 drops what nests deeper than 256: beyond so many levels, elements lie side by side.
_DEEPEST = 200
_TOO_DEEP = "ERR_RESOURCE_LIMIT"
_EMPTY = b"<html><body></body></html>"


class Paragraph(NamedTuple):
    """A paragraph in one line, the block that holds it, and how many of its characters are links."""

    text: str
    block: Element
    linked: int


def parse(text: str) -> Element:
    """The tree of a page's text, whatever its markup is like; comments are left out."""
    data = text.replace("\0", "").encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        tree = lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # there is nothing in it
        return lxml_html.document_fromstring(_EMPTY, parser=parser)
    if any(entry.type_name == _TOO_DEEP for entry in parser.error_log):
        flat = etree.HTMLParser(target=_Flattened(parser), encoding="utf-8")
        tree = etree.fromstring(data, parser=flat)
    return tree


class _Flattened:
    """Builds a tree of no more than so many levels; all text stays, in its order."""

    def __init__(self, parser: Any) -> None:
        self._builder = etree.TreeBuilder(element_factory=parser.makeelement)
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element; too deep, it is closed at once, and what it holds comes behind it."""
        self._depth += 1
        self._builder.start(tag, dict(attributes))
        if self._depth > _DEEPEST:
            self._builder.end(tag)

    def end(self, tag: str) -> None:
        """Close an element, unless it was closed at once."""
        if self._depth <= _DEEPEST:
            self._builder.end(tag)
        self._depth -= 1

    def data(self, text: str) -> None:
        """Text between tags."""
        self._builder.data(text)

    def close(self) -> Element:
        """The tree."""
        return self._builder.close()


def select(tree: Element, *selectors: str) -> list[Element]:
    """The elements that any of the CSS selectors finds, in the order of the page."""
    given = [selector for selector in selectors if selector]
    found: list[Element] = _xpath(", ".join(given))(tree) if given else []
    return found


@lru_cache(maxsize=1_000)
def _xpath(selector: str) -> Any:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))


def take_out(element: Element) -> Element:
    """The element, out of its page; the text behind it stays there."""
    if element.getparent() is not None:
        element.drop_tree()
    return element


def value(element: Element) -> str:
    """What an element says: in ``content`` or ``datetime`` if it has one, else its text."""
    given = element.get("content") or element.get("datetime")
    return one_line(given or " ".join(element.itertext()))


def paragraphs(root: Element) -> Iterator[Paragraph]:
    """The paragraphs in an element: a block is one or several, an empty line parts them."""
    parts: list[str] = []
    linked = 0
    block = root
    for string, around, in_link in _strings(root):
        if string == _BLOCK_END:
            if parts:
                yield from _divide("".join(parts), block, linked)
                parts, linked = [], 0
        else:
            parts.append(string)
            block = around
            if in_link:
                linked += len(string.strip())


def _divide(text: str, block: Element, linked: int) -> Iterator[Paragraph]:
    for part in _PARAGRAPH_END.split(text) if _LINE_END in text else (text,):
        if plain := one_line(part.replace(_LINE_END, " ")):
            yield Paragraph(plain, block, min(linked, len(plain)))


def _strings(root: Element) -> Iterator[tuple[str, Element, bool]]:
    """The strings in ``root`` with the block around each and whether a link is, and the ends."""
    blocks = [root]
    links = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                yield _BLOCK_END, element, False
                blocks.append(element)
            elif tag in ("br", "lb"):
                yield _LINE_END, blocks[-1], False
            elif tag == "a":
                links += 1
            if element.text:
                yield element.text, blocks[-1], links > 0
            continue
        if tag in _BLOCKS:
            yield _BLOCK_END, blocks.pop(), False
        elif tag == "a":
            links -= 1
        if element.tail and element is not root:
            yield element.tail, blocks[-1], links > 0
    yield _BLOCK_END, root, False
