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
_LEAST = 1e-6
_BLOCK = 64
_LAST_DAY = np.iinfo(np.int32).max


class Ranked(NamedTuple):
    """A document on its way to a page; the least comes first, but for ties, which go by id."""

    minus_score: float
    day_key: int
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
) -> list[Array]:
    """The scores of the results, by segment (float32).

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); title
    and text are joined as in its BM25F, every leaf counts as one term, and its weight is that of
    Robertson and Spärck Jones, above 0. ``norms`` are the
    documents' k1 * (1 - b + b * length / average); ``population`` is the number of documents.
    """
    # Segment by segment: arrays that outgrow the cache, or malloc's arena, cost several times more.
    found = [norm[docs] for norm, docs in zip(norms, results, strict=True)]
    scores = [np.zeros(len(docs), np.float32) for docs in results]
    for leaf in wanted:
        postings = [evaluation.postings(leaf) for evaluation in evaluations]
        count = sum(e.count(p.docs) for e, p in zip(evaluations, postings, strict=True))
        # A word of most documents says next to nothing, but never less.
        rarity = np.log((population - count + 0.5) / (count + 0.5))
        weight = np.float32(max(_LEAST, rarity) * (K1 + 1))
        for number, norm in enumerate(found):
            freqs = _frequencies(postings[number], results[number], len(norms[number]))
            scores[number] += weight * freqs / (freqs + norm)
    return scores


def _frequencies(postings: Postings, docs: Array, size: int) -> Array:
    """The frequencies at ``docs`` (ascending), 0 where there is no posting."""
    if postings.docs is docs:  # the query is this leaf alone
        return postings.freqs
    dense = np.zeros(size, np.float32)
    dense[postings.docs] = postings.freqs
    return dense[docs]


def first(
    segments: Sequence[Segment],
    results: Sequence[Array],
    scores: Sequence[Array] | None,
    sort: Sort,
    size: int,
) -> list[Ranked]:
    """The first ``size`` results of all segments, at least one of them.

    ``scores`` are as ``bm25`` gives them; without, all are alike.
    """
    border = None if scores is None else _border(scores, size)
    ranked: list[Ranked] = []
    for number, (segment, docs) in enumerate(zip(segments, results, strict=True)):
        score = None if scores is None else scores[number]
        if score is not None and border is not None:
            within = _best(score, border, size)
            docs, score = docs[within], score[within]
        elif sort is Sort.OLDEST:
            docs = _oldest(segment.documents.first_day, docs, size)
        else:
            docs = docs[-size:]
        days = segment.documents.first_day[docs]
        keys = np.where(days, days, _LAST_DAY) if sort is Sort.OLDEST else -days
        minus = [0.0] * len(docs) if score is None else (-score).tolist()
        values = zip(minus, keys.tolist(), docs.tolist(), strict=True)
        ranked += [Ranked(value, key, number, doc) for value, key, doc in values]
    ranked.sort()
    return [hit for tied in _ties(ranked) for hit in _by_id(segments, tied)][:size]


def _ties(ranked: list[Ranked]) -> Iterator[list[Ranked]]:
    """Runs of the same score and day."""
    return (list(run) for _, run in groupby(ranked, key=lambda hit: hit[:2]))


def _by_id(segments: Sequence[Segment], tied: list[Ranked]) -> list[Ranked]:
    if len(tied) == 1:
        return tied
    return sorted(tied, key=lambda hit: segments[hit.segment].documents.id(hit.doc))


def _border(scores: Sequence[Array], size: int) -> np.float32 | None:
    """The lowest score of the first ``size``; None where there are no more than these."""
    if sum(map(len, scores)) <= size:
        return None
    # As many scores as there are blocks reach the least of the blocks' best: look at those only.
    best = np.concatenate([_block_maxima(score) for score in scores])
    if len(best) > size:
        floor = np.partition(best, len(best) - size)[len(best) - size]
        scores = [score[(score >= floor).nonzero()[0]] for score in scores]
    score = np.concatenate(scores)
    return np.float32(np.partition(score, len(score) - size)[len(score) - size])


def _block_maxima(score: Array) -> Array:
    blocks = len(score) // _BLOCK
    best: Array = score[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
    return best


def _best(score: Array, border: np.float32, size: int) -> Array:
    """The places of the first ``size`` scores from ``border`` up, in any order.

    Those at the border may be many: the last documents among them are the newest.
    """
    above = (score > border).nonzero()[0]
    return np.concatenate([above, (score == border).nonzero()[0][len(above) - size :]])


def _oldest(first_day: Array, docs: Array, size: int) -> Array:
    """The first ``size`` documents by day, then by the least id; undated ones come last."""
    split = np.searchsorted(docs, np.searchsorted(first_day, 1))
    undated, dated = docs[:split], docs[split:]
    if len(dated) < size:
        return np.concatenate([dated, undated[len(dated) - size :]])
    day = first_day[dated[size - 1]]
    low, high = np.searchsorted(
        dated, np.searchsorted(first_day, [day, day + 1])
    ).tolist()
    # Documents of one day are in the reverse order of their ids.
    return np.concatenate([dated[:low], dated[low:high][low - size :]])
