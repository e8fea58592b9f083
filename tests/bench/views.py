"""``python -m tests.bench.views``: how long a whole page of each view takes.

A phrase is put into a generated corpus, once for every five statements, and each view of a search
for it is asked of the site as a browser asks: the engine, the template and the answer's bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple
from urllib.parse import urlencode

import numpy as np
from flask.testing import FlaskClient

from indexer.concordance import LineSort
from indexer.engines import open_engine
from indexer.statement import Statement
from tests.bench.generate import generate
from tests.bench.table import machine
from webapp import create_app

PHRASE = "the four political documents"
#: Milliseconds that a page may take.
MUST = 250

_RESULTS = Path("tests/bench/views.md")
_ASKED = f'"{PHRASE}"'
_COUNTRIES = ("China", "Japan", "France", "Brazil", "Kenya", "India", "Norway", "Peru")
_LANGUAGES = ("en", "en", "en", "fr", "es", "zh")


def corpus(size: int, seed: int) -> list[Statement]:
    """Generated statements of several languages and countries that say the phrase size / 5 times."""
    rng = np.random.default_rng(seed)
    statements = generate(size, seed)
    texts = [each.text.split(" ") for each in statements]
    for number in rng.integers(size, size=size // 5).tolist():
        words = texts[number]
        place = int(rng.integers(len(words)))
        words[place:place] = PHRASE.split(" ")
    return [
        replace(
            each,
            text=" ".join(words),
            countries=tuple(rng.choice(_COUNTRIES, 2, replace=False).tolist()),
            language=str(rng.choice(_LANGUAGES)),
        )
        for each, words in zip(statements, texts, strict=True)
    ]


def addresses(statements: Sequence[Statement], seed: int) -> dict[str, str]:
    """The pages that are measured, each with its name."""
    found = {
        "list": _search(),
        "list, newest first": _search(sort="newest"),
        "list, page 500": _search(page="500"),
        "list, with filters": _search(source="source-00", language="en", year="2001"),
        "list, words in one paragraph": _search(q=" NEAR/p ".join(PHRASE.split())),
        "list, a frequent word": _search(q="the"),
        "nothing found, looser searches": _search(q='"the political documents four"'),
        "everything": _search(q=""),
    }
    for sort in LineSort:
        found[f"in context, {sort.value}"] = _search(view="kwic", sort=sort.value)
    deep = str(max(1, len(statements) // 1000))
    for sort in (LineSort.RIGHT1, LineSort.LEFT3):
        name = f"in context, {sort.value}, page {deep}"
        found[name] = _search(view="kwic", sort=sort.value, page=deep)
    for period in ("year", "month", "day"):
        for count in ("statements", "occurrences"):
            found[f"timeline by {period}, {count}"] = _search(
                view="timeline", period=period, count=count
            )
    found["timeline by day of a year"] = _search(
        view="timeline", period="day", **{"from": "2001", "to": "2001"}
    )
    for by in ("source", "country", "language"):
        for period in ("year", "month"):
            found[f"timeline by {period} and {by}"] = _search(
                view="timeline", period=period, by=by, count="occurrences"
            )
    lines = "\n".join(_phrases(statements, 9, seed))
    for period in ("year", "month"):
        found[f"matrix of 10 by {period}"] = _search(
            view="matrix", phrases=lines, period=period
        )
    said = next(each for each in statements if PHRASE in each.text)
    found["statement"] = f"/statements/{said.id}?{urlencode({'q': _ASKED})}"
    found["statement, result 5"] = f"{found['statement']}&result=5"
    return found


def _search(**arguments: str) -> str:
    return f"/search?{urlencode({'q': _ASKED} | arguments)}"


def _phrases(statements: Sequence[Statement], count: int, seed: int) -> Iterator[str]:
    """Words that stand next to each other somewhere."""
    rng = np.random.default_rng(seed)
    for number in rng.integers(len(statements), size=count).tolist():
        words = statements[number].text.replace(".", "").split()
        start = int(rng.integers(len(words) - 2))
        yield f'"{" ".join(words[start : start + 2])}"'


class Answer(NamedTuple):
    """One answer: milliseconds that passed, those of computing, and bytes."""

    passed: float
    computing: float
    size: int


def ask(client: FlaskClient, address: str) -> Answer:
    """Fetch a page to its last byte."""
    passed, computing = perf_counter(), process_time()
    response = client.get(address)
    size = len(response.get_data())
    if response.status_code != 200:
        raise SystemExit(f"{address} is answered {response.status_code}.")
    return Answer(
        (perf_counter() - passed) * 1000, (process_time() - computing) * 1000, size
    )


def measure(
    client: FlaskClient, pages: dict[str, str], rounds: int
) -> dict[str, list[Answer]]:
    """The answers to each page, in rounds after one that is not counted."""
    taken: dict[str, list[Answer]] = {name: [] for name in pages}
    for number in range(rounds + 1):
        for name, address in pages.items():
            answer = ask(client, address)
            taken[name] += [answer] if number else []
    return taken


def report(size: int, rounds: int, seed: int) -> Iterator[str]:
    """The lines of the page."""
    statements = corpus(size, seed)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(folder)
        with engine.writer() as writer:
            for each in statements:
                writer.put(each)
        client = create_app(engine=engine).test_client()
        taken = measure(client, addresses(statements, seed), rounds)
        engine.close()
    said = sum(each.text.count(PHRASE) for each in statements)
    yield "# Pages"
    yield ""
    yield (
        f"Whole pages of the site, {size:,} generated statements, a phrase that occurs {said:,} "
        f"times; {rounds} rounds, pages taking turns. Computing is the processor's time, of a "
        f"machine that has other work too. Must: {MUST} ms."
    )
    yield ""
    yield f"Machine: {machine()}"
    yield ""
    yield "| page | p50, ms | slowest, ms | computing, ms | size, kB | |"
    yield "|---|---:|---:|---:|---:|---|"
    for name, answers in taken.items():
        passed, computing, sizes = zip(*answers, strict=True)
        verdict = "reached" if median(passed) <= MUST else "**missed**"
        yield (
            f"| {name} | {median(passed):.1f} | {max(passed):.1f} | {median(computing):.1f} "
            f"| {sizes[0] / 1000:,.0f} | {verdict} |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the page and write it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.views", description=__doc__
    )
    add = parser.add_argument
    add("--size", type=int, default=100_000, help="statements [%(default)s]")
    add("--rounds", type=int, default=9, help="[%(default)s]")
    add("--seed", type=int, default=1, help="[%(default)s]")
    add("--output", type=Path, default=_RESULTS, help="[%(default)s]")
    options = parser.parse_args(arguments)
    page = []
    for line in report(options.size, options.rounds, options.seed):
        print(line, flush=True)
        page.append(line + "\n")
    options.output.write_text("".join(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
