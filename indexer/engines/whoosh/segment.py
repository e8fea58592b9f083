"""One segment: up to 65,536 documents in one file that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from weakref import WeakValueDictionary

from indexer.engines.whoosh.arrays import Array, ArrayFile
from indexer.engines.whoosh.documents import Documents
from indexer.engines.whoosh.fields import TextField
from indexer.engines.whoosh.keywords import KeywordField
from indexer.statement import Statement

#: A document's number has 16 bits.
MAX_DOCUMENTS = 1 << 16

TEXT_FIELDS = ("title", "text")
#: Keyword fields by their names as filters; ``lang`` of the query language is ``language``.
KEYWORD_FIELDS = ("id", "source", "kind", "language", "country", "speaker", "place")


def keywords(statement: Statement) -> dict[str, tuple[str, ...]]:
    """The values of a statement's keyword fields, each once, none empty."""
    values = {
        "id": (statement.id,),
        "source": (statement.source,),
        "kind": (statement.kind,),
        "language": (statement.language,),
        "country": statement.countries,
        "speaker": statement.speakers,
        "place": (statement.place,),
    }
    return {name: tuple(filter(None, dict.fromkeys(v))) for name, v in values.items()}


class Segment:
    """The arrays of one segment's file as fields and documents."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays
        self.texts = {name: TextField(arrays, name) for name in TEXT_FIELDS}
        self.keywords = {name: KeywordField(arrays, name) for name in KEYWORD_FIELDS}
        self.documents = Documents(arrays, self.keywords["id"])

    def __len__(self) -> int:
        return len(self.documents)

    def field(self, name: str) -> TextField | KeywordField:
        """A field by its name."""
        return self.texts.get(name) or self.keywords[name]


_open: WeakValueDictionary[tuple[int, int], Segment] = WeakValueDictionary()


def open_segment(path: Path) -> Segment:
    """The segment in a file; generations that share the file (by a hard link) share the map."""
    status = path.stat()
    key = (status.st_dev, status.st_ino)
    segment = _open.get(key)
    if segment is None:
        segment = _open[key] = Segment(ArrayFile(path))
    return segment
