"""SVG as PNG, with resvg where it is installed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from werkzeug.exceptions import NotImplemented as Refused

#: What a chart is written in. For resvg "sans-serif" may be a font that the system has not got.
FONTS = (
    "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', "
    "'Noto Sans CJK SC', sans-serif"
)
_ZOOM = 2  # a picture for print and dense screens
_SAMPLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" '
    f'font-family="{FONTS}">{{}}</svg>'
)


def can_picture() -> bool:
    """Whether PNG can be made."""
    return find_spec("resvg_py") is not None


def png(svg: str) -> bytes:
    """The picture; 501 with a sentence where the server cannot make it."""
    if not can_picture():
        raise Refused(
            "This server makes no PNG: take the SVG, or have communique[png] installed."
        )
    if not _has_fonts():
        raise Refused(
            "This server has no fonts to write a PNG with: take the SVG, or have fonts installed."
        )
    return _rendered(svg)


def _rendered(svg: str) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_ZOOM))


@cache
def _has_fonts() -> bool:
    """Whether text is drawn: without fonts it would be left out, and nobody told."""
    blank, text = _SAMPLE.format(""), _SAMPLE.format('<text y="9">M</text>')
    return _rendered(blank) != _rendered(text)
