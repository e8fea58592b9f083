"""PDF and DOCX: their text, by libraries that only those need who have such files."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from indexer.cleaning.draft import Draft
from indexer.cleaning.plain import draft_of_text
from indexer.errors import ReadoutError
from indexer.readouts import LARGEST

_INSTALL = "needs libraries to be read: run pip install 'communique[documents]'"
_ENCRYPTED = "is encrypted; save it without a password"
_SCANNED = "holds pictures of pages, but no text; let a program recognize the text"
_PAGE_NUMBER = re.compile(
    r"[-–— ]*(?:(?:Page|page|第) ?)?\d{1,4}(?: ?(?:/|of) ?\d{1,4})? ?页?[-–— ]*"
)

#: A line that begins or ends so many of the pages is a header or a footer.
_OFTEN = 3


def draft_of_document(data: bytes, suffix: str, draft: Draft) -> Draft:
    """The draft with what a .pdf or .docx says, as a text file would.

    Raises ReadoutError where the library is not installed, or the file is damaged, encrypted,
    larger than LARGEST once unpacked, or holds no text.
    """
    try:
        text = _pdf(data, draft.name) if suffix == ".pdf" else _docx(data, draft.name)
    except ImportError:
        raise ReadoutError(draft.name, _INSTALL) from None
    return draft_of_text(text, draft)


def _pdf(data: bytes, name: str) -> str:
    from pypdf import PdfReader

    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # not to stderr
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadoutError(name, _ENCRYPTED)
        pages = [page.extract_text().splitlines() for page in reader.pages]
    except (ReadoutError, MemoryError):
        raise
    except Exception as error:  # damaged files make pypdf raise whatever there is
        raise _damaged(name, error) from None
    if not any(chain.from_iterable(pages)):
        raise ReadoutError(name, _SCANNED)
    return "\n".join(chain.from_iterable(_without_margins(pages)))


def _without_margins(pages: list[list[str]]) -> Iterator[list[str]]:
    """The lines of each page less its number, and less headers and footers."""
    stripped = [[line.strip() for line in page if line.strip()] for page in pages]
    edges = Counter(chain.from_iterable({*page[:1], *page[-1:]} for page in stripped))
    for page in stripped:
        while page and _is_margin(page[-1], edges):
            page.pop()
        while page and _is_margin(page[0], edges):
            page.pop(0)
        yield page


def _is_margin(line: str, edges: Counter[str]) -> bool:
    return edges[line] >= _OFTEN or bool(_PAGE_NUMBER.fullmatch(line))


def _docx(data: bytes, name: str) -> str:
    from docx import Document
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                reason = (
                    f"unpacks to more than {LARGEST >> 20} MB; save it without pictures"
                )
                raise ReadoutError(name, reason)
        parts: list[str] = []
        for part in Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(part, Table):
                rows = (" ".join(cell.text for cell in row.cells) for row in part.rows)
                parts.extend(rows)
            else:
                parts.append(part.text)
    except (ReadoutError, MemoryError):
        raise
    except Exception as error:  # as above
        raise _damaged(name, error) from None
    return "\n\n".join(parts)


def _damaged(name: str, error: Exception) -> ReadoutError:
    what = str(error) or type(error).__name__
    return ReadoutError(name, f"is damaged, or no such document: {what:.200}")
