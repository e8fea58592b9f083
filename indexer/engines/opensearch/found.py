"""What one search finds in a generation, and all that is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from indexer.engines.opensearch.connection import Body, Connection
from indexer.engines.opensearch.counting import OCCURRENCES, countable, counted
from indexer.engines.opensearch.documents import statement_of
from indexer.engines.opensearch.folding import Folded, folded
from indexer.engines.opensearch.generation import Generation
from indexer.engines.opensearch.local import Local, locals_of, shown
from indexer.engines.opensearch.narrowing import Narrowing, buckets, in_order
from indexer.engines.opensearch.near import is_countable
from indexer.engines.opensearch.rank import ORDERS
from indexer.engines.opensearch.rank import counted as counts_in
from indexer.engines.opensearch.rank import counting, scores
from indexer.engines.opensearch.translate import (
    EVERY,
    NONE,
    Translation,
    all_of,
    dated,
    having,
    none_of,
)
from indexer.engines.opensearch.uses import uses
from indexer.engines.whoosh.found import wanted, with_days
from indexer.engines.whoosh.leaves import Leaf, Sought, sought
from indexer.engines.whoosh.occurrences import by_document
from indexer.errors import QueryError
from indexer.query import And, Field, Near, Not, Or, Paragraph, Query, scope
from indexer.query.tree import TEXT_FIELDS
from indexer.search import FacetCount, Hit, SearchRequest, Sort, Uses

#: What a page takes of a document.
WHOLE: Body = {"_source": {"includes": ["statement"]}}

#: So many statements at most are read to look into their texts.
MOST_READ = 200_000

# The cluster gives no hits beyond this unless it is gone through from the first.
_WINDOW = 10_000


class Found:
    """The statements that match."""

    def __init__(
        self,
        connection: Connection,
        generation: Generation,
        request: SearchRequest,
        language: str,
    ) -> None:
        self._connection = connection
        self._generation = generation
        self._language = language
        self._request = request = with_days(request)
        self.wanted = wanted(request.query)
        self.narrowing = Narrowing(request.filters)
        self.translation = Translation(language, self._looked_up(request.query))
        self.base = all_of([self.translation.query(request.query), self._within()])

    @property
    def query(self) -> Body:
        """What is found, through all filters."""
        return all_of([self.base, self.narrowing.query()])

    def among(self, query: Query) -> Body:
        """What another query finds in the same days and through the same filters."""
        parts = [self.translation.query(query), self._within(), self.narrowing.query()]
        return all_of(parts)

    def everywhere(self, query: Query, narrowing: Narrowing) -> Body:
        """What another query finds in the same days, whatever else was asked for."""
        return all_of([self.translation.query(query), self.days, narrowing.query()])

    @property
    def days(self) -> Body:
        """What is in the days that are asked for."""
        return dated(self._request.dates) if self._request.dates else EVERY

    def _within(self) -> Body:
        """What the request's days, and the near-copies it asks for, narrow every query to."""
        return all_of([self.days, self._similar])

    @cached_property
    def _similar(self) -> Body:
        if not self._request.similar:
            return EVERY
        known = self._search(
            {
                "query": having([self._request.similar]),
                "_source": False,
                "docvalue_fields": ["group"],
                "size": 1,
            }
        )["hits"]["hits"]
        if not known:
            return NONE
        group = known[0].get("fields", {}).get("group")
        return (
            {"term": {"group": group[0]}} if group else having([self._request.similar])
        )

    def _search(self, body: Body) -> Body:
        return self._connection.search(self._generation.index, body)

    def _searches(self, *bodies: Body) -> list[Body]:
        return self._connection.searches(self._generation.index, bodies)

    def _looked_up(self, query: Query) -> Mapping[Sought, Sequence[str]]:
        """The ids of what matches each leaf that the cluster cannot tell."""
        nears = [each for each in leaves(query) if self._is_looked_up(each.leaf)]
        simple = Translation(self._language)
        found = {}
        for each in dict.fromkeys(nears):
            within = all_of([simple.parts_of(*each), self.days])
            found[each] = [
                local.id(doc)
                for local in self.read(within)
                for doc in local.evaluation.leaves.postings(each).docs.tolist()
            ]
        return found

    def _is_looked_up(self, leaf: Leaf) -> bool:
        if isinstance(leaf, Near):
            return not is_countable(leaf, self._language)
        return isinstance(leaf, Paragraph)

    def read(self, query: Body, source: Body = WHOLE) -> Iterator[Local]:
        """All statements that a query finds, to look into; too many are an error."""
        total = self._search({"query": query, "size": 0})["hits"]["total"]["value"]
        if total > MOST_READ:
            raise QueryError(
                f"This takes reading {total:,} statements one by one, and at most "
                f"{MOST_READ:,} are: narrow it by dates, sources or another word.",
                0,
            )
        hits = self._connection.walk(
            self._generation.index, {"query": query, **source}, [{"id": "asc"}]
        )
        return locals_of(hits, self._language)

    @cached_property
    def folded(self) -> Folded | None:
        """What is folded, if it is asked for and there is any."""
        request = self._request
        if not request.fold or not self._generation.known["copies"]:
            return None
        return folded(
            self._connection.walk, self._generation.index, self.base, request.filters
        )

    @property
    def _shown(self) -> Body:
        """What hits are taken from: the query, without what is folded under another."""
        if not self.folded:
            return self.query
        return all_of([self.query, none_of([having(self.folded.hidden)])])

    def ordered(self, sort: Sort) -> tuple[Body, Sequence[Body]]:
        """The query for hits in an order, with the scores that this needs, and the order."""
        query = self._shown
        if sort is not Sort.RELEVANCE or not self.wanted:
            return query, ORDERS[Sort.NEWEST if sort is Sort.RELEVANCE else sort]
        parts = [self.translation.leaf(each) for each in self.wanted]
        answer = self._search({"query": self.days, "size": 0, "aggs": counting(parts)})
        scored = scores(
            self.wanted,
            self.translation,
            counts_in(answer),
            answer["hits"]["total"]["value"],
            self._generation.average,
        )
        return {"bool": {"filter": [query], "should": scored}}, ORDERS[sort]

    def page(
        self,
    ) -> tuple[int, int, tuple[Hit, ...], Mapping[str, tuple[FacetCount, ...]]]:
        """The totals with and without folding, the hits of the page, and the facets."""
        request = self._request
        query, order = self.ordered(request.sort)
        deep = request.offset + request.limit > _WINDOW
        counts = {
            "query": all_of([self.base, self._loose()]),
            "size": 0,
            "aggs": {name: self.narrowing.facet(name) for name in request.facets},
        }
        total = {"query": self.query, "size": 0}
        page = {"query": query, "sort": order, "size": 0, **WHOLE}
        if not deep:
            page |= {"from": request.offset, "size": request.limit}
        counted, answered, hits = self._searches(counts, total, page)
        statements = answered["hits"]["total"]["value"]
        found = hits["hits"]["hits"]
        if deep:
            walked = self.walk(query, order)
            found = list(islice(walked, request.offset, request.offset + request.limit))
        return (
            hits["hits"]["total"]["value"],
            statements,
            self.made(found),
            {name: self._facet(name, counted) for name in request.facets},
        )

    def _loose(self) -> Body:
        """What counts by itself: where copies are folded, what is no copy."""
        return none_of([{"exists": {"field": "group"}}]) if self.folded else EVERY

    def _facet(self, name: str, answer: Mapping[str, Any]) -> tuple[FacetCount, ...]:
        found = {
            b["key"]: b["doc_count"] for b in buckets(answer["aggregations"][name])
        }
        if self.folded:
            for value, count in self.folded.counts(name).items():
                found[value] = found.get(value, 0) + count
        return in_order(name, found)

    def walk(self, query: Body, order: Sequence[Body]) -> Iterator[Body]:
        """All hits in an order."""
        body = {"query": query, **WHOLE}
        return self._connection.walk(self._generation.index, body, order)

    def made(self, found: Iterable[Body]) -> tuple[Hit, ...]:
        """What the cluster found as the hits of a page."""
        pairs = [(statement_of(hit["_source"]), hit["_score"] or 0.0) for hit in found]
        page = shown(pairs, self.wanted, self._request.snippets, self._language)
        if not self.folded:
            return page
        more = self.folded.more
        return tuple(replace(hit, more=more.get(hit.statement.id, 0)) for hit in page)

    def tokens(self) -> dict[str, dict[str, int]]:
        """The facets in tokens, without folding."""
        size = {"tokens": {"sum": {"field": "token_count"}}}
        names = self._request.facets
        facets = {name: self.narrowing.facet(name, size) for name in names}
        answer = self._search({"query": self.base, "size": 0, "aggs": facets})
        return {
            name: {
                bucket["key"]: int(bucket["tokens"]["value"])
                for bucket in buckets(answer["aggregations"][name])
            }
            for name in names
        }

    @cached_property
    def counted(self) -> list[Sought] | None:
        """The leaves that the cluster can count; None where we must."""
        return countable(self.wanted, self._language)

    def occurrences(self) -> int:
        """How often the statements found say it."""
        if not self.wanted:
            return 0
        if self.counted is not None:
            query = counted(self.query, self.counted, self.translation)
            answer = self._search({"query": query, "size": 0, "aggs": OCCURRENCES})
            return int(answer["aggregations"]["occurrences"]["value"])
        return sum(sum(counts) for _, counts in self.counted_here())

    def counted_here(self, source: Body = WHOLE) -> Iterator[tuple[Local, list[int]]]:
        """The statements found, and how often each says it, counted here."""
        for local in self.read(self.query, source):
            (counts,) = by_document([local.evaluation], [local.docs], self.wanted)
            yield local, counts.tolist()

    def uses(self) -> Uses:
        """First and last use and all matches, and where they were looked for."""
        among = self.among(scope(self._request.query))
        return uses(self._searches, self.query, among, self.occurrences())


def leaves(query: Query) -> list[Sought]:
    """All leaves of a query, those that are excluded too."""

    def below(part: Query, fields: tuple[str, ...]) -> Iterator[Sought]:
        match part:
            case And(parts) | Or(parts):
                for each in parts:
                    yield from below(each, fields)
            case Not(inner):
                yield from below(inner, fields)
            case Field(name, inner) if name in TEXT_FIELDS:
                yield from below(inner, (name,))
            case _:
                yield from sought(part, fields)

    return list(below(query, TEXT_FIELDS))
