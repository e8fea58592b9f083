"""What a stranger or a raw file may say to make a browser run it, and statements full of it."""

from __future__ import annotations

import datetime
import re

from indexer.statement import Statement

#: Each says ``hook``, a function that the browser's tests define and that must never be called.
PAYLOADS = (
    # Elements, where text is.
    "<script>hook(1)</script>",
    "<ScRiPt>hook(2)</sCrIpT>",
    "<script src=data:text/javascript,hook(3)></script>",
    "<script/x>hook(4)</script/x>",
    "<scr<script>ipt>hook(5)</scr</script>ipt>",
    "<script>hook(6)//",
    "<<script>hook(7)//<</script>",
    "<script type=module>hook(8)</script>",
    "<svg><script>hook(9)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=hook(10)>",
    # Out of the element around it.
    "</title><script>hook(11)</script>",
    "</mark></p><img src=x onerror=hook(12)>",
    "</textarea><script>hook(13)</script>",
    "</style><script>hook(14)</script>",
    "</script><script>hook(15)</script>",
    "</template><img src=x onerror=hook(16)>",
    "</noscript><img src=x onerror=hook(17)>",
    "<noscript><p title='</noscript><img src=x onerror=hook(18)>'>",
    "--><script>hook(19)</script><!--",
    "--!><img src=x onerror=hook(20)>",
    "]]><script>hook(21)</script>",
    "</text></svg><script>hook(22)</script>",
    "</content></entry><script xmlns='http://www.w3.org/1999/xhtml'>hook(23)</script>",
    "<?xml-stylesheet href='data:text/xsl,hook(24)'?>",
    "<!DOCTYPE x [<!ENTITY hook 'hook(25)'>]>&hook;",
    # Handlers, out of an attribute or with an element of their own.
    "<svg onload=hook(26)>",
    '"><svg/onload=hook(27)>',
    "' autofocus onfocus=hook(28) x='",
    '" onmouseover="hook(29)" x="',
    '" autofocus onfocus="hook(30)" x="',
    "` onfocus=`hook(31)` autofocus x=`",
    " autofocus onfocus=hook(32) ",
    '"><input autofocus onfocus=hook(33)>',
    "<details open ontoggle=hook(34)>",
    "<body onload=hook(35)>",
    "<video><source onerror=hook(36)></video>",
    "<audio src=x onerror=hook(37)>",
    "<marquee onstart=hook(38)>",
    "<img src=x\tonerror\t=hook(39)>",
    "<img/src/onerror=hook(40)>",
    "<style>@keyframes x{}</style><p style=animation-name:x onanimationstart=hook(41)>",
    "<iframe srcdoc='<script>parent.hook(42)</script>'></iframe>",
    "<iframe src=javascript:parent.hook(43)></iframe>",
    "<object data=javascript:hook(44)></object>",
    "<embed src=data:image/svg+xml,<svg/onload=hook(45)>>",
    "<form action=javascript:hook(46)><button autofocus>x</button></form>",
    # Addresses.
    "javascript:hook(47)",
    " \x01javascript:hook(48)",
    "java\tscript:hook(49)",
    "JaVaScRiPt://%0ahook(50)",
    "data:text/html,<script>hook(51)</script>",
    "vbscript:hook(52)",
    "<a href=javascript:hook(53)>x</a>",
    'mailto:x"onmouseover="hook(54)',
    # What changes where other things lead, or what is loaded.
    "<style>@import 'https://evil.example/hook(55)'</style>",
    "<base href=//evil.example/ hook>",
    "<meta http-equiv=refresh content='0;url=javascript:hook(57)'>",
    "<link rel=stylesheet href=//evil.example/hook>",
    # What one decoding too many would make of it.
    "&lt;script&gt;hook(59)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;hook(60)&amp;lt;/script&amp;gt;",
    "\\u003cscript\\u003ehook(61)\\u003c/script\\u003e",
    "%3Cscript%3Ehook(62)%3C/script%3E",
    "+ADw-script+AD4-hook(63)+ADw-/script+AD4-",
    "\uff1cscript\uff1ehook(64)\uff1c/script\uff1e",
    # Templates, and other characters that mean something to somebody.
    "{{ hook(65) }}{% hook %}",
    "${hook(66)}#{hook(66)}<%= hook(66) %>",
    "\u2028hook(67)\u202e",
    "<script\u00a0>hook(68)</script\u00a0>",
    "'-hook(69)-'",
    "\\'-hook(70)//",
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
