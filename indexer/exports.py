"""All hits of a search as a file, piece by piece: CSV, JSON, NDJSON, RIS, BibTeX or text.

Each tells the query in its canonical text, the generation of the index, the fingerprint of the
corpus and the time. CSV is that of RFC 4180: a line of names, lines that end in CR LF, every cell in
quotes; there are no comments, so what holds for the whole search stands in the last columns of each
line. NDJSON has it in its first line, RIS in a note of each record. A hit quotes some of its
matches, ``most_snippets`` pieces of its text at most, and counts them all in ``occurrences``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from indexer.answer import canonical, hit_object, index_object, interpretation, only
from indexer.citation import Citation, bibtex, ris
from indexer.search import AllHits, Hit, SearchRequest, Snippet
from indexer.sheet import line
from indexer.statement import Statement

COLUMNS = (
    *("result", "id", "title", "date", "date_precision", "source", "kind", "place"),
    *("countries", "speakers", "language", "url", "address", "occurrences", "snippets"),
    *("total", "most_snippets", "query", "filters", "sort"),
    *("generation", "fingerprint", "exported_at"),
)

_SIZE = {"year": 4, "month": 7}  # characters of an ISO 8601 day that are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is exported: ``found`` answered ``request`` at ``made`` (UTC).

    ``address`` gives the web address of a statement by its id, "" where it has none; ``names``
    are the sources' own by id, of those that have one.
    """

    request: SearchRequest
    found: AllHits
    made: datetime.datetime
    address: Callable[[str], str]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> dict[str, object]:
        """What holds for all of it."""
        return {
            "query": canonical(self.request),
            "interpreted": interpretation(self.request),
            "filters": {n: list(values) for n, values in self.request.filters.items()},
            "sort": self.request.sort.value,
            "total": self.found.total,
            "most_snippets": self.request.snippets,
            "index": index_object(self.found.index),
            "exported_at": self.made.isoformat(timespec="seconds"),
        }

    @property
    def note(self) -> str:
        """The same in a sentence or two."""
        index = self.found.index
        filters = only(self.request)
        return (
            f"{self.found.total} found for: {canonical(self.request) or 'all statements'}"
            f"{f' ({filters})' if filters else ''}. Exported "
            f"{self.made.isoformat(timespec='seconds')} from generation {index.generation} of "
            f"{index.statements} statements, fingerprint {index.fingerprint}."
        )

    def citation(self, statement: Statement) -> Citation:
        """The citation of a hit's statement."""
        return Citation(
            statement=statement,
            retrieved=self.made.date(),
            address=self.address(statement.id),
            name=self.names.get(statement.source, ""),
        )

    def record(self, number: int, hit: Hit) -> dict[str, object]:
        """A hit as JSON."""
        statement = hit.statement
        return {
            "result": number,
            **hit_object(hit),
            "place": statement.place,
            "countries": list(statement.countries),
            "speakers": list(statement.speakers),
            "address": self.address(statement.id),
            "occurrences": hit.occurrences,
            "sha256_begins": self.citation(statement).digest,
        }


def as_csv(export: Export) -> Iterator[str]:
    """A line for each hit. A cell that a spreadsheet would take for a formula begins with "'"."""
    request, index = export.request, export.found.index
    whole = (
        export.found.total,
        request.snippets,
        canonical(request),
        only(request),
        request.sort.value,
        index.generation,
        index.fingerprint,
        export.made.isoformat(timespec="seconds"),
    )
    yield line(COLUMNS)
    for number, hit in enumerate(export.found.hits, 1):
        said = hit.statement
        yield line(
            (
                number,
                said.id,
                said.title,
                date_cell(said),
                said.date_precision if said.date else "",
                said.source,
                said.kind,
                said.place,
                "; ".join(said.countries),
                "; ".join(said.speakers),
                said.language,
                said.url,
                export.address(said.id),
                hit.occurrences,
                " … ".join(snippet.text for snippet in hit.snippets),
                *whole,
            )
        )


def as_json(export: Export) -> Iterator[str]:
    """One object: what holds for all, and ``hits``."""
    head = _json(export.head).removesuffix("}")
    yield f'{head}, "hits": ['
    for number, hit in enumerate(export.found.hits, 1):
        yield f"{',' if number > 1 else ''}\n{_json(export.record(number, hit))}"
    yield "\n]}\n"


def as_ndjson(export: Export) -> Iterator[str]:
    """An object a line: first what holds for all, then each hit."""
    yield f"{_json(export.head)}\n"
    for number, hit in enumerate(export.found.hits, 1):
        yield f"{_json(export.record(number, hit))}\n"


def as_ris(export: Export) -> Iterator[str]:
    """A record for each hit."""
    for hit in export.found.hits:
        yield ris(export.citation(hit.statement), [export.note])


def as_bibtex(export: Export) -> Iterator[str]:
    """An entry for each hit, behind a comment: to BibTeX all between entries is one, but for @."""
    yield f"{_one_line(export.note).replace('@', '(at)')}\n"
    for hit in export.found.hits:
        yield f"\n{bibtex(export.citation(hit.statement))}"


def as_text(export: Export) -> Iterator[str]:
    """For people: the search in words, then each hit with its snippets, matches in « »."""
    yield f"Searched for {_one_line(interpretation(export.request))}\n{_one_line(export.note)}\n"
    yield (
        f"Of each statement up to {export.request.snippets} passages are quoted, and all matches "
        "counted; lines in context have every match.\n"
    )
    for number, hit in enumerate(export.found.hits, 1):
        said = hit.statement
        matches = "1 match" if hit.occurrences == 1 else f"{hit.occurrences} matches"
        about = (
            date_cell(said) or "Undated",
            export.names.get(said.source, said.source),
            said.kind,
            matches if hit.occurrences else "",
        )
        yield f"\n{number}. {_one_line(said.title) or 'Untitled'}\n"
        yield f"   {_one_line(' · '.join(filter(None, about)))}\n"
        yield f"   {export.address(said.id) or said.id}\n"
        for snippet in hit.snippets:
            yield f"   {_one_line(_marked(snippet))}\n"


#: The forms by their names: media type, and what writes it.
FORMS: Mapping[str, tuple[str, Callable[[Export], Iterator[str]]]] = {
    "csv": ("text/csv", as_csv),
    "json": ("application/json", as_json),
    "ndjson": ("application/x-ndjson", as_ndjson),
    "ris": ("application/x-research-info-systems", as_ris),
    "bib": ("application/x-bibtex", as_bibtex),
    "txt": ("text/plain", as_text),
}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def date_cell(statement: Statement) -> str:
    """As much of the date as is known, "" of an undated one."""
    if statement.date is None:
        return ""
    return statement.date.isoformat()[: _SIZE.get(statement.date_precision, 10)]


def _marked(snippet: Snippet) -> str:
    text, done = "", 0
    for start, end in snippet.marks:
        text += f"{snippet.text[done:start]}«{snippet.text[start:end]}»"
        done = end
    return text + snippet.text[done:]


def _one_line(text: str) -> str:
    return " ".join(text.split())
