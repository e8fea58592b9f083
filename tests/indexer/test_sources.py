"""What is known of a source is data, and a mistake in it is named."""

import pickle

import pytest

from indexer.errors import SettingsError
from indexer.sources import Selectors, Source, load_sources


def load(raw, toml):
    (raw / "mfa").mkdir(parents=True, exist_ok=True)
    (raw / "mfa/source.toml").write_text(toml, encoding="utf-8")
    return load_sources(raw)["mfa"]


def test_a_folder_without_source_toml_works(tmp_path):
    """Its name is the source's name; files beside the folders belong to "unsorted"."""
    (tmp_path / "xinhua").mkdir()
    (tmp_path / ".git").mkdir()
    assert load_sources(tmp_path) == {
        "unsorted": Source(id="unsorted", name="unsorted"),
        "xinhua": Source(id="xinhua", name="xinhua"),
    }


def test_every_key_is_read(tmp_path):
    """Texts, patterns and selectors arrive, and a source crosses process borders."""
    source = load(
        tmp_path,
        """
        name = "外交部"
        country = "China"
        language = "zh"
        kind = "readout"
        timezone = "Asia/Shanghai"
        hosts = ["mfa.gov.cn"]
        file_name = "t(?P<date>[0-9]{8})"
        url_base = "https://www.mfa.gov.cn/"
        url_form = "web/{date}/{path}.shtml"
        note = "A remark."
        drop = ["【打印】"]
        captions = ["图\\\\d"]
        [selectors]
        title = "h1"
        date = ".date"
        place = ".place"
        body = "#News_Body"
        drop = [".share", "ul.nav > li"]
        captions = [".note"]
        """,
    )
    assert (source.id, source.name, source.country) == ("mfa", "外交部", "China")
    assert [pattern.pattern for pattern in source.drop] == ["【打印】"]
    assert source.captions[0].fullmatch("图1")
    assert source.selectors == Selectors(
        title="h1",
        date=".date",
        place=".place",
        body="#News_Body",
        drop=(".share", "ul.nav > li"),
        captions=(".note",),
    )
    assert pickle.loads(pickle.dumps(source)) == source


def test_the_digest_changes_with_the_file(tmp_path):
    """Whoever changes a source.toml wants its readouts cleaned again."""
    before = load(tmp_path, 'name = "A"').digest
    assert before and before != load(tmp_path, 'name = "B"').digest


@pytest.mark.parametrize(
    "toml, words",
    [
        ("nmae = 'x'", "'nmae'; did you mean 'name'?"),
        ("[selectors]\ntitel = 'h1'", "'selectors.titel'; did you mean 'title'?"),
        ("digest = 'x'", "'digest'; known are"),
        ("name = 3", "name must be a text in quotes, not 3"),
        ("drop = 'x'", "drop must be a list of texts"),
        ("drop = ['(']", "'(' is not a regular expression"),
        ("selectors = 'h1'", "write [selectors]"),
        ("[selectors]\nbody = 'div['", "selectors.body: 'div[' is not a CSS selector"),
        ("[selectors]\ndrop = ['a', ':x(']", "selectors.drop: ':x(' is not a CSS"),
        ("url_base = 'www.mfa.gov.cn'", "must begin with https://"),
        ("url_form = '{id}'", "may hold {path} and {name}"),
        ("timezone = 'Asia/Pekin'", "'Asia/Pekin' is no time zone"),
        ("file_name = 't('", "'t(' is not a regular expression"),
        ("profile = 'mfa-cn'", "there is no profile 'mfa-cn'; did you mean 'mfa-cn-"),
        ("name = ", "is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path, toml, words):
    """The message says which file, which key, and what to write."""
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, toml)
    assert raised.value.path.endswith("mfa/source.toml")
    assert words in raised.value.reason
