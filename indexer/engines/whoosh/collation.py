"""Orders that all segments share, where each has only its own: of terms, sources and documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from indexer import deadline
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import TextField
from indexer.engines.whoosh.keywords import Values
from indexer.engines.whoosh.segment import Segment

_LAST_DAY = np.iinfo(np.int32).max


class Collation:
    """What decides on the order of documents, as a number for each, by segment."""

    def __init__(
        self, segments: Sequence[Segment], values: Callable[[str], Values]
    ) -> None:
        self._segments = segments
        self._values = values

    @cached_property
    def documents(self) -> list[Array]:
        """The place of each among all: the newest first, the undated last, then by id."""
        ids = [value for each in self._segments for value in each.documents.ids.lexicon]
        places = np.empty(len(ids), np.int32)
        places[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        by_id, before = [], 0
        for segment in self._segments:
            by_id.append(places[before + segment.documents.id_ranks.astype(np.intp)])
            before += len(segment)
        days = [segment.documents.first_day for segment in self._segments]
        order = np.lexsort((np.concatenate(by_id), -np.concatenate(days)))
        places[order] = np.arange(len(ids))
        return np.split(places, np.cumsum([len(each) for each in days])[:-1])

    @cached_property
    def days(self) -> list[Array]:
        """The first day of each, one after all others for the undated."""
        days = [segment.documents.first_day for segment in self._segments]
        return [np.where(each, each, _LAST_DAY) for each in days]

    @cached_property
    def sources(self) -> list[Array]:
        """The place of each one's source among all sources, 0 where it has none."""
        numbers = self._values("source").numbers
        ranks = []
        for segment, own in zip(self._segments, numbers, strict=True):
            field = segment.keywords["source"]
            ranks.append(np.zeros(len(segment), np.intp))
            ranks[-1][field.lengths > 0] = own[field.stream] + 1
        return ranks


def term_ranks(parts: Sequence[tuple[TextField, Array]]) -> list[Array]:
    """The places of terms among all of these, by code points, from 1 on.

    Each part is a field with some of its terms; -1, which is no term, has the place 0. Only terms
    that are among the parts are read from their lexicons.
    """
    used = []
    for field, terms in parts:
        present = np.zeros(len(field.lexicon) + 1, bool)
        present[terms] = True
        ids = present[:-1].nonzero()[0]
        used.append((ids, [field.lexicon[term] for term in ids.tolist()]))
    ordered = sorted(set[bytes]().union(*(values for _, values in used)))
    places = {value: place for place, value in enumerate(ordered, 1)}
    ranks = []
    for (field, terms), (ids, values) in zip(parts, used, strict=True):
        of_term = np.zeros(len(field.lexicon) + 1, np.int32)  # the last is that of -1
        of_term[ids] = [places[value] for value in values]
        ranks.append(of_term[terms])
    return ranks


def arranged(
    keys: Iterable[Callable[[Array], Array]], size: int, offset: int, limit: int
) -> Array:
    """Some of ``size`` rows in the order of the keys: those from ``offset`` on, up to ``limit``.

    The first key decides, the others its ties in turn, the rows' own order the last ones. A key
    gives whole numbers from 0 for rows; it is asked only for those that may be among the wanted.
    """
    rows, stop = np.arange(size), min(offset + limit, size)
    if offset >= stop:
        return rows[:0]
    numbers = np.zeros(size, np.intp)
    for key in keys:
        deadline.check()
        found = key(rows)
        deadline.check()
        numbers = numbers * (int(found.max()) + 1) + found
        ends = [offset, stop - 1]
        low, high = np.partition(numbers, ends)[ends]
        skipped = int(np.count_nonzero(numbers < low))
        kept = ((low <= numbers) & (numbers <= high)).nonzero()[0]
        rows, offset, stop = rows[kept], offset - skipped, stop - skipped
        # Small again, so that the next key has room beside them.
        numbers = np.unique(numbers[kept], return_inverse=True)[1]
    return rows[np.argsort(numbers, kind="stable")][offset:stop]
