"""The colour of another site's choice, as a stylesheet, since pages have no style of their own.

Links and buttons have this colour, so it is moved towards the ink until it can be read on the
paper: contrast as WCAG 2.2 defines it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

from __future__ import annotations

import re

from flask import Response, abort

Colour = tuple[int, int, int]

#: Paper and ink of the two themes, as the stylesheet has them.
LIGHT = ("fcfbf8", "1b1a17")
DARK = ("16181c", "e9e6df")
LEAST = 4.5
STEPS = 20


def stylesheet(accent: str) -> Response:
    """The accent in place of the house's own; 404 for what is not six hex digits."""
    if not re.fullmatch("[0-9a-f]{6}", accent):
        abort(404)
    light, dark = readable(accent, *LIGHT), readable(accent, *DARK)
    response = Response(
        f":root {{\n  --accent: light-dark(#{light}, #{dark});\n"
        "  --accent-soft: color-mix(in srgb, var(--accent) 45%, var(--paper));\n}\n"
        "a mark { color: var(--ink); }\n",  # a tint is no paper
        mimetype="text/css",
    )
    response.cache_control.max_age = 86_400
    return response


def readable(accent: str, paper: str, ink: str) -> str:
    """The accent with as little of the ink as makes it readable on the paper."""
    start, end, ground = _parts(accent), _parts(ink), _parts(paper)
    mixtures = (_mixed(start, end, step / STEPS) for step in range(STEPS + 1))
    best = next(each for each in mixtures if contrast(each, ground) >= LEAST)
    return "".join(f"{part:02x}" for part in best)


def contrast(one: Colour, other: Colour) -> float:
    """From 1, which nobody can read, to 21, black on white."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(digits: str) -> Colour:
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _mixed(start: Colour, end: Colour, share: float) -> Colour:
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(start, end, strict=True)
    )
    return red, green, blue
