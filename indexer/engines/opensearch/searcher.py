"""The answers from one generation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import islice

from indexer.concordance import Concordance, LineSort
from indexer.engines.opensearch.connection import Body, Connection, Gone
from indexer.engines.opensearch.documents import print_from, statement_of
from indexer.engines.opensearch.found import WHOLE, Found
from indexer.engines.opensearch.generation import Generation
from indexer.engines.opensearch.lineup import concordance
from indexer.engines.opensearch.local import Local
from indexer.engines.opensearch.mapping import PIECES
from indexer.engines.opensearch.registry import Registry
from indexer.engines.opensearch.timeline import timeline
from indexer.engines.opensearch.translate import EVERY
from indexer.engines.opensearch.vocabulary import NOTE, Vocabulary
from indexer.engines.whoosh.documents import print_of
from indexer.engines.whoosh.found import wanted, with_days
from indexer.engines.whoosh.hits import marked
from indexer.errors import EngineError, IndexBusy
from indexer.periods import Period
from indexer.query import Query
from indexer.search import AllHits, Hit, IndexInfo, Marked, SearchRequest, SearchResults
from indexer.statement import Statement
from indexer.timeline import Timeline

# Hits that are made at a time where all are asked for.
_CHUNK = 256

_BY_ID: tuple[Body, ...] = ({"id": "asc"},)


class Searcher:
    """Asks the concrete index of a generation, which never changes."""

    def __init__(
        self,
        connection: Connection,
        registry: Registry,
        generation: Generation,
        language: str,
    ) -> None:
        self._connection = connection
        self._registry = registry
        self.generation = generation
        self._language = language

    def _found(self, request: SearchRequest) -> Found:
        return Found(self._connection, self.generation, request, self._language)

    def _searches(self, *bodies: Body) -> list[Body]:
        return self._connection.searches(self.generation.index, bodies)

    def info(self) -> IndexInfo:
        """What is known of the generation, once all its pieces have answered."""
        self._searches({"query": EVERY, "size": 0})
        return self.generation.info

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        found = self._found(request)
        total, statements, hits, facets = found.page()
        return SearchResults(
            total=total,
            statements=statements,
            hits=hits,
            facets=facets,
            index=self.generation.info,
            uses=found.uses() if request.uses else None,
        )

    def hits(self, request: SearchRequest) -> AllHits:
        """Every hit, made in chunks."""
        found = self._found(replace(request, fold=False))
        query, order = found.ordered(request.sort)
        (answer,) = self._searches({"query": found.query, "size": 0})
        walked = found.walk(query, order)

        def made() -> Iterator[Hit]:
            while chunk := list(islice(walked, _CHUNK)):
                for hit, kept in zip(found.made(chunk), chunk, strict=True):
                    yield replace(hit, statement=statement_of(kept["_source"]))

        return AllHits(
            total=answer["hits"]["total"]["value"],
            hits=made(),
            index=self.generation.info,
        )

    def tokens(self, request: SearchRequest) -> dict[str, dict[str, int]]:
        """The facets of a search, counted in tokens."""
        return self._found(request).tokens()

    def timeline(
        self, request: SearchRequest, period: Period, by: str | None
    ) -> Timeline:
        """The result by period; near-copies are not folded."""
        request = with_days(replace(request, fold=False))
        found = self._found(request)
        index = self.generation.info
        return timeline(found, self._searches, request, period, by, index)

    def concordance(
        self, request: SearchRequest, sort: LineSort, offset: int, limit: int | None
    ) -> Concordance:
        """Every occurrence on a line."""
        found = self._found(replace(request, fold=False))
        return concordance(found, sort, offset, limit, self.generation.info)

    def get(self, statement_id: str) -> Statement | None:
        """The whole statement."""
        found = self._searches(
            {"query": {"term": {"id": _sent(statement_id)}}, "size": 1, **WHOLE}
        )
        for hit in found[0]["hits"]["hits"]:
            return statement_of(hit["_source"])
        return None

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        """The statement's title and text with all matches marked."""
        statement = self.get(statement_id)
        if statement is None:
            return None
        local = Local.of([statement], self._language)
        return marked(local.evaluation, 0, wanted(query))

    def notes(self) -> list[str]:
        """The names of what writers kept, the engine's own notes apart."""
        return sorted({*self._registry.names(self.generation.index)} - {NOTE})

    def note(self, name: str) -> bytes | None:
        """What the writer kept under a name, or None."""
        return self._registry.note(self.generation.index, name)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words; read when it is first asked for."""
        data = self.note(NOTE)
        if data is None:
            raise EngineError(
                f"{self.generation.index} has lost its words: run `communique index --full`"
            )
        return Vocabulary.load(data)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id and its readout's digest."""
        body = {"query": EVERY, "_source": False, "docvalue_fields": ["id", "digest"]}
        for hit in self._connection.walk(self.generation.index, body, _BY_ID, 10_000):
            yield hit["fields"]["id"][0], hit["fields"]["digest"][0]

    def statements(self) -> Iterator[tuple[Statement, str]]:
        """Every statement and its readout's digest."""
        body = {"query": EVERY, "_source": {"includes": ["statement", "digest"]}}
        index = self.generation.index
        try:
            for hit in self._connection.walk(index, body, _BY_ID, _CHUNK):
                yield statement_of(hit["_source"]), hit["_source"]["digest"]
        except Gone:
            raise IndexBusy(
                "The index was published twice while it was read, and what was read is gone: try "
                "again, when nobody indexes."
            ) from None

    def faults(self) -> Iterator[str]:
        """A sentence for each statement that is not as it was written, and for wrong sums."""
        pieces = [f"print_{number}" for number in range(PIECES)]
        body = {"query": EVERY, **WHOLE, "docvalue_fields": ["id", *pieces]}
        statements = prints = 0
        for hit in self._connection.walk(self.generation.index, body, _BY_ID):
            fields = hit["fields"]
            kept = print_from({name: fields[name][0] for name in pieces})
            if print_of(statement_of(hit["_source"])) != kept:
                yield f"{fields['id'][0]}: is not as it was written"
            statements += 1
            prints += kept
        known = self.generation.known
        fingerprint = f"{prints % (1 << 64):016x}"
        if (statements, fingerprint) != (known["statements"], known["fingerprint"]):
            yield (
                f"{self.generation.index}: holds {statements:,} statements ({fingerprint}), and "
                f"{known['statements']:,} were written ({known['fingerprint']})"
            )


def _sent(statement_id: str) -> str:
    return statement_id.encode("utf-8", "replace").decode()
