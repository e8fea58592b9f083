"""The benchmark runs on a tiny corpus, and fails where engines disagree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.search import SearchRequest, SearchResults
from tests.bench import __main__ as bench
from tests.bench.classes import EXACT, STEMS, Draw
from tests.bench.corpus import cut, load
from tests.bench.indexing import main as measure_indexing
from tests.bench.peers import Communique, has_tantivy, natives
from tests.bench.ranking import average_precision
from tests.bench.ranking import main as rank
from tests.bench.rounds import Disagreement, run
from tests.bench.views import main as measure_views

SIZE = 300


def quiet(line: str) -> None:
    """Say nothing."""


@pytest.mark.filterwarnings("ignore::DeprecationWarning:whoosh.*")
def test_run_writes_a_table_with_all_rows_and_a_plot(tmp_path: Path) -> None:
    """A whole run ends with every class, every figure and, installed or not, every engine."""
    if not has_tantivy():
        pytest.skip("the table is whole only with Tantivy: pip install tantivy")
    table, plot = tmp_path / "results.md", tmp_path / "bench.svg"
    options = f"--sizes {SIZE} --queries 2 --output {table} --plot {plot}".split()
    assert bench.main(options) == 0
    text = table.read_text(encoding="utf-8")
    for name in (*EXACT, *STEMS):
        assert f"| {name} |" in text
    asked = text.split("## What was asked for")[1].split("##")[0]
    assert asked.count("\n| ") == 23  # the header and 22 figures
    assert plot.read_text(encoding="utf-8").count("<circle") == 4 + 4 * len(EXACT)


def test_indexing_is_measured_from_pages_it_makes(tmp_path: Path) -> None:
    """JSON lines and pages by number of processes, and runs with little to do; nothing is needed."""
    page = tmp_path / "indexing.md"
    options = f"--files 20 --lines 30 --pages 3 --jobs 1,2 --output {page}".split()
    assert measure_indexing(options) == 0
    text = page.read_text(encoding="utf-8")
    for row in ("30 JSON lines | 1", "30 JSON lines | 2", "3 HTML pages | 2"):
        assert f"| {row} |" in text
    assert text.count("nothing has changed: ") == text.count("until it is found: ") == 1


def test_pages_of_every_view_are_measured(tmp_path: Path) -> None:
    """Each sort of lines, each period, each breakdown, a matrix and a statement, and nothing found."""
    page = tmp_path / "views.md"
    assert measure_views(f"--size {SIZE} --rounds 1 --output {page}".split()) == 0
    text = page.read_text(encoding="utf-8")
    assert f"occurs {SIZE // 5} times" in text
    for row in (
        "list",
        "nothing found, looser searches",
        "in context, left3",
        "timeline by day, occurrences",
        "timeline by year and country",
        "matrix of 10 by month",
        "statement",
    ):
        assert f"| {row} |" in text


def test_native_engines_give_our_totals(tmp_path: Path) -> None:
    """FTS5, and Tantivy where it is installed, count what we count, by form and by stem."""
    statements = load(None, SIZE, seed=2)
    draw = Draw(statements, seed=2, count=3)
    ours = Communique(tmp_path)
    both = natives(tmp_path, stems=True)
    peers = [ours, *natives(tmp_path, stems=False), *both]
    for peer in peers:
        peer.build(statements)
    assert set(run(peers, draw.exact(), quiet)) == set(EXACT)
    stems = draw.stems([peer.stems for peer in (ours, *both)])
    assert set(run([ours, *both], stems, quiet)) == set(STEMS)
    for peer in peers:
        peer.close()


def test_disagreement_names_the_query(tmp_path: Path) -> None:
    """A total that differs fails the run, in a sentence that tells which query it was."""

    class Forgetful(Communique):
        """Counts one too many."""

        def search(self, request: SearchRequest) -> SearchResults:
            results = super().search(request)
            return replace(results, total=results.total + 1)

    statements = load(None, SIZE, seed=3)
    ours, other = Communique(tmp_path), Forgetful(tmp_path / "other")
    other.name = "another engine"
    for peer in (ours, other):
        peer.build(statements)
    classes = {"common word": Draw(statements, seed=3, count=1).exact()["common word"]}
    word = classes["common word"][0].query.words[0]
    with pytest.raises(Disagreement, match=f"common word, .*{word}.*another engine"):
        run([ours, other], classes, quiet)


def test_same_seed_draws_the_same_corpus_and_queries() -> None:
    """A run can be repeated."""
    first, second = (load(None, SIZE, seed=4) for _ in range(2))
    assert first == second
    assert Draw(first, seed=5, count=3).exact() == Draw(second, seed=5, count=3).exact()


def test_sections_hold_the_whole_text_between_sentences() -> None:
    """A long text is cut into sections of 250 to 400 words, and no word is lost."""
    sentences = [
        f"Sentence number {n} says a little more than nothing." for n in range(200)
    ]
    paragraphs = [" ".join(sentences[n : n + 40]) for n in range(0, 200, 40)]
    text = "\n\n".join(paragraphs)
    sections = list(cut(text))
    assert " ".join(sections).split() == text.split()
    assert all(250 <= len(section.split()) <= 400 for section in sections)
    assert all(section.endswith(".") for section in sections)


def write_lines(path: Path, lines: Sequence[dict[str, str]]) -> None:
    """A file of JSON objects, one a line."""
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")


def test_ranking_finds_what_is_relevant_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a collection with one good answer a query, all engines are right by stem."""
    texts = {
        "1": "Fishing boats sailed.",
        "2": "Peace was made.",
        "3": "The dam broke.",
    }
    write_lines(
        tmp_path / "docs.jsonl", [{"id": i, "text": t} for i, t in texts.items()]
    )
    write_lines(tmp_path / "queries.jsonl", [{"id": "a", "text": "boat sailing"}])
    (tmp_path / "qrels.tsv").write_text("a\t1\t1\na\t2\t0\n", encoding="utf-8")
    assert rank([str(tmp_path)]) == 0
    rows = capsys.readouterr().out.splitlines()[2:]
    assert len(rows) == 2 + has_tantivy()
    assert all(row.endswith("| 1.000 |") for row in rows)


def test_average_precision_is_the_mean_over_relevant_documents() -> None:
    """Found first and third of two relevant: (1/1 + 2/3) / 2; what is not found counts 0."""
    assert average_precision(["a", "b", "c"], {"a", "c"}) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert average_precision(["a"], {"a", "z"}) == 0.5
