"""``python -m tests.bench.gate FOLDER...``: what cleaning makes of pages, held against gold text.

A folder has html/ with the pages, gold/ with the text of each, and index.jsonl with an object a
line: ``html`` and ``gold`` are paths in the folder, ``title`` and ``date`` what is right where
it is known. Pages in html_<encoding>/ are twins of those of the same name in html/.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.analysis import tokenize
from indexer.cleaning import clean
from indexer.errors import ReadoutError
from indexer.readouts import UNSORTED, Readout
from indexer.sources import NO_PROFILE, Source
from indexer.statement import Statement

#: How a page is cleaned: by the profile that its address chooses, or by no profile at all.
WAYS = {
    "by its address": Source(id=UNSORTED),
    "without a profile": Source(id=UNSORTED, profile=NO_PROFILE),
}
_HEADER = (
    "| pages | profile | text, F1 | dates right | titles right | twins equal | CPU a page |\n"
    "|---|---|---|---|---|---|---|"
)


@dataclass(slots=True)
class Score:
    """What the pages of one folder gave: F1 and CPU seconds a page, and what was right."""

    text: list[float] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    twins: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    worst: list[tuple[float, str]] = field(default_factory=list)

    def row(self, folder: str, way: str) -> str:
        """A row of the table; a dash where nothing is known of it."""
        cells = (
            f"{folder} ({len(self.text)})",
            way,
            f"{statistics.mean(self.text):.3f}",
            *map(_share, (self.dates, self.titles, self.twins)),
            f"{1000 * statistics.median(self.seconds):.1f} ms",
        )
        return f"| {' | '.join(cells)} |"


def f1(found: str, gold: str) -> float:
    """The harmonic mean of precision and recall of the bags of tokens, from 0 to 1."""
    ours, right = Counter(tokenize(found)), Counter(tokenize(gold))
    both, all_of_them = (ours & right).total(), ours.total() + right.total()
    return 2 * both / all_of_them if all_of_them else 1.0


def measure(folder: Path, source: Source) -> Score:
    """Clean every page of the folder as one of this source."""
    score = Score()
    for page in _pages(folder):
        path = folder / page["html"]
        started = time.process_time()
        found = _clean(path, source)
        score.seconds.append(time.process_time() - started)
        gold = (folder / page["gold"]).read_text(encoding="utf-8")
        value = f1(found.text if found else "", gold)
        score.text.append(value)
        score.worst.append((value, path.name))
        if page.get("date"):
            score.dates.append(bool(found) and str(found.date) == page["date"])
        if page.get("title"):
            right = tokenize(page["title"])
            score.titles.append(bool(found) and tokenize(found.title) == right)
        for twin in sorted(folder.glob(f"html_*/{path.name}")):
            score.twins.append(_clean(twin, source) == found)
    return score


def _pages(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "index.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _clean(path: Path, source: Source) -> Statement | None:
    readout = Readout(str(path), f"{source.id}/{path.name}", "", path.read_bytes())
    (result,) = clean(readout, source)
    return None if isinstance(result, ReadoutError) else result


def _share(right: list[bool]) -> str:
    return f"{100 * sum(right) / len(right):.1f} %" if right else "–"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.gate", description=__doc__
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--worst", type=int, default=0, help="name so many pages of least F1"
    )
    options = parser.parse_args(arguments)
    print(_HEADER)
    for folder in options.folders:
        for way, source in WAYS.items():
            score = measure(folder, source)
            print(score.row(folder.name, way), flush=True)
            for value, name in sorted(score.worst)[: options.worst]:
                print(f"{value:.3f} {name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
