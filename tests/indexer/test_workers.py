"""Workers: the same results in the same order from any number, whatever a file does to one."""

import gc
import json
import re
import signal
import subprocess
import sys
from itertools import islice

import pytest

from indexer import limits
from indexer.changes import list_files
from indexer.engines import open_engine
from indexer.errors import WorkerError
from indexer.query import Phrase
from indexer.search import SearchRequest
from indexer.sources import load_sources
from indexer.statement import Statement
from indexer.worker import Task
from indexer.workers import Workers, _Chunk, _Worker
from tests.hostile import WORD, write_hostile

PAGE = "<html><body><article><h1>Page {0}</h1><p>{1}</p></article></body></html>"
SENTENCE = "The two sides exchanged views on matters of common concern. "
COMMAND = [sys.executable, "-c", "from webapp.cli import main; main()"]

# Runs a command and leaves in "most" how much memory a process of it had at most (kB on Linux).
MEASURED = """
import pathlib, resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
pathlib.Path("most").write_text(str(most))
sys.exit(code)
"""


def clean(raw, jobs):
    """What workers make of raw/: names, digests and results."""
    workers = Workers(jobs, load_sources(raw))
    try:
        return [
            (each.file.name, each.digest, [str(result) for result in each.results])
            for each in workers.clean(list(list_files(raw).values()))
        ]
    finally:
        workers.close()


@pytest.fixture
def raw(tmp_path):
    """Files of all kinds, and more of them than are read without workers."""
    raw = tmp_path / "raw"
    (raw / "a").mkdir(parents=True)
    for number in range(250):
        text = f" date 2025-07-10 Note {number}\n\nThey met {number} times."
        (raw / "a" / f"{number:03}.txt").write_text(text, encoding="utf-8")
        if number % 50 == 0:
            page = PAGE.format(number, SENTENCE * 10)
            (raw / "a" / f"{number:03}.html").write_text(page, encoding="utf-8")
    (raw / "a" / "empty.txt").touch()
    with (raw / "a" / "lines.jsonl").open("w", encoding="utf-8") as file:
        for number in range(600):  # several chunks of one file
            line = {"id": number, "title": "", "text": f"{number} {SENTENCE * 100}"}
            file.write(json.dumps(line) + "\n")
        file.write("no JSON\n")
    return raw


def test_results_and_their_order_do_not_depend_on_the_number_of_workers(raw):
    """One job, two or three give the same, and that is what is in raw/."""
    one = clean(raw, 1)
    assert clean(raw, 2) == one
    assert clean(raw, 3) == one
    assert [name for name, _, _ in one] == list(list_files(raw))
    lines = dict((name, results) for name, _, results in one)["a/lines.jsonl"]
    assert len(lines) == 601
    assert all(f"~jsonl/{number}'" in line for number, line in enumerate(lines[:-1]))
    assert "line 601" in lines[-1]


def test_what_was_taken_of_a_long_file_is_held_no_more(raw, monkeypatch):
    """A file of a million lines takes the memory of the few chunks that are under way."""
    monkeypatch.setattr("indexer.workers._CHUNK_BYTES", 100_000)
    file = list_files(raw)["a/lines.jsonl"]
    workers = Workers(2, load_sources(raw))
    cleaning = workers.clean([file])
    for _ in islice(next(cleaning).results, 500):
        pass
    found = (each for each in gc.get_objects() if isinstance(each, Statement))
    held = sum(each.id.startswith("a/lines~jsonl") for each in found)
    workers.close()
    assert held < 200  # of some six chunks of 17


def test_few_harmless_files_start_no_process(raw):
    """A small run of text does not wait for a process to start."""
    workers = Workers(8, load_sources(raw))
    small = [file for file in list_files(raw).values() if file.name.endswith("0.txt")]
    assert len(list(workers.clean(small))) == 25
    assert not workers._workers


def test_a_worker_that_dies_costs_one_file(raw):
    """A file that takes a worker too long is reported; those beside it in its chunk are not."""
    (raw / "a" / "source.toml").write_text("drop = ['(a+)+b']", encoding="utf-8")
    text = " date 2025-07-10 Slow\n\n" + "a" * 60 + "\n\nThey met."
    (raw / "a" / "100-slow.txt").write_text(text, encoding="utf-8")
    found = clean(raw, 2)
    assert [name for name, _, _ in found] == list(list_files(raw))
    results = {name: results for name, _, results in found}
    assert "takes more than 4 s to read" in results.pop("a/100-slow.txt")[0]
    assert "They met 99 times." in results["a/099.txt"][0]
    assert "They met 101 times." in results["a/101.txt"][0]


@pytest.mark.parametrize(
    ("exitcode", "words"),
    [(-signal.SIGPROF, "more than 4 s"), (-signal.SIGSEGV, "breaks what reads it")],
)
def test_the_end_of_a_worker_tells_what_to_do(exitcode, words):
    """What a file did to its reader is its reason."""
    assert words in limits.blame(exitcode)


def test_a_worker_that_somebody_stops_is_no_fault_of_a_file(raw):
    """The run ends with a sentence, so that no statement leaves the index for it."""
    workers = Workers(2, load_sources(raw))
    cleaned = workers.clean(list(list_files(raw).values()))
    next(cleaned)
    for worker in workers._workers:
        if worker.is_alive:  # one that was never heard of would be said not to start
            worker.process.kill()
            worker.process.join()
    with pytest.raises(WorkerError, match="was stopped"):
        for each in cleaned:
            list(each.results)
    workers.close()


def test_a_worker_that_dies_idle_is_at_the_first_file_of_what_it_gets_next(raw):
    """A chunk may be shorter than the one before: a place in that is none in this."""
    files = list(list_files(raw).values())
    worker = _Worker(load_sources(raw))
    worker.give(_Chunk([Task(file) for file in files[:3]]))
    while worker.pipe.recv() is None:
        pass
    assert worker.at.value == 2
    worker.process.kill()
    worker.process.join()
    worker.give(_Chunk([Task(files[3])]))
    assert worker.at.value == 0
    worker.stop()


def test_workers_that_cannot_start_are_no_fault_of_a_file(raw):
    """A program that cannot be started again as a worker says so, and nothing is published."""
    program = raw.parent / "program.py"
    program.write_text(
        "import sys\nsys.argv.remove('first')  # the second time there is none\n"
        "if __name__ == '__main__':\n    from webapp.cli import cli\n    cli()\n"
    )
    ran = subprocess.run(
        [sys.executable, program.name, "first", "index", "--jobs", "2"],
        cwd=raw.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 5
    assert "does not start" in ran.stderr.splitlines()[-1]
    assert not (raw.parent / "index" / "CURRENT").exists()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The outcome of one run over hostile files and two good ones, and the index."""
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(folder / "raw" / "h")
    (folder / "raw" / "h" / "source.toml").write_text(
        "drop = ['(a+)+b']", encoding="utf-8"
    )
    (folder / "raw" / "z").mkdir()
    (folder / "raw" / "z" / "good.txt").write_text(
        " date 2025-07-10 Good\n\nThe four political documents.", encoding="utf-8"
    )
    (folder / "raw" / "z" / "good.html").write_text(
        PAGE.format(1, f"{SENTENCE * 5} The four political documents."),
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, *COMMAND, "index", "--json", "--jobs", "1"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stderr == ""
    failed = {each["path"]: each["reason"] for each in json.loads(ran.stdout)["failed"]}
    engine = open_engine(folder / "index")
    yield engine, failed, int((folder / "most").read_text())
    engine.close()


def test_the_rest_of_a_hostile_run_is_indexed(hostile):
    """The good files beside the hostile ones are found."""
    engine, *_ = hostile
    query = Phrase(("four", "political", "documents"))
    hits = engine.search(SearchRequest(query=query)).hits
    assert {hit.statement.id for hit in hits} == {"z/good", "z/good~html"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("many.html", "takes more than (4 s|512 MB)|larger than"),
        ("regex.txt", "takes more than 4 s"),
        ("huge.html", "larger than 64 MB"),
        ("nul.txt", "binary data"),
        ("fifo.txt", "a pipe"),
        ("loop", "a link"),
        ("outside.txt", "a link"),
    ],
)
def test_what_cannot_be_a_statement_is_reported_with_a_reason(hostile, name, reason):
    """Each hostile file is named with what is wrong with it."""
    assert re.search(reason, hostile[1][f"h/{name}"])


@pytest.mark.parametrize("name", ["bomb.html", "nested.html", "unclosed.html"])
def test_broken_markup_gives_its_text_or_a_reason(hostile, name):
    """Neither entities nor nesting nor open tags break a run or blow a text up."""
    engine, failed, _ = hostile
    found = engine.get(f"h/{name.replace('.', '~')}")
    assert (found is None) == (f"h/{name}" in failed)
    assert found is None or len(found.text) < 10_000


def test_a_word_of_any_length_is_found(hostile):
    """40,000 letters are one word of the index."""
    engine, *_ = hostile
    query = Phrase((WORD, "stands"))
    assert engine.search(SearchRequest(query=query)).total == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bidi", "The four papers."),
        ("surrogate~json", "A half of a character."),
    ],
)
def test_what_nobody_sees_is_not_in_a_text(hostile, name, text):
    """Marks of direction and halves of characters break no word."""
    assert hostile[0].get(f"h/{name}").text == text


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_hostile_files_stay_within_memory(hostile):
    """No process of the run had more than 512 MB."""
    assert hostile[2] < 512 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_a_worker_out_of_memory_is_known_by_its_end():
    """Memory beyond the limit ends the worker with the reason, not with a traceback."""
    code = (
        "from indexer import limits\nlimits.confine()\n"
        "try: bytearray(600 * 2**20)\nexcept MemoryError: limits.give_up()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert "more than 512 MB" in limits.blame(ran.returncode)
    assert ran.stderr == b""


# Cleans one file with a parser that fails. In a process of its own: one that used much memory
# takes any failure for the end of it, and gives up.
FAILING = """
import sys
from pathlib import Path
from indexer import worker
from indexer.changes import list_files
from indexer.sources import load_sources
from indexer.statement import Statement

def broken(readout, source):
    raise ZeroDivisionError("nobody thought of it")
    yield

worker.cleaning.clean = broken
raw = Path(sys.argv[1])
task = worker.Task(list_files(raw)["a/000.html"])
_, (given,) = worker._clean(task, load_sources(raw))
print(type(given).__name__, given.reason)
"""


def test_a_parser_that_fails_costs_one_file(raw):
    """An error that nobody thought of is that file's reason."""
    ran = subprocess.run(
        [sys.executable, "-c", FAILING, raw], capture_output=True, text=True
    )
    assert ran.stdout.startswith("ReadoutError "), ran.stderr
    assert "nobody thought of it" in ran.stdout
