"""Statements as documents of the cluster, and back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from indexer.analysis import fold, stem_all, tokenize
from indexer.engines.opensearch.mapping import LONGEST, PIECES, WHOLE, WORDED
from indexer.engines.whoosh.documents import days_of, print_of
from indexer.engines.whoosh.leaves import TITLE_WEIGHT
from indexer.engines.whoosh.segment import keywords
from indexer.periods import Period, name_of
from indexer.search import UNDATED
from indexer.statement import Statement

#: The day of the undated among the oldest.
AFTER_ALL = 10_000_000

# An id of more bytes is none for the cluster.
_LONGEST_ID = 512
# No token, and nothing that parts tokens: what stands for a stem that is empty.
_NO_STEM = "\x01"


def document_id(statement_id: str) -> str:
    """The cluster's id for a statement's: the same, unless that is too long for one."""
    data = statement_id.encode("utf-8", "replace")
    if len(data) <= _LONGEST_ID:
        return data.decode()
    return f"blake2b:{blake2b(data, digest_size=32).hexdigest()}"


def clip(token: str) -> str:
    """A token as it is kept: one that is longer than any query's word is cut."""
    return token[:LONGEST]


def stemmed(tokens: list[str], language: str) -> list[str]:
    """The stems of tokens, none of them empty."""
    return [clip(stem) or _NO_STEM for stem in stem_all(tokens, language)]


def document(
    statement: Statement,
    digest: str,
    language: str,
    *,
    group: str = "",
    bands: list[str],
    written: int,
) -> dict[str, Any]:
    """What is kept of a statement.

    ``group`` names the near-copies it belongs to, "" for none; ``bands`` are what texts are alike
    in that may be near-copies; ``written`` is the generation that wrote it.
    """
    title, text = tokenize(statement.headline), tokenize(statement.text)
    values = keywords(statement)
    first, last = days_of(statement)
    return {
        "id": statement.id,
        "digest": digest,
        "statement": _packed(statement),
        "tokens": {
            name: _joined(map(clip, tokens)) for name, tokens in _named(title, text)
        },
        "stems": {
            name: _joined(stemmed(tokens, language))
            for name, tokens in _named(title, text)
        },
        "words": {name: [fold(v) for v in values[name]] for name in (*WHOLE, *WORDED)},
        **{name: list(values[name]) for name in (*WHOLE, *WORDED)},
        **_times(statement),
        "first_day": first,
        "last_day": last,
        "oldest": oldest_day(statement),
        "token_count": len(title) + len(text),
        "length": len(text) + int(TITLE_WEIGHT) * len(title),
        **pieces_of(print_of(statement)),
        "bands": bands,
        "written": written,
        **({"group": group} if group else {}),
    }


def oldest_day(statement: Statement) -> int:
    """The first day of a statement in the order of days, the undated last."""
    return days_of(statement)[0] or AFTER_ALL


def _named(title: list[str], text: list[str]) -> tuple[tuple[str, list[str]], ...]:
    return ("title", title), ("text", text)


def _joined(tokens: Any) -> str:
    return " ".join(tokens)


def pieces_of(number: int) -> dict[str, int]:
    """The print of a statement, by its pieces."""
    return {f"print_{piece}": number >> 16 * piece & 0xFFFF for piece in range(PIECES)}


def print_from(pieces: Mapping[str, float]) -> int:
    """The print, or the sum of several, from its pieces or the sums of these."""
    return sum(int(pieces[f"print_{piece}"]) << 16 * piece for piece in range(PIECES))


def _times(statement: Statement) -> dict[str, str]:
    """The periods that a date is precise enough for."""
    day = statement.date
    if day is None:
        return {"year": UNDATED}
    known = {
        "year": (Period.YEAR,),
        "month": (Period.YEAR, Period.MONTH),
        "day": (Period.YEAR, Period.MONTH, Period.DAY),
    }[statement.date_precision]
    return {period.value: name_of(day, period) for period in known}


def _packed(statement: Statement) -> dict[str, Any]:
    packed = asdict(statement)
    packed["date"] = statement.date and statement.date.isoformat()
    return packed


def statement_of(source: Mapping[str, Any]) -> Statement:
    """The statement that was kept; without its text if that was left out."""
    kept = dict(source["statement"])
    kept.setdefault("text", "")
    kept["date"] = kept["date"] and datetime.date.fromisoformat(kept["date"])
    for name in ("countries", "speakers", "captions"):
        kept[name] = tuple(kept[name])
    return Statement(**kept)
