"""Backups are whole or not there, and are restored whole or not at all."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner, Result

from indexer import backup, pipeline
from indexer.engines import open_engine
from indexer.query import parse_query
from indexer.search import SearchRequest
from webapp.cli import cli

READOUT = " date 2025-07-10 A meeting\n\nBoth recalled the four political documents.\n"


def run(folder: Path, *arguments: str) -> Result:
    """A command on raw/ and index/ in a folder."""
    places = ["--raw", str(folder / "raw"), "--index", str(folder / "index")]
    return CliRunner().invoke(cli, [*places, *arguments])


def total(folder: Path) -> int:
    """How many statements a search for the phrase finds."""
    engine = open_engine(folder / "index")
    query = parse_query('"four political documents"')
    try:
        return engine.search(SearchRequest(query=query)).total
    finally:
        engine.close()


def collect(folder: Path, *names: str) -> None:
    """Put readouts into raw/ and index them."""
    for name in names:
        path = folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(READOUT, encoding="utf-8")
    assert run(folder, "index").exit_code == 0


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder, with its time; not the lock, which says who was the last."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_file() and path.name != "LOCK"
    }


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Two readouts, indexed, and a source's own file."""
    folder = tmp_path / "house"
    collect(folder, "xinhua/a.txt", "mofa-jp/日本.txt")
    (folder / "raw" / "xinhua" / "source.toml").write_text('name = "Xinhua"\n', "utf-8")
    return folder


@pytest.fixture
def saved(house: Path, tmp_path: Path) -> Path:
    """Its backup."""
    path = tmp_path / "backup.tar.zst"
    assert run(house, "backup", str(path)).exit_code == 0
    return path


def test_what_was_saved_can_be_searched_in_a_clean_place(
    house: Path, saved: Path, tmp_path: Path
) -> None:
    """Every file is there with its time, so that the next run has nothing to read again."""
    other = tmp_path / "other"
    result = run(other, "restore", str(saved))
    assert result.exit_code == 0, result.output
    assert "3 files in" in result.stdout
    assert files(other / "raw") == files(house / "raw")
    assert total(other) == total(house) == 2
    engine = open_engine(other / "index")
    assert engine.verify() == []
    report = pipeline.index(other / "raw", engine)
    assert (report.unchanged, report.updated, report.failed) == (2, 0, ())


def test_a_backup_is_for_its_owner_alone(saved: Path) -> None:
    """Nobody else of the machine reads what may not be theirs."""
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing_and_is_not_indexed(
    house: Path, saved: Path
) -> None:
    """A file of that name, and one within raw/ or index/, are refused in one sentence."""
    for path in (saved, house / "raw" / "b.tar.zst", house / "index" / "b.tar.zst"):
        before = saved.read_bytes()
        result = run(house, "backup", str(path))
        assert result.exit_code == 2
        assert "name another f" in result.stderr
        assert saved.read_bytes() == before
    assert not (house / "raw" / "b.tar.zst").exists()


def test_without_an_index_there_is_no_backup(tmp_path: Path) -> None:
    """Exit code 3 with the command that helps, and no file."""
    (tmp_path / "raw").mkdir()
    result = run(tmp_path, "backup", str(tmp_path / "b.tar.zst"))
    assert result.exit_code == 3
    assert "communique index" in result.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["raw"]


def test_backups_while_it_is_indexed_are_each_of_one_generation(
    house: Path, tmp_path: Path
) -> None:
    """Ten are taken during publications; each is restored, sound, and counts what it should."""
    done = threading.Event()

    def publish() -> None:
        number = 0
        while not done.is_set():
            number += 1
            name = house / "raw" / "xinhua" / f"new{number}.txt"
            name.write_text(READOUT, encoding="utf-8")
            pipeline.index(house / "raw", open_engine(house / "index"))

    publisher = threading.Thread(target=publish)
    publisher.start()
    try:
        taken = []
        for number in range(10):
            path = tmp_path / f"{number}.tar.zst"
            taken.append((path, backup.save(house / "raw", str(house / "index"), path)))
    finally:
        done.set()
        publisher.join()
    for path, made in taken:
        other = tmp_path / path.stem
        assert run(other, "restore", str(path)).exit_code == 0
        engine = open_engine(other / "index")
        assert engine.verify() == []
        assert engine.info().statements == made.generation + 1
        assert total(other) == made.generation + 1


def test_a_killed_backup_leaves_no_half_file(house: Path, tmp_path: Path) -> None:
    """The file has its name when it is whole; until then nothing does."""
    target = tmp_path / "killed.tar.zst"
    code = f"""
import os, signal
from pathlib import Path
from indexer import backup
from indexer.archive import Packer
def stop(self, about):
    os.kill(os.getpid(), signal.SIGKILL)
Packer.finish = stop
backup.save(Path({str(house / "raw")!r}), {str(house / "index")!r}, Path({str(target)!r}))
"""
    run = subprocess.run([sys.executable, "-c", code], check=False)
    assert run.returncode == -signal.SIGKILL
    assert not target.exists()


def test_folders_in_use_are_restored_into_only_when_told(
    house: Path, saved: Path
) -> None:
    """Without --replace nothing happens; with it the backup's index answers, and nothing is lost."""
    collect(house, "xinhua/later.txt")
    (house / "raw" / "xinhua" / "a.txt").unlink()
    before = files(house)
    refused = run(house, "restore", str(saved))
    assert refused.exit_code == 2
    assert "--replace" in refused.stderr
    assert files(house) == before
    engine = open_engine(house / "index")
    assert engine.info().generation == 2
    result = run(house, "restore", str(saved), "--replace")
    assert result.exit_code == 0, result.output
    assert "2 of them there already" in result.stdout
    assert engine.info().generation == 3  # a server would notice so, too
    assert total(house) == 2
    assert (house / "raw" / "xinhua" / "later.txt").exists()
    report = pipeline.index(house / "raw", engine)
    assert (report.added, report.unchanged) == (1, 2)


def test_a_readout_that_differs_is_never_overwritten(house: Path, saved: Path) -> None:
    """And then nothing else is restored either."""
    (house / "raw" / "xinhua" / "a.txt").write_text("corrected", encoding="utf-8")
    (house / "raw" / "mofa-jp" / "日本.txt").unlink()
    before = files(house)
    result = run(house, "restore", str(saved), "--replace")
    assert result.exit_code == 2
    assert "a.txt: differs" in result.stderr
    assert files(house) == before


def test_readouts_alone_are_restored_without_the_index(
    house: Path, saved: Path, tmp_path: Path
) -> None:
    """An index is unpickled, so that of a stranger is not taken; it can be built again."""
    other = tmp_path / "other"
    assert run(other, "restore", str(saved), "--raw-only").exit_code == 0
    assert files(other / "raw") == files(house / "raw")
    assert not (other / "index").exists()
    assert run(other, "index").exit_code == 0
    assert total(other) == 2


def test_somebody_who_indexes_is_not_disturbed(house: Path, saved: Path) -> None:
    """Exit code 4, as for anybody else who would write."""
    with open_engine(house / "index").writer():
        assert run(house, "restore", str(saved), "--replace").exit_code == 4


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_off_is_refused(
    saved: Path, tmp_path: Path, share: float
) -> None:
    """In one sentence, wherever it ends."""
    data = saved.read_bytes()
    cut = tmp_path / "cut.tar.zst"
    cut.write_bytes(data[: int(len(data) * share)])
    refused(cut, tmp_path / "other")


def test_an_archive_that_was_changed_is_refused(saved: Path, tmp_path: Path) -> None:
    """A byte of a readout, under the manifest of another."""

    def change(name: str, data: bytes) -> list[tuple[str, bytes]]:
        return [(name, data.replace(b"recalled", b"rejected"))]

    refused(rewritten(saved, tmp_path, change), tmp_path / "other", "as it was written")


HOSTILE = (
    "raw/../../evil",
    "/evil",
    "raw/./a",
    "raw//a",
    "evil",
    "index/a/b",
    "raw/a\\b",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leads_out_of_the_folders(
    saved: Path, tmp_path: Path, name: str
) -> None:
    """Absolute ones, dots, and whatever save would not have written."""

    def add(each: str, data: bytes) -> list[tuple[str, bytes]]:
        return (
            [(each, data)] if each != "manifest.json" else [(name, b"x"), (each, data)]
        )

    refused(rewritten(saved, tmp_path, add), tmp_path / "other", "has a member")
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_only_plain_files_are_unpacked(tmp_path: Path, kind: bytes) -> None:
    """No links, pipes or devices."""
    member = tarfile.TarInfo("raw/a/b.txt")
    member.type, member.linkname = kind, "/etc/passwd"
    refused(archived(tmp_path, member), tmp_path / "other", "no plain file")


def test_what_does_not_fit_is_not_begun(tmp_path: Path) -> None:
    """A bomb says how large it will be: more than the disk has."""
    member = tarfile.TarInfo("raw/a/b.txt")
    member.size = 2**60
    refused(archived(tmp_path, member), tmp_path / "other", "more than there is room")


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, b"L"])
def test_headers_are_small(tmp_path: Path, kind: bytes) -> None:
    """tarfile would read them into memory, whatever their size."""
    member = tarfile.TarInfo("x")
    member.type, member.size = kind, 2**40
    refused(archived(tmp_path, member), tmp_path / "other", "none of ours")


def test_other_files_are_no_backups(tmp_path: Path) -> None:
    """Neither text, nor what is not there."""
    text = tmp_path / "text"
    text.write_text("They met.", encoding="utf-8")
    refused(text, tmp_path / "other")
    refused(tmp_path / "nothing", tmp_path / "other", "no such file")


def refused(path: Path, other: Path, reason: str = "") -> None:
    """Restoring ends with one sentence and leaves nothing but empty folders."""
    result = run(other, "restore", str(path))
    assert result.exit_code == 2, result.output
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert set(files(other)) == set()


def rewritten(
    saved: Path, tmp_path: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]]
) -> Path:
    """The archive with other members."""
    data = zstandard.ZstdDecompressor().stream_reader(saved.read_bytes()).read()
    made = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(data)) as old,
        tarfile.open(fileobj=made, mode="w") as new,
    ):
        for member in old:
            for name, content in change(member.name, old.extractfile(member).read()):
                header = tarfile.TarInfo(name)
                header.size = len(content)
                new.addfile(header, io.BytesIO(content))
    return compressed(tmp_path, made.getvalue())


def archived(tmp_path: Path, member: tarfile.TarInfo) -> Path:
    """An archive that begins with such a header."""
    header = member.tobuf(tarfile.GNU_FORMAT)
    return compressed(tmp_path, header + b"\0" * 10240)


def compressed(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "hostile.tar.zst"
    path.write_bytes(zstandard.compress(data))
    return path
