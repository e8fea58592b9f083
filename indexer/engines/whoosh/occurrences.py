"""Every occurrence of a query in a whole result, as flat arrays: what is counted, lined up, sorted.

An occurrence is a stretch of tokens in the title or the text that a leaf of the query matches; one
that several leaves match is one occurrence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer import deadline
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.extract import distinct
from indexer.engines.whoosh.fields import Postings
from indexer.engines.whoosh.leaves import Sought
from indexer.engines.whoosh.segment import TEXT_FIELDS
from indexer.query import Paragraph


class Occurrences(NamedTuple):
    """Arrays of the same length: where each occurrence is.

    They are in the order of segments, documents (which is that of days, and within a day the
    reverse of that of ids), title before text, and places. ``starts`` and ``ends`` are places in
    the token stream of the segment's field: the first token, and the one after the last. The
    document's own first token is at ``bounds[doc]``, and what stands before an occurrence is at
    ``starts - 1``, if that is no less.
    """

    segments: Array
    docs: Array
    in_title: Array
    starts: Array
    ends: Array


def occurrences(
    evaluations: Sequence[Evaluation],
    results: Sequence[Array],
    wanted: Sequence[Sought],
) -> Occurrences:
    """All of them in the documents of ``results`` (ascending, by segment)."""
    parts = []
    for number, (evaluation, docs) in enumerate(zip(evaluations, results, strict=True)):
        found = [_within(evaluation, docs, wanted, name) for name in TEXT_FIELDS]
        docs, starts, ends = map(np.concatenate, zip(*found, strict=True))
        in_title = np.repeat([True, False], [len(each[0]) for each in found])
        order = np.argsort(docs, kind="stable")  # two runs that ascend
        segments = np.full(len(docs), number)
        columns = (segments, docs, in_title, starts, ends)
        parts.append([column[order] for column in columns])
    if not parts:
        nothing = np.empty(0, np.intp)
        return Occurrences(nothing, nothing, nothing.astype(bool), nothing, nothing)
    return Occurrences(*map(np.concatenate, zip(*parts, strict=True)))


def by_document(
    evaluations: Sequence[Evaluation],
    results: Sequence[Array],
    wanted: Sequence[Sought],
) -> list[Array]:
    """How many each document of the results has, without looking for the places of single words."""
    # A word of a paragraph may be one that is asked for by itself, too.
    apart = not any(isinstance(each.leaf, Paragraph) for each in wanted)
    words = [leaf for leaf in wanted if apart and leaf.is_word]
    stretches = [leaf for leaf in wanted if not (apart and leaf.is_word)]
    counts = []
    for evaluation, docs in zip(evaluations, results, strict=True):
        sums = np.zeros(len(evaluation.segment), np.int64)
        for name in TEXT_FIELDS if len(docs) else ():
            deadline.check()
            for postings in _words(evaluation, words, name):
                _add(sums, postings)
            # A stretch of several words is never one that a single word matches.
            if len(stretches) > 1:
                found = _within(evaluation, docs, stretches, name)[0]
                sums += np.bincount(found, minlength=len(sums))
            elif stretches and name in stretches[0].fields:
                _add(sums, evaluation.leaves.frequencies(stretches[0].leaf, name))
        counts.append(sums[docs])
    return counts


def count(
    evaluations: Sequence[Evaluation],
    results: Sequence[Array],
    wanted: Sequence[Sought],
) -> int:
    """How many there are."""
    if len(wanted) == 1 and _are_all(evaluations, results, wanted[0]):
        leaf, fields = wanted[0]
        found = [
            e.leaves.frequencies(leaf, name) for e in evaluations for name in fields
        ]
        return sum(int(postings.freqs.sum()) for postings in found)
    counts = by_document(evaluations, results, wanted)
    return sum(int(each.sum()) for each in counts)


def _are_all(
    evaluations: Sequence[Evaluation], results: Sequence[Array], leaf: Sought
) -> bool:
    """Whether the results are all documents with a leaf, and no others."""
    return all(
        np.array_equal(evaluation.leaves.postings(leaf).docs, docs)
        for evaluation, docs in zip(evaluations, results, strict=True)
    )


def _within(
    evaluation: Evaluation, docs: Array, wanted: Sequence[Sought], name: str
) -> tuple[Array, Array, Array]:
    """Documents, starts and ends of the occurrences in one field, ascending."""
    deadline.check()
    field = evaluation.segment.texts[name]
    spans = distinct(
        [evaluation.leaves.spans(e.leaf, name) for e in wanted if name in e.fields]
    )
    found = field.docs(spans.starts)
    chosen = evaluation.among(docs)[found].nonzero()[0]
    return found[chosen], spans.starts[chosen], spans.ends[chosen]


def _words(
    evaluation: Evaluation, words: Sequence[Sought], name: str
) -> list[Postings]:
    """The documents with one of the words in a field, where a token of several is one."""
    leaves = evaluation.leaves
    found = [leaf for leaf, names in words if name in names]
    if len(found) > 1:
        terms = [leaves.terms(leaf, name) for leaf in found]
        together = set[int]().union(*terms)
        if len(together) < sum(map(len, terms)):  # one has a term of another
            return [evaluation.segment.texts[name].union(sorted(together))]
    return [leaves.frequencies(leaf, name) for leaf in found]


def _add(sums: Array, postings: Postings) -> None:
    sums[postings.docs] += postings.freqs
