"""What is believed of a request, and what not."""

from __future__ import annotations

import pytest
from flask import Flask, request, url_for
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.web_settings import WebSettings
from webapp import create_app
from webapp.proxies import Proxies, address, host_name, peer

TOLD = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "intranet.example",
    "X-Forwarded-Prefix": "/intranet",
    "X-Forwarded-Proto": "https",
}


def behind(**settings: object) -> Flask:
    """An app that says how it is addressed."""
    app = Flask("behind", static_folder=None)

    @app.route("/", defaults={"path": ""})
    @app.route("/<path:path>")
    def said(path: str) -> dict[str, object]:
        headers = [name for name, _ in request.headers if "Forwarded" in name]
        return {
            "address": url_for("said", path="x", _external=True),
            "path": path,
            "reader": request.remote_addr,
            "peer": peer(request.environ),
            "headers": headers,
        }

    web = WebSettings(**settings)  # type: ignore[arg-type]
    app.wsgi_app = Proxies(app.wsgi_app, web)  # type: ignore[method-assign]
    return app


def said(app: Flask, path: str = "/", **headers: str) -> dict[str, object]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = app.test_client().get(path, headers=given, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json
    return found


def test_nothing_is_believed_unless_told_to() -> None:
    """Without a number of proxies their headers are as if they had not been sent."""
    found = said(behind(), **TOLD, Forwarded="host=evil.example")
    assert found == said(behind()) | {"headers": []}
    assert found["address"] == "http://localhost/x"


def test_one_proxy_is_believed() -> None:
    """Scheme, host, prefix and the reader's address are those that the proxy tells."""
    found = said(behind(trusted_proxies=1), **TOLD)
    assert found["address"] == "https://intranet.example/intranet/x"
    assert (found["reader"], found["peer"]) == ("203.0.113.9", "127.0.0.1")


def test_only_as_many_values_as_there_are_proxies_are_believed() -> None:
    """What stands before them is the reader's own."""
    lies = {
        name: f"{lie}, {TOLD[name]}"
        for name, lie in {
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Prefix": "/evil",
            "X-Forwarded-Proto": "http",
        }.items()
    }
    assert said(behind(trusted_proxies=1), **lies) | {"headers": []} == said(
        behind(trusted_proxies=1), **TOLD
    ) | {"headers": []}


def test_a_proxy_in_the_middle_may_hand_headers_on() -> None:
    """Of two proxies the outer one is believed, whether the inner adds to its headers or not."""
    app = behind(trusted_proxies=2)
    added = {name: f"{value}, inner" for name, value in TOLD.items()}
    for headers in (TOLD, added, TOLD | {"X-Forwarded-For": "203.0.113.9, 10.0.0.1"}):
        found = said(app, **headers)
        assert found["address"] == "https://intranet.example/intranet/x"
        assert found["reader"] == "203.0.113.9"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Forwarded-Proto", "javascript"),
        ("X-Forwarded-Proto", "https:"),
        ("X-Forwarded-Prefix", "//evil.example"),
        ("X-Forwarded-Prefix", "/\\evil.example"),
        ("X-Forwarded-Prefix", "evil"),
        ("X-Forwarded-Prefix", "/a/../b"),
        ("X-Forwarded-Prefix", '/"><script>'),
        ("X-Forwarded-Prefix", "https://evil.example"),
    ],
)
def test_what_belongs_in_no_address_is_dropped(name: str, value: str) -> None:
    """Even a trusted proxy may hand on what a reader wrote."""
    found = said(behind(trusted_proxies=1), **{name: value})
    assert found["address"] == "http://localhost/x"


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/intranet/statements", ""),
        ("/intranet/statements/", ""),
        ("/intranet/statements/search", "search"),
        ("/intranet/statements/intranet/statements", "intranet/statements"),
        ("/intranet/statementsearch", "intranet/statementsearch"),
        ("/intranet", "intranet"),
        ("/search", "search"),
        ("/", ""),
    ],
)
@pytest.mark.parametrize("prefix", ["/intranet/statements", "/intranet/statements/"])
def test_a_prefix_is_cut_once_where_it_stands(
    path: str, seen: str, prefix: str
) -> None:
    """Kept or stripped, and only whole segments; every address made here has it."""
    found = said(behind(prefix=prefix), path, X_Forwarded_Prefix="/evil")
    assert found["path"] == seen
    assert found["address"] == "http://localhost/intranet/statements/x"


def test_the_prefix_of_the_settings_goes_before_what_is_told() -> None:
    """Who names it in the settings is not asked what a header says."""
    app = behind(prefix="/ours", trusted_proxies=1)
    assert said(app, **TOLD)["address"] == "https://intranet.example/ours/x"


HOSTS = {
    "localhost": "localhost",
    "Intranet.Example:8000": "intranet.example",
    "intranet.example.": "intranet.example",
    "my_host": "my_host",
    "10.0.0.1:80": "10.0.0.1",
    "[::1]:8000": "[::1]",
    "[::1]": "[::1]",
}


@pytest.mark.parametrize(("authority", "name"), HOSTS.items())
def test_a_host_is_known_by_its_name(authority: str, name: str) -> None:
    """Without port and final dot, in small letters."""
    assert host_name(authority) == name


@pytest.mark.parametrize(
    "authority",
    ["", ":80", "a b", "a/b", "a@b", "a..b", ".a", "a:b", "a:1:2", "é", "a\x01", "<a>"]
    + ["[::1", "[a]x", "a" * 64, "a." * 130, "a,b", "a?b", "a#b", "a\\b", "a\n"],
)
def test_what_is_no_host_is_refused(engine: Engine, authority: str) -> None:
    """It gets into no feed and no citation: 400 with a sentence, and never an error of ours."""
    assert host_name(authority) == ""
    if "\n" in authority:
        return  # which no server hands on
    client = create_app({"TESTING": True}, engine=engine).test_client()
    for path in ("/search.atom?q=japan", "/", "/nothing-here", "/assets/icon.png"):
        answer = client.get(path, environ_overrides={"HTTP_HOST": authority})
        assert answer.status_code in (400, 404)
        assert "Host header" in answer.text or path.startswith("/assets")


@given(st.text(max_size=40))
@example("a.b:8000")
def test_a_host_is_what_an_address_can_hold(authority: str) -> None:
    """Whatever is taken for a host needs no escaping, anywhere."""
    name = host_name(authority)
    assert not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-_.:[]")
    assert not name or authority.lower().startswith(name)


def test_an_address_is_as_it_is_meant() -> None:
    """IPv4 within IPv6 is IPv4; what is none is None."""
    assert str(address("::ffff:10.0.0.1")) == "10.0.0.1"
    assert str(address("::1")) == "::1"
    assert address("unix:") is address("") is address("10.0.0.1:80") is None


def test_names_that_are_not_ours_are_refused(engine: Engine) -> None:
    """Where ``hosts`` lists names, another gets 421; monitoring goes by any."""
    app = create_app({"HOSTS": ["intranet.example", "[::1]"]}, engine=engine)
    client = app.test_client()

    def status(host: str, path: str = "/", **headers: str) -> int:
        return client.get(path, headers={"Host": host, **headers}).status_code

    for host in ("intranet.example", "INTRANET.example:8000", "[::1]:80"):
        assert status(host) == 200
    for host in ("evil.example", "intranet.example.evil.example", "[::2]", "example"):
        assert status(host) == 421
        assert status(host, "/nothing-here") == 421
        assert status(host, "/healthz") == 200
    assert status("evil.example", **{"X-Forwarded-Host": "intranet.example"}) == 421
    sentence = client.get("/api/v1/search", headers={"Host": "evil.example"}).json
    assert "does not go by the name “evil.example”" in sentence["detail"]


def test_a_proxy_cannot_lend_a_name_either(engine: Engine) -> None:
    """The name that a trusted proxy tells has to be among ``hosts`` as well."""
    config = {"HOSTS": ["intranet.example"], "TRUSTED_PROXIES": 1}
    client = create_app(config, engine=engine).test_client()
    for told, status in (("intranet.example", 200), ("evil.example", 421)):
        headers = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": told}
        assert client.get("/", headers=headers).status_code == status
