"""The order of hits: BM25 and dates, ties by date, the newest first, then by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import TITLE_WEIGHT, Evaluation, Sought
from indexer.engines.whoosh.fields import Postings
from indexer.engines.whoosh.segment import Segment
from indexer.search import Sort

K1 = 1.2
B = 0.75
_BLOCK = 64


class Ranked(NamedTuple):
    """A document on its way to a page; the least comes first, but for ties, which go by id."""

    minus_score: float
    minus_day: int
    segment: int
    doc: int


def lengths(segment: Segment) -> Array:
    """The weighted length of each document (float32)."""
    texts = segment.texts
    title = texts["title"].lengths.astype(np.float32)
    return texts["text"].lengths.astype(np.float32) + np.float32(TITLE_WEIGHT) * title


def bm25(
    evaluations: Sequence[Evaluation],
    results: Sequence[Array],
    wanted: Sequence[Sought],
    norms: Sequence[Array],
    population: int,
) -> Array:
    """The scores of the results of all segments, one after the other (float32).

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); title
    and text are joined as in its BM25F, and every leaf counts as one term. ``norms`` are the
    documents' k1 * (1 - b + b * length / average); ``population`` is the number of documents.
    """
    norm = np.concatenate([n[docs] for n, docs in zip(norms, results, strict=True)])
    scores = np.zeros(len(norm), np.float32)
    for leaf in wanted:
        postings = [evaluation.postings(leaf) for evaluation in evaluations]
        count = sum(e.count(p.docs) for e, p in zip(evaluations, postings, strict=True))
        rarity = np.log1p((population - count + 0.5) / (count + 0.5))
        found = zip(postings, results, norms, strict=True)
        freqs = np.concatenate([_frequencies(p, docs, len(n)) for p, docs, n in found])
        scores += np.float32(rarity * (K1 + 1)) * freqs / (freqs + norm)
    return scores


def _frequencies(postings: Postings, docs: Array, size: int) -> Array:
    """The frequencies at ``docs`` (ascending), 0 where there is no posting."""
    if np.array_equal(postings.docs, docs):  # as if the query is this leaf alone
        return postings.freqs
    dense = np.zeros(size, np.float32)
    dense[postings.docs] = postings.freqs
    return dense[docs]


def first(
    segments: Sequence[Segment],
    results: Sequence[Array],
    scores: Array | None,
    sort: Sort,
    size: int,
) -> list[Ranked]:
    """The first ``size`` results of all segments, at least one of them.

    ``scores`` are as ``bm25`` gives them; without, all are alike.
    """
    border = None if scores is None else _border(scores, size)
    ranked: list[Ranked] = []
    begin = 0
    for number, (segment, docs) in enumerate(zip(segments, results, strict=True)):
        end = begin + len(docs)
        score = np.zeros(len(docs), np.float32) if scores is None else scores[begin:end]
        begin = end
        if border is not None:
            within = (score >= border).nonzero()[0]
            if not len(within):
                continue
            docs, score = docs[within], score[within]
        days = segment.documents.first_day[docs]
        if sort is Sort.OLDEST:
            days = np.where(days, -days, np.iinfo(np.int32).min)
        if len(docs) > size:
            chosen = _best(score, days, segment.documents.id_ranks[docs], size)
            docs, score, days = docs[chosen], score[chosen], days[chosen]
        keys = zip((-score).tolist(), days.tolist(), docs.tolist(), strict=True)
        ranked += [Ranked(minus, -day, number, doc) for minus, day, doc in keys]
    ranked.sort()
    return [hit for tied in _ties(ranked) for hit in _by_id(segments, tied)][:size]


def _ties(ranked: list[Ranked]) -> Iterator[list[Ranked]]:
    """Runs of the same score and day."""
    return (list(run) for _, run in groupby(ranked, key=lambda hit: hit[:2]))


def _by_id(segments: Sequence[Segment], tied: list[Ranked]) -> list[Ranked]:
    if len(tied) == 1:
        return tied
    return sorted(tied, key=lambda hit: segments[hit.segment].documents.id(hit.doc))


def _border(score: Array, size: int) -> np.float32 | None:
    """The lowest score of the first ``size``; None where there are no more than these."""
    if len(score) <= size:
        return None
    blocks = len(score) // _BLOCK
    if blocks > size:
        # As many scores as blocks reach the least of the best blocks' best: look at those only.
        best = score[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
        score = score[score >= np.partition(best, blocks - size)[blocks - size]]
    return np.float32(np.partition(score, len(score) - size)[len(score) - size])


def _best(score: Array, days: Array, id_ranks: Array, size: int) -> Array:
    """The places of the first ``size`` of more, in any order.

    The lowest score may be many times there: those go by day, then by the least id.
    """
    lowest = score.min()
    above = np.flatnonzero(score > lowest)
    places = np.flatnonzero(score == lowest)
    fine = id_ranks[places] - (days[places].astype(np.int64) << 16)
    needed = size - len(above)
    return np.concatenate([above, places[np.argpartition(fine, needed)[:needed]]])
