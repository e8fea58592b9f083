from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

import webapp
from webapp.embed.accent import DARK, LEAST, LIGHT, contrast, readable

COLOURS = st.integers(0, 0xFFFFFF).map("{:06x}".format)


def parts(digits: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


@given(COLOURS)
def test_any_colour_can_be_read(accent: str) -> None:
    """On the paper of either theme, whatever another site chooses."""
    for paper, ink in (LIGHT, DARK):
        text = parts(readable(accent, paper, ink))
        assert contrast(text, parts(paper)) >= LEAST


def test_a_colour_that_can_be_read_is_left_alone() -> None:
    """A deep blue on light paper stays as it is, and yellow does not."""
    assert readable("1c4587", *LIGHT) == "1c4587"
    assert readable("ffcc00", *LIGHT) != "ffcc00" == readable("ffcc00", *DARK)


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white is 21 to 1, and #767676 the lightest grey that white paper bears."""
    white = parts("ffffff")
    assert contrast(parts("000000"), white) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast(parts("767676"), white) == pytest.approx(4.54, abs=0.005)


def test_paper_and_ink_are_those_of_the_stylesheet() -> None:
    """Who changes one changes the other."""
    style = Path(webapp.__file__).parent / "static" / "communique.css"
    tokens = style.read_text(encoding="utf-8")
    for name, light, dark in zip(("paper", "ink"), LIGHT, DARK, strict=True):
        assert f"--{name}: light-dark(#{light}, #{dark});" in tokens


def test_the_stylesheet_holds_two_colours_and_nothing_given(
    client: FlaskClient,
) -> None:
    """Six hex digits or nothing: there is no other way into it."""
    sheet = client.get("/embed/accent-ffcc00.css")
    assert sheet.mimetype == "text/css"
    assert "#ffcc00);" in sheet.text
    for other in ("red", "ffcc0", "ffcc000", "FFCC00", "ffcc00;}body{x", "%22%3E"):
        assert client.get(f"/embed/accent-{other}.css").status_code == 404
