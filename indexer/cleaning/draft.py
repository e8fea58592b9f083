"""What a file says before it is a statement, and how it becomes one."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from indexer.cleaning.countries import countries_of
from indexer.cleaning.furniture import split_credit, take_apart
from indexer.cleaning.kinds import kind_of
from indexer.cleaning.language import language_of
from indexer.cleaning.speakers import speakers_of
from indexer.cleaning.text import one_line
from indexer.cleaning.transcripts import joined
from indexer.errors import ReadoutError
from indexer.source import Source
from indexer.statement import Statement


@dataclass(slots=True, kw_only=True)
class Draft:
    """The parts that a file of any shape gives; ``name`` is its path below raw/.

    ``title`` is a headline or a caption; ``date`` is a day and its precision, or None; countries
    and speakers are None where the file does not say them.
    """

    id: str
    name: str
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    date: tuple[datetime.date, str] | None = None
    captions: list[str] = field(default_factory=list)
    place: str = ""
    agency: str = ""
    kind: str = ""
    countries: tuple[str, ...] | None = None
    speakers: tuple[str, ...] | None = None
    language: str = ""
    url: str = ""


def finish(draft: Draft, source: Source) -> Statement:
    """The statement: furniture apart from the text, the source's words where the file has none.

    What neither says of language, kind, countries and speakers is read in the text, if it is sure.

    Raises ReadoutError where no text is left.
    """
    whole = one_line(draft.title)
    title, credit = split_credit(whole)
    if not title and whole[:1].isalnum():  # "Photos: ..." is a headline as well
        title, credit = whole, ""
    if draft.paragraphs and draft.paragraphs[0] == title:
        del draft.paragraphs[0]
    parts = take_apart(joined(draft.paragraphs), source)
    if not parts.body:
        raise ReadoutError(
            draft.name,
            "holds no text once captions and boilerplate are gone; fetch it again, "
            "or correct the source's source.toml",
        )
    captions = [one_line(caption) for caption in draft.captions] + parts.captions
    if credit:
        captions.insert(0, whole)
    else:
        captions = [_without(title, caption) for caption in captions]
    date, precision = draft.date or (None, "day")
    if parts.day and (date is None or precision != "day"):
        if day := parts.day.within(draft.date):
            date, precision = day, "day"
    title = title or _stem(draft.name)
    text = "\n\n".join(parts.body)
    language = draft.language or source.language or language_of(text)
    kind = draft.kind or kind_of(title, parts.body) or source.kind
    countries, speakers = draft.countries, draft.speakers
    if countries is None:
        countries = countries_of(title, parts.body, language)
    if speakers is None:
        speakers = speakers_of(title, parts.body, language, kind)
    return Statement(
        id=draft.id,
        title=title,
        text=text,
        date=date,
        date_precision=precision,
        source=source.id,
        kind=kind,
        place=draft.place or parts.place,
        agency=draft.agency or parts.agency,
        countries=countries,
        speakers=speakers,
        language=language,
        url=draft.url or _address(draft.name, source),
        captions=tuple(dict.fromkeys(filter(None, captions))),
    )


def web_address(url: str, base: str = "") -> str:
    """The absolute http or https address, from ``base`` where it is relative; "" if it is none."""
    try:
        whole = urljoin(base, url.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    usable = (
        parts.scheme in ("http", "https") and parts.hostname and whole.isprintable()
    )
    return whole if usable and " " not in whole and len(whole) <= 2_000 else ""


def _without(title: str, caption: str) -> str:
    """The caption less a title that it repeats: a headline stays one (Statement.headline)."""
    rest = caption.removeprefix(title).strip()
    return caption if rest[:1].isalnum() else rest


def _address(name: str, source: Source) -> str:
    if not (source.url_base and source.url_form):
        return ""
    path = os.path.splitext(name)[0].removeprefix(source.id + "/")
    words = {"path": path, "name": _stem(name)}
    if source.file_name:
        match = source.file_name.fullmatch(words["name"])
        if not match:
            return ""
        words |= match.groupdict(default="")
    form = source.url_form.format(**{word: quote(words[word]) for word in words})
    return web_address(form, source.url_base)


def _stem(name: str) -> str:
    return os.path.splitext(os.path.basename(name))[0]
