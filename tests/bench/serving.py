"""A serving process, told of in JSON: ``python -m tests.bench.serving FOLDER < queries.json``.

``opening_ms`` is from opening the index to the first page, with all imports done; ``anonymous_mb``
is the memory that is not mapped from files after the site has answered every query, null where
the system does not tell (it is read from Linux's /proc).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

import waitress  # noqa: F401  (a server has it in memory)

from indexer.engines import open_engine
from indexer.engines.whoosh import (  # noqa: F401  (imported before the clock starts)
    WhooshEngine,
)
from indexer.query import parse_query
from indexer.search import SearchRequest
from webapp import create_app

_MEMORY = Path("/proc/self/smaps_rollup")


def main(folder: str) -> None:
    """Open, search, serve."""
    queries: list[str] = json.load(sys.stdin)
    first = SearchRequest(
        query=parse_query(queries[0]), facets=("year", "source"), limit=10
    )
    start = perf_counter()
    engine = open_engine(folder)
    engine.search(first)
    opening = (perf_counter() - start) * 1000
    client = create_app(engine=engine).test_client()
    for query in queries:
        response = client.get("/search", query_string={"q": query})
        if response.status_code != 200:
            raise SystemExit(f"The site answered {response.status_code} to {query}")
    print(json.dumps({"opening_ms": opening, "anonymous_mb": _anonymous()}))


def _anonymous() -> float | None:
    if not _MEMORY.exists():
        return None
    lines = dict(line.split(":", 1) for line in _MEMORY.read_text().splitlines()[1:])
    return int(lines["Anonymous"].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1])
