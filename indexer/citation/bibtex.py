"""A citation as an entry of BibTeX, which biblatex reads too.

After "BibTeXing" (Oren Patashnik, 1988) and the manual of biblatex for ``date``, ``url``
and ``urldate``. UTF-8 stays as it is; what means something to TeX is written as a command
without braces of its own, as BibTeX counts also the escaped ones.
"""

from __future__ import annotations

import re

from indexer.citation.citation import Citation

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_COMMANDS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{char: f"\\{char}" for char in "#$%&_"},
    }
)
# Where an address is printed as it stands: no brace may open or close, no backslash command.
_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_NO_KEY = re.compile(r"[^A-Za-z0-9/.:+-]")


def bibtex(citation: Citation) -> str:
    """One ``@misc`` entry with a line break at its end; an undated one has the year "n.d."."""
    fields = {
        "author": f"{{{escape(citation.author)}}}" if citation.author else "",
        "title": f"{{{escape(citation.title)}}}",
        "date": "-".join(f"{part:02}" for part in citation.date),
        "year": f"{citation.date[0]:04}" if citation.date else "n.d.",
        "type": escape(citation.kind),
        "url": citation.url.translate(_VERBATIM),
        "urldate": citation.retrieved.isoformat(),
        "language": escape(citation.language),
        "note": escape(citation.note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if len(citation.date) > 1:  # a macro, not a value: a style says it in its language
        lines.append(f"  month = {_MONTHS[citation.date[1] - 1]},")
    key = _NO_KEY.sub(lambda char: f"_{ord(char[0]):x}", citation.statement.id)
    return "\n".join((f"@misc{{{key},", *lines, "}\n"))


def escape(text: str) -> str:
    """The text as TeX prints it."""
    return text.translate(_COMMANDS)
