"""The commands about sources: what is known, what it makes of a page, and files added."""

import json

import pytest
from click.testing import CliRunner

from indexer.cli import cli

PAGE = """<link rel=canonical href=https://www.whitehouse.gov/a><h1>Remarks by President Xi</h1>
<section class=body-content><p>The two sides met.</p></section>"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw/mine").mkdir(parents=True)
    (tmp_path / "raw/mine/source.toml").write_text('name = "My ministry"')
    (tmp_path / "page.html").write_text(PAGE)
    return tmp_path


def communique(*arguments):
    return CliRunner().invoke(cli, arguments)


def test_sources_lists_folders_and_profiles(folder):
    """In words, or as one JSON object."""
    result = communique("sources")
    assert result.exit_code == 0
    assert "My ministry" in result.output and "mfa-cn-zh" in result.output
    found = json.loads(communique("sources", "--json").output)
    assert [source["id"] for source in found["sources"]] == ["mine", "unsorted"]
    profiles = {profile["id"]: profile for profile in found["profiles"]}
    assert profiles["fcdo"]["hosts"] == ["gov.uk/government"]
    assert profiles["fcdo"]["note"]


def test_a_profile_is_tried_on_a_page(folder):
    """What each selector finds is said before the statement."""
    result = communique("sources", "test", "whitehouse", "page.html")
    assert result.exit_code == 0, result.output
    assert "selectors.body: 1 found" in result.output
    assert "selectors.title: nothing" in result.output
    assert "The two sides met." in result.output
    (line,) = communique(
        "sources", "test", "whitehouse", "page.html", "--json"
    ).output.splitlines()
    assert json.loads(line)["found"] == {"title": 0, "body": 1}
    result = communique("sources", "test", "state-gov", "page.html")
    assert "selectors.body: nothing: found by rule instead" in result.output


def test_a_source_of_one_s_own_is_tried_too(folder):
    """Before its files lie in its folder; a page that gives nothing is a failure."""
    toml = folder / "raw/mine/source.toml"
    toml.write_text("[selectors]\nbody = '.none'")
    result = communique("sources", "test", "mine", "page.html")
    assert result.exit_code == 1
    assert "has nothing at '.none'" in result.output


def test_a_source_that_there_is_not_is_named(folder):
    """With the one that was probably meant."""
    result = communique("sources", "test", "white-house", "page.html")
    assert result.exit_code == 2
    assert "did you mean 'whitehouse'?" in result.output


def test_add_says_what_it_did(folder):
    """What was added, what was there, what was not taken and why; then all of it can be indexed."""
    result = communique("add", "page.html", "--source", "whitehouse")
    assert result.exit_code == 0, result.output
    assert (
        "added whitehouse/page.html\nadded 1, already there 0, not taken 0"
        in result.output
    )
    result = communique("add", "page.html", "none.html", "--source", "whitehouse")
    assert result.exit_code == 1
    assert "added 0, already there 1, not taken 1" in result.output
    assert communique("index").exit_code == 0
    result = communique("search", "sides", "--json")
    (hit,) = json.loads(result.output)["hits"]
    assert (hit["id"], hit["title"]) == (
        "whitehouse/page~html",
        "Remarks by President Xi",
    )


def test_add_needs_a_source(folder):
    """And a name that a folder can have."""
    assert communique("add", "page.html").exit_code == 2
    result = communique("add", "page.html", "--source", "../x")
    assert result.exit_code == 2
    assert "cannot be a source" in result.output


def test_a_hostile_page_costs_a_trial_nothing(folder):
    """It is read as `index` would read it, by a process that can be stopped, and the next is shown."""
    (folder / "bomb.html").write_text("<div>" * 100_000)
    result = communique("sources", "test", "whitehouse", "bomb.html", "page.html")
    assert result.exit_code == 1
    assert "bomb.html: " in result.output
    assert "The two sides met." in result.output
