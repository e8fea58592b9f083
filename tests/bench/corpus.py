"""Where the statements of a run come from: a corpus file cut into sections, or a generated one."""

from __future__ import annotations

import datetime
import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexer.statement import Statement
from tests.bench.generate import generate

#: A section has some so many words; a paragraph of more than ``_LONG`` may be divided.
WORDS = 295
_LONG = 100

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def load(path: Path | None, size: int, seed: int) -> list[Statement]:
    """``size`` statements: drawn from a corpus file, or generated where there is no file."""
    if path is None:
        return generate(size, seed)
    statements = list(_sections(path))
    if len(statements) < size:
        raise SystemExit(
            f"{path} makes {len(statements)} statements, fewer than {size}: ask for a smaller size."
        )
    chosen = np.random.default_rng(seed).choice(len(statements), size, replace=False)
    return [statements[place] for place in np.sort(chosen).tolist()]


def _sections(path: Path) -> Iterator[Statement]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            texts = list(cut(record["text"]))
            for number, text in enumerate(texts, 1):
                yield _statement(record, text, number, len(texts))


def _statement(record: dict[str, Any], text: str, number: int, count: int) -> Statement:
    title = record["title"]
    return Statement(
        id=f"{record['id']}-{number}",
        title=title if count == 1 else f"{title} (section {number})",
        text=text,
        date=datetime.date.fromisoformat(record["date"]) if record["date"] else None,
        source=record.get("country") or record.get("source") or "",
        language="en",
    )


def cut(text: str) -> Iterator[str]:
    """Sections of some ``WORDS`` words, nearly all between 250 and 400.

    They end between paragraphs or else between sentences, and are of like length.
    """
    pieces = list(_pieces(text))
    total = sum(size for _, size in pieces)
    wished = total / max(1, round(total / WORDS))
    section: list[str] = []
    words, end = 0, wished
    for piece, size in pieces:
        if section and words + size / 2 > end:
            yield "".join(section).strip()
            section, end = [], end + wished
        section.append(piece)
        words += size
    if section:
        yield "".join(section).strip()


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Paragraphs, the long ones by sentences, with their numbers of words."""
    for paragraph in text.strip().split("\n\n"):
        size = len(paragraph.split())
        if size <= _LONG:
            yield f"{paragraph}\n\n", size
            continue
        sentences = _SENTENCE_END.split(paragraph)
        for number, sentence in enumerate(sentences, 1):
            end = "\n\n" if number == len(sentences) else " "
            yield sentence + end, len(sentence.split())
