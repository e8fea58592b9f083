"""A page as lxml's tree, for its head and for what is found by rule: parsed however deep it nests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree
from lxml import html as lxml_html

from indexer.cleaning.blocks import (
    BLOCK_END,
    BLOCKS,
    BREAKS,
    DEEPEST,
    LINE_END,
    Paragraph,
    gather,
)
from indexer.cleaning.text import one_line

#: An element of the tree: lxml tells no types.
Element: TypeAlias = Any

_TOO_DEEP = "ERR_RESOURCE_LIMIT"
_EMPTY = b"<html><body></body></html>"


def parse_tree(text: str) -> Element:
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
        if self._depth > DEEPEST:
            self._builder.end(tag)

    def end(self, tag: str) -> None:
        """Close an element, unless it was closed at once."""
        if self._depth <= DEEPEST:
            self._builder.end(tag)
        self._depth -= 1

    def data(self, text: str) -> None:
        """Text between tags."""
        self._builder.data(text)

    def close(self) -> Element:
        """The tree."""
        return self._builder.close()


def tree_value(element: Element) -> str:
    """What an element says: in ``content`` or ``datetime`` if it has one, else its text."""
    given = element.get("content") or element.get("datetime")
    return one_line(given or " ".join(element.itertext()))


def tree_paragraphs(root: Element) -> Iterator[Paragraph]:
    """The paragraphs in an element: a block is one or several, an empty line parts them."""
    return gather(_strings(root), root)


def _strings(root: Element) -> Iterator[tuple[str, Element, bool]]:
    """The strings in ``root`` with the block around each and whether a link is, and the ends."""
    blocks = [root]
    links = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in BLOCKS:
                yield BLOCK_END, element, False
                blocks.append(element)
            elif tag in BREAKS:
                yield LINE_END, blocks[-1], False
            elif tag == "a":
                links += 1
            if element.text:
                yield element.text, blocks[-1], links > 0
            continue
        if tag in BLOCKS:
            yield BLOCK_END, blocks.pop(), False
        elif tag == "a":
            links -= 1
        if element.tail and element is not root:
            yield element.tail, blocks[-1], links > 0
    yield BLOCK_END, root, False
