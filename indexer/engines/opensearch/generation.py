"""One published state of the index: a name in the cluster, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer import analysis
from indexer.engines.opensearch.mapping import FORMAT
from indexer.errors import IndexOutdated
from indexer.search import IndexInfo


@dataclass(frozen=True, slots=True)
class Generation:
    """The concrete index behind the name, which never changes once it is published.

    ``known`` is kept with it: format, analysis, language, the sums that scores need, and how many
    statements are near-copies.
    """

    index: str
    known: Mapping[str, Any]

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return int(self.known.get("generation", 0))

    @property
    def info(self) -> IndexInfo:
        """Which it is, and how large."""
        return IndexInfo(
            generation=self.number,
            statements=self.known["statements"],
            tokens=self.known["tokens"],
            built_at=self.known["built_at"],
            fingerprint=self.known["fingerprint"],
        )

    @property
    def average(self) -> float:
        """The average of the statements' weighted lengths."""
        return float(self.known["length"]) / max(1, int(self.known["statements"]))

    def check(self, language: str) -> None:
        """Raise IndexOutdated where this version of the program cannot read it."""
        wanted = built_with(language)
        changed = [
            f"{key} {self.known.get(key)} -> {value}"
            for key, value in wanted.items()
            if self.known.get(key) != value
        ]
        if changed:
            raise IndexOutdated(f"The index was built otherwise ({', '.join(changed)})")


def built_with(language: str) -> dict[str, Any]:
    """What an index must have been built with to be read."""
    return {"format": FORMAT, "analysis": analysis.VERSION, "language": language}
