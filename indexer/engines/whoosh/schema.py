"""The index as Whoosh knows it: its fields, and what makes an index one that we can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, TEXT, Schema

from indexer.analysis import spans, tokenize
from indexer.engines.whoosh.segment import KEYWORD_FIELDS, TEXT_FIELDS

INDEX_NAME = "MAIN"
#: Raised when the arrays or the pickled classes change: an older index is then rebuilt.
FORMAT = 7


class Words(Analyzer):  # type: ignore[misc]
    """Our tokens as Whoosh's, for those who use Whoosh's own tools on the index."""

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Token]:
        token = Token(**kwargs)
        places = zip(*(offsets.tolist() for offsets in spans(value)), strict=True)
        words = zip(tokenize(value), places, strict=True)
        for token.pos, (token.text, (token.startchar, token.endchar)) in enumerate(
            words
        ):
            token.boost = 1.0
            yield token


def corpus_schema() -> Schema:
    """The schema of every generation."""
    fields = {name: TEXT(analyzer=Words(), phrase=True) for name in TEXT_FIELDS}
    fields |= {
        name: ID(unique=name == "id", stored=name == "id") for name in KEYWORD_FIELDS
    }
    return Schema(**fields)
