"""A citation as an object of CSL-JSON, which Zotero, Pandoc and citeproc read.

After the schema of the Citation Style Language 1.0.2
(https://github.com/citation-style-language/schema, schemas/input/csl-data.json).
"""

from __future__ import annotations

from indexer.citation.citation import Citation


def csl(citation: Citation) -> dict[str, object]:
    """One object; without ``issued`` where the statement is undated, which styles say as "n.d."."""
    retrieved = citation.retrieved
    accessed = [retrieved.year, retrieved.month, retrieved.day]
    known: dict[str, object] = {
        "id": citation.statement.id,
        "type": "webpage",
        "title": citation.title,
        "author": [{"literal": citation.author}] if citation.author else [],
        "issued": {"date-parts": [list(citation.date)]} if citation.date else None,
        "accessed": {"date-parts": [accessed]},
        "genre": citation.kind,
        "event-place": citation.place,
        "language": citation.language,
        "URL": citation.url,
        "note": citation.note,
    }
    return {name: value for name, value in known.items() if value}
