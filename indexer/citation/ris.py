"""A citation as a record of RIS, which Zotero, EndNote, Mendeley and Citavi read.

After "RIS Format Specifications" (Research Information Systems): a tag, two blanks, a hyphen and a
blank, a value of one line; dates as YYYY/MM/DD/, with nothing between the slashes where a part is
not known.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexer.citation.citation import Citation, one_line

END = "\r\n"


def ris(citation: Citation, notes: Iterable[str] = ()) -> str:
    """One record of the type ELEC (a web page), with an empty line behind it."""
    lines = [
        ("TY", "ELEC"),
        ("ID", citation.statement.id),
        ("TI", citation.title),
        ("AU", citation.author),
        ("PY", f"{citation.date[0]:04}" if citation.date else ""),
        ("DA", _date(citation.date)),
        ("CY", citation.place),
        ("M3", citation.kind),
        ("LA", citation.language),
        ("UR", citation.url),
        ("Y2", _date(citation.retrieved.timetuple()[:3])),
        *(("N1", one_line(note)) for note in (citation.note, *notes)),
    ]
    told = [f"{tag}  - {value}{END}" for tag, value in lines if value]
    return f"{''.join(told)}ER  - {END}{END}"


def _date(parts: tuple[int, ...]) -> str:
    known = [f"{part:02}" for part in parts]
    return "/".join((known + ["", "", ""])[:3]) + "/" if parts else ""
