"""Who may read, and that nobody may write."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from indexer.engine import Engine
from indexer.errors import SettingsError
from indexer.tokens import Tokens
from indexer.web_settings import WebSettings
from webapp import create_app, create_blueprint
from webapp.access import OPEN

PROXY, STRANGER = "10.1.2.3", "192.0.2.7"
HEADER = {
    "SIGN_IN_HEADER": "X-Forwarded-User",
    "SIGN_IN_NETWORKS": ["10.1.2.0/24", "fd00::/8"],
}
USER = {"X-Forwarded-User": "desk"}
READ = "/statements/xinhua/2025-10-31"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens.toml")


@pytest.fixture
def secret(tokens: Tokens) -> str:
    return tokens.add("scripts", datetime.date(2026, 11, 22))


@pytest.fixture
def both(engine: Engine, tokens: Tokens) -> FlaskClient:
    """A site where readers sign in at a proxy and programs have tokens."""
    config = {"TESTING": True, "TOKENS": str(tokens.path), **HEADER}
    return create_app(config, engine=engine).test_client()


def ask(
    client: FlaskClient,
    path: str = READ,
    headers: Mapping[str, str] | None = None,
    *,
    peer: str = PROXY,
    method: str = "GET",
) -> TestResponse:
    return client.open(
        path,
        method=method,
        headers=headers,
        environ_overrides={"REMOTE_ADDR": peer},
    )


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def paths(app: Flask) -> list[tuple[str, str]]:
    """Every endpoint with an address that its rule matches."""
    known = {"statement_id": "xinhua/2025-10-31", "filename": "communique.css"}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {
                name: known.get(name) or min(getattr(converter, "items", ["x"]))
                for name, converter in rule._converters.items()
            }
            _, path = rule.build(values) or ("", "")
            found.append((rule.endpoint, path))
    return found


def test_every_route_is_closed_where_sign_in_is_configured(both: FlaskClient) -> None:
    """But for monitoring and assets; what is nowhere is closed as well."""
    shown = set()
    for endpoint, path in [
        *paths(both.application),
        ("", "/nothing"),
        ("", "/api/v1/x"),
    ]:
        with ask(both, path) as answer:
            if answer.status_code != 401:
                shown.add(endpoint)
                continue
            asked_for = answer.headers["WWW-Authenticate"]
            assert asked_for == 'Bearer realm="Diplomatic statements"'
            assert "no-store" in answer.headers["Cache-Control"]
            assert "Content-Security-Policy" in answer.headers
            assert "Come by the address" in answer.text
            if path.startswith("/api/v1/"):
                assert answer.mimetype == "application/problem+json"
    assert shown == OPEN


def test_nothing_on_the_web_writes(both: FlaskClient) -> None:
    """No route knows another method than those that read; one tells programs so."""
    for rule in both.application.url_map.iter_rules():
        if rule.endpoint == "communique.api.nothing":
            answer = ask(both, "/api/v1/x", USER, method="POST")
            assert answer.status_code == 405
            continue
        assert rule.methods and rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule


def test_methods_are_told_to_anybody(both: FlaskClient) -> None:
    """Browsers ask them for scripts of other origins without a token; nothing else is told."""
    for _, path in paths(both.application):
        answer = ask(both, path, method="OPTIONS")
        assert answer.status_code in (200, 204, 404)
        assert "four political" not in answer.text
    assert ask(both, "/nothing", method="OPTIONS").status_code == 401


@pytest.mark.parametrize(
    "peer", [PROXY, "::ffff:10.1.2.3", "fd00::1", "10.1.2.0", "10.1.2.255"]
)
def test_the_proxy_names_the_reader(both: FlaskClient, peer: str) -> None:
    """From an address within the networks, also where IPv4 is written as IPv6."""
    answer = ask(both, headers=USER, peer=peer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert set(answer.vary) == {"Authorization", "X-Forwarded-User"}


@pytest.mark.parametrize(
    "peer",
    [STRANGER, "10.1.3.0", "10.1.1.255", "127.0.0.1", "::1", "::ffff:192.0.2.7"]
    + ["::10.1.2.3", "fe80::1%eth0", "", "unix:", "10.1.2.3:80", "10.1.2.3, x"],
)
def test_nobody_else_does(both: FlaskClient, peer: str) -> None:
    """A header from another address is a lie, whatever the address looks like."""
    assert ask(both, headers=USER, peer=peer).status_code == 401
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"):
        forged = USER | {name: PROXY}
        assert ask(both, headers=forged, peer=peer).status_code == 401


@pytest.mark.parametrize("said", ["", " ", "\t", "desk, admin", ",", "desk,"])
def test_a_header_that_names_nobody_lets_nobody_in(
    both: FlaskClient, said: str
) -> None:
    """Empty, or of several values, one of which may be the reader's own."""
    assert ask(both, headers={"X-Forwarded-User": said}).status_code == 401


def test_two_headers_are_several_values(both: FlaskClient) -> None:
    """WSGI hands on two headers as one with a comma."""
    answer = both.get(
        READ,
        headers=[("X-Forwarded-User", "desk"), ("X-Forwarded-User", "admin")],
        environ_overrides={"REMOTE_ADDR": PROXY},
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_the_peer_is_who_connected(engine: Engine, proxies: int) -> None:
    """X-Forwarded-For, believed or not, brings nobody into the networks or out of them."""
    config = {"TRUSTED_PROXIES": proxies, **HEADER}
    client = create_app(config, engine=engine).test_client()
    forged = USER | {"X-Forwarded-For": f"{PROXY}, {PROXY}"}
    assert ask(client, headers=forged, peer=STRANGER).status_code == 401
    far = USER | {"X-Forwarded-For": f"{STRANGER}, {STRANGER}"}
    assert ask(client, headers=far).status_code == 200


@pytest.mark.parametrize("ours", [False, True])
def test_the_peer_is_known_behind_the_hosts_own_layers(
    engine: Engine, ours: bool
) -> None:
    """A site that believes X-Forwarded-For by itself does not make readers of those it names."""
    if ours:
        site = create_app({"TRUSTED_PROXIES": 1, **HEADER}, engine=engine)
    else:
        site = Flask("host", static_folder=None)
        settings = WebSettings(
            sign_in_header="X-Forwarded-User", sign_in_networks=("10.1.2.0/24",)
        )
        site.register_blueprint(create_blueprint(engine=engine, settings=settings))
    site.wsgi_app = ProxyFix(site.wsgi_app)  # type: ignore[method-assign]
    client = site.test_client()
    forged = USER | {"X-Forwarded-For": PROXY}
    assert ask(client, headers=forged, peer=STRANGER).status_code == 401
    assert ask(client, headers=USER | {"X-Forwarded-For": STRANGER}).status_code == 200


@pytest.mark.parametrize(("peer", "seen"), [(PROXY, "desk"), (STRANGER, None)])
@pytest.mark.parametrize("path", ["/healthz", READ])
def test_a_forged_name_goes_no_further(
    engine: Engine, peer: str, seen: str | None, path: str
) -> None:
    """Who comes after the check, a log for instance, sees none but the proxy's."""
    app = create_app(HEADER, engine=engine)
    names = []
    app.teardown_request(
        lambda _: names.append(request.headers.get("X-Forwarded-User"))
    )
    ask(app.test_client(), path, USER, peer=peer)
    assert names == [seen]


def test_a_token_lets_a_program_in(both: FlaskClient, secret: str) -> None:
    """From anywhere, with the scheme in any letters; HEAD as GET."""
    for headers in (bearer(secret), {"Authorization": f"bEARER  {secret} "}):
        assert ask(both, headers=headers, peer=STRANGER).status_code == 200
    answer = ask(both, headers=bearer(secret), peer=STRANGER, method="HEAD")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_no_other_authorization_does(
    both: FlaskClient, tokens: Tokens, secret: str
) -> None:
    """Another scheme, another length, its hash, two at once: none of it is a token."""
    hashed = tokens.all()[0].sha256
    for said in (secret, f"Basic {secret}", f"Token {secret}", "Bearer", "Bearer "):
        answer = ask(both, headers={"Authorization": said})
        assert answer.status_code == 401
        assert "error=" not in answer.headers["WWW-Authenticate"]
    for wrong in (secret[:-1], f"{secret}x", hashed, f"{secret}, Bearer {secret}"):
        answer = ask(both, headers=bearer(wrong))
        assert answer.status_code == 401
        assert "error=invalid_token" in answer.headers["WWW-Authenticate"]
        assert "Nobody has this token" in answer.text


def test_a_token_is_taken_back_without_a_restart(
    both: FlaskClient, tokens: Tokens, secret: str
) -> None:
    """The next request with it is refused, and a new one is known at once."""
    assert ask(both, headers=bearer(secret)).status_code == 200
    tokens.remove("scripts")
    assert ask(both, headers=bearer(secret)).status_code == 401
    other = tokens.add("scripts", datetime.date(2026, 11, 23))
    assert ask(both, headers=bearer(secret)).status_code == 401
    assert ask(both, headers=bearer(other)).status_code == 200


def test_the_proxys_word_comes_first(both: FlaskClient) -> None:
    """Some proxies hand on a password or a token of their own; the header is enough."""
    for said in ("Basic ZGVzazpzZWNyZXQ=", "Bearer eyJhbGciOi"):
        headers = USER | {"Authorization": said}
        assert ask(both, headers=headers).status_code == 200
        assert ask(both, headers=headers, peer=STRANGER).status_code == 401


def test_tokens_alone_close_the_site(engine: Engine, tokens: Tokens) -> None:
    """Also before the first is made; and no header helps where none is configured."""
    client = create_app({"TOKENS": str(tokens.path)}, engine=engine).test_client()
    assert ask(client, headers=USER).status_code == 401
    assert ask(client, headers=bearer("")).status_code == 401
    made = tokens.add("scripts", datetime.date(2026, 11, 22))
    assert ask(client, headers=bearer(made)).status_code == 200


def test_tokens_that_cannot_be_read_let_nobody_in(
    engine: Engine, both: FlaskClient, tokens: Tokens, secret: str
) -> None:
    """A server does not start with them; one that runs says 503, and whoever signs in reads on."""
    assert ask(both, headers=bearer(secret)).status_code == 200
    tokens.path.write_text("damaged", encoding="utf-8")
    assert ask(both, headers=bearer(secret)).status_code == 503
    assert str(tokens.path) not in ask(both, headers=bearer(secret)).text
    assert ask(both, headers=USER).status_code == 200
    with pytest.raises(SettingsError, match="is not TOML"):
        create_app({"TOKENS": str(tokens.path)}, engine=engine)


def test_the_blueprint_is_closed_too(engine: Engine, tokens: Tokens) -> None:
    """In another site its pages need sign-in, and the site's own do not."""
    settings = WebSettings(tokens=str(tokens.path))
    site = Flask("host", static_folder=None)
    site.add_url_rule("/", "front", lambda: "the host's own")
    blueprint = create_blueprint(engine=engine, settings=settings)
    site.register_blueprint(blueprint, url_prefix="/statements")
    client = site.test_client()
    own = ask(client, "/")
    assert (own.text, own.headers.get("Cache-Control")) == ("the host's own", None)
    made = tokens.add("scripts", datetime.date(2026, 11, 22))
    for path in ("/statements/", "/statements/search.csv", f"/statements{READ}"):
        assert ask(client, path).status_code == 401
        assert ask(client, path, bearer(made)).status_code == 200
    assert ask(client, "/statements/api/v1/search").is_json


def test_an_open_site_does_not_vary_by_reader(engine: Engine) -> None:
    """Where nobody signs in, everybody is shown the same."""
    answer = ask(create_app(engine=engine).test_client())
    assert "Authorization" not in answer.vary


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"SIGN_IN_HEADER": "X-User"}, "belong together"),
        ({"SIGN_IN_NETWORKS": ["10.0.0.0/8"]}, "belong together"),
        ({**HEADER, "SIGN_IN_NETWORKS": ["10.0.0.1/8"]}, "must be networks such as"),
        ({**HEADER, "SIGN_IN_NETWORKS": ["intranet"]}, "must be networks such as"),
        ({**HEADER, "SIGN_IN_NETWORKS": ["0.0.0.0/0"]}, "name the proxies alone"),
        ({**HEADER, "SIGN_IN_NETWORKS": ["::/0"]}, "name the proxies alone"),
        ({**HEADER, "SIGN_IN_HEADER": "X_User"}, "must be the name of a header"),
        ({**HEADER, "SIGN_IN_HEADER": "Authorization"}, "must be the name of a header"),
        ({**HEADER, "SIGN_IN_HEADER": "x-forwarded-for"}, "the name of a header"),
        ({"PREFIX": "intranet"}, "must be a path such as"),
        ({"PREFIX": "//evil.example"}, "must be a path such as"),
        ({"PREFIX": "/a/../b"}, "must be a path such as"),
        ({"HOSTS": ["https://intranet.example"]}, "must be names such as"),
        ({"HOSTS": ["intranet.example:80"]}, "without a port"),
        ({"TRUSTED_PROXIES": -1}, "must lie between 0 and 10"),
        ({"TRUSTED_PROXIES": True}, "must be a whole number"),
        ({"PUBLIC": "yes"}, "must be true or false"),
    ],
)
def test_settings_that_would_let_in_others_are_refused(
    engine: Engine, config: Mapping[str, object], sentence: str
) -> None:
    """A mistake is one sentence at the start, and no open door."""
    with pytest.raises(ValueError, match=sentence):
        create_app(config, engine=engine)
