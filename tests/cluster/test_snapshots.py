"""README's snapshots bring back what was there: statements, name and notes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from indexer.engines import open_engine
from tests.cluster.shared import location
from tests.indexer.contract.fixtures import found, publish, said

README = Path(__file__).parents[2] / "README.md"


def requests(name, folder):
    """README's requests of the section on snapshots, for an index of this name."""
    text = README.read_text(encoding="utf-8").partition("\n### Snapshots\n")[2]
    block = text.split("```")[1].replace("/mnt/archive", str(folder))
    for method, path, body in re.findall(r"^([A-Z]+) +(\S+)\s+(\{.*\})$", block, re.M):
        yield method, path, json.loads(re.sub("statements", name, body))


def test_a_snapshot_brings_an_index_back(nodes, tmp_path):
    """All is deleted and restored by what README says; then indexing goes on."""
    engine = open_engine(location(tmp_path))
    name = location(tmp_path).partition("?")[0].rpartition("/")[2]
    publish(engine, said("a", "one"))
    with engine.writer() as writer:
        writer.put(said("b", "one"), "digest")
        writer.note("catalogue", b"kept")
    before, ids = engine.info(), list(engine.ids())
    repository, snapshot, restore = requests(name, nodes.folder / "snapshots")
    nodes.ask(1, repository[1], repository[0], repository[2])
    try:
        kept = nodes.ask(1, snapshot[1], snapshot[0], snapshot[2])["snapshot"]
        assert (kept["state"], len(kept["indices"])) == ("SUCCESS", 2)
        nodes.ask(1, f"/{name}-*", "DELETE")
        nodes.ask(1, restore[1], restore[0], restore[2])
        assert (engine.info(), list(engine.ids())) == (before, ids)
        assert engine.note("catalogue") == b"kept"
        assert engine.verify() == []
        publish(engine, said("c", "one"))
        assert found(engine) == ["a", "b", "c"]
    finally:
        nodes.ask(1, snapshot[1].partition("?")[0], "DELETE")
        nodes.ask(1, repository[1], "DELETE")
        engine.close()
