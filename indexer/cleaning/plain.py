"""Text files: a first line ``date YYYY-MM-DD headline or photo caption``, then paragraphs."""

from __future__ import annotations

import re

from indexer.cleaning.datelines import read_byline, read_dateline
from indexer.cleaning.draft import Draft
from indexer.cleaning.furniture import split_credit
from indexer.cleaning.text import normal, paragraphs
from indexer.dates import parse_date
from indexer.errors import ReadoutError

_HEADER = re.compile(r"\s*date:?\s+(\d{4}(?:[-/.]\d{1,2}){0,2})(?:\s+(.*))?")
_LONGEST_TITLE = 200


def draft_of_text(text: str, draft: Draft) -> Draft:
    """The draft with what a text file says.

    Without a header the first line is the title if it is short and stands alone, and the date is
    left open. Raises ReadoutError where the header's date is not in the calendar.
    """
    first, _, rest = normal(text).lstrip().partition("\n")
    header = _HEADER.fullmatch(first)
    if header:
        try:
            draft.date = parse_date(header[1])
        except ValueError as error:
            raise ReadoutError(draft.name, f"its first line: {error}") from None
        draft.title = header[2] or ""
    elif _is_title(first, rest):
        draft.title = first
    else:
        rest = f"{first}\n{rest}"
    draft.paragraphs = paragraphs(rest)
    return draft


def _is_title(first: str, rest: str) -> bool:
    first = " ".join(first.split())
    following, _, remainder = rest.partition("\n")
    stands_alone = not following.strip() and remainder.strip()
    furniture = read_dateline(first) or read_byline(first) or split_credit(first)[1]
    return bool(
        stands_alone
        and len(first) <= _LONGEST_TITLE
        and not first.endswith((".", "。"))
        and not furniture
    )
