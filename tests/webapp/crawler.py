"""A reader who follows every address that an answer holds, whatever kind of answer it is."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

#: Status, headers by their names in small letters, body.
Answer = tuple[int, dict[str, str], str]

_ATTRIBUTES = ("href", "xlink:href", "src", "action", "formaction", "data", "poster")
_ADDRESSES = {"next", "prev", "previous", "self", "url", "href", "address", "location"}
_ABSOLUTE = re.compile(r"https?://[^\s\"'<>{}\\]+")


@dataclass
class Crawl:
    """What was found below ``base``, an absolute address: every answer by its address.

    ``outside`` are addresses of the same host beside ``base``, with those that told them, and
    ``elsewhere`` the hosts of all others.
    """

    base: str
    fetch: Callable[[str], Answer]
    answers: dict[str, Answer] = field(default_factory=dict)
    outside: set[tuple[str, str]] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)

    def run(self) -> Crawl:
        """Follow every address that asks for anything new."""
        asked: set[object] = set()
        waiting = deque([self.base])
        while waiting:
            at = waiting.popleft()
            features = _features(at)
            if features <= asked:
                continue
            asked |= features
            answer = self.answers[at] = self.fetch(at)
            for each in told(at, answer):
                if urlsplit(each).netloc != urlsplit(self.base).netloc:
                    self.elsewhere.add(urlsplit(each).netloc)
                elif not each.startswith(self.base):
                    self.outside.add((each, at))
                else:
                    waiting.append(each)
        return self

    @property
    def failed(self) -> dict[str, int]:
        """Addresses whose answer is an error."""
        return {
            at: answer[0] for at, answer in self.answers.items() if answer[0] >= 400
        }


def told(at: str, answer: Answer) -> Iterator[str]:
    """The absolute addresses, without fragment, that an answer at ``at`` holds."""
    _, headers, body = answer
    kind = headers.get("content-type", "").partition(";")[0]
    found = [
        headers[name] for name in ("location", "content-location") if name in headers
    ]
    found += re.findall("<([^>]+)>", headers.get("link", ""))
    found += [html.unescape(each).rstrip(".,;)]") for each in _ABSOLUTE.findall(body)]
    if kind == "text/html":
        found += _of_page(BeautifulSoup(body, "lxml"))
    elif kind.endswith("xml"):
        found += _of_xml(BeautifulSoup(body, "xml"))
    elif kind.endswith("json") and body:
        found += _of_json(json.loads(body)) if "ndjson" not in kind else []
    elif kind == "text/css":
        found += re.findall(r"url\(['\"]?([^)'\"]+)", body)
    for each in found:
        address = urldefrag(urljoin(at, each)).url
        if urlsplit(address).scheme in ("http", "https"):
            yield address


def _of_page(page: BeautifulSoup) -> Iterator[str]:
    for element in page.find_all(True):
        yield from _attributes(element)
    for form in page.find_all("form"):
        fields = [
            (str(each["name"]), "japan" if each["type"] == "search" else "")
            for each in form.select("input[name][type]:not([type=checkbox])")
        ]
        for choice in form.select("select[name]"):
            for option in choice.find_all("option"):
                chosen = (str(choice["name"]), str(option.get("value", "")))
                yield f"{form['action']}?{urlencode([*fields, chosen])}"
        yield f"{form['action']}?{urlencode(fields)}"


def _of_xml(page: BeautifulSoup) -> Iterator[str]:
    for element in page.find_all(True):
        yield from _attributes(element)
        if template := element.get("template"):  # of OpenSearch
            filled = str(template).replace("{searchTerms}", "japan")
            yield re.sub(r"\{[^}]*\}", "", filled)


def _attributes(element: Tag) -> Iterator[str]:
    for name in _ATTRIBUTES:
        if isinstance(value := element.get(name), str) and value:
            yield value


def _of_json(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _of_json(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _of_json(part, key)
    elif isinstance(value, str) and value and key in _ADDRESSES:
        yield value


def _features(address: str) -> set[object]:
    """What an address asks for: a kind of page, and each argument of it by its name."""
    parts = urlsplit(address)
    path = re.sub(r"(/statements/)(?!.*/statements/)[^.]*", r"\1*", parts.path)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = (path, asked.get("view"))
    return {page, *((*page, name) for name in asked)}
