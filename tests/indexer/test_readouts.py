"""Raw files are found by their stat alone, read safely, and decoded whatever they claim."""

import hashlib
import json
import os
import pickle
import socket
from dataclasses import replace

import pytest

from indexer import readouts
from indexer.encoding import decode
from indexer.errors import ReadoutError, SettingsError
from indexer.readouts import find_readout, find_readouts, read, read_spans

CHINESE = "外交部发言人毛宁主持例行记者会"
TAIWAN = "外交部重申，歡迎美國國務院發表的聲明，並將繼續與理念相近國家深化合作。"
JAPANESE = "両首脳は、戦略的互恵関係を包括的に推進することを確認しました。"
FRENCH = "Le Président a reçu à l’Élysée le ministre, qui en fut très flatté – déjà."


def write(raw, name, data):
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def reason(raw, name):
    with pytest.raises(ReadoutError) as raised:
        read(find_readout(raw, raw / name)).text()
    assert raised.value.path == name
    return raised.value.reason


def test_files_are_found_below_their_sources_in_order(tmp_path):
    """Every readout is found, at any depth, sorted by name; its source is the first folder."""
    for name in ("b/2.txt", "b/2025/1.json", "a/z.html", "loose.txt", "b/1.jsonl"):
        write(tmp_path, name, "x")
    found = [(file.name, file.source) for file in find_readouts(tmp_path)]
    assert found == [
        ("a/z.html", "a"),
        ("b/1.jsonl", "b"),
        ("b/2.txt", "b"),
        ("b/2025/1.json", "b"),
        ("loose.txt", "unsorted"),
    ]


def test_what_is_no_readout_is_passed_over(tmp_path):
    """Hidden files, README, source.toml and editors' leftovers are not reported."""
    for name in (
        *(".hidden", ".git/x.txt", "README.md", "a/readme.txt", "a/source.toml"),
        *("a/x.txt~", "a/.x.txt.swp", "a/x.txt.bak", "a/~$x.doc", "a/x.html.part"),
    ):
        write(tmp_path, name, "x")
    assert list(find_readouts(tmp_path)) == []


def test_finding_tells_size_and_time_without_opening(tmp_path):
    """Size and time are the file's own, so that an unchanged file need not be read."""
    path = write(tmp_path, "a/x.txt", "four")
    os.utime(path, ns=(1, 1_234_567_891))
    (file,) = find_readouts(tmp_path)
    assert (file.size, file.mtime_ns) == (4, 1_234_567_891)


def test_a_missing_folder_is_named(tmp_path):
    """Without raw/ there is a sentence, not an empty archive."""
    with pytest.raises(SettingsError, match="no such folder"):
        list(find_readouts(tmp_path / "raw"))


def test_a_readout_has_the_digest_of_its_bytes_and_crosses_processes(tmp_path):
    """The digest is the SHA-256 of the file, of a .jsonl too, and a readout can be pickled."""
    for name in ("a/x.txt", "a/x.jsonl"):
        write(tmp_path, name, "Text\n")
        readout = read(find_readout(tmp_path, tmp_path / name))
        assert readout.digest == hashlib.sha256(b"Text\n").hexdigest()
        assert pickle.loads(pickle.dumps(readout)) == readout


def test_a_file_outside_raw_can_be_named(tmp_path):
    """Somebody may look at a file before it is put into raw/."""
    path = write(tmp_path, "elsewhere/x.txt", "Text")
    file = find_readout(tmp_path / "raw", path)
    assert (file.name, file.source) == ("x.txt", "unsorted")
    with pytest.raises(ReadoutError, match="cannot be read: No such file"):
        find_readout(tmp_path, tmp_path / "none.txt")


def test_unknown_kinds_are_refused_with_those_that_are_read(tmp_path):
    """Who dropped a Word file learns what to save it as."""
    write(tmp_path, "a/x.doc", b"\xd0\xcf\x11\xe0")
    write(tmp_path, "a/x", "x")
    assert [file.name for file in find_readouts(tmp_path)] == ["a/x", "a/x.doc"]
    assert "only .txt, .html, .htm, .json, .jsonl, .pdf and .docx" in reason(
        tmp_path, "a/x.doc"
    )
    assert "has no extension" in reason(tmp_path, "a/x")


def test_empty_large_and_binary_files_are_refused(tmp_path, monkeypatch):
    """Each gets its own reason."""
    monkeypatch.setattr(readouts, "LARGEST", 1000)
    write(tmp_path, "a/empty.txt", "")
    write(tmp_path, "a/empty.jsonl", "")
    write(tmp_path, "a/large.txt", "x" * 1001)
    write(tmp_path, "a/binary.txt", bytes(range(256)))
    write(tmp_path, "a/controls.txt", "\x01\x02\x03 word" * 9)
    assert "is empty" in reason(tmp_path, "a/empty.txt")
    assert "is empty" in reason(tmp_path, "a/empty.jsonl")
    assert "larger than" in reason(tmp_path, "a/large.txt")
    assert "binary" in reason(tmp_path, "a/binary.txt")
    assert "binary" in reason(tmp_path, "a/controls.txt")


def test_links_are_not_followed(tmp_path):
    """A link may lead out of raw/ or in a circle: it is reported, its target is not read."""
    secret = write(tmp_path, "secret.txt", "secret")
    raw = tmp_path / "raw"
    (raw / "a").mkdir(parents=True)
    (raw / "a/file.txt").symlink_to(secret)
    (raw / "a/loop").symlink_to(raw)
    assert [file.name for file in find_readouts(raw)] == ["a/file.txt", "a/loop"]
    assert "is a link" in reason(raw, "a/file.txt")
    assert "is a link" in reason(raw, "a/loop")


def test_pipes_and_sockets_are_never_opened(tmp_path):
    """Opening a pipe would wait for ever."""
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a/pipe.txt")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(tmp_path / "a/socket.txt"))
        assert "not a file" in reason(tmp_path, "a/pipe.txt")
        assert "not a file" in reason(tmp_path, "a/socket.txt")


def test_a_name_that_is_not_utf8_is_reported(tmp_path):
    """Such a name could be neither printed nor linked."""
    (tmp_path / "a").mkdir()
    try:
        with open(os.fsencode(tmp_path) + b"/a/\xff.txt", "wb") as file:
            file.write(b"Text")
    except OSError:
        pytest.skip("this file system allows UTF-8 only")
    (file,) = find_readouts(tmp_path)
    with pytest.raises(ReadoutError, match="not UTF-8; rename it"):
        read(file)


@pytest.mark.parametrize(
    "text, encoding",
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE + "\n", "utf-16"),
        (CHINESE + " 2025\n", "utf-16-le"),
        (CHINESE + " 2025\n", "utf-16-be"),
        (CHINESE, "gb18030"),
        ("中日关系", "gb18030"),
        (TAIWAN, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (FRENCH, "cp1252"),
        ("The “one-China policy” hasn’t changed.", "cp1252"),
        ("plain", "ascii"),
    ],
)
def test_the_encoding_is_found_out(text, encoding):
    """The text is the same in whatever encoding it was saved, and has no byte order mark."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "declared",
    [
        "utf-8",
        "iso-8859-1",
        "big5",
        "euc-kr",
        "koi8-r",
        "nonsense",
        "rot13",
        "unicode_escape",
    ],
)
@pytest.mark.parametrize("text, encoding", [(CHINESE, "gb18030"), (CHINESE, "utf-8")])
def test_a_wrong_declaration_is_not_trusted(tmp_path, text, encoding, declared):
    """A page in GB18030 or UTF-8 is read as what it is, whatever its meta element claims."""
    page = f'<html><meta charset="{declared}"><title>{text}</title>'.encode(encoding)
    write(tmp_path, "a/x.html", page)
    assert text in read(find_readout(tmp_path, tmp_path / "a/x.html")).text()


@pytest.mark.parametrize(
    "text, encoding",
    [
        ("Встреча министров иностранных дел", "windows-1251"),
        ("양국 정상은 전략적 협력 관계를", "euc-kr"),
    ],
)
def test_a_true_declaration_helps(text, encoding):
    """Encodings that are not guessed are read where the page declares them."""
    assert decode(text.encode(encoding), encoding) == text


def test_one_broken_byte_does_not_change_the_encoding():
    """A page with a damaged character stays what it is."""
    data = CHINESE.encode() * 9
    assert decode(data[:9] + b"\xff" + data[9:]).count("\ufffd") == 1
    assert decode((CHINESE * 9).encode("gb18030")[:-1]).startswith(CHINESE)


def test_an_encoding_that_cannot_be_told_is_refused():
    """Rather no text than a wrong one."""
    with pytest.raises(ValueError, match="cannot be told; save it as UTF-8"):
        decode("Встреча министров".encode("koi8-r"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_lines_end_at_line_feeds_only(tmp_path, encoding):
    """A line separator inside a text does not cut a JSON line in two; blank lines count."""
    lines = [json.dumps({"text": CHINESE + "\u2028x"}, ensure_ascii=False), "", "{}"]
    write(tmp_path, "a/x.jsonl", "\n".join(lines).encode(encoding))
    readout = read(find_readout(tmp_path, tmp_path / "a/x.jsonl"))
    assert list(readout.lines()) == [
        (1, lines[0] + "\n" * ("16" not in encoding)),
        (3, "{}"),
    ]


@pytest.mark.parametrize("size", [1, 7, 20, 1000])
def test_spans_are_the_whole_file_in_whole_lines(tmp_path, size):
    """Cut into spans, a file has the same lines with the same numbers, and the same digest."""
    write(
        tmp_path, "a.jsonl", "\none\n\n  \ntwo and more\nthree\n\nfour, which is last"
    )
    file = find_readout(tmp_path, tmp_path / "a.jsonl")
    whole = read(file)
    digest, spans = read_spans(file, size)
    assert digest == whole.digest
    assert [a.stop for a in spans[:-1]] == [b.start for b in spans[1:]]
    parts = [replace(whole, span=span).lines() for span in spans]
    assert [line for part in parts for line in part] == list(whole.lines())


def test_utf16_is_not_cut(tmp_path):
    """Bytes that look like line ends are half of something else there."""
    write(tmp_path, "a.jsonl", "\u0a0aone\ntwo".encode("utf-16"))
    assert read_spans(find_readout(tmp_path, tmp_path / "a.jsonl"), 1) == ("", [])


def test_a_line_that_is_too_large_is_one_error(tmp_path, monkeypatch):
    """The lines around it are read."""
    monkeypatch.setattr(readouts, "LARGEST", 100)
    write(tmp_path, "a/x.jsonl", b"{}\n" + b"x" * 1000 + b"\n[]\n")
    one, two, three = read(find_readout(tmp_path, tmp_path / "a/x.jsonl")).lines()
    assert (one, three) == ((1, "{}\n"), (3, "[]\n"))
    assert "the line is larger" in two[1].reason
