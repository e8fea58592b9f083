"""Segments made: from statements, and from other segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import keyword_arrays, text_arrays
from indexer.engines.whoosh.documents import document_arrays, merge_documents
from indexer.engines.whoosh.segment import (
    KEYWORD_FIELDS,
    TEXT_FIELDS,
    Segment,
    keywords,
)
from indexer.statement import Statement


class _Numbers(dict[bytes, int]):
    """Numbers its keys in the order in which they are first asked for."""

    def __missing__(self, key: bytes) -> int:
        self[key] = number = len(self)
        return number


def segment_arrays(
    batch: Sequence[tuple[Statement, str]], language: str
) -> dict[str, Array]:
    """The arrays of a segment of statements, each with the digest of its readout.

    ``language`` is the Snowball language of the stems.
    """
    arrays = document_arrays(batch)
    statements = [statement for statement, _ in batch]
    values = [keywords(statement) for statement in statements]
    for name in KEYWORD_FIELDS:
        arrays |= _counted(
            name, ([v.encode() for v in by[name]] for by in values), language
        )
    arrays |= _counted(
        "title", (tokenize_bytes(s.headline) for s in statements), language
    )
    return arrays | _counted(
        "text", (tokenize_bytes(s.text) for s in statements), language
    )


def _counted(
    name: str, documents: Iterable[list[bytes]], language: str
) -> dict[str, Array]:
    """A field from the terms of each document."""
    numbers = _Numbers()
    streams, lengths = [], []
    for terms in documents:
        numbered = map(numbers.__getitem__, terms)
        streams.append(np.fromiter(numbered, np.int32, len(terms)))
        lengths.append(len(terms))
    part = (list(numbers), np.concatenate(streams), np.array(lengths))
    return _field_arrays(name, [part], language)


def merge(parts: Sequence[tuple[Segment, Array]], language: str) -> dict[str, Array]:
    """The arrays of one segment that holds the chosen documents (ascending) of several."""
    arrays = merge_documents([(segment.arrays, docs) for segment, docs in parts])
    for name in (*KEYWORD_FIELDS, *TEXT_FIELDS):
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
    used = [np.flatnonzero(np.bincount(stream, minlength=1)) for _, stream, _ in parts]
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
