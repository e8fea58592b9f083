"""Results as a terminal, or a program that reads from a pipe, should see them."""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.concordance import Line, on_one_line
from indexer.search import Hit, SearchRequest, SearchResults, Snippet, Uses
from indexer.statement import Statement

# What a terminal would obey or refuse: controls, overrides of direction, halves of characters.
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNITS = {"year": 4, "month": 7}  # characters of an ISO 8601 day that are known


def plain(text: str) -> str:
    """A text on one line, with nothing in it that a terminal would obey."""
    return _COMMANDS.sub(_escape, " ".join(text.split()))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def json_line(value: object) -> str:
    """A value as JSON on one line, safe to look at on a terminal."""
    return _COMMANDS.sub(_escape, json.dumps(value, ensure_ascii=False))


def counted(value: int, noun: str) -> str:
    """A count with its noun, which takes an s unless there is one: 1 match, 1,204 statements."""
    plural = noun + ("es" if noun.endswith("ch") else "s")
    if noun.endswith("py"):
        plural = noun[:-1] + "ies"
    return f"{value:,} {noun if value == 1 else plural}"


def date_text(statement: Statement) -> str:
    """As much of the date as is known: 2025-07-10, 2025-07, 2025 or Undated."""
    if statement.date is None:
        return "Undated"
    return statement.date.isoformat()[: _UNITS.get(statement.date_precision, 10)]


def marked(snippet: Snippet) -> str:
    """The text on one line, its marks bold on a terminal and in «» elsewhere, dots where cut."""
    pieces, shown = [] if snippet.opens else ["… "], 0
    for start, end in snippet.marks:
        pieces += [_flat(snippet.text[shown:start]), _mark(snippet.text[start:end])]
        shown = end
    pieces += [_flat(snippet.text[shown:]), "" if snippet.closes else " …"]
    return "".join(pieces).strip()


def count_text(request: SearchRequest, results: SearchResults) -> str:
    """How many statements were found, and what became of near-copies."""
    found = f"{results.total:,} statement" + ("" if results.total == 1 else "s")
    if not request.fold:
        return f"{found}, near-copies not folded"
    folded = results.statements - results.total
    return f"{found}, and {_copies(folded)} folded under them" if folded else found


def _copies(count: int) -> str:
    return "1 near-copy" if count == 1 else f"{count:,} near-copies"


def hit_lines(hit: Hit) -> Iterator[str]:
    """A hit: date, source and title, its snippets, its id, how often it matches, who is folded."""
    statement = hit.statement
    title = marked(hit.title) or "Untitled"
    yield f"{date_text(statement):10}  {plain(statement.source)}  {title}"
    for snippet in hit.snippets:
        yield f"    {marked(snippet)}"
    line = f"    {statement.id}"
    if hit.occurrences:
        line += f"  {counted(hit.occurrences, 'match')}"
    yield line + (f"  {hit.more:,} more like it" if hit.more else "")


def uses_lines(uses: Uses, statements: int) -> Iterator[str]:
    """How often, from when to when, with the longest silence between, and among which statements.

    A search that asks for no words, and finds ``statements`` all the same, has no matches to count.
    """
    no_words = statements and not uses.occurrences
    said = [
        (
            counted(statements, "statement")
            if no_words
            else counted(uses.occurrences, "match")
        )
    ]
    if uses.first and uses.last:
        said += [f"first {_use(uses.first)}", f"last {_use(uses.last)}"]
    yield ", ".join(said)
    if uses.silence:
        silent = counted(uses.silent, "other statement")
        yield f"longest silence {uses.silence}, with {silent}"
    dated = f", dated {uses.searched.days}" if uses.searched.days else ""
    yield f"searched {counted(uses.searched.statements, 'statement')}{dated}"


def _use(statement: Statement) -> str:
    source = f" ({plain(statement.source)})" if statement.source else ""
    return f"{date_text(statement)}{source}"


def statement_lines(statement: Statement) -> Iterator[str]:
    """A whole statement: a line for each field that says something, then the text."""
    fields = {"date": date_text(statement)} | {
        name: value if isinstance(value, str) else "; ".join(value)
        for name in (
            "source",
            "kind",
            "place",
            "agency",
            "countries",
            "speakers",
            "language",
            "url",
        )
        if (value := getattr(statement, name))
    }
    yield f"{statement.id}: {plain(statement.title) or 'Untitled'}"
    for name, value in fields.items():
        yield f"    {name:10}  {plain(value)}"
    for caption in statement.captions:
        yield f"    {'caption':10}  {plain(caption)}"
    for paragraph in statement.text.split("\n\n"):
        yield ""
        yield plain(paragraph)
    yield ""


def status_lines(state: Mapping[str, Any]) -> Iterator[str]:
    """What ``communique status --json`` prints, in words."""
    yield f"{plain(state['index'])}: generation {state['generation']}, built {state['built_at']}"
    yield (
        f"{counted(state['statements'], 'statement')}, {counted(state['tokens'], 'token')}, "
        f"from {counted(state['readouts'], 'readout')}"
    )
    if copies := state["copies"]:
        are = "is a near-copy" if copies == 1 else "are near-copies"
        yield f"{copies:,} of them {are} of an earlier one"
    for source in state["sources"]:
        yield f"    {source['statements']:>9,}  {plain(source['source'])}  {_about(source)}"
    pending = [f"{count:,} {name}" for name, count in state["pending"].items() if count]
    if pending:
        yield f"{plain(state['raw'])}: {', '.join(pending)}; run communique index"
    else:
        yield f"{plain(state['raw'])}: all of it is indexed"
    if failed := len(state["failed"]):
        yield f"{failed:,} failed; communique failures says which, and why"


def failure_line(failure: Mapping[str, Any]) -> str:
    """A readout that failed, its reason, and since when."""
    days = failure["days"]
    since = f"{days:,} days ago" if days > 1 else ("today", "yesterday")[days]
    return plain(f"{failure['path']}: {failure['reason']} (since {since})")


def _about(source: Mapping[str, Any]) -> str:
    dated = source["first"] and f"{source['first']} to {source['last']}"
    undated = source["undated"] and f"{source['undated']:,} undated"
    tokens = counted(source["tokens"], "token")
    repeated = source["repeated"] and f"{source['repeated']:,} repeated"
    return ", ".join(filter(None, (tokens, dated, undated, repeated)))


def concordance_line(line: Line) -> str:
    """A line of a concordance: all matches stand below each other, cut to the terminal's width."""
    total = shutil.get_terminal_size((120, 24)).columns
    said = line.statement
    head = f"{date_text(said):10}  {_fit(plain(said.source), 12)}  "
    side = max(20, (total - columns(head) - 24) // 2)
    left, match, right = map(on_one_line, (line.left, line.match, line.right))
    left = _start(_flat(left)[::-1], side)[::-1]
    right = _start(_flat(right), side)
    padding = " " * (side - columns(left))
    title = "  (title)" if line.in_title else ""
    return head + padding + left + _mark(match) + right + title


def _mark(text: str) -> str:
    return f"\x1b[1m{_flat(text)}\x1b[0m" if sys.stdout.isatty() else f"«{_flat(text)}»"


def _flat(text: str) -> str:
    return _COMMANDS.sub(_escape, re.sub(r"\s+", " ", text))


def _fit(text: str, room: int) -> str:
    """The start of a text, filled with blanks to so many columns."""
    kept = _start(text, room)
    return kept + " " * (room - columns(kept))


def _start(text: str, room: int) -> str:
    while columns(text) > room:
        text = text[:-1]
    return text


def columns(text: str) -> int:
    """The columns that a text takes: East Asian letters two, accents none."""
    return sum(
        (
            0
            if unicodedata.combining(char)
            else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        )
        for char in text
    )
