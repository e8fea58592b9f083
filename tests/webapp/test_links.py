"""Links are what ``url_for`` would give, only quicker."""

from __future__ import annotations

from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import NaiveEngine
from webapp import create_app
from webapp.links import search_url, statement_url

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
