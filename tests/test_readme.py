"""README is true: every command, query and setting in it is tried on the samples in raw/."""

import json
import re
import runpy
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.engines import open_engine
from indexer.query import parse_query, parser
from indexer.search import SearchRequest
from indexer.settings import load_settings
from indexer.sources import load_sources
from indexer.web_settings import WebSettings
from webapp import arguments, create_app, download, limits
from webapp.cli import cli
from webapp.lining import Lining
from webapp.params import SearchParams

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> Iterator[str]:
    """The fenced blocks in one language."""
    for match in re.finditer(rf"^```{language}\n(.*?)^```$", README, re.M | re.S):
        yield match[1]


def section(title: str) -> str:
    """What stands below a heading of the second level."""
    return re.split(r"^## ", README.partition(f"\n## {title}\n")[2], flags=re.M)[0]


COMMANDS = [
    line.removeprefix("$ communique ")
    for block in blocks("console")
    for line in block.splitlines()
]
QUERIES = [
    code
    for row in re.findall(r"^\| (.*) \|$", section("The query language"), re.M)
    for code in re.findall("`(.+?)`", row)
    if not re.fullmatch(r"[a-z]+:", code)
]
ADDRESSES = re.findall(r"^\| `(/api/.+?)` \|", section("The JSON API"), re.M)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    """A copy of the samples, indexed."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "raw", folder / "raw")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("CONFIG", "RAW", "INDEX"):
            patch.delenv(f"COMMUNIQUE_{name}", raising=False)
        result = CliRunner().invoke(cli, ["index"])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def folder(indexed, monkeypatch):
    """The same folder as the current one."""
    monkeypatch.chdir(indexed)
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    return indexed


@pytest.fixture
def engine(folder):
    engine = open_engine(folder / "index")
    yield engine
    engine.close()


def test_readme_documents_every_command():
    """No command is left out, and none is invented."""
    documented = {shlex.split(command)[0] for command in COMMANDS}
    assert documented == set(cli.commands)


@pytest.mark.parametrize(
    "command",
    [each for each in COMMANDS if not each.startswith(("serve", "watch"))],
)
def test_commands_do_what_readme_says(folder, command, tmp_path, monkeypatch):
    """Every command of README ends well, and a search finds something in the samples."""
    arguments = shlex.split(command)
    if arguments[0] == "token":
        (tmp_path / "own.toml").write_text('[web]\ntokens = "tokens.toml"')
        monkeypatch.setenv("COMMUNIQUE_CONFIG", str(tmp_path / "own.toml"))
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    if arguments[0] == "search":
        assert not re.match(r'0 statements|.*"total": 0,', result.stdout)


def test_serve_takes_the_options_that_readme_gives():
    """``serve`` is run by its own tests; here its options are read."""
    command = next(each for each in COMMANDS if each.startswith("serve"))
    name, *options = shlex.split(command)
    cli.commands[name].make_context(name, options)


@pytest.mark.parametrize("query", QUERIES)
def test_queries_can_be_read(engine, query):
    """Every query of README is read and answered, the same from its canonical text."""
    tree = parse_query(query)
    assert parse_query(str(tree)) == tree
    engine.search(SearchRequest(query=tree))


def test_settings_can_be_loaded(tmp_path, monkeypatch):
    """The settings files of README hold no key that nobody knows."""
    monkeypatch.chdir(tmp_path)
    files = {}
    for block in blocks("toml"):
        name = block.splitlines()[0].removeprefix("# ")
        files[name] = tmp_path / name
        files[name].parent.mkdir(parents=True, exist_ok=True)
        files[name].write_text(block, encoding="utf-8")
    assert set(files) == {"communique.toml", "raw/mofa-jp/source.toml"}
    assert Path(load_settings().raw).absolute() == tmp_path / "raw"
    assert load_sources(tmp_path / "raw")["mofa-jp"].country == "Japan"


@pytest.fixture
def client(folder, engine):
    return create_app({"TESTING": True}, engine=engine).test_client()


def test_the_api_answers_in_the_shape_that_readme_shows(client):
    """README's answer has the keys of a real one, at every level, as the command line's has."""
    (block,) = blocks("json")
    shown = json.loads(block)
    real = client.get("/api/v1/search", query_string={"q": shown["query"]}).json
    assert shape(shown) == shape(real)
    arguments = ["search", shown["query"], "--json"]
    printed = json.loads(CliRunner().invoke(cli, arguments).stdout)
    assert shape(printed) | {"next": None} == shape(real)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_api_answers_where_readme_says(client, address):
    """Every address of README finds something in the samples."""
    found = client.get(address)
    assert found.status_code == 200, found.text
    assert found.json.get("total") != 0
    assert found.json.get("matches", found.json.get("suggestions")) != []


def test_readme_names_every_address_of_the_api(client):
    """None is left out, and none is invented."""
    named = {
        re.sub("xinhua/[^/]+", "{statement_id}", address.partition("?")[0])
        for address in ADDRESSES
    }
    known = client.get("/api/v1/openapi.json").json["paths"]
    assert named == {f"/api/v1{path}" for path in known}


def shape(value: object) -> object:
    """The keys of an object, and of the first object of a list."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


@pytest.mark.parametrize("block", list(blocks("python")))
def test_it_can_be_mounted_as_readme_says(folder, tmp_path, block):
    """README's examples, of a blueprint and of a WSGI app, serve the search under their prefix."""
    (tmp_path / "example.py").write_text(block, encoding="utf-8")
    site = runpy.run_path(str(tmp_path / "example.py"))["site"]
    page = site.test_client().get("/statements/search?q=japan")
    assert page.status_code == 200
    assert 'action="/statements/search"' in page.text


def test_what_readme_pastes_is_there(folder):
    """The addresses in README's HTML are answered by the server that it starts."""
    client = create_app().test_client()
    pasted = "".join(blocks("html"))
    addresses = re.findall(r'(?:src|action)="http://127.0.0.1:8000(/.*?)"', pasted)
    assert len(addresses) == 4
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200


def test_what_readme_points_to_is_there():
    """Every file and picture that README links to is in the repository."""
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_limits_are_those_that_readme_says():
    """Every number in the table of what a stranger may send or cost is the code's own."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", section("Security"), re.M)[1:]
    told = {what: re.findall(r"\d+(?:,\d{3})*", most) for what, most in rows}
    web = WebSettings()
    limit = {
        "a query": [parser.MOST_CHARACTERS],
        "the address behind `?`": [limits.QUERY_BYTES],
        "arguments of an address": [limits.ARGUMENTS],
        "values of a filter": [arguments.MAX_VALUES, arguments.MAX_VALUE],
        "pages of results, of lines": [SearchParams.last_page, Lining.last_page],
        "first line and headers, cookies too": [limits.HEADER_BYTES],
        "a body, which nothing reads": [limits.BODY_BYTES],
        "a search": [web.search_seconds],
        "an export": [web.export_seconds],
        "large exports (over 1 MB) being made, waiting to be fetched": [
            download.MAKING,
            download.KEPT,
        ],
        "connections": [limits.CONNECTIONS],
        "a connection on which nothing moves": [limits.IDLE_SECONDS],
    }
    assert told == {what: [f"{n:,.0f}" for n in most] for what, most in limit.items()}
