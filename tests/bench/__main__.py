"""``python -m tests.bench``: measure, write a table and a picture."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.corpus import load
from tests.bench.measure import Measured, measure
from tests.bench.peers import has_tantivy
from tests.bench.plot import plot
from tests.bench.rounds import Disagreement
from tests.bench.table import report

_DESCRIPTION = """
Compare Communiqué with SQLite FTS5, Tantivy (pip install tantivy) and, up to 10,000 statements,
stock Whoosh: the same search pages for all, answers compared, engines taking turns. Then measure
indexing, memory, opening and the command line at the largest size.
"""
_EPILOG = """
A corpus file has a JSON object a line with id, title, text, date (YYYY-MM-DD) and source or
country; its texts are cut into sections of some 300 words.
"""


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=_DESCRIPTION, epilog=_EPILOG
    )
    add = parser.add_argument
    add(
        "--corpus",
        type=Path,
        default=os.environ.get("CORPUS") or None,
        help="a .jsonl or .jsonl.xz file [environment's CORPUS; else a generated corpus]",
    )
    add("--sizes", type=_sizes, default="10000,50000,100000", help="[%(default)s]")
    add(
        "--seed",
        type=int,
        default=1,
        help="of the corpus and the queries [%(default)s]",
    )
    add("--queries", type=int, default=24, help="of each class [%(default)s]")
    add(
        "--output",
        type=Path,
        default=Path("tests/bench/results.md"),
        help="[%(default)s]",
    )
    add("--plot", type=Path, default=Path("docs/bench.svg"), help="[%(default)s]")
    return parser.parse_args(arguments)


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 1 if two engines gave different answers."""
    options = _options(arguments)
    corpus = Path(options.corpus) if options.corpus else None
    if not has_tantivy():
        _say("Tantivy is left out: pip install tantivy")
    runs: list[Measured] = []
    for size in options.sizes:
        _say(
            f"{size:,} statements: reading"
            if corpus
            else f"{size:,} statements: generating"
        )
        statements = load(corpus, size, options.seed)
        last = size == options.sizes[-1]
        try:
            runs.append(
                measure(
                    statements, options.seed, _say, upkeep=last, queries=options.queries
                )
            )
        except Disagreement as difference:
            _say(str(difference))
            return 1
    name = f"{corpus.name}, cut into sections" if corpus else "generated"
    for path in (options.output, options.plot):
        path.parent.mkdir(parents=True, exist_ok=True)
    page = report(runs, name, options.seed, options.queries)
    options.output.write_text(page, encoding="utf-8")
    options.plot.write_text(plot(runs[-1]), encoding="utf-8")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
