"""Which statements are near-copies of each other: by comparing every two of them.

It shares nothing with the engines but the analysis.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from indexer.statement import Statement
from tests.scan import Document


def shingles(document: Document) -> set[tuple[str, ...]]:
    """All runs of five tokens of the text."""
    tokens = document.tokens["text"]
    return {tuple(tokens[start : start + 5]) for start in range(len(tokens) - 4)}


def near_copies(one: Document, other: Document) -> bool:
    """Whether half of their shingles are in both; short texts, and headlines, must be the same."""
    sizes = [len(document.tokens["text"]) for document in (one, other)]
    if min(sizes) < 50:
        return min(sizes) > 0 and one.tokens == other.tokens
    all_of_one, all_of_other = shingles(one), shingles(other)
    return 2 * len(all_of_one & all_of_other) >= len(all_of_one | all_of_other)


def groups(documents: Iterable[Document]) -> dict[str, int]:
    """The number of its group for each id."""
    found: list[list[Document]] = []
    for document in documents:
        own = [
            group
            for group in found
            if any(near_copies(document, each) for each in group)
        ]
        found = [group for group in found if group not in own]
        found.append([document, *(each for group in own for each in group)])
    return {
        each.statement.id: number
        for number, group in enumerate(found)
        for each in group
    }


def earliest(
    statements: Iterable[Statement], group: dict[str, int]
) -> dict[str, list[Statement]]:
    """The statements of each group by the id of the earliest: by day, undated last, then by id."""
    ordered = sorted(
        statements,
        key=lambda each: (each.date is None, each.date or datetime.date.min, each.id),
    )
    folded: dict[int, list[Statement]] = {}
    for statement in ordered:
        folded.setdefault(group[statement.id], []).append(statement)
    return {each[0].id: each for each in folded.values()}
