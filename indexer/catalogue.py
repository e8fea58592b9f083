"""The catalogue: what each raw file was when it was indexed, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_VERSION = 1


class Failure(NamedTuple):
    """A readout, or one line of it, that gave no statement; ``since`` is an ISO 8601 day."""

    path: str
    reason: str
    since: str


class Row(NamedTuple):
    """One raw file. ``digest`` is its SHA-256, "" where it could not be read.

    ``statements`` holds a line for each statement it gave: the id, a blank, the statement's own
    digest. One string a file, because a catalogue of 100,000 is read at every run.
    """

    size: int
    mtime_ns: int
    digest: str
    statements: str = ""

    @classmethod
    def of(
        cls, size: int, mtime_ns: int, digest: str, statements: Mapping[str, str]
    ) -> Row:
        """A row of the statements' digests by id."""
        lines = "".join(f"{key} {value}\n" for key, value in statements.items())
        return cls(size, mtime_ns, digest, lines)

    def digests(self) -> dict[str, str]:
        """The digest of each statement by its id."""
        words = self.statements.split()
        return dict(zip(words[::2], words[1::2], strict=True))


@dataclass(slots=True)
class Catalogue:
    """Rows and failures by the file's path below raw/, and the rules of cleaning by source."""

    rules: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    failures: dict[str, list[Failure]] = field(default_factory=dict)

    def dump(self) -> bytes:
        """JSON by columns, which reads several times faster than by rows."""
        table = {
            "version": _VERSION,
            "rules": self.rules,
            "paths": list(self.rows),
            "columns": list(zip(*self.rows.values(), strict=True)),
            "failures": self.failures,
        }
        return json.dumps(table, separators=(",", ":")).encode()

    @classmethod
    def load(cls, data: bytes | None) -> Catalogue | None:
        """The catalogue in ``data``, or None where there is none that this version wrote."""
        table = json.loads(data) if data else {}
        if table.get("version") != _VERSION:
            return None
        rows = map(Row._make, zip(*table["columns"], strict=True))
        return cls(
            rules=table["rules"],
            rows=dict(zip(table["paths"], rows, strict=True)),
            failures={
                path: [Failure(*failure) for failure in failures]
                for path, failures in table["failures"].items()
            },
        )

    def digests(self) -> dict[str, str]:
        """The digest of each statement by its id, of all files."""
        words = "".join(row.statements for row in self.rows.values()).split()
        return dict(zip(words[::2], words[1::2], strict=True))

    def count(self) -> int:
        """How many statements the files gave together."""
        return sum(row.statements.count("\n") for row in self.rows.values())

    def failed(self) -> list[Failure]:
        """All failures, by path."""
        return sorted(each for failures in self.failures.values() for each in failures)
