"""Citations as sentences.

After The Chicago Manual of Style, 17th edition, 14.205 to 14.210 (web pages, in the form of a
bibliography), and the Publication Manual of the American Psychological Association, 7th edition,
9.13 to 9.17 and 10.16. Both are given without italics. What is undated is "n.d.".
"""

from __future__ import annotations

from indexer.citation.citation import Citation

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SINGLE = str.maketrans('“”„"', "‘’‚'")
_STOPS = ".?!。？！…"


def chicago(citation: Citation) -> str:
    """Source. “Title.” Kind. October 31, 2025. Accessed November 22, 2026. URL."""
    title = citation.title.translate(_SINGLE)
    accessed = _american(_retrieved(citation))
    parts = [
        _stop(citation.author),
        f"“{_stop(title)}”",
        _stop(_capital(citation.kind)),
        _stop(_american(citation.date) or "n.d."),
        f"Accessed {accessed}.",
        f"{citation.url}." if citation.url else "",
    ]
    return _join(parts)


def apa(citation: Citation) -> str:
    """Source. (2025, October 31). Title [Kind]. Retrieved November 22, 2026, from URL"""
    kind = f" [{_capital(citation.kind)}]" if citation.kind else ""
    title = f"{citation.title}{kind}"
    year, *rest = citation.date or ("n.d.",)
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    day = " ".join([*month, *map(str, rest[1:])])
    dated = f"({year}, {day})." if day else f"({year})."
    accessed = f"Retrieved {_american(_retrieved(citation))}"
    parts = [
        _stop(citation.author or title),
        dated,
        _stop(title) if citation.author else "",
        f"{accessed}, from {citation.url}" if citation.url else f"{accessed}.",
    ]
    return _join(parts)


def plain(citation: Citation) -> str:
    """Title. Source, kind, place, 31 October 2025. URL. Retrieved 22 November 2026. Text and hash."""
    about = (citation.author, citation.kind, citation.place)
    known = [*filter(None, about), _british(citation.date) or "n.d."]
    parts = [
        _stop(citation.title),
        _stop(", ".join(known)),
        f"{citation.url}." if citation.url else "",
        f"Retrieved {_british(_retrieved(citation))}.",
        f"{citation.note}." if citation.note else "",
    ]
    return _join(parts)


def _join(parts: list[str]) -> str:
    return " ".join(filter(None, parts))


def _stop(text: str) -> str:
    """The text with a full stop, unless it ends with one or its like."""
    return (
        text
        if not text or text.rstrip("”’\"')]").endswith(tuple(_STOPS))
        else f"{text}."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _retrieved(citation: Citation) -> tuple[int, ...]:
    day = citation.retrieved
    return day.year, day.month, day.day


def _american(parts: tuple[int, ...]) -> str:
    """October 31, 2025, or as much of it as is known."""
    if len(parts) < 2:
        return "".join(map(str, parts))
    year, month, *day = parts
    return f"{_MONTHS[month - 1]} {f'{day[0]}, ' if day else ''}{year}"


def _british(parts: tuple[int, ...]) -> str:
    """31 October 2025, or as much of it as is known."""
    names = [str(part) for part in parts[:1]]
    names += [_MONTHS[month - 1] for month in parts[1:2]]
    names += [str(day) for day in parts[2:]]
    return " ".join(reversed(names))
