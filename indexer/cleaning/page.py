"""A page that selectors are known for: parsed however deep it nests, asked by CSS, read as paragraphs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

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


def parse(text: str) -> Tag:
    """The tree of a page's text, whatever its markup is like."""
    plain = text.replace("\0", "").encode("utf-8", "replace").decode()
    with warnings.catch_warnings():
        # BeautifulSoup remarks on what looks like XML, an address or the name of a file.
        warnings.simplefilter("ignore", UserWarning)
        # Whatever its element, text is text, as it is in lxml's tree.
        return _Flattened(
            plain, "lxml", string_containers={}, multi_valued_attributes=None
        )


class _Flattened(BeautifulSoup):
    """A tree of no more than so many levels; all text stays, in its order."""

    _depth = 0

    def handle_starttag(self, name: str, *args: Any, **kwargs: Any) -> Tag | None:
        """Open an element; too deep, it is closed at once, and what it holds comes behind it."""
        self._depth += 1
        opened = super().handle_starttag(name, *args, **kwargs)
        if self._depth > DEEPEST:
            super().handle_endtag(name)
        return opened

    def handle_endtag(self, name: str, nsprefix: str | None = None) -> None:
        """Close an element, unless it was closed at once."""
        if self._depth <= DEEPEST:
            super().handle_endtag(name, nsprefix)
        self._depth -= 1


def select(tree: Tag, *selectors: str) -> list[Tag]:
    """The elements that any of the CSS selectors finds, in the order of the page."""
    given = [selector for selector in selectors if selector]
    return list(tree.select(", ".join(given))) if given else []


def take_out(element: Tag) -> Tag:
    """The element, out of its page; the text behind it stays there."""
    return element.extract()


def value(element: Tag) -> str:
    """What an element says: in ``content`` or ``datetime`` if it has one, else its text."""
    given = element.get("content") or element.get("datetime")
    return one_line(str(given) if given else element.get_text(" "))


def paragraphs(root: Tag) -> Iterator[Paragraph]:
    """The paragraphs in an element: a block is one or several, an empty line parts them."""
    return gather(_strings(root, root, False), root)


def _strings(
    element: Tag, block: Tag, in_link: bool
) -> Iterator[tuple[str, Tag, bool]]:
    """The strings in ``element`` with the block around each and whether a link is, and the ends."""
    for child in element.contents:
        if isinstance(child, Tag):
            if child.name in BREAKS:
                yield LINE_END, block, False
            is_block = child.name in BLOCKS
            if is_block:
                yield BLOCK_END, child, False
            inner = child if is_block else block
            yield from _strings(child, inner, in_link or child.name == "a")
        elif type(child) is NavigableString:  # and no comment
            yield child, block, in_link
    if element is block:
        yield BLOCK_END, block, False
