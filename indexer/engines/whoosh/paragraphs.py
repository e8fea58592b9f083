"""Where paragraphs are in the token stream of a text field.

``name.paragraphs`` is the number of tokens of every paragraph that has any, in order, in the
narrowest type; a field without it has documents of one paragraph each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from indexer.analysis import tokenize_bytes
from indexer.engines.whoosh.arrays import Array
from indexer.statement import BLANK_LINE


def tokenize_paragraphs(text: str, sizes: list[int]) -> list[bytes]:
    """The tokens of a text; the sizes of its paragraphs are added to ``sizes``.

    A blank line parts tokens whatever stands around it, so these are those of the whole text.
    """
    tokens: list[bytes] = []
    for paragraph in text.split(BLANK_LINE):
        found = tokenize_bytes(paragraph)
        if found:
            sizes.append(len(found))
            tokens += found
    return tokens


class Paragraphs:
    """The paragraphs of a field whose documents begin at ``documents`` in its stream."""

    def __init__(
        self, arrays: Mapping[str, Array], name: str, documents: Array
    ) -> None:
        self._sizes = arrays.get(f"{name}.paragraphs")
        self._documents = documents

    @cached_property
    def bounds(self) -> Array:
        """Where each paragraph begins in the stream, ascending, and behind the last, its end."""
        if self._sizes is None:
            return self._documents
        ends = np.cumsum(self._sizes, dtype=np.int32)
        begins = ends - self._sizes
        # Each document has one gap more before it than the one before.
        documents = self._documents - np.arange(1, len(self._documents) + 1)
        gaps = np.searchsorted(documents.astype(np.int32), begins, "right")
        return np.append(begins + gaps, self._documents[-1]).astype(np.int32)

    def of(self, alive: Array) -> tuple[Array, Array]:
        """Sizes, and how many each document has, of those documents for which a mask is true."""
        assert self._sizes is not None
        counts = np.diff(np.searchsorted(self.bounds[:-1], self._documents))
        return self._sizes[np.repeat(alive, counts)], counts[alive]
