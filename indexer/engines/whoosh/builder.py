"""Segments made: from statements, and from other segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import Field, keyword_arrays, text_arrays
from indexer.engines.whoosh.documents import (
    document_arrays,
    in_order,
    merge_documents,
    merged_order,
)
from indexer.engines.whoosh.segment import (
    KEYWORD_FIELDS,
    TEXT_FIELDS,
    Segment,
    keywords,
)
from indexer.engines.whoosh.shingles import signatures
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
    batch = in_order(batch)
    arrays = document_arrays(batch)
    statements = [statement for statement, _ in batch]
    values = [keywords(statement) for statement in statements]
    fields = {
        name: _counted([v.encode() for v in by[name]] for by in values)
        for name in KEYWORD_FIELDS
    }
    fields["title"] = _counted(tokenize_bytes(s.headline) for s in statements)
    fields["text"] = _counted(tokenize_bytes(s.text) for s in statements)
    arrays["signatures"] = signatures(fields["title"], fields["text"])
    for name, field in fields.items():
        arrays |= _field_arrays(name, field, language)
    return arrays


def _counted(documents: Iterable[list[bytes]]) -> Field:
    """A field from the terms of each document."""
    numbers = _Numbers()
    streams, lengths = [], []
    for terms in documents:
        numbered = map(numbers.__getitem__, terms)
        streams.append(np.fromiter(numbered, np.int32, len(terms)))
        lengths.append(len(terms))
    return _unite([(list(numbers), np.concatenate(streams), np.array(lengths))])


def merge(parts: Sequence[tuple[Segment, Array]], language: str) -> dict[str, Array]:
    """The arrays of one segment that holds the chosen documents (ascending) of several."""
    documents = [(segment.arrays, docs) for segment, docs in parts]
    _, ranks, _ = _unite([_chosen(*part, "id") for part in parts])
    order = merged_order(documents, ranks)
    arrays = merge_documents(documents, order)
    for name in (*KEYWORD_FIELDS, *TEXT_FIELDS):
        united = _unite([_chosen(*part, name) for part in parts])
        arrays |= _field_arrays(name, _permuted(united, order), language)
    return arrays


def _chosen(segment: Segment, docs: Array, name: str) -> Field:
    """A field of some documents of a segment."""
    field = segment.field(name)
    alive = np.zeros(len(segment), bool)
    alive[docs] = True
    stream = field.terms()[np.repeat(alive, field.lengths)]
    return list(field.lexicon), stream, field.lengths[docs]


def _unite(parts: Sequence[Field]) -> Field:
    """Fields with a lexicon each as one, in order, without what no document uses any more."""
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
    lengths = np.concatenate([lengths for _, _, lengths in parts])
    return united, np.concatenate(streams), lengths


def _permuted(field: Field, order: Array) -> Field:
    """A field with its documents in another order."""
    terms, stream, lengths = field
    begins = np.cumsum(lengths) - lengths
    moved = lengths[order]
    shifts = begins[order] - (np.cumsum(moved) - moved)
    return terms, stream[np.repeat(shifts, moved) + np.arange(len(stream))], moved


def _field_arrays(name: str, field: Field, language: str) -> dict[str, Array]:
    terms, stream, lengths = field
    if name in TEXT_FIELDS:
        return text_arrays(name, terms, stream, lengths, language)
    return keyword_arrays(name, terms, stream, lengths)
