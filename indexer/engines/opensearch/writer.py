"""Writing: statements go to an index that nobody reads yet, and are verified before they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any
from urllib.parse import quote

from indexer.analysis import tokenize_bytes
from indexer.engines.opensearch.bulk import CHUNK, Write, write
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.copies import bands_of, changed_groups, signatures_of
from indexer.engines.opensearch.documents import (
    document,
    document_id,
    print_from,
    statement_of,
)
from indexer.engines.opensearch.found import WHOLE
from indexer.engines.opensearch.generation import Generation, built_with
from indexer.engines.opensearch.generations import building
from indexer.engines.opensearch.mapping import PIECES
from indexer.engines.opensearch.registry import Registry
from indexer.engines.opensearch.translate import EVERY, Translation, all_of, having
from indexer.engines.opensearch.vocabulary import NO_WORDS, NOTE, Vocabulary
from indexer.engines.whoosh.documents import print_of
from indexer.errors import EngineError
from indexer.query import Phrase
from indexer.statement import Statement

_PENDING_BYTES = 4_000_000
_PRINTS = tuple(f"print_{number}" for number in range(PIECES))

#: Statements that are read back and searched for before a generation is published.
_SAMPLED = 20


class ClusterWriter:
    """Brings ``index`` from what ``base`` holds to what is put and removed.

    ``check`` raises if this is no longer the one writer.
    """

    def __init__(
        self,
        connection: Connection,
        registry: Registry,
        index: str,
        base: Generation | None,
        number: int,
        language: str,
        check: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._registry = registry
        self._index = index
        self._base = base
        self._number = number
        self._language = language
        self._check = check
        # Each write has a higher version than all before it, whoever made those.
        self._versions = count(number << 32)
        self._pending: dict[str, tuple[Statement, str] | None] = {}
        self._bytes = 0
        self._notes: dict[str, bytes] = {}
        # What was written by id, with its print and signature; what is gone from the base.
        self._prints: dict[str, int] = {}
        self._signatures: dict[str, bytes] = {}
        self._gone: dict[str, int] = {}
        self._broken: set[str] = set()
        self._words = Counter[bytes]()  # more of each, or fewer, than the base has

    def put(self, statement: Statement, digest: str = "") -> None:
        """Add the statement, or replace the one with its id."""
        self._pending[statement.id] = (statement, digest)
        self._bytes += len(statement.text)
        if len(self._pending) >= CHUNK or self._bytes >= _PENDING_BYTES:
            self._flush()

    def remove(self, statement_id: str) -> None:
        """Take the statement out; an unknown id is no error."""
        self._pending[statement_id] = None
        if len(self._pending) >= CHUNK:
            self._flush()

    def note(self, name: str, data: bytes) -> None:
        """Keep data under a name."""
        self._notes[name] = data

    def _flush(self) -> None:
        """Write what is pending."""
        pending, self._pending, self._bytes = self._pending, {}, 0
        if not pending:
            return
        self._check()
        if self._base:
            self._note_gone(self._base.index, list(pending))
        for statement_id in pending:
            self._take_back(statement_id)
        kept = [each for each in pending.values() if each]
        tokens = [(tokenize_bytes(s.headline), tokenize_bytes(s.text)) for s, _ in kept]
        found = signatures_of(tokens) if kept else []
        for title, text in tokens:
            self._words.update(title)
            self._words.update(text)
        for (statement, _), signature in zip(kept, found, strict=True):
            self._prints[statement.id] = print_of(statement)
            self._signatures[statement.id] = signature
        removed = [key for key, each in pending.items() if each is None]
        writes = [self._kept(*each) for each in kept]
        writes += [Write(document_id(key), next(self._versions)) for key in removed]
        self._write(writes)

    def _kept(self, statement: Statement, digest: str, group: str = "") -> Write:
        signature = self._signatures.get(statement.id)
        if signature is None:
            tokens = (
                tokenize_bytes(statement.headline),
                tokenize_bytes(statement.text),
            )
            (signature,) = signatures_of([tokens])
        body = document(
            statement,
            digest,
            self._language,
            group=group,
            bands=bands_of(signature),
            written=self._number,
        )
        return Write(document_id(statement.id), next(self._versions), body)

    def _write(self, writes: list[Write]) -> None:
        write(self._connection, building(self._index), writes)

    def _take_back(self, statement_id: str) -> None:
        """Forget what was written under an id in this session, as it is written again."""
        if self._prints.pop(statement_id, None) is None:
            return
        del self._signatures[statement_id]
        path = f"/{self._index}/_doc/{quote(document_id(statement_id), safe='')}"
        self._without(statement_of(self._connection.send("GET", path)["_source"]))

    def _without(self, statement: Statement) -> None:
        """Count the words of a statement that goes."""
        self._words.subtract(tokenize_bytes(statement.headline))
        self._words.subtract(tokenize_bytes(statement.text))

    def _note_gone(self, index: str, ids: list[str]) -> None:
        """Remember which of the base's statements are replaced or removed, and their groups."""
        ids = [each for each in ids if each not in self._gone]
        body = {
            "query": having(ids),
            **WHOLE,
            "docvalue_fields": ["id", "group", *_PRINTS],
        }
        for hit in self._connection.walk(index, body, [{"id": "asc"}]):
            fields = {name: values[0] for name, values in hit["fields"].items()}
            self._without(statement_of(hit["_source"]))
            self._gone[fields["id"]] = print_from(fields)
            if group := fields.get("group"):
                self._broken.add(group)

    def finish(self) -> dict[str, Any]:
        """Write all that is pending and verify it; gives what is kept with the generation."""
        self._flush()
        self._refresh()
        if self._regroup():
            self._refresh()
        known = self._summed() | {
            **built_with(self._language),
            "generation": self._number,
            "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        vocabulary = self._vocabulary()
        self._verify(known, vocabulary.tokens)
        self._keep_notes({**self._notes, NOTE: vocabulary.dump()})
        self._check()
        return known

    def _refresh(self) -> None:
        self._connection.send("POST", f"/{self._index}/_refresh", seconds=60)

    def _regroup(self) -> bool:
        """Bring the groups of near-copies up to date; whether any changed."""
        changed = changed_groups(
            self._connection, self._index, self._signatures, self._broken, self._number
        )
        writes = [self._kept(c.statement, c.digest, group) for c, group in changed]
        self._write(writes)
        return bool(writes)

    def _summed(self) -> dict[str, Any]:
        """What the documents of the index come to."""
        fields = ("token_count", "length", *_PRINTS)
        sums = {name: {"sum": {"field": name}} for name in fields}
        copies = {"filter": {"exists": {"field": "group"}}}
        body = {"query": EVERY, "size": 0, "aggs": {**sums, "copies": copies}}
        answer = self._connection.search(self._index, body, 60)
        found = answer["aggregations"]
        prints = print_from({name: found[name]["value"] for name in _PRINTS})
        return {
            "statements": answer["hits"]["total"]["value"],
            "tokens": int(found["token_count"]["value"]),
            "length": int(found["length"]["value"]),
            "fingerprint": f"{prints % (1 << 64):016x}",
            "copies": found["copies"]["doc_count"],
        }

    def _vocabulary(self) -> Vocabulary:
        """All words, with those that came and went."""
        before = NO_WORDS
        if self._base:
            data = self._registry.note(self._base.index, NOTE)
            if data is None:
                raise EngineError(
                    f"{self._base.index} has lost its words: run `communique index --full`"
                )
            before = Vocabulary.load(data)
        return before.changed(self._words)

    def _verify(self, known: Mapping[str, Any], tokens: int) -> None:
        """Raise EngineError unless the index holds what it should, and finds it."""
        before = self._base.info if self._base else None
        statements = (before.statements if before else 0) - len(self._gone)
        prints = (int(before.fingerprint, 16) if before else 0) - sum(
            self._gone.values()
        )
        expected = {
            "statements": statements + len(self._prints),
            "tokens": tokens,
            "fingerprint": f"{(prints + sum(self._prints.values())) % (1 << 64):016x}",
        }
        wrong = [
            f"{name} {known[name]} instead of {value}"
            for name, value in expected.items()
            if known[name] != value
        ]
        wrong += self._unlike()
        if wrong:
            raise EngineError(
                f"The cluster at {self._connection.location} does not hold what it was given "
                f"({'; '.join(wrong)}): run it again; the index is as it was."
            )

    def _unlike(self) -> Iterator[str]:
        """A few words for each of some new statements that is not what it was, or is not found."""
        step = max(1, len(self._prints) // _SAMPLED)
        sample = list(islice(self._prints, 0, None, step))
        if not sample:
            return
        body = {"query": having(sample), **WHOLE}
        hits = self._connection.walk(self._index, body, [{"id": "asc"}])
        read = {(statement := statement_of(h["_source"])).id: statement for h in hits}
        translation = Translation(self._language)
        for key in sample:
            if key not in read or print_of(read[key]) != self._prints[key]:
                yield f"{key} is not as it was"
                continue
            words = [word.decode() for word in tokenize_bytes(read[key].text)[:5]]
            if words:
                phrase = translation.query(Phrase(tuple(words)))
                query = all_of([phrase, having([key])])
                found = self._connection.search(
                    self._index, {"query": query, "size": 0}
                )
                if found["hits"]["total"]["value"] != 1:
                    yield f"{key} is not found by its own words"

    def _keep_notes(self, notes: Mapping[str, bytes]) -> None:
        """Keep the notes with the new index, those of before that nobody replaced too."""
        if self._base:
            for name in self._registry.names(self._base.index):
                data = self._registry.note(self._base.index, name)
                if data is not None and name not in notes:
                    self._registry.keep(self._index, name, data)
        for name, data in notes.items():
            self._registry.keep(self._index, name, data)
