"""Whoosh's view of a segment: its lexicons, term statistics and postings, read from the arrays.

The index stays one of Whoosh's: ``whoosh.index.open_dir`` opens a generation, and Whoosh's own
queries run on it. Segments are written in bulk by ``writer``, never posting by posting, so the
writing half of the codec refuses. The classes are named in the pickled table of contents: moving
one is a new format version.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import (
    Codec,
    FieldCursor,
    PerDocumentReader,
    TermsReader,
)
from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.keywords import KeywordField
from indexer.engines.whoosh.segment import Segment, open_segment

_ROUNDING = 1e-9
_BLOCK = 128


class CorpusSegment(W3Segment):  # type: ignore[misc]
    """A segment of the table of contents; its file is the arrays'."""

    EXTENSION = ".arr"

    def should_assemble(self) -> bool:
        """Arrays must be aligned and mapped: no compound file."""
        return False

    def path(self, folder: str | Path) -> Path:
        """The segment's one file."""
        return Path(folder) / str(self.make_filename(self.EXTENSION))

    def deleted(self) -> list[int]:
        """The documents deleted since the segment was written."""
        return sorted(self.deleted_docs())


class CorpusCodec(Codec):  # type: ignore[misc]
    """Reads segments of arrays; has no state, since it is pickled inside every segment."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> CorpusSegment:
        """An empty segment with a name of its own."""
        return CorpusSegment(self, indexname)

    def terms_reader(self, storage: Any, segment: CorpusSegment) -> CorpusTerms:
        """The lexicons and postings."""
        return CorpusTerms(open_segment(segment.path(storage.folder)))

    def per_document_reader(
        self, storage: Any, segment: CorpusSegment
    ) -> CorpusDocuments:
        """Lengths, deletions and stored fields."""
        return CorpusDocuments(segment, open_segment(segment.path(storage.folder)))


class CorpusTerms(TermsReader):  # type: ignore[misc]
    """The terms of a segment's fields, in the order of field and bytes."""

    def __init__(self, segment: Segment) -> None:
        names = sorted((*segment.texts, *segment.keywords))
        self._fields = {name: segment.field(name) for name in names}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term) is not None

    def _find(self, name: str, text: bytes) -> int | None:
        return self._fields[name].lexicon.find(text) if name in self._fields else None

    def indexed_field_names(self) -> list[str]:
        """The names of the fields."""
        return list(self._fields)

    def cursor(self, fieldname: str, fieldobj: Any) -> CorpusCursor:
        """A cursor over one field's terms."""
        return CorpusCursor(self, fieldname)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every field's terms."""
        return ((name, text) for name, f in self._fields.items() for text in f.lexicon)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms from this one on, running on into the next fields."""
        for name, field in self._fields.items():
            if name >= fieldname:
                first = field.lexicon.place(prefix) if name == fieldname else 0
                for term in range(first, len(field.lexicon)):
                    yield name, field.lexicon[term]

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """``terms_from`` with statistics."""
        return ((t, self.term_info(*t)) for t in self.terms_from(fieldname, prefix))

    def _postings(self, name: str, text: bytes) -> tuple[Array, Array, Array | None]:
        """Documents, frequencies, and the places within documents where a field has them."""
        term = self._find(name, text)
        if term is None:
            raise TermNotFound(f"No term {name}:{text!r}")
        field = self._fields[name]
        if isinstance(field, KeywordField):
            docs = field.docs([term])
            return docs, np.ones(len(docs), np.int32), None
        docs, freqs = field.postings(term)
        places = field.places(term)
        return docs, freqs, places - field.bounds[field.docs(places)]

    def term_info(self, fieldname: str, text: bytes) -> Any:
        """A term's statistics."""
        docs, freqs, _ = self._postings(fieldname, text)
        lengths = self.lengths(fieldname, docs)
        return TermInfo(
            weight=float(freqs.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(freqs.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often a term occurs; 0 where it does not."""
        found = (fieldname, text) in self
        return float(self.term_info(fieldname, text).weight()) if found else 0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """In how many documents a term occurs; 0 where in none."""
        found = (fieldname, text) in self
        return int(self.term_info(fieldname, text).doc_frequency()) if found else 0

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> Any:
        """A matcher over a term's postings."""
        return CorpusMatcher(
            (fieldname, text), self._postings(fieldname, text), self, format_, scorer
        )

    def lengths(self, name: str, docs: Array) -> Array:
        """How many tokens or values the documents have in a field."""
        chosen: Array = self._fields[name].lengths[docs]
        return chosen


class CorpusCursor(FieldCursor):  # type: ignore[misc]
    """Walks the terms of one field; its texts are str, as Whoosh's automata want them."""

    def __init__(self, terms: CorpusTerms, name: str) -> None:
        self._terms = terms
        self._name = name
        self._lexicon = terms._fields[name].lexicon
        self._place = 0

    def text(self) -> str | None:
        """The term under the cursor, None behind the last."""
        return self._lexicon[self._place].decode() if self.is_valid() else None

    def first(self) -> str | None:
        """Go to the first term."""
        self._place = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not below this one."""
        self._place = self._lexicon.place(
            term.encode() if isinstance(term, str) else term
        )
        return self.text()

    def next(self) -> str | None:
        """Go on to the next term."""
        self._place += 1
        return self.text()

    def is_valid(self) -> bool:
        """Whether there is a term under the cursor."""
        return self._place < len(self._lexicon)

    def term_info(self) -> Any:
        """The statistics of the term under the cursor."""
        return self._terms.term_info(self._name, self._lexicon[self._place])


class CorpusMatcher(LeafMatcher):  # type: ignore[misc]
    """Postings of one term, taken in blocks by those who score."""

    def __init__(
        self,
        term: tuple[str, bytes],
        postings: tuple[Array, Array, Array | None],
        terms: CorpusTerms,
        format_: Any,
        scorer: Any,
    ) -> None:
        docs, freqs, self._positions = postings
        self._term = term
        self._terms = terms
        self._postings = postings
        self._lengths = terms.lengths(term[0], docs)
        # Stock matchers ask an exhausted matcher for its id: a sentinel answers.
        self._ids = [*docs.tolist(), 1 << 62]
        self._freqs = freqs.tolist()
        self._first = np.cumsum(freqs) - freqs
        self._at = 0
        self.format = format_
        self.scorer = scorer

    def is_active(self) -> bool:
        """Whether there is a posting here."""
        return self._at < len(self._freqs)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def copy(self) -> CorpusMatcher:
        """The same matcher at the same place."""
        other = CorpusMatcher(
            self._term, self._postings, self._terms, self.format, self.scorer
        )
        other._at = self._at
        return other

    def id(self) -> int:
        """The document here."""
        return int(self._ids[self._at])

    def all_ids(self) -> Iterator[int]:
        """The documents from the first on."""
        return iter(self._ids[:-1])

    def weight(self) -> float:
        """How often the term occurs in the document here."""
        return float(self._freqs[self._at])

    def _places(self) -> list[int]:
        if self._positions is None:
            return []
        start = int(self._first[self._at])
        places: list[int] = self._positions[start:][: self._freqs[self._at]].tolist()
        return places

    def value(self) -> bytes:
        """The posting here as Whoosh's format of the field encodes it."""
        return bytes(self.format.encode(self._places()))

    def value_as(self, astype: str) -> Any:
        """Positions, frequency or whatever else the field's format can say of the posting here."""
        if astype == "positions" and self._positions is not None:
            return self._places()
        return super().value_as(astype)

    def next(self) -> bool:
        """Go on; True where a block of postings ends."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % _BLOCK == 0

    def skip_to(self, id: int) -> bool:
        """Go on to the first document that is not below ``id``; True where a block was left."""
        if not self.is_active():
            raise ReadTooFar
        before = self._at
        self._at += int(np.searchsorted(self._postings[0][before:], id))
        return before // _BLOCK != self._at // _BLOCK

    def _block(self) -> slice:
        start = self._at // _BLOCK * _BLOCK
        return slice(start, min(start + _BLOCK, len(self._freqs)))

    def block_min_id(self) -> int:
        """The first document of this block."""
        return int(self._ids[self._block().start])

    def block_max_id(self) -> int:
        """The last document of this block."""
        return int(self._ids[self._block().stop - 1])

    def block_min_length(self) -> int:
        """The shortest document of this block."""
        return int(self._lengths[self._block()].min())

    def block_max_length(self) -> int:
        """The longest document of this block."""
        return int(self._lengths[self._block()].max())

    def block_max_weight(self) -> float:
        """The highest frequency of this block."""
        return float(max(self._freqs[self._block()]))

    def skip_to_quality(self, minquality: float) -> int:
        """Leave out blocks that cannot reach a score; how many."""
        # Whoosh asks for a difference, and forever, where rounding alone makes a block reach it.
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality + _ROUNDING:
            self._at = self._block().stop
            skipped += 1
        return skipped


class CorpusDocuments(PerDocumentReader):  # type: ignore[misc]
    """What Whoosh asks of documents: numbers, deletions, exact lengths, stored fields."""

    def __init__(self, entry: CorpusSegment, segment: Segment) -> None:
        self._entry = entry
        self._segment = segment

    def doc_count(self) -> int:
        """How many documents are alive."""
        return len(self._segment) - int(self._entry.deleted_count())

    def doc_count_all(self) -> int:
        """How many documents there are, alive or deleted."""
        return len(self._segment)

    def has_deletions(self) -> bool:
        """Whether some are deleted."""
        return bool(self._entry.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Whether this one is deleted."""
        return bool(self._entry.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        """The deleted ones."""
        return iter(self._entry.deleted())

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """How many tokens a document has in a text field."""
        field = self._segment.texts.get(fieldname)
        return default if field is None else int(field.lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """How many tokens a text field has."""
        field = self._segment.texts.get(fieldname)
        return 0 if field is None else field.tokens

    def min_field_length(self, fieldname: str) -> int:
        """The length of the shortest document in a text field."""
        field = self._segment.texts.get(fieldname)
        return 0 if field is None else int(field.lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        """The length of the longest document in a text field."""
        field = self._segment.texts.get(fieldname)
        return 0 if field is None else int(field.lengths.max())

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """The statement's id: all else is asked of the engine."""
        return {"id": self._segment.documents.id(docnum)}
