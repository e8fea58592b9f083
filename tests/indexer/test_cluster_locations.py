"""The address of a cluster: what it may say, and that it never shows a secret."""

from __future__ import annotations

import pytest

from indexer.engines import open_engine
from indexer.engines.opensearch.location import parse_location
from indexer.errors import EngineUnavailable, SettingsError
from indexer.search import SearchRequest


def test_an_address_names_nodes_user_and_index():
    """Ports are 9200 where none is named; pieces and copies of a new index may be chosen."""
    found = parse_location(
        "opensearch+https://desk@one.example:9200,two.example,[::1]:9201/statements?shards=6&replicas=2"
    )
    assert found.secure and found.user == "desk" and found.name == "statements"
    assert found.hosts == (("one.example", 9200), ("two.example", 9200), ("::1", 9201))
    assert (found.shards, found.replicas) == (6, 2)
    plain = parse_location("opensearch+http://127.0.0.1:9200,localhost/a")
    assert not plain.secure and (plain.shards, plain.replicas) == (3, 1)


@pytest.mark.parametrize(
    "address, words",
    [
        ("opensearch+https://host", "is no address"),
        ("opensearch+ftp://host/a", "is no address"),
        ("opensearch+https://host/", "cannot be the name"),
        ("opensearch+https://host/_all", "cannot be the name"),
        ("opensearch+https://host/A,b", "cannot be the name"),
        ("opensearch+https://host:0/a", "is no host"),
        ("opensearch+https://host:99999/a", "is no host"),
        ("opensearch+https://ho st/a", "is no host"),
        ("opensearch+http://host/a", "write opensearch\\+https"),
        ("opensearch+http://10.0.0.1/a", "write opensearch\\+https"),
        ("opensearch+https://host/a?shards=0", "between 1 and 1024"),
        ("opensearch+https://host/a?pieces=2", "nobody knows the option 'pieces'"),
        ("postgres://host/a", "a folder on this machine"),
    ],
)
def test_what_is_no_address_is_one_sentence(address, words):
    """It says what is wrong, and what to write."""
    with pytest.raises(SettingsError, match=words):
        open_engine(address)


@pytest.mark.parametrize(
    "address",
    [
        "opensearch+https://desk:s3cret@host/a",
        "opensearch+https://desk:s3cret@host/A B",
        "opensearch+ftp://desk:s3cret@host/a",
        "elastic://desk:s3cret@host/a",
    ],
)
def test_a_password_has_no_place_in_an_address(address):
    """It is refused, and not repeated."""
    with pytest.raises(SettingsError) as refused:
        open_engine(address)
    assert "s3cret" not in str(refused.value)


def test_a_password_comes_from_a_file(tmp_path, monkeypatch):
    """One that cannot be read is named."""
    monkeypatch.setenv("COMMUNIQUE_PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="none: cannot be read"):
        open_engine("opensearch+https://desk@127.0.0.1:1/a")


def test_nodes_that_do_not_listen_are_unavailable():
    """The sentence names them."""
    engine = open_engine("opensearch+http://127.0.0.1:1/a")
    with pytest.raises(EngineUnavailable, match=r"127\.0\.0\.1:1 cannot be reached"):
        engine.search(SearchRequest())
    engine.close()
