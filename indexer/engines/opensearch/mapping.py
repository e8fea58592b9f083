"""How an index is laid out: its fields, and how they are analysed, which is not at all.

Tokens and stems come from ``indexer.analysis``, joined by blanks, and are parted at blanks again:
positions are ours, one token after the other, and the same in both fields. ``first_day`` and
``last_day`` are the days a date may mean, as proleptic Gregorian ordinals, 0 for undated, and
``oldest`` is the first one again, beyond all others for the undated. ``print_0`` to ``print_3`` are
the print of the statement, 16 bits each, so that sums of them are exact.

The similarity gives how often a thing stands in a field (a phrase of n words n times as often):
from that come both the counts and, with lengths, scores of our own.
"""

from __future__ import annotations

from typing import Any

from indexer.engines.opensearch.location import Location

#: Raised when the fields change: an older index is then rebuilt.
FORMAT = 1

#: Facets that are kept as they are, and how each is also kept in words: whole, or to look into.
WHOLE = ("source", "kind", "language")
WORDED = ("country", "speaker", "place")
TIMES = ("year", "month", "day")

#: So many pieces of 16 bits is a print cut into.
PIECES = 4

#: Lucene takes no term of more than 32,766 bytes; no query has a word as long as this.
LONGEST = 8000


def index_body(location: Location) -> dict[str, Any]:
    """What creates an index."""
    text = {
        "type": "text",
        "analyzer": "tokens",
        "similarity": "frequency",
        "norms": False,
    }
    texts = {"properties": {"title": text, "text": text}}
    keyword, number = {"type": "keyword"}, {"type": "integer"}
    words = dict.fromkeys(WHOLE, keyword) | dict.fromkeys(WORDED, text)
    days = ("first_day", "last_day", "oldest")
    sizes = ("token_count", "length", "written")
    pieces = tuple(f"print_{number}" for number in range(PIECES))
    return {
        "settings": {
            "number_of_shards": location.shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "codec": "best_compression",
            "max_result_window": 10_000,
            "similarity": {
                "frequency": {
                    "type": "scripted",
                    "script": {"source": "return query.boost * doc.freq;"},
                }
            },
            "analysis": {
                "tokenizer": {
                    "tokens": {"type": "whitespace", "max_token_length": LONGEST}
                },
                "analyzer": {"tokens": {"type": "custom", "tokenizer": "tokens"}},
            },
        },
        "mappings": {
            "dynamic": "strict",
            # They can be made again from the statement, and would double what is stored.
            "_source": {"excludes": ["tokens", "stems", "words", "bands"]},
            "properties": {
                "tokens": texts,
                "stems": texts,
                "words": {"properties": words},
                "statement": {"type": "object", "enabled": False},
                **dict.fromkeys(("id", "digest", "group", "bands"), keyword),
                **dict.fromkeys((*WHOLE, *WORDED, *TIMES), keyword),
                **dict.fromkeys((*days, *sizes, *pieces), number),
            },
        },
    }
