"""The concordance: all statements found are read, and lined up as the embedded engine does."""

from __future__ import annotations

from indexer.concordance import Concordance, LineSort
from indexer.engines.opensearch.found import Found
from indexer.engines.whoosh.collation import Collation
from indexer.engines.whoosh.keywords import Values
from indexer.engines.whoosh.lineup import Lineup
from indexer.engines.whoosh.occurrences import occurrences
from indexer.search import IndexInfo


def concordance(
    found: Found, sort: LineSort, offset: int, limit: int | None, index: IndexInfo
) -> Concordance:
    """Every occurrence on a line; only those lines that are asked for are made."""
    read = list(found.read(found.query)) if found.wanted else []
    segments = [local.segment for local in read]
    evaluations = [local.evaluation for local in read]
    docs = [local.docs for local in read]
    lineup = Lineup(segments, occurrences(evaluations, docs, found.wanted))

    def values(name: str) -> Values:
        return Values([segment.keywords[name] for segment in segments])

    collation = Collation(segments, values)
    return Concordance(
        total=len(lineup),
        statements=lineup.statements,
        lines=lineup.lines(lineup.rows(sort, collation, offset, limit)),
        index=index,
    )
