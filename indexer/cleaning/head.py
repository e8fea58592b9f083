"""What a page says of itself: title, day, address and language, in its head and its marks."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from indexer.cleaning.datelines import labelled_date
from indexer.cleaning.draft import web_address
from indexer.cleaning.text import one_line
from indexer.cleaning.tree import Element, tree_value

_DATES = (
    "article:published_time og:published_time pubdate publishdate publish_date publication_date"
    " dc.date dc.date.issued dcterms.date dcterms.issued dcterms.created date datepublished"
    " citation_date sailthru.date parsely-pub-date govuk:first-published-at"
).split()
_TITLES = ("articletitle", "citation_title", "dc.title", "dcterms.title")
_SEPARATORS = (" | ", " - ", " – ", " — ", " :: ", "｜", "_", "－")

# Objects of schema.org that are what a page is about.
_ARTICLES = re.compile(r"\w*Article|BlogPosting|Report|WebPage|PressRelease")
_MOST_OBJECTS = 200

_IN_UTC = re.compile(r"[T ]\d\d?:\d\d.*(?:Z|[+-]00:?00)$")

Date = tuple[datetime.date, str]


class Head:
    """The head of a page, read before anything is taken out of it."""

    def __init__(self, tree: Element) -> None:
        self._tree = tree
        self.meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            name = (
                element.get("property")
                or element.get("name")
                or element.get("itemprop")
            )
            content = one_line(element.get("content", ""))
            if name and content:
                self.meta.setdefault(name.lower(), content)

    def address(self, base: str = "") -> str:
        """The page's own address, "" where it tells none; ``base`` is for a relative one."""
        links = self._tree.xpath("//link[@rel='canonical'][@href]")
        bases = self._tree.xpath("//base[@href]")
        base = web_address(bases[0].get("href"), base) if bases else base
        given = (
            links[0].get("href") if links else "",
            self.meta.get("og:url", ""),
            self.meta.get("url", ""),
        )
        found = (web_address(url, base) for url in given if url)
        return next(filter(None, found), "")

    def base(self) -> str:
        """The address of the site that a page which tells no address of its own links to."""
        bases = self._tree.xpath("//base[@href]")
        return web_address(bases[0].get("href")) if bases else ""

    def language(self) -> str:
        """The language that the page declares, as it writes it."""
        return one_line(self._tree.get("lang", ""))

    def titles(self, site: str = "") -> Iterator[str]:
        """What may be the title, the best first: headings, metadata, the title of the window."""
        for name in _TITLES:
            if name in self.meta:
                yield self.meta[name]
        marked = self._tree.xpath("//article//h1 | //main//h1")
        for heading in marked or self._tree.iter("h1"):
            yield tree_value(heading)
        sites = {site, self.meta.get("og:site_name", ""), self.meta.get("sitename", "")}
        windows = [tree_value(each) for each in self._tree.iter("title")][:1]
        for title in (self.meta.get("og:title", ""), *windows):
            yield _without_site(title, sites - {""})

    def dates(self, timezone: str = "") -> Iterator[Date]:
        """The days that the page's metadata gives, the best first; what is none is left out."""
        for written in self._written_dates():
            try:
                yield day_in(written, timezone)
            except ValueError:
                continue  # another of the page's words for it may be a date

    def _written_dates(self) -> Iterator[str]:
        for name in _DATES:
            if name in self.meta:
                yield self.meta[name]
        yield from self._published()
        times = self._tree.xpath("//article//time[@datetime] | //main//time[@datetime]")
        for element in times or self._tree.xpath("//time[@datetime]")[:1]:
            yield tree_value(element)

    def _published(self) -> Iterator[str]:
        """What JSON-LD calls the date of publication."""
        for script in self._tree.xpath("//script[@type='application/ld+json']"):
            try:
                data = json.loads(script.text_content(), strict=False)
            except (ValueError, RecursionError):
                continue  # scripts are written by hand, and often wrong
            for each in _objects(data):
                kinds = each.get("@type")
                names = kinds if isinstance(kinds, list) else [kinds]
                written = each.get("datePublished")
                if isinstance(written, str) and any(
                    isinstance(name, str) and _ARTICLES.fullmatch(name)
                    for name in names
                ):
                    yield written


def day_in(written: str, timezone: str) -> Date:
    """The day and its precision; a moment in UTC gives the day it was in the time zone.

    Raises ValueError, with a sentence, where it is no date.
    """
    plain = written.strip()
    if timezone and _IN_UTC.search(plain):
        try:
            moment = datetime.datetime.fromisoformat(plain)
            return moment.astimezone(ZoneInfo(timezone)).date(), "day"
        except (ValueError, OverflowError):
            pass  # written in another way than ISO 8601: the day as it stands
    return labelled_date(plain)


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        found = waiting.pop(0)
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            yield found
            waiting.append(found.get("@graph"))


def _without_site(title: str, sites: set[str]) -> str:
    for separator in _SEPARATORS:
        first, _, last = title.rpartition(separator)
        if first and last.strip() in sites:
            return first.strip()
    return title
