"""A cluster behind TLS and a password: who is not let in is told why, and the secret is told nobody."""

from __future__ import annotations

import base64
import logging
import subprocess

import pytest

from indexer.engines import open_engine
from indexer.errors import EngineUnavailable, SettingsError
from tests.cluster.proxy import NGINX, proxy
from tests.indexer.contract.fixtures import found, publish, said
from tests.indexer.running import COMMAND
from webapp import create_app

USER, SECRET = "desk", "tulpe-пароль-4711"
CODED = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()

pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx")


@pytest.fixture(scope="module")
def gate(tmp_path_factory, nodes):
    """The proxy's folder and port."""
    folder = tmp_path_factory.mktemp("proxy")
    with proxy(folder, nodes, USER, SECRET) as port:
        yield folder, port
    nodes.ask(1, "/secured-*", "DELETE")


@pytest.fixture
def place(gate, monkeypatch, tmp_path):
    """The address of an index behind it, with all that is needed in the environment."""
    folder, port = gate
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    monkeypatch.setenv("COMMUNIQUE_CA_FILE", str(folder / "authority.pem"))
    monkeypatch.setenv("COMMUNIQUE_PASSWORD_FILE", str(tmp_path / "secret"))
    monkeypatch.delenv("COMMUNIQUE_PASSWORD", raising=False)
    place = f"opensearch+https://{USER}@localhost:{port}/secured"
    monkeypatch.setenv("COMMUNIQUE_ENGINE", place)
    return place


def run(folder, *arguments):
    """Run ``communique`` to its end; all that it says."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=120
    )


def secret_free(*texts):
    """Hold texts to tell neither the password nor what is sent of it."""
    for text in texts:
        assert SECRET not in text
        assert CODED not in text


def other_name(monkeypatch, gate, place, tmp_path):
    """The same by an address that its certificate does not name."""
    return place.replace("localhost", "127.0.0.1")


def other_authority(monkeypatch, gate, place, tmp_path):
    """Certificates of somebody else are trusted."""
    monkeypatch.setenv("COMMUNIQUE_CA_FILE", str(gate[0] / "stranger.pem"))
    return place


def usual_authorities(monkeypatch, gate, place, tmp_path):
    """Only the system's are trusted."""
    monkeypatch.delenv("COMMUNIQUE_CA_FILE")
    return place


def other_password(monkeypatch, gate, place, tmp_path):
    """The file holds another."""
    (tmp_path / "secret").write_text(f"not-{SECRET}\n", encoding="utf-8")
    return place


def no_password(monkeypatch, gate, place, tmp_path):
    """Nothing tells any."""
    monkeypatch.delenv("COMMUNIQUE_PASSWORD_FILE")
    return place


def test_who_is_known_comes_in(gate, place, tmp_path, monkeypatch):
    """Indexing, checking and searching, with the password from a file or the environment."""
    (tmp_path / "raw" / "a").mkdir(parents=True)
    text = " date 2025-07-10 Meeting\n\nThey met."
    (tmp_path / "raw" / "a" / "one.txt").write_text(text, encoding="utf-8")
    indexed = run(tmp_path, "index")
    assert indexed.returncode == 0, indexed.stderr
    checked = run(tmp_path, "check")
    assert checked.returncode == 0, checked.stderr
    monkeypatch.delenv("COMMUNIQUE_PASSWORD_FILE")
    monkeypatch.setenv("COMMUNIQUE_PASSWORD", SECRET)
    ran = run(tmp_path, "search", "met")
    assert "1" in ran.stdout and ran.returncode == 0, ran.stderr
    for each in (indexed, checked, ran):
        secret_free(each.stdout, each.stderr)
    assert USER in (gate[0] / "access.log").read_text()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (other_name, "certificate .* not trusted .*127.0.0.1.* COMMUNIQUE_CA_FILE"),
        (other_authority, "certificate .* not trusted .*COMMUNIQUE_CA_FILE"),
        (usual_authorities, "certificate .* not trusted .*COMMUNIQUE_CA_FILE"),
        (other_password, "does not know this user or password"),
        (no_password, "does not know this user or password"),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_who_is_not_is_told_in_a_sentence(
    change, sentence, gate, place, tmp_path, monkeypatch, caplog
):
    """On the command line with exit code 5, on the web with 503; the log, as loud as it can be, too."""
    caplog.set_level(logging.DEBUG)
    address = change(monkeypatch, gate, place, tmp_path)
    monkeypatch.setenv("COMMUNIQUE_ENGINE", address)
    (tmp_path / "raw").mkdir()
    for command in (["search", "met"], ["index", "--allow-empty"], ["status"]):
        ran = run(tmp_path, *command)
        assert ran.returncode == 5, ran.stderr
        assert ran.stderr.count("\n") == 1, ran.stderr
        secret_free(ran.stdout, ran.stderr)
    engine = open_engine(address)
    with pytest.raises(EngineUnavailable, match=sentence) as told:
        found(engine)
    client = create_app({}, engine=engine).test_client()
    for path in ("/search?q=met", "/api/v1/search?q=met", "/readyz"):
        response = client.get(path)
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        secret_free(response.text)
    engine.close()
    assert caplog.text
    logs = [path.read_text(errors="replace") for path in gate[0].glob("*.log")]
    secret_free(str(told.value), repr(engine), caplog.text, *logs)


def test_a_password_in_the_address_is_refused(tmp_path):
    """And not repeated."""
    ran = subprocess.run(
        [
            *COMMAND,
            "--index",
            f"opensearch+https://{USER}:{SECRET}@localhost/a",
            "status",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 2
    assert "COMMUNIQUE_PASSWORD_FILE" in ran.stderr and ran.stderr.count("\n") == 1
    secret_free(ran.stdout, ran.stderr)


@pytest.mark.parametrize("name", ["CA_FILE", "PASSWORD_FILE"])
def test_a_file_that_is_not_there_is_named(name, place, tmp_path, monkeypatch):
    """Before anything is asked."""
    monkeypatch.setenv(f"COMMUNIQUE_{name}", str(tmp_path / "none.pem"))
    with pytest.raises(SettingsError, match="none.pem: cannot be read"):
        open_engine(place)


def test_a_file_of_no_certificates_is_named(place, tmp_path, monkeypatch):
    """What stands in it is not shown: it may be the password's."""
    monkeypatch.setenv("COMMUNIQUE_CA_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError, match="secret: .* certificate") as told:
        open_engine(place)
    secret_free(str(told.value))


def test_nodes_that_are_gone_behind_it_are_said_without_its_page(
    nodes, gate, place, monkeypatch
):
    """A proxy answers 502 with HTML, which is no sentence."""
    engine = open_engine(place)
    publish(engine, said("a", "one"))
    for number in (1, 2, 3):
        nodes.kill(number)
    with pytest.raises(EngineUnavailable, match="cannot answer now") as told:
        found(engine)
    assert "<" not in str(told.value) and "\n" not in str(told.value)
    engine.close()
    for number in (1, 2, 3):
        nodes.start_one(number)
    nodes.wait(3)
