"""The catalogue: what each raw file was when it was indexed, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

#: The name under which an engine keeps it.
NOTE = "catalogue"

_VERSION = 2


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

    @property
    def given(self) -> int:
        """How many statements it gave."""
        return self.statements.count("\n")


class Summary(NamedTuple):
    """What can be had of a catalogue without reading its rows."""

    readouts: int
    failed: list[Failure]

    @classmethod
    def load(cls, data: bytes) -> Summary | None:
        """The summary of the catalogue in ``data``, or None where this version did not write it."""
        table = _read(data.partition(b"\n")[0])
        if table is None:
            return None
        failures = table["failures"].values()
        return cls(
            table["readouts"], sorted(Failure(*f) for each in failures for f in each)
        )


@dataclass(slots=True)
class Catalogue:
    """Rows and failures by the file's path below raw/, and the rules of cleaning by source."""

    rules: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    failures: dict[str, list[Failure]] = field(default_factory=dict)

    def dump(self) -> bytes:
        """Two lines of JSON: a head, and the rows by columns, which reads faster than by rows."""
        head = {
            "version": _VERSION,
            "rules": self.rules,
            "readouts": len(self.rows),
            "failures": self.failures,
        }
        rows = {
            "paths": list(self.rows),
            "columns": list(zip(*self.rows.values(), strict=True)),
        }
        return b"\n".join(
            json.dumps(part, separators=(",", ":")).encode() for part in (head, rows)
        )

    @classmethod
    def load(cls, data: bytes) -> Catalogue | None:
        """The catalogue in ``data``, or None where this version did not write it."""
        head, _, rest = data.partition(b"\n")
        table = _read(head)
        if table is None:
            return None
        columns = json.loads(rest)
        rows = map(Row._make, zip(*columns["columns"], strict=True))
        return cls(
            rules=table["rules"],
            rows=dict(zip(columns["paths"], rows, strict=True)),
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
        return sum(row.given for row in self.rows.values())

    def failed(self) -> list[Failure]:
        """All failures, by path."""
        return sorted(each for failures in self.failures.values() for each in failures)


def _read(head: bytes) -> Any:
    table = json.loads(head)
    return table if table.get("version") == _VERSION else None
