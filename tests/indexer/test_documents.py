"""PDF and DOCX are read like text files, or say what to do."""

import io
import sys
import warnings

import docx
import pypdf
import pytest

from indexer.cleaning import clean
from indexer.errors import ReadoutError
from indexer.readouts import Readout
from indexer.sources import Source


def of(data, name):
    (result,) = clean(Readout(name, f"mfa/{name}", "", data), Source(id="mfa"))
    return result


def pdf(*pages):
    """A PDF of these pages, each a list of lines, in the simplest form there is."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for lines in pages:
        shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
        stream = f"BT /F1 11 Tf 72 720 Td {shown} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = "%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    )
    return out.encode("latin-1")


def word(*paragraphs, table=()):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        added = document.add_table(rows=0, cols=len(table))
        for cell, text in zip(added.add_row().cells, table, strict=True):
            cell.text = text
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def test_a_pdf_gives_its_paragraphs():
    """Lines that were broken to fit are joined, across pages too; headers and numbers are gone."""
    page = [
        "Ministry of Foreign Affairs",
        "Both sides agreed to uphold the four political documents and to",
        "handle what divides them by dialogue alone.",
        "The talks will go on next year, in Tokyo, between the same two",
        "Page {} of 3",
    ]
    data = pdf(*([line.format(n) for line in page] for n in (1, 2, 3)))
    statement = of(data, "a.pdf")
    assert statement.id == "mfa/a~pdf"
    assert "political documents and to handle what divides" in statement.text
    assert "between the same two Both sides agreed" in statement.text
    assert "Ministry" not in statement.text and "Page" not in statement.text


def test_a_docx_gives_its_paragraphs_and_tables():
    """A first line alone is the title, a dateline gives the place, as in a text file."""
    data = word(
        "Joint Statement",
        "TOKYO, May 7, 2025 (Kyodo) -- One.",
        "二。",
        table=("a", "b"),
    )
    statement = of(data, "a.docx")
    assert (statement.id, statement.title) == ("mfa/a~docx", "Joint Statement")
    assert (statement.kind, statement.place) == ("joint statement", "Tokyo")
    assert str(statement.date) == "2025-05-07"
    assert statement.text == "One.\n\n二。\n\na b"


def encrypted():
    writer = pypdf.PdfWriter(pypdf.PdfReader(io.BytesIO(pdf(["Text."]))))
    writer.encrypt("secret", algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


@pytest.mark.parametrize(
    "data, name, words",
    [
        (b"%PDF-1.4 nothing", "a.pdf", "is damaged"),
        (b"text", "a.pdf", "is damaged"),
        (pdf(["Text."])[:200], "a.pdf", "is damaged"),
        (pdf([]), "a.pdf", "holds pictures of pages, but no text"),
        (b"PK", "a.docx", "is damaged"),
        (word("Text.")[:-30], "a.docx", "is damaged"),
        (word(""), "a.docx", "holds no text"),
    ],
)
def test_what_gives_no_text_says_why(data, name, words):
    """A damaged file, a scan, and one with nothing in it."""
    error = of(data, name)
    assert isinstance(error, ReadoutError)
    assert words in error.reason


def test_an_encrypted_pdf_says_so():
    """Nobody guesses passwords."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pypdf, on the cipher
        data = encrypted()
    assert "is encrypted" in of(data, "a.pdf").reason


def test_a_docx_that_unpacks_to_too_much_is_refused(monkeypatch):
    """Before anything of it is unpacked."""
    monkeypatch.setattr("indexer.cleaning.documents.LARGEST", 1_000)
    assert "unpacks to more than" in of(word("Text."), "a.docx").reason


@pytest.mark.parametrize("name, library", [("a.pdf", "pypdf"), ("a.docx", "docx")])
def test_without_the_libraries_it_says_how_to_get_them(name, library, monkeypatch):
    """They are an extra: most archives hold no such files."""
    monkeypatch.setitem(sys.modules, library, None)
    assert "pip install 'communique[documents]'" in of(b"x", name).reason
