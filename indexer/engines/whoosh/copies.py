"""Groups of near-copies, kept true as documents come and go.

Two documents are linked where their signatures agree in a band and their texts are near-copies
(both told in ``shingles``); a group is all that links connect. Whether two are linked depends on
these two alone, so the groups are the same in whatever order and segments documents came.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexer.engines.whoosh.arrays import Array, ArrayFile, write_arrays
from indexer.engines.whoosh.links import Links, sharing
from indexer.engines.whoosh.segment import Segment

#: The file of a generation's groups, if there are any.
COPIES = "copies"


class Groups(NamedTuple):
    """The ``prints`` of all documents that have near-copies, and the ``numbers`` of their groups.

    They stand group by group, in each the earliest first: by day, undated ones last, then by id.
    """

    prints: Array
    numbers: Array

    def places(self, prints: Array) -> Array:
        """Where documents stand here, -1 for those that do not."""
        if not len(self.prints):
            return np.full(len(prints), -1)
        order = np.argsort(self.prints)
        ranked = self.prints[order]
        found = np.searchsorted(ranked, prints)
        found[found == len(ranked)] = 0
        return np.where(ranked[found] == prints, order[found], -1)

    def having(self, prints: Array) -> Array:
        """A mask of the groups that hold one of the documents."""
        mask = np.zeros(int(self.numbers[-1]) + 1 if len(self.numbers) else 0, bool)
        mask[self.numbers[np.isin(self.prints, prints)]] = True
        return mask

    def only(self, mask: Array) -> Groups:
        """The groups of a mask."""
        members = mask[self.numbers]
        numbers = np.cumsum(mask, dtype=np.uint32)[self.numbers[members]]
        return Groups(self.prints[members], numbers - np.uint32(1))

    def with_others(self, prints: Array, numbers: Array) -> Groups:
        """These and other groups."""
        first = self.numbers[-1] + np.uint32(1) if len(self.numbers) else np.uint32(0)
        return Groups(
            np.concatenate([self.prints, prints]),
            np.concatenate([self.numbers, numbers + first]),
        )


NO_GROUPS = Groups(np.empty(0, np.uint64), np.empty(0, np.uint32))


def read_groups(path: Path) -> Groups:
    """The groups in a file, none where it is not there."""
    if not path.exists():
        return NO_GROUPS
    arrays = ArrayFile(path)
    return Groups(arrays["prints"], arrays["numbers"])


def write_groups(path: Path, groups: Groups) -> None:
    """Write the groups to a file that is not there yet."""
    with path.open("xb") as file:
        write_arrays(file, groups._asdict())


class Part(NamedTuple):
    """The living documents (ascending) of a segment; ``fresh`` where all of them are new."""

    segment: Segment
    docs: Array
    fresh: bool

    @property
    def prints(self) -> Array:
        """What tells the documents apart."""
        prints: Array = self.segment.documents.prints[self.docs]
        return prints

    @property
    def signatures(self) -> Array:
        """The signatures of all documents of the segment."""
        return self.segment.documents.signatures


def regroup(before: Groups, parts: Sequence[Part], lost: Array) -> Groups:
    """The groups, once the fresh parts came and the documents with the prints ``lost`` went.

    Gives ``before`` itself where that changes nothing.
    """
    parts = [_worded(part) for part in parts if len(part.docs)]
    if not parts:
        return NO_GROUPS
    # What is left of a group that lost one is looked at as if new: it may have held others.
    broken = before.having(lost)
    left = before.only(broken).prints
    fresh = [np.isin(part.prints, left) | part.fresh for part in parts]
    sought = np.concatenate(
        [p.signatures[p.docs[new]] for p, new in zip(parts, fresh, strict=True)]
    )
    near = [
        new if part.fresh else new | sharing(part.signatures, sought)[part.docs]
        for part, new in zip(parts, fresh, strict=True)
    ]
    found = [part.prints[mask] for part, mask in zip(parts, near, strict=True)]
    touched = before.having(np.concatenate(found)) & ~broken
    kept = before.only(touched)
    rows = [
        np.flatnonzero(mask | np.isin(part.prints, kept.prints))
        for part, mask in zip(parts, near, strict=True)
    ]
    prints = [part.prints[own] for part, own in zip(parts, rows, strict=True)]
    places = kept.places(np.concatenate(prints))
    links = Links(
        [(part.segment, part.docs[own]) for part, own in zip(parts, rows, strict=True)],
        np.concatenate([new[own] for new, own in zip(fresh, rows, strict=True)]),
        np.append(kept.numbers.astype(np.int64), -1)[places],
    )
    if not links.extend() and not broken.any():
        return before
    return before.only(~touched & ~broken).with_others(*links.groups())


def _worded(part: Part) -> Part:
    """Without documents that have no text: they are nobody's copies."""
    return part._replace(
        docs=part.docs[part.segment.texts["text"].lengths[part.docs] > 0]
    )
