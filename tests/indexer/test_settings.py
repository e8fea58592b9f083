"""What communique.toml promises."""

from pathlib import Path

import pytest

from indexer.errors import SettingsError
from indexer.settings import Settings, check_folders, load_settings
from indexer.web_settings import WebSettings, configured


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "communique.toml").write_text(text, encoding="utf-8")


def test_defaults_hold_without_a_file():
    """Nobody needs a settings file."""
    assert load_settings() == Settings()


def test_keys_replace_defaults(folder):
    """A key in the file replaces its default, and the others stay."""
    write(folder, 'language = "french"\nport = 8123')
    assert load_settings() == Settings(language="french", port=8123)


def test_folders_are_relative_to_the_file_that_names_them(folder, monkeypatch):
    """A settings file elsewhere names its own raw/; what it does not name stays here."""
    (folder / "etc").mkdir()
    write(folder / "etc", 'raw = "collected"')
    monkeypatch.setenv("COMMUNIQUE_CONFIG", str(folder / "etc" / "communique.toml"))
    assert load_settings().raw == str(folder / "etc" / "collected")
    assert load_settings().index == "index"


def test_the_environment_goes_before_the_file(folder, monkeypatch):
    """COMMUNIQUE_RAW and COMMUNIQUE_INDEX win over what the file says."""
    write(folder, 'raw = "a"\nindex = "b"')
    monkeypatch.setenv("COMMUNIQUE_INDEX", "elsewhere")
    assert load_settings() == Settings(raw="a", index="elsewhere")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prot = 80", "nobody knows the key 'prot'; did you mean 'port'?"),
        ("zzz = 80", "known are raw, index, language, jobs, host, port, web"),
        ('port = "80"', "port must be a whole number, not '80'"),
        ("port = true", "port must be a whole number, not True"),
        ("port = 0", "port must lie between 1 and 65535, not 0"),
        ("raw = 1", "raw must be a text in quotes, not 1"),
        ("jobs = 65", "jobs must lie between 1 and 64, not 65"),
        ("web = 1", "web must be a table, [web], not 1"),
        ("[web]\nx = 1", "nobody knows the key 'web.x'; known are frame_ancestors,"),
        ('[web]\nlogs = "xml"', "web.logs must be 'text' or 'json', not 'xml'"),
        ("[web]\nlog_queries = 1", "web.log_queries must be true or false, not 1"),
        ("[web]\ntrusted_proxies = 11", "must lie between 0 and 10, not 11"),
        ("[web]\ncors_origins = 1", "web.cors_origins must be a list of texts"),
        ("[web]\nsearch_seconds = 0", "must lie between 0 and 3600, not 0.0"),
        ("[web]\nexport_seconds = nan", "must lie between 0 and 3600, not nan"),
        ("[web]\nexport_seconds = '9'", "web.export_seconds must be a number, not '9'"),
        ('[web]\ncors_origins = ["*"]', "must be origins such as 'https://intranet"),
        ('language = "englisch"', "did you mean 'english'?"),
        ("port 80", "is not TOML"),
        ('raw = ""', "raw must name a folder"),
        ('index = ""', "index must name a folder"),
    ],
)
def test_a_mistake_is_named_with_what_is_right(folder, text, sentence):
    """A mistake in the file is one sentence with the file, the mistake and the nearest right one."""
    write(folder, text)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert "communique.toml: " in str(raised.value)
    assert sentence in str(raised.value)


def test_an_index_among_the_readouts_is_refused(folder):
    """It would be read as readouts; one beside raw/ is not, whatever their names have in common."""
    for index in ("raw", "raw/index", "raw/a/../b", str(folder / "raw/x")):
        with pytest.raises(SettingsError, match="cannot lie in raw"):
            check_folders(Settings(index=index))
    for index in ("index", "raw-index", "raw/../index", "."):
        check_folders(Settings(index=index))


def test_a_cluster_is_named_where_a_folder_would_be(folder, monkeypatch):
    """COMMUNIQUE_ENGINE comes before COMMUNIQUE_INDEX; an address lies in no folder."""
    address = "opensearch+https://desk@host:9200/statements"
    monkeypatch.setenv("COMMUNIQUE_INDEX", "elsewhere")
    monkeypatch.setenv("COMMUNIQUE_ENGINE", address)
    assert load_settings().index == address
    check_folders(Settings(raw=".", index=address))


def test_bytes_that_are_no_text_are_named(folder):
    """A settings file in another encoding is an error with its path, not a traceback."""
    (folder / "communique.toml").write_bytes(b'raw = "\xff"')
    with pytest.raises(SettingsError, match="is not TOML"):
        load_settings()


def test_a_named_file_must_exist(monkeypatch):
    """COMMUNIQUE_CONFIG that leads nowhere is said, not ignored."""
    monkeypatch.setenv("COMMUNIQUE_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match="there is no such file"):
        load_settings()


def test_web_trusts_whom_it_names(folder):
    """[web] names whom the server trusts, and capitals in an app's configuration go before it."""
    assert load_settings().web == WebSettings()
    write(folder, '[web]\nframe_ancestors = ["https://a.example", "http://[::1]:80"]')
    web = load_settings().web
    assert web.frame_ancestors == ("https://a.example", "http://[::1]:80")
    write(folder, "[web]\nsearch_seconds = 3")
    assert load_settings().web.search_seconds == 3.0
    told = configured(web, {"CORS_ORIGINS": ["https://b.example"], "TESTING": True})
    assert told.cors_origins == ("https://b.example",)
    assert told.frame_ancestors == web.frame_ancestors
