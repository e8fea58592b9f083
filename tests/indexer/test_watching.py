"""``communique watch``: what arrives is found, and what is half there waits until it is whole."""

import json
import re
import signal
from urllib.request import urlopen

import pytest

from indexer.engines import open_engine
from indexer.search import SearchRequest
from indexer.watching import QUIET, Arrivals
from tests.indexer.running import running, wait_for

READOUT = " date 2025-07-10 A meeting\n\nBoth recalled the four political documents.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one readout, where nothing is indexed yet."""
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw" / "a").mkdir(parents=True)
    (tmp_path / "raw" / "a" / "first.txt").write_text(READOUT, encoding="utf-8")
    return tmp_path


def ids(folder):
    """The ids that an engine opened now would find."""
    engine = open_engine(folder / "index")
    try:
        found = engine.search(SearchRequest(limit=1000))
        return {hit.statement.id for hit in found.hits}
    finally:
        engine.close()


def watching(process):
    """Read what the process says until it watches."""
    lines = [process.stdout.readline()]
    while lines[-1] and not lines[-1].startswith("Watching"):
        lines.append(process.stdout.readline())
    return lines


def test_what_arrives_changes_and_goes_is_found_so(folder):
    """New files, new folders, changes and removals reach the index while it is watched."""
    a = folder / "raw" / "a"
    with running(folder, "watch") as process:
        assert "added 1" in watching(process)[0]
        (a / "second.txt").write_text(READOUT, encoding="utf-8")
        wait_for(lambda: "a/second" in ids(folder), "a new file")
        (folder / "raw" / "b").mkdir()
        for number in range(20):
            (folder / "raw" / "b" / f"{number}.txt").write_text(READOUT)
        wait_for(lambda: len(ids(folder)) == 22, "a new folder")
        (a / "first.txt").unlink()
        (folder / "raw" / "b").rename(folder / "elsewhere")
        wait_for(lambda: ids(folder) == {"a/second"}, "what is gone")
        removed = 0
        while removed < 21:
            removed += int(re.search(r"removed (\d+)", process.stdout.readline())[1])
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=60)
    assert output.endswith("Stopped.\n")
    assert errors.startswith("b: nothing is left of it in raw/, so 20 statements went")
    assert process.returncode == 0


def test_ctrl_c_stops_it_without_a_word_of_python(folder):
    """An interrupt is a normal end."""
    with running(folder, "watch") as process:
        watching(process)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert output.endswith("Stopped.\n")


def test_a_file_that_fails_is_named_and_found_once_it_is_mended(folder):
    """Half of a JSON file that was left so is a failure, until the other half is there."""
    path = folder / "raw" / "a" / "half.json"
    whole = json.dumps({"title": "Whole", "text": "They met."})
    with running(folder, "watch") as process:
        watching(process)
        path.write_text(whole[:20], encoding="utf-8")
        assert process.stderr.readline().startswith("a/half.json: is not JSON")
        path.write_text(whole, encoding="utf-8")
        wait_for(lambda: "a/half~json" in ids(folder), "the mended file")


def test_a_file_in_the_making_is_left_until_it_rests(folder):
    """What grows is not read, however long that takes; what came beside it is."""
    path = folder / "raw" / "a" / "growing.json"
    with running(folder, "watch") as process:
        watching(process)
        (folder / "raw" / "a" / "beside.txt").write_text(READOUT, encoding="utf-8")
        with path.open("w", encoding="utf-8") as file:
            file.write('{"title": "Long", "text": "')

            def grown():
                file.write("They met. ")
                file.flush()
                return "a/beside" in ids(folder)

            wait_for(grown, "the file beside one that grows")
            file.write('"}')
        wait_for(lambda: "a/growing~json" in ids(folder), "the file that has grown")
        process.terminate()
        assert process.communicate(timeout=60)[1] == ""


def test_a_settings_mistake_is_said_once_and_outlived(folder):
    """A source.toml that is being edited stops nothing: the next good one is taken."""
    source = folder / "raw" / "a" / "source.toml"
    with running(folder, "watch") as process:
        watching(process)
        source.write_text("kind =", encoding="utf-8")
        assert "source.toml: is not TOML" in process.stderr.readline()
        source.write_text('kind = "remarks"', encoding="utf-8")
        engine = open_engine(folder / "index")
        wait_for(
            lambda: engine.get("a/first").kind == "remarks", "the kind of the source"
        )
        engine.close()


def test_a_server_shows_what_arrives(folder):
    """A statement that was dropped into raw/ is served without a restart."""
    with running(folder, "watch") as watcher:
        watching(watcher)
        with running(folder, "serve", "--port", "0") as server:
            address = server.stdout.readline().split()[1]

            def total():
                with urlopen(f"{address}/api/v1/search?q=political") as page:
                    return json.load(page)["statements"]

            assert total() == 1
            (folder / "raw" / "a" / "second.txt").write_text(READOUT, encoding="utf-8")
            wait_for(lambda: total() == 2, "the server's new statement")


def test_a_batch_does_not_wait_for_ever(tmp_path):
    """Files that rest are taken after a while although others still grow."""
    arrivals = Arrivals(tmp_path)
    growing, done = tmp_path / "growing.txt", tmp_path / "done.txt"
    done.write_text("done")
    growing.write_text("g")
    arrivals.notice([str(done), str(growing)], 0.0)
    assert not arrivals.rest(QUIET / 2)
    rested = []
    for step in range(1, 21):
        growing.write_text("g" * (step + 1))
        arrivals.notice([str(growing)], step * QUIET / 2)
        rested.append(arrivals.rest(step * QUIET / 2))
    assert not rested[2] and rested[-1]
    assert arrivals.unfinished(20 * QUIET / 2) == {"growing.txt"}


def test_what_is_no_readout_wakes_nobody(tmp_path):
    """Hidden files and what editors leave are not waited for, but source.toml is."""
    arrivals = Arrivals(tmp_path)
    names = [".hidden.txt", "a.txt.part", ".git/a.txt", "README.md"]
    arrivals.notice([str(tmp_path / name) for name in names], 0.0)
    assert not arrivals.rest(QUIET)
    arrivals.notice([str(tmp_path / "source.toml")], 0.0)
    assert arrivals.rest(QUIET)
