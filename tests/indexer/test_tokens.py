"""What tokens promise, as a file and on the command line."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import os
import stat
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.errors import SettingsError
from indexer.tokens import Tokens
from webapp.cli import cli

DAY = datetime.date(2026, 11, 22)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens.toml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["token", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose settings name a file of tokens."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    settings = '[web]\ntokens = "tokens.toml"\n'
    (tmp_path / "communique.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def test_a_token_names_its_holder(tokens: Tokens) -> None:
    """The whole token and nothing but it; neither its hash nor a part of it."""
    secret, other = tokens.add("desk", DAY), tokens.add("wire", DAY)
    assert tokens.holder(secret) == "desk"
    assert tokens.holder(other) == "wire"
    digest = hashlib.sha256(secret.encode()).hexdigest()
    for wrong in ("", secret[:-1], secret + "a", secret.upper(), digest, "é", "\udcff"):
        assert tokens.holder(wrong) is None


def test_the_file_gives_no_token_away(tokens: Tokens) -> None:
    """It holds hashes alone, its owner alone reads it, and nothing is left beside it."""
    secret = tokens.add("desk", DAY)
    assert secret not in tokens.path.read_text(encoding="utf-8")
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    tokens.path.chmod(0o644)
    tokens.add("wire", DAY)
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    assert os.listdir(tokens.path.parent) == ["tokens.toml"]


def test_tokens_are_compared_in_constant_time(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is compared, also after one that is the same, by what tells nothing by its time."""
    secret = tokens.add("a", DAY)
    tokens.add("b", DAY)
    compared = []

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert tokens.holder(secret) == "a"
    assert tokens.holder("x") is None
    assert compared == [(64, 64)] * 4


def test_one_that_is_taken_back_opens_nothing(tokens: Tokens) -> None:
    """Whoever else has read the file learns of it by the file alone."""
    server = Tokens(tokens.path)
    secret, other = tokens.add("desk", DAY), tokens.add("wire", DAY)
    assert server.holder(secret) == "desk"
    tokens.remove("desk")
    assert server.holder(secret) is None
    assert server.holder(other) == "wire"
    tokens.path.unlink()
    assert server.holder(other) is None


def test_two_at_once_lose_nothing(tokens: Tokens) -> None:
    """Sixteen who add a token each at the same time have one each."""
    names = [f"desk-{number}" for number in range(16)]
    added: dict[str, str] = {}

    def add(name: str) -> None:
        added[name] = Tokens(tokens.path).add(name, DAY)

    threads = [threading.Thread(target=add, args=(name,)) for name in names]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [tokens.holder(added[name]) for name in names] == names
    assert len({each.sha256 for each in tokens.all()}) == 16


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "desk = 1",
        "[desk]\ncreated = 2026-11-22",
        '[desk]\ncreated = 2026-11-22\nsha256 = "abc"',
        f'[desk]\ncreated = "today"\nsha256 = "{"0" * 64}"',
        f'["a b"]\ncreated = 2026-11-22\nsha256 = "{"0" * 64}"',
    ],
)
def test_a_damaged_file_lets_nobody_in(tokens: Tokens, text: str) -> None:
    """It is an error with the file's name, and not a file without tokens."""
    tokens.path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="tokens.toml: "):
        tokens.holder("")
    with pytest.raises(SettingsError, match="tokens.toml: "):
        tokens.add("wire", DAY)
    assert tokens.path.read_text(encoding="utf-8") == text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_leaves_the_file_to_the_server(tokens: Tokens) -> None:
    """An administrator who adds a token does not lock the server's user out."""
    tokens.add("desk", DAY)
    os.chown(tokens.path, 65534, 65534)
    tokens.add("wire", DAY)
    assert (tokens.path.stat().st_uid, tokens.path.stat().st_gid) == (65534, 65534)


def test_the_command_line_gives_out_lists_and_takes_back(folder: Path) -> None:
    """``add`` shows the token once, ``list`` never, and ``remove`` ends it."""
    added = run("add", "desk-scripts")
    assert added.exit_code == 0
    secret = added.stdout.strip()
    assert secret.startswith("communique_") and len(secret) > 50
    assert "not shown again" in added.stderr
    tokens = Tokens(folder / "tokens.toml")
    assert tokens.holder(secret) == "desk-scripts"
    listed = run("list").stdout
    assert listed == f"{datetime.datetime.now(datetime.UTC):%F}  desk-scripts\n"
    assert run("remove", "desk-scripts").exit_code == 0
    assert tokens.holder(secret) is None
    assert run("list").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "desk"), "desk has a token; take another name, or remove it first"),
        (("add", "a b"), "'a b' is no name: take letters, digits, - and _"),
        (("add", "x" * 65), "64 at most"),
        (("remove", "wire"), "wire has no token; there are desk"),
    ],
)
def test_a_mistake_changes_nothing(
    folder: Path, arguments: tuple[str, str], sentence: str
) -> None:
    """It is one sentence and exit code 2."""
    run("add", "desk")
    before = (folder / "tokens.toml").read_bytes()
    result = run(*arguments)
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr
    assert (folder / "tokens.toml").read_bytes() == before


def test_a_file_has_to_be_named(folder: Path) -> None:
    """Without a setting the sentence says which to write."""
    (folder / "communique.toml").unlink()
    result = run("add", "desk")
    assert result.exit_code == 2
    assert 'write tokens = "tokens.toml" below [web]' in result.stderr
