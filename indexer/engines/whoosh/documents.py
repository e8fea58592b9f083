"""What a segment stores of its documents beside the searched fields.

``digests``, ``metadata`` and ``texts`` are Blobs by document (``x`` and ``x_ends``): metadata a
JSON array of the statement's fields, texts deflated one by one. ``first_day`` and ``last_day`` are
proleptic Gregorian ordinals of the days the date may mean, 0 for undated; ``months`` counts as
told below, 0 for undated; ``prints`` are 64 bits of a hash of the whole statement. The ids are a
keyword field, ``id``, whose stream is thus the place of each document in the order of ids.
"""

from __future__ import annotations

import calendar
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from hashlib import blake2b

import numpy as np

from indexer.engines.whoosh.arrays import Array, Blobs, pack_blobs
from indexer.engines.whoosh.fields import KeywordField
from indexer.statement import Statement

#: Months are counted as year * MONTHS + month; month 0 is a date that knows its year only.
MONTHS = 13


class DocumentsBuilder:
    """Collects statements and gives their arrays."""

    def __init__(self) -> None:
        self._blobs: dict[str, list[bytes]] = {name: [] for name in _BLOBS}
        self._days: list[tuple[int, int]] = []
        self._months: list[int] = []
        self._prints: list[int] = []

    def add(self, statement: Statement, digest: str) -> None:
        """Take a statement in as the next document."""
        metadata = _pack(statement)
        text = statement.text.encode()
        blobs = (digest.encode(), metadata, zlib.compress(text, 1))
        for strings, blob in zip(self._blobs.values(), blobs, strict=True):
            strings.append(blob)
        self._days.append(_days(statement))
        self._months.append(_month(statement))
        whole = blake2b(
            b"\0".join((statement.id.encode(), metadata, text)), digest_size=8
        )
        self._prints.append(int.from_bytes(whole.digest()))

    def drop(self, places: Set[int]) -> None:
        """Forget documents, told by the order in which they were added."""
        kept = [i for i in range(len(self._days)) if i not in places]
        self._blobs = {name: [b[i] for i in kept] for name, b in self._blobs.items()}
        self._days = [self._days[i] for i in kept]
        self._months = [self._months[i] for i in kept]
        self._prints = [self._prints[i] for i in kept]

    def arrays(self) -> dict[str, Array]:
        """The arrays of all that was added."""
        arrays: dict[str, Array] = {}
        for name, strings in self._blobs.items():
            arrays[name], arrays[f"{name}_ends"] = pack_blobs(strings)
        days = np.array(self._days, np.int32).reshape(-1, 2)
        arrays["first_day"], arrays["last_day"] = days[:, 0], days[:, 1]
        arrays["months"] = np.array(self._months, np.uint32)
        arrays["prints"] = np.array(self._prints, np.uint64)
        return arrays


def merge_documents(
    parts: Sequence[tuple[Mapping[str, Array], Array]],
) -> dict[str, Array]:
    """The arrays of several segments' documents one after the other, of each those chosen."""
    arrays: dict[str, Array] = {}
    for name in _BLOBS:
        strings: list[bytes] = []
        for part, docs in parts:
            blobs = Blobs(part[name], part[f"{name}_ends"])
            strings += map(blobs.__getitem__, docs.tolist())
        arrays[name], arrays[f"{name}_ends"] = pack_blobs(strings)
    for name in ("first_day", "last_day", "months", "prints"):
        arrays[name] = np.concatenate([part[name][docs] for part, docs in parts])
    return arrays


class Documents:
    """The documents of one segment."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.ids = KeywordField(arrays, "id")
        self.digests = Blobs(arrays["digests"], arrays["digests_ends"])
        self._metadata = Blobs(arrays["metadata"], arrays["metadata_ends"])
        self._texts = Blobs(arrays["texts"], arrays["texts_ends"])
        self.id_ranks = arrays["id.stream"]
        self.first_day = arrays["first_day"]
        self.last_day = arrays["last_day"]
        self.months = arrays["months"]
        self.prints = arrays["prints"]

    def __len__(self) -> int:
        return len(self.digests)

    def id(self, doc: int) -> str:
        """The id of a document's statement."""
        return self.ids.lexicon[int(self.id_ranks[doc])].decode()

    def find(self, statement_id: str) -> int | None:
        """The document with this id, alive or deleted."""
        rank = self.ids.lexicon.find(statement_id.encode("utf-8", "replace"))
        return None if rank is None else int(self.ids.docs([rank])[0])

    def find_all(self, ids: Set[str]) -> Iterator[int]:
        """The documents that have one of the ids, alive or deleted."""
        if len(ids) < len(self) // 64:
            yield from (doc for doc in map(self.find, ids) if doc is not None)
        else:
            wanted = [rank for rank, key in enumerate(self.ids.values) if key in ids]
            yield from self.ids.docs(wanted).tolist()

    def statement(self, doc: int, *, with_text: bool = True) -> Statement:
        """A document's statement."""
        return _unpack(
            self.id(doc), self._metadata[doc], self.text(doc) if with_text else ""
        )

    def text(self, doc: int) -> str:
        """A document's text."""
        return zlib.decompress(self._texts[doc]).decode()


_BLOBS = ("digests", "metadata", "texts")


def _pack(statement: Statement) -> bytes:
    day = statement.date.toordinal() if statement.date else 0
    values = (
        statement.title,
        day,
        statement.date_precision,
        statement.source,
        statement.kind,
        statement.place,
        statement.countries,
        statement.speakers,
        statement.language,
        statement.url,
        statement.captions,
    )
    return json.dumps(values, ensure_ascii=False).encode()


def _unpack(statement_id: str, packed: bytes, text: str) -> Statement:
    values = json.loads(packed)
    return Statement(
        id=statement_id,
        title=values[0],
        text=text,
        date=date.fromordinal(values[1]) if values[1] else None,
        date_precision=values[2],
        source=values[3],
        kind=values[4],
        place=values[5],
        countries=tuple(values[6]),
        speakers=tuple(values[7]),
        language=values[8],
        url=values[9],
        captions=tuple(values[10]),
    )


def _days(statement: Statement) -> tuple[int, int]:
    """First and last day that the date may mean."""
    day = statement.date
    if day is None:
        return 0, 0
    if statement.date_precision == "year":
        return date(day.year, 1, 1).toordinal(), date(day.year, 12, 31).toordinal()
    if statement.date_precision == "month":
        length = calendar.monthrange(day.year, day.month)[1]
        first = day.replace(day=1)
        return first.toordinal(), (first + timedelta(length - 1)).toordinal()
    return day.toordinal(), day.toordinal()


def _month(statement: Statement) -> int:
    if statement.date is None:
        return 0
    month = 0 if statement.date_precision == "year" else statement.date.month
    return statement.date.year * MONTHS + month
