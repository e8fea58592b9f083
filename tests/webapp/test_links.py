"""Links are what ``url_for`` would give, only quicker."""

from __future__ import annotations

from html import unescape

from flask import Flask, g, url_for
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import NaiveEngine
from webapp import create_app, create_blueprint
from webapp.links import (
    argument,
    page_url,
    search_prefix,
    search_url,
    statement_url,
)

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00")
    | st.sampled_from("/?#&=+% ~"),
    min_size=1,
    max_size=12,
)
NAMES = st.sampled_from(("q", "from", "source", "year"))
ARGS = st.dictionaries(NAMES, TEXTS | st.lists(TEXTS, max_size=3))
APP: Flask = create_app(engine=NaiveEngine())


@given(ARGS, TEXTS, st.sampled_from((None, "m1")), st.sampled_from((None, 7)))
def test_links_are_those_of_url_for(args, statement_id, anchor, result):
    """Whatever is searched for, whatever a statement is called, and below any prefix."""
    for prefix in ("", "/intranet"):
        with APP.test_request_context(base_url=f"http://localhost{prefix}"):
            assert search_url(args) == url_for("communique.search", **args)
            expected = url_for(
                "communique.statement",
                statement_id=statement_id,
                _anchor=anchor,
                **({"result": result} if result else {}),
                **args,
            )
            assert statement_url(statement_id, args, anchor, result) == expected


@given(ARGS, NAMES, TEXTS)
def test_what_is_added_to_an_address_is_html(args, name, value):
    """In an attribute it reads as ``url_for`` with one argument more, at the end."""
    with APP.test_request_context():
        made = search_prefix(args) + argument(name, value)
        assert not set(made) & set('<>"')
        start = url_for("communique.search", **args)
        more = url_for("communique.search", **{name: value}).partition("?")[2]
        joint = "&" if "?" in start else "?"
        assert unescape(made) == f"{start}{joint}{more}"


def test_a_path_is_made_once_below_each_prefix():
    """Files and pages have the path of their prefix, whoever asked before."""
    for prefix in ("", "/intranet", "", "/statements"):
        with APP.test_request_context(base_url=f"http://localhost{prefix}"):
            assert page_url("help") == f"{prefix}/help"
            assert page_url("export", {"q": "a b"}, form="csv") == (
                f"{prefix}/search.csv?q=a+b"
            )


def test_a_site_around_ours_may_put_something_into_each_path():
    """What the site tells of a request is in that request's addresses, and in no other's."""
    site = Flask(__name__)
    site.register_blueprint(
        create_blueprint(engine=NaiveEngine()), url_prefix="/<language>/statements"
    )

    @site.url_value_preprocessor
    def take(_, values):
        g.language = (values or {}).pop("language", "en")

    @site.url_defaults
    def give(_, values):
        values.setdefault("language", g.language)

    client = site.test_client()
    for language in ("en", "fr", "en"):
        page = client.get(f"/{language}/statements/search").text
        assert f'href="/{language}/statements/help"' in page
        assert page.count("/statements/help") == 1
