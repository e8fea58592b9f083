"""HTML pages: by selectors that are known, or else by rule."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from bs4 import Tag

from indexer.cleaning.article import article, captions
from indexer.cleaning.draft import Draft
from indexer.cleaning.head import Date, Head, day_in
from indexer.cleaning.page import paragraphs, parse, select, take_out, value
from indexer.cleaning.tree import parse_tree
from indexer.dates import parse_date
from indexer.errors import ReadoutError
from indexer.profiles import profile_of
from indexer.source import Selectors, Source

# Never part of what was stated, even within a body.
_DROP = tuple(
    "script style noscript template nav header footer aside form button select iframe svg video"
    " audio object [hidden]".split()
)
_CAPTIONS = ("figcaption", ".caption", ".wp-caption-text")

#: A title stands among so many paragraphs at the beginning of a page.
_FIRST = 5


def draft_of_page(text: str, draft: Draft, source: Source) -> Source:
    """Fill the draft with what a page says; the source that holds for this page.

    That is the given one over the profile which the page's address chooses. Raises ReadoutError
    where the source's own selectors find no body, or a date that is none.
    """
    head = Head(tree := parse_tree(text))
    draft.url = head.address(source.url_base)
    if not source.profile:
        profile = profile_of(draft.url or head.base())
        source = source.over(profile) if profile else source
    if not source.language:
        draft.language = head.language().partition("-")[0].lower()
    selectors = source.selectors
    # BeautifulSoup takes ten times as long as lxml: only what is selected waits for it.
    page = parse(text if selectors != Selectors() else "")
    draft.place = _first(page, selectors.place)
    draft.speakers = tuple(map(value, select(page, selectors.speakers))) or None
    draft.date = _date(page, head, draft, source)
    titles = [_first(page, selectors.title), *head.titles(source.name)]
    draft.title = next(filter(None, titles), "")
    bodies = _outermost(select(page, selectors.body))
    if selectors.body and source.strict and not bodies:
        reason = f"has nothing at {selectors.body!r}; correct selectors.body in its source.toml"
        raise ReadoutError(draft.name, reason)
    below_photos = (*_CAPTIONS, *selectors.captions)
    for root in bodies:
        for element in select(root, *selectors.drop, *_DROP):
            take_out(element)
        draft.captions += (
            value(take_out(each)) for each in select(root, *below_photos)
        )
        draft.paragraphs += (each.text for each in paragraphs(root))
    if not bodies:
        draft.captions += captions(tree)
        draft.captions += map(value, select(page, *selectors.captions))
        draft.paragraphs = _without(titles, draft.captions, article(tree))
    return source


def _without(titles: list[str], captions: list[str], found: list[str]) -> list[str]:
    """The paragraphs of an article less its headings and captions, which stand elsewhere."""
    first = [text for text in found[:_FIRST] if text not in titles]
    return [text for text in first + found[_FIRST:] if text not in captions]


def _outermost(found: list[Tag]) -> list[Tag]:
    """The elements that are not within another one of them."""
    ids = {id(element) for element in found}  # equal ones need not be the same
    return [tag for tag in found if ids.isdisjoint(map(id, tag.parents))]


def _date(page: Tag, head: Head, draft: Draft, source: Source) -> Date | None:
    written = _first(page, source.selectors.date)
    if written:
        try:
            return day_in(written, source.timezone)
        except ValueError as error:
            if source.strict:
                raise ReadoutError(draft.name, f"its date: {error}") from None
    if found := next(head.dates(source.timezone), None):
        return found
    return _named_date(draft, source)


def _named_date(draft: Draft, source: Source) -> Date | None:
    """The date in the name of the file, or in the last part of the address."""
    for path in (draft.name, urlsplit(draft.url).path):
        name = os.path.splitext(os.path.basename(path))[0]
        match = source.file_name.fullmatch(name) if source.file_name else None
        if match and "date" in match.groupdict():
            try:
                return parse_date(match["date"])
            except ValueError:
                continue  # figures that only look like one
    return None


def _first(page: Tag, selector: str) -> str:
    found = select(page, selector)
    return value(found[0]) if found else ""
