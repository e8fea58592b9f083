"""Cleaning: from a readout's text or markup to statements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from indexer.cleaning.draft import Draft, finish
from indexer.cleaning.ids import statement_id
from indexer.cleaning.objects import draft_of_object, line_id, parse_object
from indexer.cleaning.plain import draft_of_text
from indexer.errors import ReadoutError
from indexer.readouts import Readout
from indexer.source import Source
from indexer.statement import Statement

__all__ = ["clean", "rules", "statement_id"]

#: Raised when the same readout gives another statement by code that changed; data tells by itself.
_VERSION = 4


@cache
def rules() -> str:
    """What is another text when the same readout may give another statement.

    Of sources and profiles it says nothing: they have digests of their own.
    """
    digest = hashlib.sha256()
    folder = resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            digest.update(file.read_bytes())
    return f"{_VERSION} {digest.hexdigest()}"


def clean(readout: Readout, source: Source) -> Iterator[Statement | ReadoutError]:
    """The statements in a readout: one, or of a .jsonl one a line.

    What gives no statement gives a ReadoutError in its place, with the file's path below raw/
    (and the line) and a reason that tells what to do; nothing is raised.
    """
    try:
        if readout.suffix == ".jsonl":
            yield from _clean_lines(readout, source)
        else:
            yield _clean_file(readout, source)
    except ReadoutError as error:
        yield error


def _clean_file(readout: Readout, source: Source) -> Statement:
    draft = Draft(id=statement_id(readout.name), name=readout.name)
    if readout.suffix in (".pdf", ".docx"):
        from indexer.cleaning.documents import draft_of_document

        return finish(draft_of_document(readout.data, readout.suffix, draft), source)
    text = readout.text()
    if readout.suffix == ".txt":
        draft_of_text(text, draft)
    elif readout.suffix == ".json":
        draft_of_object(parse_object(text, readout.name), draft)
    else:
        from indexer.cleaning.markup import draft_of_page  # loads lxml, for pages only

        source = draft_of_page(text, draft, source)
    return finish(draft, source)


def _clean_lines(
    readout: Readout, source: Source
) -> Iterator[Statement | ReadoutError]:
    lines_of_ids: dict[str, int] = {}
    for number, line in readout.lines():
        where = f"{readout.name}, line {number}"
        try:
            if isinstance(line, ReadoutError):
                raise ReadoutError(where, line.reason)
            values = parse_object(line, where)
            given = line_id(values, where)
            first = lines_of_ids.setdefault(given, number) if given else number
            if first != number:
                reason = f"has the id {given!r} of line {first}; give it one of its own"
                raise ReadoutError(where, reason)
            draft = Draft(id=statement_id(readout.name, given or number), name=where)
            yield finish(draft_of_object(values, draft), source)
        except ReadoutError as error:
            yield error
