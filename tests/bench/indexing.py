"""``python -m tests.bench.indexing``: what the command line costs, in time and in memory.

Files of text, one JSON object a line and pages are made of a generated corpus; ``communique index``
takes them with one process and with several. Memory is what its processes have together beside
mapped files, looked at every few milliseconds (Linux only).
"""

from __future__ import annotations

import argparse
import html
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from indexer.statement import Statement
from tests.bench.generate import generate
from tests.bench.table import machine
from tests.bench.upkeep import Readouts

_COMMAND = [sys.executable, "-c", "from webapp.cli import main; main()"]
_RESULTS = Path("tests/bench/indexing.md")
_BETWEEN_LOOKS = 0.02
_FURNITURE = "".join(
    f'<li><a href="/{number}">A link to page {number} of the site</a></li>'
    for number in range(120)
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, seconds of computing in all processes, megabytes at the most."""

    wall: float
    cpu: float
    memory: float


def lines(folder: Path, statements: Sequence[Statement]) -> None:
    """A raw folder with all statements as lines of one file."""
    folder.mkdir(parents=True)
    with (folder / "all.jsonl").open("w", encoding="utf-8") as file:
        for each in statements:
            line = {
                "id": each.id,
                "title": each.title,
                "date": str(each.date),
                "text": each.text,
            }
            file.write(json.dumps(line) + "\n")


def pages(folder: Path, statements: Sequence[Statement]) -> None:
    """A raw folder with a page for each statement, among links as pages have them."""
    folder.mkdir(parents=True)
    for number, each in enumerate(statements):
        body = "".join(
            f"<p>{html.escape(part)}</p>\n" for part in each.text.split("\n\n")
        )
        (folder / f"{number:06}.html").write_text(
            f'<!doctype html><html lang="en"><head><title>{html.escape(each.title)}</title>'
            f'<meta property="article:published_time" content="{each.date}"></head><body>'
            f"<nav><ul>{_FURNITURE}</ul></nav><article><h1>{html.escape(each.title)}</h1>\n"
            f"{body}</article><aside><ul>{_FURNITURE}</ul></aside></body></html>",
            encoding="utf-8",
        )


def index(raw: Path, jobs: int) -> Cost:
    """What ``communique index --jobs`` costs from nothing on."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.times()
        start = perf_counter()
        with subprocess.Popen(
            [*_COMMAND, "--raw", raw, "--index", folder, "index", "--jobs", str(jobs)],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            with _watched(process.pid) as seen:
                if process.wait():
                    raise SystemExit("communique index failed, as it says above.")
        wall, after = perf_counter() - start, os.times()
        cpu = sum(after[2:4]) - sum(before[2:4])
        return Cost(wall, cpu, max(seen, default=float("nan")))


@contextmanager
def _watched(group: int) -> Iterator[list[float]]:
    """The memory of a group of processes, in megabytes, again and again."""
    seen: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(_BETWEEN_LOOKS):
            seen.append(sum(map(_anonymous, _members(group))) / 1024)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def _members(group: int) -> Iterator[str]:
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(entry)) == group:
                yield entry
        except ProcessLookupError:
            continue


def _anonymous(process: str) -> int:
    """Kilobytes that are no file's."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if "RssAnon" in line]
    return int(found[0]) if found else 0


def report(options: argparse.Namespace) -> Iterator[str]:
    """The lines of the page, each as soon as it is measured."""
    yield "# What indexing costs"
    yield ""
    yield (
        "`communique index` from nothing on, on statements of 250 to 400 words; computing and "
        "memory are those of all its processes, memory but for mapped files at the most."
    )
    yield ""
    yield f"Machine: {machine()}"
    yield ""
    yield "| what | processes | statements a second | computing each, ms | memory, MB |"
    yield "|---|---:|---:|---:|---:|"
    most = max(options.files, options.lines, options.pages, 1)
    statements = generate(most, options.seed)
    for name, write, size in (
        ("JSON lines", lines, options.lines),
        ("HTML pages", pages, options.pages),
    ):
        if not size:
            continue
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            write(raw / "source", statements[:size])
            for jobs in map(int, options.jobs.split(",")):
                cost = index(raw, jobs)
                yield (
                    f"| {size:,} {name} | {jobs} | {size / cost.wall:,.0f} "
                    f"| {1000 * cost.cpu / size:.2f} | {cost.memory:,.0f} |"
                )
    if options.files:
        with tempfile.TemporaryDirectory() as folder:
            readouts = Readouts(Path(folder), statements[: options.files])
            yield ""
            yield f"Of {options.files:,} files, `communique index` takes:"
            yield ""
            yield f"- where nothing has changed: {readouts.unchanged():.2f} s"
            yield f"- where one was added, until it is found: {readouts.one_added():.2f} s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the page and write it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.indexing")
    add = parser.add_argument
    add("--files", type=int, default=100_000, help="files of text [%(default)s]")
    add("--lines", type=int, default=100_000, help="lines of JSON [%(default)s]")
    add("--pages", type=int, default=5_000, help="HTML pages [%(default)s]")
    add("--jobs", default="1,2", help="[%(default)s]")
    add("--seed", type=int, default=1, help="[%(default)s]")
    add("--output", type=Path, default=_RESULTS, help="[%(default)s]")
    options = parser.parse_args(arguments)
    page = []
    for line in report(options):
        print(line, flush=True)
        page.append(line + "\n")
    options.output.write_text("".join(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
