"""``communique index`` that is killed, or for which there is no room, leaves a whole index."""

import json
import os
import resource
import shutil
import subprocess

import pytest

from indexer.engines import open_engine
from indexer.search import SearchRequest
from tests.indexer.killing import outcomes, write
from tests.indexer.running import COMMAND, group_is_alive, running, wait_for

OLD, NEW = 3, 250


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with an index of three statements, and many more in raw/ since."""
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw" / "a").mkdir(parents=True)
    write(tmp_path, range(OLD))
    subprocess.run([*COMMAND, "index"], cwd=tmp_path, check=True, capture_output=True)
    write(tmp_path, range(OLD, NEW))
    return tmp_path


def total(folder):
    """How many statements a new process would find."""
    engine = open_engine(folder / "index")
    try:
        return engine.search(SearchRequest()).total
    finally:
        engine.close()


@pytest.mark.parametrize(("jobs", "stride"), [(1, 1), (2, 3)])
def test_killed_at_any_step_it_leaves_one_generation_or_the_other(folder, jobs, stride):
    """Whatever was being written, a whole index answers, and the next run is not hindered."""
    command = ["index", "--jobs", str(jobs)]
    left = outcomes(folder, command, lambda: total(folder), stride=stride)
    assert set(left) == {OLD, NEW}
    assert not list((folder / "index").glob("building-*"))
    check = subprocess.run([*COMMAND, "check"], cwd=folder, capture_output=True)
    assert check.returncode == 0, check.stdout


def test_no_worker_outlives_a_killed_parent(folder):
    """Those who read, those who build and whatever else was started end with the command."""
    with (folder / "raw" / "a" / "long.jsonl").open("w", encoding="utf-8") as file:
        text = "The two sides exchanged views on matters of common concern. " * 100
        for number in range(20_000):
            line = {"id": number, "title": f"Meeting {number}", "text": text}
            file.write(json.dumps(line) + "\n")
    with running(folder, "index", "--jobs", "2") as process:
        segments = (folder / "index").glob
        wait_for(lambda: list(segments("building-*/*.arr")), "a builder at work")
        process.kill()
        process.communicate()
        wait_for(lambda: not group_is_alive(process), "the end of all workers")
    assert total(folder) == OLD


def test_a_full_disk_is_one_sentence_and_leaves_the_old_index(folder):
    """Where nothing more can be written nothing is published, and what was begun is taken away."""

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    before = sorted(path.name for path in (folder / "index").iterdir())
    for jobs in "1", "2":
        ran = subprocess.run(
            [*COMMAND, "index", "--jobs", jobs],
            cwd=folder,
            capture_output=True,
            text=True,
            preexec_fn=little_room,
        )
        assert ran.returncode == 5
        assert ran.stderr.startswith("communique: There is no room")
        assert ran.stderr.count("\n") == 1
        assert total(folder) == OLD
        assert sorted(path.name for path in (folder / "index").iterdir()) == before
    subprocess.run([*COMMAND, "index"], cwd=folder, check=True, capture_output=True)
    assert total(folder) == NEW


@pytest.fixture
def small_disk(folder):
    """A disk of two megabytes that holds the index from now on; only who may mount has one."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        shutil.copytree(folder / "index", disk / "index")
        yield disk
    finally:
        subprocess.run(
            ["umount", "--lazy", disk], check=True
        )  # a map may still be open


def test_a_disk_that_is_full_for_real_leaves_the_old_index(folder, small_disk):
    """As above, with the error of a full disk; with room again the next run does it all."""
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    (small_disk / "filling").write_bytes(bytes(free - 40_000))
    command = [*COMMAND, "--index", small_disk / "index", "index"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 5
    assert ran.stderr.startswith("communique: There is no room")
    assert "No space left on device" in ran.stderr
    assert total(small_disk) == OLD
    assert not list((small_disk / "index").glob("building-*"))
    (small_disk / "filling").unlink()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    assert total(small_disk) == NEW
