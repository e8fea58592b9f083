"""Rows of which a page has hundreds, as HTML: bars, and the values of facets.

They are written here since a template takes three times as long for them. What they are given is
HTML already, or numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from webapp.chart import Bar, Place
from webapp.filters import label
from webapp.links import argument


def bars(drawn: Iterable[Bar]) -> Markup:
    """The bars of a chart with their notes and labels, for its SVG."""
    parts = []
    for _, _, count, said, url, place, y, height, note, tick, chosen in drawn:
        shape, middle = _shape(place)
        if count:
            parts.append(f"""
    <a href="{url}" class="{'bar chosen' if chosen else 'bar'}" tabindex="-1" aria-label="{said}">
      <title>{said}</title>
      {shape} y="{y:.1f}" height="{height:.1f}"/>
    </a>""")
        if note:
            parts.append(f'<text x="{middle}%" y="{y - 3:.1f}">{note}</text>')
        if tick:
            parts.append(f'<text x="{middle}%" y="92">{tick}</text>')
    return Markup("".join(parts))


@lru_cache(maxsize=1024)
def _shape(place: Place) -> tuple[str, str]:
    """What is drawn at a place, but for its height, and where its middle is."""
    x, width, left, narrower, middle = place
    return (
        f'<rect class="reach" x="{x}%" y="0" width="{width}%" height="96"/>\n'
        f'      <rect class="fill" x="{left}%" width="{narrower}%"',
        str(middle),
    )


def table(drawn: Iterable[Bar]) -> Markup:
    """The same as rows of a table."""
    parts = []
    for _, name, count, _, url, *_ in drawn:
        cell = f'<a href="{url}">{count:,}</a>' if count else "0"
        parts.append(f'\n<tr><th scope="row">{name}</th><td>{cell}</td></tr>')
    return Markup("".join(parts))


def choice(name: str, value: str, title: str, count: int, prefix: str) -> str:
    """A value of a facet, to choose; ``prefix`` is that of an address that does so."""
    return f'\n<li><a href="{prefix}{_rest(name, value, title)}{count:,}</span></li>'


def chosen(
    name: str, value: str, title: str, count: int, without: str, facet: str
) -> str:
    """A value that is chosen; ``without`` is the address where it is not."""
    said, titled = _said(name, value, title)
    return f"""
<li><strong{titled}>{said}</strong>
<a class="remove" href="{without}" aria-label="Remove {facet}: {said}">✕</a>
<span class="count">{count:,}</span></li>"""


@lru_cache(maxsize=4096)
def _rest(name: str, value: str, title: str) -> str:
    """What a value has in common on all pages."""
    said, titled = _said(name, value, title)
    return f'{argument(name, value)}"{titled}>{said}</a> <span class="count">'


def _said(name: str, value: str, title: str) -> tuple[str, str]:
    titled = f' title="{escape(title)}"' if title else ""
    return str(escape(label(value, name))), titled
