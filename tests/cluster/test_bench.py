"""The benchmark of folder and cluster runs on a tiny corpus, and leaves nothing behind."""

from __future__ import annotations

from tests.bench.classes import EXACT
from tests.bench.cluster import main


def test_pages_of_both_are_measured(nodes, tmp_path):
    """A row for each class and size, growth, bytes, and what many statements need."""
    page = tmp_path / "cluster.md"
    options = f"--sizes 200,300 --queries 1 --output {page}".split()
    assert main(options, nodes) == 0
    text = page.read_text(encoding="utf-8")
    for name in EXACT:
        assert text.count(f"| {name} |") == 2
    for row in ("cluster, p95", "with one copy", "nodes", "its slowest class, ms"):
        assert f"\n| {row} | " in text
    assert not any("bench" in name for name in nodes.ask(1, "/_aliases"))
