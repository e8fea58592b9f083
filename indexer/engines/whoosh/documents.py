"""What a segment stores of its documents beside the searched fields.

``digests``, ``metadata`` and ``texts`` are Blobs by document (``x`` and ``x_ends``): metadata a
JSON array of the statement's fields; texts compressed one by one (Zstandard, RFC 8878), each with a
dictionary made from its segment: ``dictionary`` says which of the Blobs ``dictionaries``.
``first_day`` and ``last_day`` are proleptic Gregorian ordinals of the days the date may mean, 0 for
undated; ``months`` counts as told below, 0 for undated; ``prints`` are 64 bits of a hash of the
whole statement, ``signatures`` are told in ``shingles``. The ids are a keyword field, ``id``, whose
stream is thus the place of each document in the order of ids.

Documents are in the order of their first day, those of one day in the reverse order of ids: read
backwards, a list of documents is the newest first, and months are runs of neighbours.
"""

from __future__ import annotations

import calendar
import json
import threading
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from weakref import proxy

import msgspec
import numpy as np
from zstandard import (
    ZstdCompressionDict,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    train_dictionary,
)

from indexer.analysis import Offsets, spans
from indexer.engines.whoosh.arrays import Array, Blobs, pack_blobs
from indexer.engines.whoosh.keywords import KeywordField
from indexer.statement import Statement

#: Months are counted as year * MONTHS + month; month 0 is a date that knows its year only.
MONTHS = 13

# A dictionary from a sample of the texts saves a third; of few texts none can be made.
_SAMPLE, _DICTIONARY_SIZE = 512, 1 << 16
_LEVEL = 3

# Documents of a segment that stay unpacked, some 10 kB each: people page and search again.
_SHOWN = 256


def document_arrays(batch: Sequence[tuple[Statement, str]]) -> dict[str, Array]:
    """The arrays of statements with the digests of their readouts."""
    metadata = [_pack(statement) for statement, _ in batch]
    texts = [statement.text.encode() for statement, _ in batch]
    dictionary = _dictionary(texts)
    compressor = ZstdCompressor(
        _LEVEL,
        ZstdCompressionDict(dictionary),
        write_checksum=False,
        write_dict_id=False,
    )
    blobs = {
        "digests": [digest.encode() for _, digest in batch],
        "metadata": metadata,
        "texts": [compressor.compress(text) for text in texts],
        "dictionaries": [dictionary],
    }
    arrays: dict[str, Array] = {"dictionary": np.zeros(len(batch), np.uint16)}
    for name, strings in blobs.items():
        arrays[name], arrays[f"{name}_ends"] = pack_blobs(strings)
    days = np.array([days_of(statement) for statement, _ in batch], np.int32)
    arrays["first_day"], arrays["last_day"] = days[:, 0], days[:, 1]
    arrays["months"] = np.array(
        [_month(statement) for statement, _ in batch], np.uint32
    )
    prints = [
        _print(statement.id, packed, text)
        for (statement, _), packed, text in zip(batch, metadata, texts, strict=True)
    ]
    arrays["prints"] = np.frombuffer(b"".join(prints), "<u8")
    return arrays


def _print(statement_id: str, packed: bytes, text: bytes) -> bytes:
    joined = b"\0".join((statement_id.encode(), packed, text))
    return blake2b(joined, digest_size=8).digest()


def print_of(statement: Statement) -> int:
    """What ``prints`` holds of a statement."""
    data = _print(statement.id, _pack(statement), statement.text.encode())
    return int.from_bytes(data, "little")


def _dictionary(texts: list[bytes]) -> bytes:
    if len(texts) < _SAMPLE:
        return b""
    step = len(texts) // _SAMPLE
    try:
        sample: list[bytes | bytearray | memoryview] = [*texts[::step][:_SAMPLE]]
        return train_dictionary(_DICTIONARY_SIZE, sample).as_bytes()
    except ZstdError:  # texts that have too little in common, or are too short
        return b""


def in_order(batch: Sequence[tuple[Statement, str]]) -> list[tuple[Statement, str]]:
    """Statements in the order of documents."""
    by_id = sorted(batch, key=lambda pair: pair[0].id, reverse=True)
    return sorted(by_id, key=lambda pair: days_of(pair[0])[0])


def merged_order(
    parts: Sequence[tuple[Mapping[str, Array], Array]], id_ranks: Array
) -> Array:
    """The order of documents for those chosen of several segments, put one after the other."""
    days = np.concatenate([part["first_day"][docs] for part, docs in parts])
    return np.lexsort((-id_ranks.astype(np.int64), days))


def merge_documents(
    parts: Sequence[tuple[Mapping[str, Array], Array]], order: Array
) -> dict[str, Array]:
    """The arrays of several segments' documents, of each those chosen, put in an order."""
    arrays: dict[str, Array] = {}
    for name in ("digests", "metadata", "texts"):
        strings: list[bytes] = []
        for part, docs in parts:
            blobs = Blobs(part[name], part[f"{name}_ends"])
            strings += map(blobs.__getitem__, docs.tolist())
        strings = [strings[i] for i in order.tolist()]
        arrays[name], arrays[f"{name}_ends"] = pack_blobs(strings)
    for name in ("first_day", "last_day", "months", "prints", "signatures"):
        arrays[name] = np.concatenate([part[name][docs] for part, docs in parts])[order]
    # Each once: small segments all have the empty one, and one costs some 100 kB in each thread.
    dictionaries: dict[bytes, int] = {}
    chosen = []
    for part, docs in parts:
        blobs = Blobs(part["dictionaries"], part["dictionaries_ends"])
        used, places = np.unique(part["dictionary"][docs], return_inverse=True)
        texts = map(blobs.__getitem__, used.tolist())
        numbers = [dictionaries.setdefault(text, len(dictionaries)) for text in texts]
        chosen.append(np.array(numbers, np.uint16)[places])
    arrays["dictionary"] = np.concatenate(chosen)[order]
    arrays["dictionaries"], arrays["dictionaries_ends"] = pack_blobs([*dictionaries])
    return arrays


class Shown:
    """What a page takes of a document: statement without text, text, and where tokens stand."""

    def __init__(self, statement: Statement, text: str) -> None:
        self.statement = statement
        self.text = text
        self._tokens: dict[str, tuple[Offsets, Offsets]] = {}

    def tokens(self, name: str) -> tuple[Offsets, Offsets]:
        """Where each token of a searched field, ``title`` or ``text``, starts and ends."""
        found = self._tokens.get(name)
        if found is None:
            searched = self.text if name == "text" else self.statement.headline
            found = self._tokens[name] = spans(searched)
        return found


class Documents:
    """The documents of one segment."""

    def __init__(self, arrays: Mapping[str, Array], ids: KeywordField) -> None:
        self.ids = ids
        self.digests = Blobs(arrays["digests"], arrays["digests_ends"])
        self._metadata = Blobs(arrays["metadata"], arrays["metadata_ends"])
        self._texts = Blobs(arrays["texts"], arrays["texts_ends"])
        self._dictionaries = Blobs(arrays["dictionaries"], arrays["dictionaries_ends"])
        self._dictionary = arrays["dictionary"].data
        self._local = threading.local()
        # By a proxy, as a circle would keep what is gone until Python looks for circles.
        own: Documents = proxy(self)
        self.shown = lru_cache(_SHOWN)(lambda doc: own._show(doc))
        self.id_ranks = ids.stream
        self.first_day = arrays["first_day"]
        self.last_day = arrays["last_day"]
        self.months = arrays["months"]
        self.prints = arrays["prints"]
        self.signatures = arrays["signatures"]

    def __len__(self) -> int:
        return len(self.digests)

    @cached_property
    def month_runs(self) -> tuple[Array, Array]:
        """The months of neighbouring documents, and the first document of each run."""
        first = np.flatnonzero(np.diff(self.months.astype(np.int64), prepend=-1))
        return self.months[first], first

    def month_counts(self, docs: Array) -> Array:
        """How many of the documents (ascending) are in each run of ``month_runs``."""
        places = np.searchsorted(docs, self.month_runs[1])
        counts = np.empty_like(places)
        np.subtract(places[1:], places[:-1], out=counts[:-1])
        counts[-1:] = len(docs) - places[-1:]
        return counts

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

    def statement(self, doc: int) -> Statement:
        """A document's statement."""
        shown = self.shown(doc)
        return replace(shown.statement, text=shown.text)

    def unpacked(self, doc: int) -> Statement:
        """A document's statement, for who reads all of them: it does not stay unpacked."""
        return replace(self.listed(doc), text=self.text(doc))

    def listed(self, doc: int) -> Statement:
        """A document's statement without its text."""
        return _unpack(self.id(doc), self._metadata[doc])

    def _show(self, doc: int) -> Shown:
        return Shown(self.listed(doc), self.text(doc))

    def text(self, doc: int) -> str:
        """A document's text."""
        packed = self._texts[doc]
        return self._decompressor(self._dictionary[doc]).decompress(packed).decode()

    def _decompressor(self, dictionary: int) -> ZstdDecompressor:
        """The one for a dictionary, and for this thread: they must not be shared."""
        if not hasattr(self._local, "decompressors"):
            self._local.decompressors = {}
        made: dict[int, ZstdDecompressor] = self._local.decompressors
        if dictionary not in made:
            data = ZstdCompressionDict(self._dictionaries[dictionary])
            made[dictionary] = ZstdDecompressor(data)
        return made[dictionary]


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
        statement.agency,
    )
    return json.dumps(values, ensure_ascii=False).encode()


def _unpack(statement_id: str, packed: bytes) -> Statement:
    values = msgspec.json.decode(packed)
    return Statement(
        id=statement_id,
        title=values[0],
        text="",
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
        agency=values[11],
    )


def days_of(statement: Statement) -> tuple[int, int]:
    """First and last day that the date may mean, as ordinals; 0 for undated."""
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
