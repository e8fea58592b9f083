"""Segments made: from statements, and from other segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array, narrow
from indexer.engines.whoosh.build import PIECE, Field, keyword_arrays, text_arrays
from indexer.engines.whoosh.documents import (
    document_arrays,
    in_order,
    merge_documents,
    merged_order,
)
from indexer.engines.whoosh.paragraphs import tokenize_paragraphs
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
        name: counted([v.encode() for v in by[name]] for by in values)
        for name in KEYWORD_FIELDS
    }
    fields["title"] = counted(tokenize_bytes(s.headline) for s in statements)
    sizes: list[int] = []
    fields["text"] = counted(tokenize_paragraphs(s.text, sizes) for s in statements)
    arrays["text.paragraphs"] = narrow(np.array(sizes, np.int32))
    arrays["signatures"] = signatures(fields["title"], fields["text"])
    for name, field in fields.items():
        arrays |= _field_arrays(name, field, language)
    return arrays


def counted(documents: Iterable[list[bytes]]) -> Field:
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
    arrays["text.paragraphs"] = _paragraphs(parts, order)
    for name in (*KEYWORD_FIELDS, *TEXT_FIELDS):
        # No name for what is between: it may be gone while the next is made.
        arrays |= _field_arrays(
            name,
            _permuted(_unite([_chosen(*part, name) for part in parts]), order),
            language,
        )
    return arrays


def _chosen(segment: Segment, docs: Array, name: str) -> Field:
    """A field of some documents of a segment."""
    field = segment.field(name)
    stream = field.terms()[np.repeat(_mask(segment, docs), field.lengths)]
    return list(field.lexicon), stream, field.lengths[docs]


def _mask(segment: Segment, docs: Array) -> Array:
    """Which documents of a segment are among some."""
    mask = np.zeros(len(segment), bool)
    mask[docs] = True
    return mask


def _paragraphs(parts: Sequence[tuple[Segment, Array]], order: Array) -> Array:
    """The sizes of all paragraphs of the chosen documents, put in an order."""
    found = [s.texts["text"].paragraphs.of(_mask(s, docs)) for s, docs in parts]
    sizes, counts = map(np.concatenate, zip(*found, strict=True))
    return narrow(_permuted(([], sizes, counts), order)[1])


def _unite(parts: list[Field]) -> Field:
    """Fields with a lexicon each as one, in order, without what no document uses any more.

    ``parts`` is used up: a stream that is copied may go.
    """
    used = [np.flatnonzero(np.bincount(stream, minlength=1)) for _, stream, _ in parts]
    lexicons = [
        {terms[i] for i in numbers.tolist()}
        for (terms, _, _), numbers in zip(parts, used, strict=True)
    ]
    united = sorted(set[bytes]().union(*lexicons))
    place = {term: number for number, term in enumerate(united)}
    lengths = np.concatenate([lengths for _, _, lengths in parts])
    streams = np.empty(sum(len(stream) for _, stream, _ in parts), np.int32)
    end = len(streams)
    while parts:
        terms, stream, _ = parts.pop()
        numbers = used.pop()
        renumber = np.zeros(len(terms), np.int32)
        renumber[numbers] = [place[terms[i]] for i in numbers.tolist()]
        streams[end - len(stream) : end] = renumber[stream]
        end -= len(stream)
    return united, streams, lengths


def _permuted(field: Field, order: Array) -> Field:
    """A field with its documents in another order."""
    terms, stream, lengths = field
    moved = lengths[order]
    ends = np.cumsum(moved)
    shifts = (np.cumsum(lengths) - lengths)[order] - (ends - moved)
    permuted = np.empty_like(stream)
    cuts = [0, *np.searchsorted(ends, range(PIECE, len(stream), PIECE)), len(order)]
    for low, high in pairwise(cuts):
        start, stop = (int(ends[i - 1]) if i else 0 for i in (low, high))
        places = np.repeat(shifts[low:high], moved[low:high]) + np.arange(start, stop)
        permuted[start:stop] = stream[places]
    return terms, permuted, moved


def _field_arrays(name: str, field: Field, language: str) -> dict[str, Array]:
    terms, stream, lengths = field
    if name in TEXT_FIELDS:
        return text_arrays(name, terms, stream, lengths, language)
    return keyword_arrays(name, terms, stream, lengths)
