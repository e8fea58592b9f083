"""Segments made: from statements, and from other segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import keyword_arrays, text_arrays
from indexer.engines.whoosh.documents import DocumentsBuilder, merge_documents
from indexer.engines.whoosh.segment import (
    KEYWORD_FIELDS,
    TEXT_FIELDS,
    Segment,
    keywords,
)
from indexer.statement import Statement

_NAMES = ("id", *KEYWORD_FIELDS, *TEXT_FIELDS)


class _Numbers(dict[bytes, int]):
    """Numbers its keys in the order in which they are first asked for."""

    def __missing__(self, key: bytes) -> int:
        self[key] = number = len(self)
        return number


class SegmentBuilder:
    """Collects statements and gives the arrays of a segment.

    ``language`` is the Snowball language of the stems.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._documents = DocumentsBuilder()
        self._terms = {name: _Numbers() for name in _NAMES}
        self._streams: dict[str, list[Array]] = {name: [] for name in _NAMES}
        self.tokens = 0

    def __len__(self) -> int:
        return len(self._streams["id"])

    def add(self, statement: Statement, digest: str) -> None:
        """Take a statement in as the next document."""
        for name, values in keywords(statement).items():
            self._add(name, [value.encode() for value in values])
        self._add("title", tokenize_bytes(statement.headline))
        self._add("text", tokenize_bytes(statement.text))
        self._documents.add(statement, digest)

    def _add(self, name: str, terms: list[bytes]) -> None:
        numbers = map(self._terms[name].__getitem__, terms)
        self._streams[name].append(np.fromiter(numbers, np.int32, len(terms)))
        self.tokens += len(terms)

    def drop(self, places: Sequence[int]) -> None:
        """Forget documents, told by the order in which they were added."""
        gone = set(places)
        for name, streams in self._streams.items():
            self._streams[name] = [s for i, s in enumerate(streams) if i not in gone]
        self._documents.drop(gone)

    def arrays(self) -> dict[str, Array]:
        """The arrays of the segment."""
        arrays = self._documents.arrays()
        for name, streams in self._streams.items():
            lengths = np.fromiter(map(len, streams), np.int64, len(streams))
            part = (list(self._terms[name]), np.concatenate(streams), lengths)
            arrays |= _field_arrays(name, [part], self._language)
        return arrays


def merge(parts: Sequence[tuple[Segment, Array]], language: str) -> dict[str, Array]:
    """The arrays of one segment that holds the chosen documents (ascending) of several."""
    arrays = merge_documents([(segment.arrays, docs) for segment, docs in parts])
    for name in _NAMES:
        chosen = []
        for segment, docs in parts:
            field = segment.field(name)
            alive = np.zeros(len(segment), bool)
            alive[docs] = True
            stream = field.terms()[np.repeat(alive, field.lengths)]
            chosen.append((list(field.lexicon), stream, field.lengths[docs]))
        arrays |= _field_arrays(name, chosen, language)
    return arrays


def _field_arrays(
    name: str, parts: Sequence[tuple[list[bytes], Array, Array]], language: str
) -> dict[str, Array]:
    """A field from parts with a lexicon each: those are united and put in order.

    What no document uses any more is left out.
    """
    used = [np.unique(stream) for _, stream, _ in parts]
    lexicons = [
        {terms[i] for i in numbers.tolist()}
        for (terms, _, _), numbers in zip(parts, used, strict=True)
    ]
    united = sorted(set[bytes]().union(*lexicons))
    place = {term: number for number, term in enumerate(united)}
    streams = []
    for (terms, stream, _), numbers in zip(parts, used, strict=True):
        renumber = np.zeros(len(terms), np.int32)
        renumber[numbers] = [place[terms[i]] for i in numbers.tolist()]
        streams.append(renumber[stream])
    stream = np.concatenate(streams)
    lengths = np.concatenate([lengths for _, _, lengths in parts])
    if name in TEXT_FIELDS:
        return text_arrays(name, united, stream, lengths, language)
    return keyword_arrays(name, united, stream, lengths)
