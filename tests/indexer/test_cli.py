"""What the command line promises: one sentence for an error, an exit code that scripts can trust."""

import csv
import errno
import json
import os
import shlex
import subprocess
import sys

import pytest
from click.testing import CliRunner

from indexer.outcomes import sentence
from webapp.cli import cli

JULY = """\
 date 2025-07-10 Ministers meet in Kuala Lumpur

The minister called for a strategic relationship of mutual benefit.

Both recalled the four political documents; the four political documents are the basis.
"""
OCTOBER = """\
 date 2025-10-31 Leaders meet in Gyeongju

They reaffirmed the four political documents.
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two readouts in raw/, where nothing is indexed yet."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "raw" / "xinhua").mkdir(parents=True)
    (tmp_path / "raw" / "xinhua" / "july.txt").write_text(JULY, encoding="utf-8")
    (tmp_path / "raw" / "mofa").mkdir()
    (tmp_path / "raw" / "mofa" / "october.txt").write_text(OCTOBER, encoding="utf-8")
    return tmp_path


def communique(*args: str):
    """Run the command in the current folder."""
    return CliRunner().invoke(cli, args, prog_name="communique")


@pytest.fixture
def indexed(folder):
    """The same folder, indexed."""
    assert communique("index").exit_code == 0
    return folder


def test_index_says_what_it_did(folder):
    """Indexing ends with the five counts and the generation."""
    result = communique("index")
    assert result.exit_code == 0
    assert "added 2, updated 0, removed 0, unchanged 0, failed 0" in result.stdout
    assert "generation 1" in result.stdout
    assert result.stderr == ""  # no progress bar where nobody watches


def test_index_says_what_it_did_to_machines(folder):
    """``index --json`` is one object with the counts and the failures."""
    (folder / "raw" / "mofa" / "empty.txt").touch()
    result = communique("index", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["added"] == 2
    assert [failure["path"] for failure in report["failed"]] == ["mofa/empty.txt"]


def test_index_with_failures_names_them_and_exits_with_one(folder):
    """A readout that cannot be read is named with the reason, and the rest is indexed."""
    (folder / "raw" / "mofa" / "empty.txt").touch()
    result = communique("index")
    assert result.exit_code == 1
    assert "added 2" in result.stdout
    assert result.stderr.startswith("mofa/empty.txt: is empty")


def test_index_empties_nothing_that_nobody_asked_it_to(indexed):
    """Where raw/ is empty or gone it is a sentence and exit code 2, until --allow-empty is given."""
    (indexed / "raw").rename(indexed / "elsewhere")
    assert communique("index").exit_code == 2
    (indexed / "raw").mkdir()
    result = communique("index")
    assert result.exit_code == 2
    assert "communique index --allow-empty" in result.stderr
    assert "2 statements" in communique("status").stdout
    assert "removed 2" in communique("index", "--allow-empty").stdout


def test_index_full_starts_anew(indexed):
    """``index --full`` writes what is there already again."""
    assert "added 2" in communique("index", "--full").stdout


def test_index_may_use_several_processes(folder):
    """--jobs goes before the settings, which say how many there are otherwise; 0 is no number."""
    assert "added 2" in communique("index", "--jobs", "2").stdout
    assert communique("index", "--jobs", "0").exit_code == 2


def test_search_shows_hits_with_their_matches(indexed):
    """A hit has its date, source, title, id, and its matches marked."""
    result = communique("search", '"four political documents"', "--sort", "newest")
    assert result.exit_code == 0
    assert result.stdout.startswith("2 statements")
    assert "2025-10-31  mofa  Leaders meet in Gyeongju" in result.stdout
    assert "reaffirmed the «four political documents»" in result.stdout
    assert "xinhua/july  2 matches" in result.stdout


def test_search_narrows_by_date_and_source(indexed):
    """--from and --to take days, months and years; --source may be repeated."""
    query = '"four political documents"'
    for options, ids in [
        (("--from", "2025-08"), ["mofa/october"]),
        (("--to", "2025-07"), ["xinhua/july"]),
        (("--from", "2024", "--to", "2025-07-09"), []),
        (("--source", "xinhua"), ["xinhua/july"]),
        (("--source", "xinhua", "--source", "mofa"), ["mofa/october", "xinhua/july"]),
    ]:
        result = communique("search", query, "--json", "--sort", "newest", *options)
        assert [hit["id"] for hit in json.loads(result.stdout)["hits"]] == ids


def test_search_pages_by_offset_and_limit(indexed):
    """--limit cuts the hits and not the total, and the next page is named."""
    result = communique("search", "political", "--limit", "1", "--sort", "newest")
    assert result.stdout.startswith("2 statements")
    assert "xinhua/july" not in result.stdout
    assert "--offset 1" in result.stdout
    result = communique("search", "political", "--offset", "1", "--sort", "newest")
    assert "xinhua/july" in result.stdout


def test_search_folds_near_copies_and_says_so(indexed):
    """The count line tells what is folded, a hit how much; --no-fold shows and counts each."""
    again = indexed / "raw" / "xinhua" / "again.txt"
    again.write_text((indexed / "raw" / "xinhua" / "july.txt").read_text())
    communique("index")
    folded = communique("search", "political", "--sort", "newest").stdout
    assert folded.startswith("2 statements, and 1 near-copy folded under them: ")
    assert "xinhua/again  2 matches  1 more like it\n" in folded
    assert "xinhua/july" not in folded
    each = communique("search", "political", "--no-fold").stdout
    assert each.startswith("3 statements, near-copies not folded: ")
    assert "xinhua/july" in each and "more like it" not in each
    for options, told in (((), (2, 3, True)), (("--no-fold",), (3, 3, False))):
        found = json.loads(communique("search", "political", "--json", *options).stdout)
        assert (found["total"], found["statements"], found["folded"]) == told
    status = communique("status").stdout
    assert "1 of them is a near-copy of an earlier one" in status
    assert "2025-07-10 to 2025-07-10, 1 repeated" in status


def test_search_gives_machines_one_object(indexed):
    """``search --json`` has the keys of the API's answer."""
    found = json.loads(communique("search", "--json", "gyeongju").stdout)
    assert list(found) == [
        "query",
        "canonical",
        "interpreted",
        "notices",
        "total",
        "statements",
        "folded",
        "uses",
        "hits",
        "facets",
        "index",
    ]
    assert found["query"] == "gyeongju"
    assert found["facets"]["year"] == [{"value": "2025", "count": 1}]


def test_search_says_first_and_last_use(indexed):
    """How often, from when to when, the longest silence, and among how many statements."""
    lines = communique("search", '"four political documents"').stdout.splitlines()
    assert lines[1] == "3 matches, first 2025-07-10 (xinhua), last 2025-10-31 (mofa)"
    assert lines[2] == "longest silence 2025-07-11..2025-10-30, with 0 other statements"
    assert lines[3] == "searched 2 statements, dated 2025-07-10..2025-10-31"
    lines = communique("search", '"five documents"', "--source", "mofa").stdout
    assert lines.splitlines()[1:] == [
        "0 matches",
        "searched 1 statement, dated 2025-10-31",
    ]


def test_a_search_without_words_has_statements_to_count(indexed):
    """What is asked for by its source is not said 0 times."""
    lines = communique("search", "source:xinhua").stdout.splitlines()
    assert (
        lines[1] == "1 statement, first 2025-07-10 (xinhua), last 2025-07-10 (xinhua)"
    )


def test_search_lists_every_match_in_context(indexed):
    """--kwic has a line for each match, and the matches stand below each other."""
    result = communique("search", "--kwic", '"four political documents"')
    lines = [line for line in result.stdout.splitlines() if "«" in line]
    assert len(lines) == 3
    assert len({line.index("«") for line in lines}) == 1
    assert result.stdout.startswith("2 statements")
    assert "3 matches, first 2025-07-10" in result.stdout


def test_lines_in_context_have_an_order_and_pages(indexed):
    """--sort takes the words beside the match; --limit and --offset count lines."""

    def lines(*options: str) -> list[str]:
        result = communique("search", "--kwic", '"four political documents"', *options)
        assert result.exit_code == 0
        return [line for line in result.stdout.splitlines() if "«" in line]

    right, left = lines(), lines("--sort", "left1")
    assert [line.partition("»")[2][:6] for line in right] == [".", " are t", "; the "]
    assert [line.partition("«")[0].split()[-2:] for line in left] == [
        ["documents;", "the"],
        ["reaffirmed", "the"],
        ["recalled", "the"],
    ]
    assert lines("--limit", "1") + lines("--offset", "1") == right
    result = communique("search", "--kwic", "political", "--limit", "2")
    assert "1 more: --offset 2 shows the next." in result.stdout


def test_all_lines_in_context_are_exported(indexed):
    """--kwic with --csv or --json gives every line, and refuses to be cut."""
    found = json.loads(communique("search", "--kwic", "political", "--json").stdout)
    assert found["total"] == len(found["lines"]) == 3
    rows = list(
        csv.DictReader(
            communique("search", "political", "--kwic", "--csv").stdout.splitlines()
        )
    )
    assert [row["right"] for row in rows] == [line["right"] for line in found["lines"]]
    refused = communique("search", "political", "--kwic", "--csv", "--limit", "1")
    assert refused.exit_code == 2
    assert "takes every line" in refused.stderr


def test_search_of_several_words_needs_no_quotes_for_the_shell(indexed):
    """Words given one by one are one query."""
    result = communique("search", "mutual", "benefit", "--json")
    assert json.loads(result.stdout)["query"] == "mutual benefit"


def test_a_query_that_cannot_be_read_is_one_sentence(indexed):
    """A mistake in the query is usage: exit code 2, the reason and the place, no traceback."""
    result = communique("search", '"four political')
    assert result.exit_code == 2
    assert result.stderr.startswith("communique: ")
    assert "at character 1" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "2025-02-30"),
        ("--from", "2025-10", "--to", "2025-07"),
        ("--sort", "best"),
        ("--timeline", "--kwic"),
        ("--timeline", "--ris"),
        ("--timeline", "--limit", "5"),
        ("--timeline", "--period", "week"),
        ("--matrix", "--by", "source"),
        ("--period", "year"),
        ("--json", "--csv"),
        ("--json", "--csv", "--kwic"),
        ("--ris", "--kwic"),
        ("--sort", "left1"),
        ("--kwic", "--sort", "relevance"),
    ],
)
def test_an_option_that_cannot_be_used_is_usage(indexed, options):
    """A wrong option is exit code 2."""
    assert communique("search", "a", *options).exit_code == 2


def test_texts_cannot_command_the_terminal(folder):
    """Control characters of a text reach neither terminal nor JSON as they are."""
    nasty = " date 2025-07-10 Evil \x1b]0;title\x07\n\nEvil \x9b2J text \u202e here\n"
    (folder / "raw" / "xinhua" / "evil.txt").write_text(nasty, encoding="utf-8")
    path = "raw/xinhua/evil.txt"
    communique("index")
    for args in [
        ("search", "evil"),
        ("search", "evil", "--kwic"),
        ("search", "evil", "--json"),
        ("show", path),
        ("show", path, "--json"),
    ]:
        output = communique(*args).output
        assert "vil" in output
        assert not set("\x1b\x07\x9b\u202e") & set(output), args


@pytest.mark.parametrize(
    "args",
    [("search", "a"), ("status",), ("check",), ("failures",)],
    ids=lambda args: args[0],
)
def test_without_an_index_the_command_that_helps_is_named(folder, args):
    """No index is exit code 3 and a sentence with the command to run."""
    result = communique(*args)
    assert result.exit_code == 3
    assert "communique index" in result.stderr


def test_two_writers_are_told_of_each_other(indexed):
    """Indexing while somebody else does is exit code 4."""
    from indexer.engines import open_engine

    (indexed / "raw" / "mofa" / "new.txt").write_text(OCTOBER, encoding="utf-8")
    engine = open_engine("index")
    with engine.writer():
        assert communique("index").exit_code == 4
    engine.close()


def test_show_prints_what_cleaning_makes(folder):
    """``show --json`` gives a statement a line, before anything is indexed."""
    result = communique("show", "--json", "raw/xinhua/july.txt", "raw/mofa/october.txt")
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["date"]) == ("xinhua/july", "2025-07-10")
    assert second["text"] == "They reaffirmed the four political documents."


def test_show_goes_on_after_a_failure(folder):
    """A file that is not there is named, the next one shown, and the exit code is 1."""
    result = communique("show", "raw/nothing.txt", "raw/xinhua/july.txt")
    assert result.exit_code == 1
    assert "nothing.txt" in result.stderr
    assert "xinhua/july: Ministers meet in Kuala Lumpur" in result.stdout


def test_show_holds_a_file_to_the_limits_of_index(folder):
    """A file that breaks its parser is named as it was typed, the next one is shown."""
    for path in (folder / "bad.txt", folder / "raw" / "xinhua" / "bad.txt"):
        path.write_text(" date 2025-07-10 Slow\n\n" + "a" * 60, encoding="utf-8")
    (folder / "raw" / "unsorted").mkdir()
    for source in ("xinhua", "unsorted"):
        toml = folder / "raw" / source / "source.toml"
        toml.write_text("drop = ['(a+)+b']", encoding="utf-8")
    paths = [str(folder / "bad.txt"), "raw/xinhua/bad.txt"]
    result = communique("show", *paths, "raw/mofa/october.txt")
    assert result.exit_code == 1
    assert [
        line.partition(": takes more than 4 s")[0]
        for line in result.stderr.splitlines()
    ] == paths
    assert "mofa/october: Leaders meet" in result.stdout


def test_show_names_a_line_of_a_file_that_lies_anywhere(folder):
    """A file in a folder that ``index`` passes over is shown, a line with its number."""
    (folder / "raw" / ".drafts").mkdir()
    lines = folder / "raw" / ".drafts" / "lines.jsonl"
    lines.write_text('{"id": 1, "title": "One", "text": "They met."}\nno JSON\n')
    (folder / "page.html").write_text("<article><p>They dined.</p></article>")
    (folder / "raw" / ".drafts" / "page.html").write_text("<p>They talked.</p>")
    pages = ("page.html", "raw/.drafts/page.html")
    result = communique("show", *pages, "raw/.drafts/lines.jsonl")
    for words in ("They dined.", "They talked.", "They met."):
        assert words in result.stdout
    assert result.stderr.startswith("raw/.drafts/lines.jsonl, line 2: ")


def test_check_compares_index_and_raw(indexed):
    """``check`` exits with 0 where they agree and with 1 where they differ, naming the file."""
    assert communique("check").exit_code == 0
    (indexed / "raw" / "xinhua" / "july.txt").unlink()
    result = communique("check")
    assert result.exit_code == 1
    assert "xinhua/july.txt: is indexed, but gone from raw/" in result.stdout
    assert result.stderr == "communique: 1 difference\n"


def test_status_says_what_the_index_holds_and_lacks(indexed):
    """``status`` counts statements by source, and the files that are not indexed yet."""
    (indexed / "raw" / "mofa" / "new.txt").write_text(OCTOBER, encoding="utf-8")
    result = communique("status")
    assert result.exit_code == 0
    assert "2 statements" in result.stdout
    assert "1  mofa  10 tokens, 2025-10-31 to 2025-10-31\n" in result.stdout
    assert "1 new; run communique index" in result.stdout
    state = json.loads(communique("status", "--json").stdout)
    assert [each["source"] for each in state["sources"]] == ["mofa", "xinhua"]
    assert state["newest"] == "2025-10-31"
    assert state["pending"] == {"new": 1, "changed": 0, "gone": 0}


def test_failures_are_listed_with_reason_and_age(indexed):
    """``failures`` is silent where there are none; else each has its line and the exit code is 1."""
    result = communique("failures")
    assert (result.exit_code, result.output) == (0, "")
    (indexed / "raw" / "mofa" / "empty.txt").touch()
    communique("index")
    assert "1 failed; communique failures" in communique("status").stdout
    result = communique("failures")
    assert result.exit_code == 1
    assert result.stdout.startswith("mofa/empty.txt: is empty")
    assert result.stdout.endswith("(since today)\n")
    found = json.loads(communique("failures", "--json").stdout)
    assert list(found) == ["path", "reason", "since", "days"]
    assert found["days"] == 0


def test_folders_come_from_option_environment_file_and_default_in_this_order(indexed):
    """--raw goes before COMMUNIQUE_RAW, that before communique.toml, that before raw/."""
    run = CliRunner().invoke
    (indexed / "communique.toml").write_text('raw = "filed"', encoding="utf-8")
    assert "filed" in run(cli, ["index"]).stderr
    environment = {"COMMUNIQUE_RAW": "environed"}
    assert "environed" in run(cli, ["index"], env=environment).stderr
    result = run(cli, ["--raw", "raw", "index"], env=environment)
    assert "unchanged 2" in result.stdout


def test_a_wrong_settings_file_is_usage(folder):
    """An unknown key in communique.toml is one sentence with the right key, exit code 2."""
    (folder / "communique.toml").write_text('indx = "a"', encoding="utf-8")
    result = communique("status")
    assert result.exit_code == 2
    assert "did you mean 'index'?" in result.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--index", ""), "name a folder, or leave out --index"),
        (("--raw", ""), "name a folder, or leave out --raw"),
        (("--index", "raw/xinhua/index"), "cannot lie in raw"),
        (("--index", "bogus+https://x"), "an index is a folder on this machine"),
    ],
)
def test_what_cannot_be_a_folder_is_usage(indexed, options, words):
    """Exit code 2 and what to name instead; nothing is made of it."""
    result = communique(*options, "index")
    assert result.exit_code == 2
    assert words in result.stderr
    assert sorted(path.name for path in indexed.iterdir()) == ["index", "raw"]


def test_an_address_in_the_settings_is_named_as_it_stands(folder):
    """It is no path from the file that names it."""
    (folder / "communique.toml").write_text('index = "https://x/y"', encoding="utf-8")
    assert "communique: https://x/y: an index is" in communique("status").stderr


def test_a_folder_that_cannot_be_written_is_one_sentence(folder):
    """What the system refuses is said with the path and what to do, not shown as a traceback."""
    (folder / "file").touch()
    for index, code in ("file", 3), ("file/below", 3), ("/dev/null/index", 3):
        for command in (("index",), ("status",), ("search", "a"), ("check",)):
            result = communique("--index", index, *command)
            assert result.exit_code == code, command
            assert result.stderr.startswith(f"communique: {index} cannot be read")
            assert "name another folder with --index" in result.stderr
            assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_what_the_system_forbids_is_said_with_what_to_do(number):
    """The path, the system's words, and the two ways out."""
    error = OSError(number, os.strerror(number), "index/LOCK")
    assert sentence(error) == (
        f"index/LOCK: {os.strerror(number)}: have its owner run this, change the permissions, "
        "or name another folder (--raw, --index)."
    )


@pytest.mark.parametrize("query", [("-taiwan", "japan"), ("-mutual political",)])
def test_a_query_that_begins_with_a_hyphen_is_told_how_to_be_written(indexed, query):
    """It looks like an option; the hint can be copied, and does what was meant."""
    result = communique("search", *query)
    assert result.exit_code == 2
    hint = result.stderr.rpartition("communique ")[2]
    assert shlex.split(hint) == ["search", "--", " ".join(query)]
    assert communique(*shlex.split(hint)).exit_code == 0
    assert "search -- " not in communique("search", "--sorted", "a").stderr


@pytest.mark.parametrize(
    "args",
    [
        ("search", "political"),
        ("search", "political", "--csv"),
        ("search", "political", "--kwic"),
        ("index", "--full"),
        ("status",),
    ],
)
def test_a_reader_that_leaves_early_is_no_error(indexed, args):
    """``communique … | head`` ends without a word on stderr, as if all had been read."""
    assert unread(*args) == (0, "")


def test_a_failure_is_one_though_nobody_reads_of_it(indexed):
    """``communique index | true`` still says by its exit code that a readout gave no statement."""
    (indexed / "raw" / "mofa" / "empty.txt").touch()
    assert unread("index") == (1, "")


def test_a_pipe_that_breaks_elsewhere_is_no_success(folder, monkeypatch):
    """Only a reader who leaves is none: what breaks in indexing is not passed over."""

    def broken(*_, **__):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("indexer.pipeline.index", broken)
    assert communique("index").exit_code == 1


def unread(*args):
    """The exit code and stderr of a command whose output nobody reads."""
    read, write = os.pipe()
    os.close(read)
    code = "from webapp.cli import main; main()"
    command = [sys.executable, "-c", code, *args]
    run = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    return run.returncode, run.stderr


@pytest.mark.parametrize("counted", [(), ("--kwic",), ("--timeline",), ("--matrix",)])
def test_a_csv_is_marked_for_excel_on_request(indexed, counted):
    """--bom puts the mark before it, once; other forms have none."""
    marked = communique("search", "political", "--csv", "--bom", *counted)
    assert marked.exit_code == 0
    plain = communique("search", "political", "--csv", *counted)
    assert marked.stdout[0] == "\ufeff"
    assert marked.stdout[1:].splitlines()[0] == plain.stdout.splitlines()[0]
    refused = communique("search", "political", "--ris", "--bom")
    assert (refused.exit_code, "--bom is of --csv" in refused.stderr) == (2, True)


@pytest.mark.parametrize("form", ["--csv", "--ndjson", "--ris", "--bib", "--txt"])
def test_search_exports_every_hit(indexed, form):
    """Each form has both statements, and is cut by no limit."""
    result = communique("search", "political", form)
    assert result.exit_code == 0
    assert "xinhua/july" in result.stdout
    assert "mofa/october" in result.stdout
    refused = communique("search", "political", form, "--limit", "1")
    assert refused.exit_code == 2
    assert "leave out --limit" in refused.stderr


def test_a_timeline_is_a_table(indexed):
    """A line for each period, a dash where nothing was searched, and the sums."""
    result = communique("search", "political", "--timeline", "--period", "month")
    assert result.exit_code == 0
    head, names, *rows = (line.split() for line in result.stdout.splitlines())
    assert head[:2] == ["2", "statements,"]
    assert names[:3] == ["month", "statements", "occurrences"]
    assert [row[:2] for row in rows] == [
        ["2025-07", "1"],
        ["2025-08", "–"],
        ["2025-09", "–"],
        ["2025-10", "1"],
        ["not", "precise"],
        ["undated", "–"],
        ["all", "2"],
    ]


def test_a_timeline_by_source_has_a_column_for_each(indexed):
    """The most frequent sources, and the rest."""
    result = communique("search", "political", "--timeline", "--by", "source")
    _, names, year, *_, total = result.stdout.splitlines()
    assert names.split() == ["year", "all", "mofa", "xinhua", "the", "rest"]
    assert year.split() == ["2025", "2", "1", "1", "–"]
    assert total.split() == ["all", "2", "1", "1", "–"]


def test_a_matrix_has_a_line_for_each_argument(indexed):
    """A search that cannot be read is told on the other stream, costs no other, and ends with 1."""
    queries = ("political", '"unclosed', "peace")
    result = communique("search", *queries, "--matrix", "--period", "year")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "statements",
        "political",
        "peace",
    ]
    assert result.stdout.splitlines()[1].split()[1:] == ["2", "2", "–", "–"]
    assert result.stderr.startswith("Search 2: ")
    written = communique("search", *queries, "--matrix", "--csv")
    assert (written.exit_code, written.stderr) == (1, result.stderr)
    assert communique("search", "political", "peace", "--matrix").exit_code == 0
    assert communique("search", *["a"] * 51, "--matrix").exit_code == 2


@pytest.mark.parametrize("counted", ["--timeline", "--matrix"])
def test_counts_are_files_too(indexed, counted):
    """--json prints one object, --csv lines that tell the index they are from."""
    read = json.loads(communique("search", "political", counted, "--json").stdout)
    assert read["first"] == read["last"] == "2025"
    lines = communique("search", "political", counted, "--csv").stdout
    assert read["index"]["fingerprint"] in lines
