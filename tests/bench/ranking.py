"""``python -m tests.bench.ranking FOLDER...``: mean average precision on test collections.

A folder holds docs.jsonl (id, title, text), queries.jsonl (id, text) and qrels.tsv (query,
document, relevance, parted by tabs). A query is its words, joined by OR, matched by stem. The
average precision of a query is that of Buckley and Voorhees, "Evaluating Evaluation Measure
Stability" (2000), over the whole ranking.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.analysis import tokenize
from indexer.query import Or, Term
from indexer.search import SearchRequest
from indexer.statement import Statement
from tests.bench.peers import Communique, Peer, natives


class Collection:
    """Documents, queries, and which documents are relevant to a query."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.statements = [
            Statement(id=doc["id"], title=doc.get("title") or "", text=doc["text"])
            for doc in _lines(folder / "docs.jsonl")
        ]
        self.queries = {
            query["id"]: query["text"] for query in _lines(folder / "queries.jsonl")
        }
        self.relevant: dict[str, set[str]] = defaultdict(set)
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            query, document, relevance = line.split("\t")
            if int(relevance) > 0:
                self.relevant[query].add(document)

    def requests(self) -> Iterator[tuple[SearchRequest, set[str]]]:
        """Each judged query's request for all its hits, with the documents that are relevant."""
        for name, text in self.queries.items():
            if self.relevant[name]:
                words = tuple(dict.fromkeys(map(Term, tokenize(text))))
                query = Or(words) if len(words) > 1 else words[0]
                yield _request(query, len(self.statements)), self.relevant[name]


def _request(query: Or | Term, limit: int) -> SearchRequest:
    return SearchRequest(
        query=query, facets=("year", "source"), limit=limit, snippets=1
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def average_precision(ranking: Sequence[str], relevant: set[str]) -> float:
    """The mean of the precision at each relevant document, 0 for one that is not found."""
    found, total = 0, 0.0
    for place, document in enumerate(ranking, 1):
        if document in relevant:
            found += 1
            total += found / place
    return total / len(relevant)


def mean_average_precision(peer: Peer, collection: Collection) -> float:
    """Of one engine, built from the collection."""
    peer.build(collection.statements)
    values = [
        average_precision(
            [hit.id for hit in peer.page(peer.search(request)).hits], relevant
        )
        for request, relevant in collection.requests()
    ]
    peer.close()
    return sum(values) / len(values)


def main(folders: Sequence[str]) -> int:
    """Print a table: engines by collections."""
    if not folders:
        print(__doc__, file=sys.stderr)
        return 2
    collections = [Collection(Path(folder)) for folder in folders]
    rows: dict[str, list[float]] = defaultdict(list)
    for collection in collections:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            for peer in (Communique(place), *natives(place, stems=True)):
                rows[peer.name].append(mean_average_precision(peer, collection))
    print(f"| mean average precision | {' | '.join(c.name for c in collections)} |")
    print(f"|---|{'---:|' * len(collections)}")
    for name, values in rows.items():
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in values)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
