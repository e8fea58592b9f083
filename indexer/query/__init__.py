"""The query language: text to tree and back, and the tree in words."""

from indexer.query.describe import describe
from indexer.query.parser import notices, parse_query
from indexer.query.scope import scope, when, words
from indexer.query.tree import (
    EVERYTHING,
    And,
    Dates,
    Everything,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)

__all__ = [
    "EVERYTHING",
    "And",
    "Dates",
    "Everything",
    "Field",
    "Fuzzy",
    "Near",
    "Not",
    "Or",
    "Paragraph",
    "Phrase",
    "Prefix",
    "Query",
    "Term",
    "describe",
    "notices",
    "parse_query",
    "scope",
    "when",
    "words",
]
