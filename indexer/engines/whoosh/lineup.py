"""The occurrences of a whole result lined up: which come first, and the words around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from indexer import deadline
from indexer.analysis import Offsets
from indexer.concordance import CONTEXT, Line, LineSort
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.collation import Collation, arranged, term_ranks
from indexer.engines.whoosh.documents import Shown
from indexer.engines.whoosh.occurrences import Occurrences
from indexer.engines.whoosh.segment import Segment

# Lines that are made at a time where all are asked for.
_CHUNK = 256


class Lineup:
    """Occurrences, told by their rows in the arrays of ``found``, in the order of their lines."""

    def __init__(self, segments: Sequence[Segment], found: Occurrences) -> None:
        self._segments = segments
        self._found = found
        new = np.ones(len(found.docs), bool)
        new[1:] = found.docs[1:] != found.docs[:-1]
        new[1:] |= found.segments[1:] != found.segments[:-1]
        self._heads = new.nonzero()[0]  # the first row of each document

    def __len__(self) -> int:
        return len(self._found.docs)

    @property
    def statements(self) -> int:
        """How many documents have an occurrence."""
        return len(self._heads)

    def rows(
        self, sort: LineSort, collation: Collation, offset: int, limit: int | None
    ) -> Array:
        """The rows of the lines from ``offset`` on, up to ``limit`` of them."""
        size = len(self)
        if not size:
            return self._heads
        keys = [partial(self._words, step) for step in sort.steps]
        if sort is LineSort.OLDEST:
            keys.append(partial(self._of_documents, collation.days))
        if sort is LineSort.SOURCE:
            keys.append(partial(self._of_documents, collation.sources))
        keys.append(partial(self._of_documents, collation.documents))
        return arranged(keys, size, offset, size if limit is None else limit)

    def _of_documents(self, values: Sequence[Array], rows: Array) -> Array:
        """For each row the value of its document."""
        found = np.empty(len(rows), np.intp)
        segments, docs = self._found.segments[rows], self._found.docs[rows]
        for number, own in enumerate(values):
            chosen = (segments == number).nonzero()[0]
            found[chosen] = own[docs[chosen]]
        return found

    def _words(self, step: int, rows: Array) -> Array:
        """For each row the place of one of the words beside it in the order of terms."""
        groups = []
        parts = []
        for number, segment in enumerate(self._segments):
            for name, field in segment.texts.items():
                deadline.check()
                own = self._found.segments[rows] == number
                own &= self._found.in_title[rows] == (name == "title")
                chosen = own.nonzero()[0]
                if not len(chosen):
                    continue
                docs, starts, ends = (
                    column[rows[chosen]]
                    for column in (
                        self._found.docs,
                        self._found.starts,
                        self._found.ends,
                    )
                )
                places = ends + (step - 1) if step > 0 else starts + step
                groups.append(chosen)
                parts.append((field, field.terms_at(places, docs)))
        keys = np.zeros(len(rows), np.intp)
        for chosen, ranks in zip(groups, term_ranks(parts), strict=True):
            keys[chosen] = ranks
        return keys

    def lines(self, rows: Array) -> Iterator[Line]:
        """The lines of these rows, each made when it is asked for, or somewhat before."""
        for first in range(0, len(rows), _CHUNK):
            yield from self._made(rows[first : first + _CHUNK])

    def _made(self, rows: Array) -> Iterator[Line]:
        """The lines of a few rows: each document is looked at once."""
        documents = np.searchsorted(self._heads, rows, "right") - 1
        made: dict[int, Line] = {}
        for document in np.unique(documents).tolist():
            deadline.check()
            made |= self._of_document(document, rows[documents == document])
        return (made[row] for row in rows.tolist())

    def _of_document(self, document: int, rows: Array) -> Iterator[tuple[int, Line]]:
        """Rows with their lines, all of one document."""
        found = self._found
        first = int(self._heads[document])
        after = self._heads[document + 1 : document + 2].tolist() or [len(found.docs)]
        segment = self._segments[int(found.segments[first])]
        doc = int(found.docs[first])
        shown = segment.documents.shown(doc)
        begins = {n: int(field.bounds[doc]) for n, field in segment.texts.items()}
        split = first + int(np.count_nonzero(found.in_title[first : after[0]]))
        before = 0
        for name, low, high in (("title", first, split), ("text", split, after[0])):
            field = _field(shown, name)
            starts = field.starts[found.starts[low:high] - begins[name]]
            ends = field.ends[found.ends[low:high] - begins[name] - 1]
            numbers = before + _numbers(starts, ends)
            for row in rows[(rows >= low) & (rows < high)].tolist():
                start, end = int(starts[row - low]), int(ends[row - low])
                left, right = field.around(start, end)
                yield row, Line(
                    statement=shown.statement,
                    number=int(numbers[row - low]),
                    in_title=name == "title",
                    left=field.text[left:start],
                    match=field.text[start:end],
                    right=field.text[end:right],
                    opens=left == 0,
                    closes=right == len(field.text),
                )
            before = int(numbers[-1]) if len(numbers) else before


class _Field(NamedTuple):
    """A title or a text, and where each of its tokens starts and ends."""

    text: str
    starts: Offsets
    ends: Offsets

    def around(self, start: int, end: int) -> tuple[int, int]:
        """From where to where a line shows the text around a match."""
        left, right = 0, len(self.text)
        if start > CONTEXT:
            left = int(self.starts[np.searchsorted(self.starts, start - CONTEXT)])
        if right - end > CONTEXT:
            place = int(np.searchsorted(self.ends, end + CONTEXT, "right"))
            right = int(self.ends[place - 1])
        return left, right


def _field(shown: Shown, name: str) -> _Field:
    said = shown.statement.title if name == "title" else shown.text
    return _Field(said, *shown.tokens(name))


def _numbers(starts: Array, ends: Array) -> Array:
    """The numbers, from 1, of the matches that ascending occurrences are: one if they overlap."""
    reach = np.maximum.accumulate(ends)
    new = np.ones(len(starts), np.intp)
    new[1:] = starts[1:] >= reach[:-1]
    return np.cumsum(new)
