"""Files are taken into raw/ whole, by safe names, and never in the place of another one."""

import io
import os
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import intake
from indexer.errors import ReadoutError, SettingsError
from indexer.intake import Taken, take_in
from indexer.readouts import find_readouts, is_passed_over, read
from indexer.sources import load_sources


def take(tmp_path, *paths, source="mfa"):
    return list(take_in(tmp_path / "raw", source, list(paths)))


def file(tmp_path, name="a.txt", text="Text."):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def archive(tmp_path, members):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return path


def names(tmp_path):
    return [found.name for found in find_readouts(tmp_path / "raw")]


def test_a_file_is_copied_once(tmp_path):
    """The same content again is there already, and the original stays where it was."""
    path = file(tmp_path)
    assert take(tmp_path, path) == [Taken("mfa/a.txt", True)]
    assert take(tmp_path, path) == [Taken("mfa/a.txt", False)]
    assert (tmp_path / "raw/mfa/a.txt").read_text() == path.read_text() == "Text."
    assert os.listdir(tmp_path / "raw/mfa") == ["a.txt"]


def test_another_file_of_the_name_is_never_overwritten(tmp_path):
    """It is refused with both names, and the first one stays."""
    take(tmp_path, file(tmp_path))
    (error,) = take(tmp_path, file(tmp_path, "b/a.txt", "Another text."))
    assert isinstance(error, ReadoutError)
    assert "raw/ has another mfa/a.txt" in error.reason
    assert (tmp_path / "raw/mfa/a.txt").read_text() == "Text."
    assert os.listdir(tmp_path / "raw/mfa") == ["a.txt"]


def test_without_hard_links_the_same_holds(tmp_path, monkeypatch):
    """Some file systems have none."""

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    test_a_file_is_copied_once(tmp_path)
    test_another_file_of_the_name_is_never_overwritten(tmp_path)


def test_a_folder_is_taken_with_the_folders_in_it(tmp_path):
    """Readouts only: what indexing passes over or cannot read is left behind."""
    for name in ("a.txt", "b/a.html", "README.txt", ".hidden.txt", "photo.jpg"):
        file(tmp_path / "in", name)
    os.symlink(tmp_path / "in/a.txt", tmp_path / "in/link.txt")
    *taken, error = take(tmp_path, tmp_path / "in")
    assert taken == [Taken("mfa/a.txt", True), Taken("mfa/b/a.html", True)]
    assert "is a link" in error.reason
    assert names(tmp_path) == ["mfa/a.txt", "mfa/b/a.html"]


def test_an_archive_is_unpacked(tmp_path):
    """Each readout in it, where it lies in it."""
    path = archive(
        tmp_path,
        {"2025/a.txt": "A", "b.json": "{}", "c.exe": "", "__MACOSX/._a.txt": ""},
    )
    assert take(tmp_path, path) == [
        Taken("mfa/2025/a.txt", True),
        Taken("mfa/b.json", True),
    ]
    assert take(tmp_path, path) == [
        Taken("mfa/2025/a.txt", False),
        Taken("mfa/b.json", False),
    ]


@pytest.mark.parametrize(
    "name, reason",
    [
        ("../a.txt", "leads out"),
        ("b/../../a.txt", "leads out"),
        ("/etc/a.txt", "leads out"),
        ("C:/a.txt", "leads out"),
        ("..\\a.txt", "leads out"),
    ],
)
def test_an_archive_cannot_write_elsewhere(tmp_path, name, reason):
    """A path that leads out is refused; the rest is taken."""
    error, taken = take(tmp_path, archive(tmp_path, {name: "x", "b.txt": "y"}))
    assert reason in error.reason
    assert taken == Taken("mfa/b.txt", True)
    assert sorted(os.listdir(tmp_path)) == ["a.zip", "raw"]


def test_bombs_links_and_ciphers_in_an_archive_are_refused(tmp_path):
    """What unpacks to hundreds of times its size, and what is no plain file."""
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = archive(
        tmp_path, {"bomb.txt": b"\0" * 2**23, link: "/etc/passwd", "a.txt": "A"}
    )
    bomb, linked, taken = take(tmp_path, path)
    assert "times its size" in bomb.reason
    assert "is a link" in linked.reason
    assert taken == Taken("mfa/a.txt", True)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the flag of the last member
    path.write_bytes(data)
    assert "is encrypted" in take(tmp_path, path)[2].reason


def test_the_whole_of_an_archive_is_bounded(tmp_path, monkeypatch):
    """By what it says, and by what really comes out."""
    path = archive(tmp_path, {"a.txt": "A" * 60, "b.txt": "B" * 60})
    monkeypatch.setattr(intake, "MOST_BYTES", 100)
    taken, error = take(tmp_path, path)
    assert taken.added and "would make it more than" in error.reason
    monkeypatch.setattr(intake, "MOST_FILES", 1)
    (error,) = take(tmp_path, path)
    assert "holds more than 1 files" in error.reason


@pytest.mark.parametrize("data", [b"", b"PK", b"text", None])
def test_what_is_no_archive_says_so(tmp_path, data):
    """So does one that was cut off."""
    path = archive(tmp_path, {"a.txt": "A" * 1000})
    path.write_bytes(path.read_bytes()[:-40] if data is None else data)
    (error,) = take(tmp_path, path)
    assert "is no ZIP archive, or is damaged" in error.reason


def test_a_damaged_member_is_refused_and_the_rest_taken(tmp_path):
    """Its checksum tells."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("a.txt", "AAAA")
        written.writestr("b.txt", "BBBB")
    path.write_bytes(path.read_bytes().replace(b"AAAA", b"AAAB"))
    error, taken = take(tmp_path, path)
    assert "is damaged" in error.reason
    assert taken == Taken("mfa/b.txt", True)
    assert names(tmp_path) == ["mfa/b.txt"]


def test_names_in_old_archives_are_read(tmp_path):
    """Windows in China writes them in GB18030 and says so nowhere."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        written.writestr("xxxx.txt", "A")
    data = buffer.getvalue().replace(b"xxxx", "会谈".encode("gb18030"))
    (tmp_path / "a.zip").write_bytes(data)
    assert take(tmp_path, tmp_path / "a.zip") == [Taken("mfa/会谈.txt", True)]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_name_becomes_one_that_is_read(parts):
    """It stays below its folder, is no longer than file systems hold, and is a readout's."""
    try:
        safe = intake._safe((*parts[:-1], parts[-1] + ".txt"), "")
    except ReadoutError:
        return  # nothing but what no name may hold
    assert all(part and part.strip(". ") and len(part.encode()) <= 255 for part in safe)
    assert not any({"/", "\\", ":", "\0"} & set(part) for part in safe)
    assert safe[-1].endswith(".txt")
    assert not is_passed_over("/".join(safe))


def test_a_name_that_is_a_profile_s_is_set_up(tmp_path):
    """Its source.toml names the profile; one that is there stays as it is."""
    take(tmp_path, file(tmp_path), source="whitehouse")
    toml = tmp_path / "raw/whitehouse/source.toml"
    assert load_sources(tmp_path / "raw")["whitehouse"].name == "The White House"
    toml.write_text('name = "Mine"')
    take(tmp_path, file(tmp_path), source="whitehouse")
    assert toml.read_text() == 'name = "Mine"'


@pytest.mark.parametrize("source", ["", ".", "..", "a/b", ".hidden", "unsorted", "a\0"])
def test_a_source_needs_a_name_that_a_folder_can_have(tmp_path, source):
    """Nothing is made of another one."""
    with pytest.raises(SettingsError, match="cannot be a source"):
        take(tmp_path, file(tmp_path), source=source)
    assert os.listdir(tmp_path) == ["a.txt"]


def test_what_is_not_there_or_no_readout_is_refused(tmp_path):
    """Each with its reason; the rest is taken."""
    paths = tmp_path / "none.txt", file(tmp_path, "a.exe"), file(tmp_path)
    missing, unknown, taken = take(tmp_path, *paths)
    assert "No such file" in missing.reason
    assert "only .txt" in unknown.reason
    assert taken.added
    assert read(next(find_readouts(tmp_path / "raw"))).text() == "Text."


def test_a_link_in_raw_does_not_lead_out(tmp_path):
    """A folder in raw/ that is a link to another place is not written to."""
    (tmp_path / "raw/mfa").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    os.symlink(tmp_path / "out", tmp_path / "raw/mfa/b")
    (error,) = take(tmp_path, archive(tmp_path, {"b/a.txt": "A"}))
    assert "leads out of its source" in error.reason
    assert os.listdir(tmp_path / "out") == []
