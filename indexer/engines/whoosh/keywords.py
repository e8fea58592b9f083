"""Keyword fields: whole values, few and repeated, as arrays (their layout is told in ``build``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from indexer import analysis
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.fields import heads
from indexer.engines.whoosh.lexicon import Lexicon


class KeywordField:
    """The values of one segment: a look-up is a comparison and a facet is a count."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self.lexicon = Lexicon(arrays[f"{name}.values"], arrays[f"{name}.value_ends"])
        self.stream = arrays[f"{name}.stream"]
        self.bounds = arrays.get(f"{name}.bounds")

    @cached_property
    def lengths(self) -> Array:
        """How many values each document has."""
        if self.bounds is None:
            return np.ones(len(self.stream), np.int32)
        return np.diff(self.bounds)

    def terms(self) -> Array:
        """The id of every value, in order."""
        return self.stream

    @cached_property
    def values(self) -> list[str]:
        """The distinct values, by id."""
        return [value.decode() for value in self.lexicon]

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The tokens of each value, by id."""
        return [tuple(analysis.tokenize(value)) for value in self.values]

    def docs(self, values: Sequence[int]) -> Array:
        """The documents that have one of the values, ascending."""
        if len(values) == 1:
            found = self.stream == values[0]
        else:
            found = np.isin(self.stream, values)
        docs: Array = found.nonzero()[0]
        if self.bounds is not None:
            docs = np.searchsorted(self.bounds, docs, "right") - 1
            docs = docs[heads(docs)]
        return docs

    def chosen(self, docs: Array) -> Array:
        """The values that the documents (ascending) have, one after the other."""
        places = docs
        if self.bounds is not None:
            mask = np.zeros(len(self.lengths), bool)
            mask[docs] = True
            places = np.repeat(mask, self.lengths).nonzero()[0]
        return self.stream.take(places)


class Values:
    """The distinct values of a keyword field in all segments, in order.

    ``numbers`` gives, for each segment, the places here of its own values.
    """

    def __init__(self, fields: Sequence[KeywordField]) -> None:
        self.values = sorted(set[str]().union(*(field.values for field in fields)))
        place = {value: number for number, value in enumerate(self.values)}
        self.numbers = [np.array([place[v] for v in f.values], np.intp) for f in fields]
