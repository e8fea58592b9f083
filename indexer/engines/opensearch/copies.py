"""Groups of near-copies, kept true: what is new is compared with what may be like it.

Texts that may be near-copies share a band of their signatures (``indexer.engines.whoosh.shingles``
tells how often they do), which is a field here. The documents that share one with what is new are
read, and become groups by the embedded engine's rules. A group is named by the id of one of its
statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.opensearch.connection import Body, Connection
from indexer.engines.opensearch.documents import oldest_day, statement_of
from indexer.engines.opensearch.local import Local
from indexer.engines.opensearch.translate import all_of, having
from indexer.engines.whoosh.builder import counted
from indexer.engines.whoosh.copies import Groups, Part, regroup
from indexer.engines.whoosh.shingles import BAND, SIGNATURE, SLOTS, signatures
from indexer.statement import Statement

_BANDS = SLOTS // BAND
# Terms of one query, and documents of one segment.
_TERMS, _DOCUMENTS = 60_000, 20_000


class Copy(NamedTuple):
    """A statement whose group may change: what is kept of it, and the group it was in."""

    statement: Statement
    digest: str
    group: str


def signatures_of(tokens: Iterable[tuple[list[bytes], list[bytes]]]) -> list[bytes]:
    """The signatures of statements, from the tokens of headline and text; b"" without text."""
    pairs = list(tokens)
    made = signatures(
        counted(title for title, _ in pairs), counted(text for _, text in pairs)
    )
    return [
        bytes(signature) if text else b""
        for signature, (_, text) in zip(made.tolist(), pairs, strict=True)
    ]


def bands_of(signature: bytes) -> list[str]:
    """The bands of a signature, as they are kept."""
    size = SIGNATURE // _BANDS
    pieces = (
        signature[start : start + size] for start in range(0, len(signature), size)
    )
    return [f"{number:x}{piece.hex()}" for number, piece in enumerate(pieces)]


def changed_groups(
    connection: Connection,
    index: str,
    fresh: Mapping[str, bytes],
    broken: Collection[str],
    written: int,
) -> Iterator[tuple[Copy, str]]:
    """The statements of an index whose group is to be another one, each with that.

    ``fresh`` are the signatures of what is new by id, ``broken`` the groups that lost a statement,
    ``written`` is what tells new documents from others (the field ``written``).
    """
    read = _Reading(connection, index)
    left = read.where(_in_groups(broken)) if broken else {}
    sought = {key: s for key, s in fresh.items() if s}
    sought |= {
        key: signature
        for key, signature in zip(left, _signatures(left.values()), strict=True)
        if signature
    }
    known: dict[str, Copy] = {}
    older: Body = {"range": {"written": {"lt": written}}}
    for terms in _pieces(_all_bands(sought.values()), _TERMS):
        known |= read.where(all_of([older, {"terms": {"bands": terms}}]))
    known = {key: copy for key, copy in known.items() if key not in sought}
    touched = {copy.group for copy in known.values() if copy.group}
    if touched:
        known |= read.where(_in_groups(touched))
        known = {key: copy for key, copy in known.items() if key not in sought}
    shared = _shared(sought, known)
    new = read.these(shared - left.keys()) | left
    yield from _regrouped(known, new, broken)


class _Reading:
    """Reads copies of an index."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self._index = index

    def where(self, query: Body) -> dict[str, Copy]:
        """What a query finds, by id."""
        body = {
            "query": query,
            "_source": {"includes": ["statement", "digest"]},
            "docvalue_fields": ["group"],
        }
        found = {}
        for hit in self._connection.walk(self._index, body, [{"id": "asc"}]):
            statement = statement_of(hit["_source"])
            (group,) = hit.get("fields", {}).get("group", [""])
            found[statement.id] = Copy(statement, hit["_source"]["digest"], group)
        return found

    def these(self, ids: Collection[str]) -> dict[str, Copy]:
        """The statements with these ids."""
        return self.where(having(sorted(ids))) if ids else {}


def _in_groups(groups: Collection[str]) -> Body:
    return {
        "bool": {
            "should": [
                {"terms": {"group": piece}} for piece in _pieces(sorted(groups), _TERMS)
            ]
        }
    }


def _signatures(copies: Iterable[Copy]) -> list[bytes]:
    pairs = [
        (tokenize_bytes(c.statement.headline), tokenize_bytes(c.statement.text))
        for c in copies
    ]
    return signatures_of(pairs) if pairs else []


def _all_bands(found: Iterable[bytes]) -> list[str]:
    return sorted({band for signature in found for band in bands_of(signature)})


def _pieces(values: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _shared(sought: Mapping[str, bytes], known: Mapping[str, Copy]) -> set[str]:
    """Those of the ids that share a band with another, or with one that is known."""
    others = _signatures(known.values())
    every = [*sought.values(), *(each for each in others if each)]
    if not sought:
        return set()
    rows = np.frombuffer(b"".join(every), np.uint32).reshape(-1, _BANDS)
    shares = np.zeros(len(rows), bool)
    for column in rows.T:
        _, places, counts = np.unique(column, return_inverse=True, return_counts=True)
        shares |= counts[places] > 1
    return {key for key, own in zip(sought, shares, strict=False) if own}


def _regrouped(
    known: Mapping[str, Copy], new: Mapping[str, Copy], broken: Collection[str]
) -> Iterator[tuple[Copy, str]]:
    if not new:
        return
    parts = [*_parts(known, fresh=False), *_parts(new, fresh=True)]
    prints = {
        part.segment.documents.id(doc): part.segment.documents.prints[doc]
        for part in parts
        for doc in part.docs.tolist()
    }
    of_print = {int(each): key for key, each in prints.items()}
    groups = regroup(_before(known, prints), parts, np.empty(0, np.uint64))
    members = defaultdict(list)
    for each, number in zip(
        groups.prints.tolist(), groups.numbers.tolist(), strict=True
    ):
        members[number].append(of_print[each])
    every = {**known, **new}
    named: dict[str, str] = {}
    for ids in members.values():
        names = {every[key].group for key in ids} - {"", *broken}
        named |= dict.fromkeys(ids, min(names, default=ids[0]))
    for key, copy in every.items():
        if named.get(key, "") != copy.group:
            yield copy, named.get(key, "")


def _parts(copies: Mapping[str, Copy], *, fresh: bool) -> Iterator[Part]:
    values = list(copies.values())
    for start in range(0, len(values), _DOCUMENTS):
        piece = values[start : start + _DOCUMENTS]
        # Stems are of no interest here.
        local = Local.of((copy.statement for copy in piece), "english")
        yield Part(local.segment, local.docs, fresh)


def _before(known: Mapping[str, Copy], prints: Mapping[str, int]) -> Groups:
    """The groups as they were, each with its earliest first."""
    ordered = sorted(
        (copy for copy in known.values() if copy.group),
        key=lambda copy: (copy.group, oldest_day(copy.statement), copy.statement.id),
    )
    names = [copy.group for copy in ordered]
    numbers = np.unique(np.array(names, str), return_inverse=True)[1]
    return Groups(
        np.array([prints[copy.statement.id] for copy in ordered], np.uint64),
        numbers.astype(np.uint32),
    )
