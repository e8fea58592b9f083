"""CSV that opens in a spreadsheet, and that no spreadsheet obeys.

It is that of RFC 4180: lines end in CR LF, every cell is in quotes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# What makes a spreadsheet take a cell for a formula, in its full-width forms too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def line(cells: Iterable[object]) -> str:
    """A line of the file. A cell that a spreadsheet would take for a formula begins with "'"."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([_cell(each) for each in cells])
    return written.getvalue()


def _cell(value: object) -> str:
    """A cell that is text to a spreadsheet, as OWASP's "CSV Injection" advises."""
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
