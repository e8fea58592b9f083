"""oEmbed: how sites that know nothing of us show a statement or a timeline (https://oembed.com/)."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, abort, request, url_for
from markupsafe import Markup

from webapp.arguments import ParamsError, single
from webapp.embed.places import Place, find_place
from webapp.errors import for_programs
from webapp.service import service

WIDTH, HEIGHT = 640, 420
LONGEST = 4000  # characters of an address

_FRAME = Markup(
    '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>'
)


@for_programs
def oembed() -> Response:
    """The response for ``url``: a frame, or a link where the settings let nobody frame anything."""
    form = single(request.args, "format") or "json"
    if form != "json":
        abort(501, "Only format=json is made here.")
    url = single(request.args, "url")
    if not url or len(url) > LONGEST:
        raise ParamsError(
            "url",
            f"Write url= with the address of a statement or a timeline, of {LONGEST:,} characters "
            "at most.",
        )
    width, height = _at_most("maxwidth", WIDTH), _at_most("maxheight", HEIGHT)
    place = find_place(url)
    if place is None:
        abort(404)
    return Response(
        json.dumps(_answer(place, width, height), ensure_ascii=False),
        mimetype="application/json",
    )


def _answer(place: Place, width: int, height: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": place.title,
        "provider_name": "Communiqué",
        "provider_url": url_for("communique.home", _external=True),
    }
    if service().settings.frame_ancestors:
        arguments: dict[str, Any] = dict(place.args)
        source = url_for(place.frame, _external=True, **arguments)
        frame = _FRAME.format(source, place.title, width, height)
        answer |= {"type": "rich", "html": frame, "width": width, "height": height}
    return answer


def _at_most(name: str, usual: int) -> int:
    value = single(request.args, name)
    if not re.fullmatch(r"(?!0)\d{0,5}", value, re.ASCII):
        raise ParamsError(name, f"Write {name}= with a number of pixels.")
    return min(usual, int(value or usual))
