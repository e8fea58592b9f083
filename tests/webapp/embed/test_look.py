from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from webapp.embed.look import MOST_HITS, THEMES, Look
from webapp.params import ParamsError

LOOKS = st.builds(
    Look,
    theme=st.sampled_from(THEMES),
    accent=st.just("") | st.integers(0, 0xFFFFFF).map("{:06x}".format),
    limit=st.integers(1, MOST_HITS),
)


@given(LOOKS)
def test_an_address_holds_the_whole_look(look: Look) -> None:
    """What is written into an address is read from it."""
    assert Look.from_args(MultiDict(look.args)) == look


def test_a_colour_is_taken_as_people_write_it() -> None:
    """In capitals, and with the sign that colours have elsewhere."""
    assert Look.from_args(MultiDict({"accent": "#1C4587"})).accent == "1c4587"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "sepia"),
        ("accent", "red"),
        ("accent", "1c45871"),
        ("accent", "1c4587;}"),
        ("accent", "１c4587"),
        ("limit", "0"),
        ("limit", "21"),
        ("limit", "-1"),
        ("limit", "٣"),
        ("limit", "five"),
    ],
)
def test_what_is_no_look_is_refused(name: str, value: str) -> None:
    """With the parameter's name, and what to write instead."""
    with pytest.raises(ParamsError, match=f"{name}=") as caught:
        Look.from_args(MultiDict({name: value}))
    assert caught.value.name == name
