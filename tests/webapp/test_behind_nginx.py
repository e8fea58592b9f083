"""The whole service behind a real proxy, by the lines that README gives."""

from __future__ import annotations

import datetime
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from indexer.tokens import Tokens
from tests.webapp.crawler import Answer, Crawl
from tests.webapp.serving import ask, nginx, serving

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
HOST = "intranet.example"
SETTINGS = f'trusted_proxies = 1\nhosts = ["{HOST}"]\n'

#: A reader far away, who tells of himself what only a proxy may tell.
LIES = {
    "X_Forwarded_For": "203.0.113.9",
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Prefix": "/evil",
    "X_Forwarded_Proto": "javascript",
    "Forwarded": "host=evil.example;proto=javascript",
}


def location(number: int, *changes: tuple[str, str]) -> str:
    """One of README's samples for nginx, with changes."""
    found: str = re.findall(r"^```nginx\n(.*?)^```$", README, re.M | re.S)[number]
    for old, new in changes:
        assert old in found
        found = found.replace(old, new)
    return found


def crawled(port: int, base: str, **headers: str) -> Crawl:
    """Everything that is found from the front page behind the nginx at ``port``."""

    def fetch(address: str) -> Answer:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return ask(port, path, Host=HOST, **headers)

    return Crawl(base, fetch).run()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that is told its prefix by its settings."""
    folder = tmp_path_factory.mktemp("prefix")
    with serving(folder, f'{SETTINGS}prefix = "/intranet/statements"') as port:
        yield port


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that is told its prefix by the proxy alone."""
    with serving(tmp_path_factory.mktemp("told"), SETTINGS) as port:
        yield port


def assert_below(crawl: Crawl) -> None:
    """Nothing failed, and nothing leads beside the prefix or to another server."""
    assert crawl.failed == {}
    assert crawl.outside == set()
    assert crawl.elsewhere <= {"a9.com", "news.example", "www.w3.org"}  # namespaces too
    assert len(crawl.answers) > 100


def test_everything_works_where_the_prefix_is_stripped(
    server: int, tmp_path: Path
) -> None:
    """Each link, form, asset, feed, export and redirect stays below it and answers.

    So it does for readers who send forwarded headers of their own. The scheme is the proxy's too,
    as behind one that ends TLS.
    """
    changes = (":8000", f":{server}"), ("$scheme", "https")
    base = f"https://{HOST}/intranet/statements/"
    with nginx(tmp_path, location(0, *changes)) as port:
        crawl = crawled(port, base)
        lied = crawled(port, base, **LIES)
    assert_below(crawl)
    assert_below(lied)
    assert crawl.answers.keys() == lied.answers.keys()


def test_everything_works_where_the_prefix_is_kept(server: int, tmp_path: Path) -> None:
    """The same server answers below its prefix where the proxy leaves it in the address."""
    with nginx(tmp_path, location(0, (":8000/;", f":{server};"))) as port:
        assert_below(crawled(port, f"http://{HOST}/intranet/statements/"))


def test_everything_works_where_the_proxy_tells_the_prefix(
    told: int, tmp_path: Path
) -> None:
    """A prefix that no setting names may even begin as our own pages do."""
    changes = (":8000", f":{told}"), ("/intranet/statements", "/statements")
    with nginx(tmp_path, location(0, *changes)) as port:
        assert_below(crawled(port, f"http://{HOST}/statements/"))


def test_a_prefix_like_one_of_our_pages_can_be_kept(tmp_path: Path) -> None:
    """What begins with the prefix of the settings has it cut once, whatever follows."""
    changes = ("/intranet/statements", "/statements")
    with serving(tmp_path, f'{SETTINGS}prefix = "/statements/"') as server:
        lines = location(0, (":8000/;", f":{server};"), changes)
        with nginx(tmp_path, lines) as port:
            assert_below(crawled(port, f"http://{HOST}/statements/"))


def test_readers_sign_in_at_the_proxy(tmp_path: Path) -> None:
    """README's lines let in who signs in there, and nobody who says to have done so."""
    (tmp_path / "readers").write_text("desk:{PLAIN}secret\n", encoding="utf-8")
    web = SETTINGS + (
        'sign_in_header = "X-Forwarded-User"\nsign_in_networks = ["127.0.0.1"]\n'
        'tokens = "tokens.toml"'
    )
    secret = Tokens(tmp_path / "tokens.toml").add("scripts", datetime.date.today())
    with serving(tmp_path, web) as server:
        lines = location(
            1, (":8000", f":{server}"), ("/etc/nginx/readers", f"{tmp_path}/readers")
        )
        with nginx(tmp_path, lines) as port:
            at = "/intranet/statements/"
            signed = {"Authorization": f"Basic {b64encode(b'desk:secret').decode()}"}
            token = {"Authorization": f"Bearer {secret}"}
            forged = {"X_Forwarded_User": "desk"}
            assert ask(port, at, Host=HOST)[0] == 401
            assert ask(port, at, Host=HOST, **forged)[0] == 401
            status, headers, page = ask(port, at, Host=HOST, **signed)
            assert (status, "Leaders meet in Gyeongju" in page) == (200, True)
            assert headers["cache-control"] == "private, no-cache"
            api = f"{at}api/v1/search?q=japan"
            assert ask(port, api, Host=HOST)[0] == 401
            assert ask(port, api, Host=HOST, **forged)[0] == 401
            assert ask(port, api, Host=HOST, **token)[0] == 200
            assert ask(port, at, Host=HOST, **token)[0] == 401
