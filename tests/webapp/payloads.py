"""What a stranger or a raw file may say to make a browser run it, and statements full of it."""

from __future__ import annotations

import datetime
import re

from indexer.statement import Statement

#: Each says ``hook``, a function that the browser's tests define and that must never be called.
PAYLOADS = (
    "<script>hook(1)</script>",
    "</title><script>hook(1)</script>",
    "</mark></p><img src=x onerror=hook(1)>",
    "<svg onload=hook(1)>",
    '"><svg/onload=hook(1)>',
    "' autofocus onfocus=hook(1) x='",
    '" onmouseover="hook(1)" x="',
    "javascript:hook(1)",
    "&lt;script&gt;hook(1)&lt;/script&gt;",
    "{{ hook(1) }}{% hook %}",
    "--><script>hook(1)</script><!--",
    "<a href=javascript:hook(1)>x</a>",
    "<style>@import 'https://evil.example/hook(1)'</style>",
    "<base href=//evil.example/ hook>",
    "\\u003cscript\\u003ehook(1)\\u003c/script\\u003e",
    "\u2028hook(1)\u202e",
)


def hostile(payload: str) -> Statement:
    """A statement that says the payload in each of its fields."""
    return Statement(
        id=payload.replace("/", "-").strip(),
        title=payload,
        text=f"The hook: {payload} and after.\n\n{payload}",
        date=datetime.date(2025, 1, 1),
        source=payload,
        kind=payload,
        place=payload,
        agency=payload,
        countries=(payload,),
        speakers=(payload,),
        language=payload,
        url=payload,
        captions=(f"A caption. {payload}",),
    )


def harmless(payload: str) -> str:
    """The same words without what could mean anything to a browser."""
    return re.sub(r"[^\w\s]", ".", payload)
