"""HTML pages: by the source's selectors, or the page's own marks, or its largest block of text."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from indexer.cleaning.datelines import labelled_date
from indexer.cleaning.draft import Draft, web_address
from indexer.cleaning.text import one_line
from indexer.errors import ReadoutError
from indexer.sources import Source

# Never part of what was stated.
_DROP = (
    "script, style, noscript, template, nav, header, footer, aside, form, button, select, iframe, svg,"
    " video, audio, object, [hidden], [role=navigation], [role=banner], [role=contentinfo]"
)
_CAPTIONS = "figcaption, .caption, .wp-caption-text"
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
        ),
        *(
            "fieldset",
            "figure",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "main",
            "ol",
            "p",
        ),
        *("pre", "section", "table", "tbody", "td", "th", "tr", "ul"),
    )
)
_PARAGRAPHS = ("p", "li", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "td", "th")
_DATES = (
    *(
        "article:published_time",
        "og:published_time",
        "pubdate",
        "publishdate",
        "publish_date",
    ),
    *(
        "publication_date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "dcterms.created",
    ),
    *("date", "datepublished", "citation_date", "sailthru.date", "parsely-pub-date"),
)

# Stand for the ends of blocks and of lines: text itself holds none of the two.
_BLOCK_END, _LINE_END = "\x1e", "\x1f"
_PARAGRAPH_END = re.compile(
    f"{_BLOCK_END}|{_LINE_END}\\s*{_LINE_END}|{_LINE_END}(?=[\\n\\t ]*[\u3000\xa0])"
)

#: An article of fewer characters is a teaser.
_FEW = 200

#: A string of fewer characters is more likely a link than a sentence.
_LINK = 10


def draft_of_page(text: str, draft: Draft, source: Source) -> Draft:
    """The draft with what a page says.

    Raises ReadoutError where the source's selectors find no body, or a date that is none.
    """
    soup = BeautifulSoup(text, "lxml")
    metadata = _metadata(soup)
    draft.url = _url(soup, metadata, source)
    if not source.language and isinstance(soup.html, Tag):
        draft.language = one_line(str(soup.html.get("lang", "")))
    draft.place = _first(soup, source.selectors.place)
    draft.date = _date(soup, metadata, draft.name, source)
    draft.title = _take_title(soup, metadata, source)
    for tag in soup.select(", ".join((_DROP, *source.selectors.drop))):
        tag.extract()
    for tag in soup.select(", ".join((_CAPTIONS, *source.selectors.captions))):
        draft.captions.append(_value(tag.extract()))
    for block in _bodies(soup, draft.name, source):
        draft.paragraphs.extend(_paragraphs(block))
    return draft


def _metadata(soup: BeautifulSoup) -> dict[str, str]:
    """What the page's meta elements say, by name in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in soup.find_all("meta", content=True):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        value = one_line(str(tag["content"]))
        if name and value:
            found.setdefault(str(name).lower(), value)
    return found


def _url(soup: BeautifulSoup, metadata: dict[str, str], source: Source) -> str:
    link = soup.find("link", rel="canonical", href=True)
    given = (str(link["href"]) if link else "", metadata.get("og:url", ""))
    return next(
        filter(None, (web_address(url, source.url_base) for url in given if url)), ""
    )


def _date(
    soup: BeautifulSoup, metadata: dict[str, str], name: str, source: Source
) -> tuple[datetime.date, str] | None:
    written = _first(soup, source.selectors.date)
    if written:
        try:
            return labelled_date(written)
        except ValueError as error:
            raise ReadoutError(name, f"its date: {error}") from None
    times = soup.select("article time[datetime], main time[datetime]")
    for value in (
        *(metadata.get(key, "") for key in _DATES),
        *(_value(tag) for tag in times or soup.select("time[datetime]")[:1]),
    ):
        try:
            return labelled_date(value)
        except ValueError:
            continue  # another of the page's words for it may be a date
    return None


def _take_title(soup: BeautifulSoup, metadata: dict[str, str], source: Source) -> str:
    """The title, taken out of the page, so that the text does not repeat it."""
    if title := _first(soup, source.selectors.title):
        for tag in soup.select(source.selectors.title)[:1]:
            tag.extract()
        return title
    headings = soup.select("article h1, main h1") or soup.find_all("h1")
    for tag in headings:
        if title := _value(tag):
            tag.extract()
            return title
    title = metadata.get("og:title") or _first(soup, "title")
    for separator in (" | ", " - ", " – ", " — ", "_"):
        head, _, site = title.rpartition(separator)
        if head and site in (source.name, metadata.get("og:site_name")):
            return head
    return title


def _bodies(soup: BeautifulSoup, name: str, source: Source) -> list[Tag]:
    """The elements that hold the text."""
    if selector := source.selectors.body:
        found = soup.select(selector)
        if not found:
            reason = f"has nothing at {selector!r}; correct selectors.body in its source.toml"
            raise ReadoutError(name, reason)
        inner = {id(child) for tag in found for child in tag.find_all(True)}
        return [tag for tag in found if id(tag) not in inner]
    marked = [
        (len(tag.get_text()), tag) for tag in soup.select("article, main, [role=main]")
    ]
    most = max((size for size, _ in marked), default=0)
    if most >= _FEW:
        return [
            min(
                (pair for pair in marked if 2 * pair[0] >= most),
                key=lambda pair: pair[0],
            )[1]
        ]
    return [_largest_block(soup)]


def _largest_block(soup: BeautifulSoup) -> Tag:
    """The element whose own paragraphs hold most text."""
    tags: dict[int, Tag] = {}
    sizes: Counter[int] = Counter()
    for block, string in _strings(soup):
        size = len(string.strip())
        if size < _LINK:
            continue
        around = block.parent or block
        tags |= {id(block): block, id(around): around}
        sizes[id(around)] += size
        if block.name not in _PARAGRAPHS:  # it may hold the text itself
            sizes[id(block)] += 2 * size
    return tags[max(sizes, key=sizes.__getitem__)] if sizes else soup


def _paragraphs(block: Tag) -> Iterator[str]:
    strings = (string for _, string in _strings(block))
    for paragraph in _PARAGRAPH_END.split("".join(strings)):
        if plain := one_line(paragraph.replace(_LINE_END, " ")):
            yield plain


def _strings(root: Tag) -> Iterator[tuple[Tag, str]]:
    """The strings in ``root`` with the block each is in, and the ends of lines and blocks.

    A page may nest so deeply that neither recursion nor a search for parents would do.
    """
    open_tags = [(iter(root.contents), root, True)]
    while open_tags:
        children, block, is_block = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            if is_block:
                yield block, _BLOCK_END
        elif isinstance(child, Tag) and child.name == "br":
            yield block, _LINE_END
        elif isinstance(child, Tag):
            is_block = child.name in _BLOCKS
            if is_block:
                yield block, _BLOCK_END
            open_tags.append(
                (iter(child.contents), child if is_block else block, is_block)
            )
        elif type(child) is NavigableString:  # and no comment
            yield block, child


def _first(soup: BeautifulSoup, selector: str) -> str:
    tag = soup.select_one(selector) if selector else None
    return _value(tag) if tag else ""


def _value(tag: Tag) -> str:
    """What an element says: in ``content`` or ``datetime`` if it has one, else its text."""
    given = tag.get("content") or tag.get("datetime")
    return one_line(str(given) if given else tag.get_text(" "))
