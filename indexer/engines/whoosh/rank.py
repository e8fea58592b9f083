"""The order of hits: BM25 and dates, ties by date, the newest first, then by id."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.fields import Postings
from indexer.engines.whoosh.leaves import TITLE_WEIGHT, Sought
from indexer.engines.whoosh.segment import Segment
from indexer.search import Sort

K1 = 1.2
B = 0.75
_LEAST = 1e-6
_BLOCK = 64
_LAST_DAY = np.iinfo(np.int32).max


#: A document on its way to a page: its score, negative; a key of its day; segment; number. The
#: least comes first, but for ties, which go by id.
Ranked: TypeAlias = tuple[float, int, int, int]


def lengths(segment: Segment) -> Array:
    """The weighted length of each document (float32)."""
    texts = segment.texts
    title = texts["title"].lengths.astype(np.float32)
    return texts["text"].lengths.astype(np.float32) + np.float32(TITLE_WEIGHT) * title


def norms(segments: Sequence[Segment], alive: Sequence[Array | None]) -> list[Array]:
    """What BM25 makes of each document's length, by segment; ``alive`` masks what is deleted."""
    sizes = [lengths(segment) for segment in segments]
    living = [s if a is None else s[a] for s, a in zip(sizes, alive, strict=True)]
    total = sum(float(size.sum(dtype=np.float64)) for size in living)
    average = np.float32(max(1.0, total / max(1, sum(map(len, living)))))
    return [
        np.float32(K1) * (np.float32(1 - B) + np.float32(B) * s / average)
        for s in sizes
    ]


def bm25(
    evaluations: Sequence[Evaluation],
    results: Sequence[Array],
    wanted: Sequence[Sought],
    norms: Sequence[Array],
) -> list[Array]:
    """The scores of the results, by segment (float32).

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); title
    and text are joined as in its BM25F, every leaf counts as one term, and its weight is that of
    Robertson and Spärck Jones, above 0. ``norms`` are the
    documents' k1 * (1 - b + b * length / average). Where days are asked for, the documents within
    them are all there are: a word is rare among these.
    """
    # Segment by segment: arrays that outgrow the cache, or malloc's arena, cost several times more.
    sizes = [len(evaluation) for evaluation in evaluations]
    population = sum(sizes)
    found = [norm.take(docs) for norm, docs in zip(norms, results, strict=True)]
    scores = [np.zeros(len(docs), np.float32) for docs in results]
    for leaf in wanted:
        postings = {
            number: evaluations[number].leaves.postings(leaf)
            for number, size in enumerate(sizes)
            if size
        }
        count = sum(evaluations[n].count(p.docs) for n, p in postings.items())
        weight = np.float32(rarity(population, count) * (K1 + 1))
        for number, each in postings.items():
            freqs = _frequencies(each, results[number], len(norms[number]))
            share = freqs + found[number]
            np.divide(freqs, share, out=share)
            share *= weight
            scores[number] += share
    return scores


def rarity(population: int, count: int) -> float:
    """The weight of a leaf that so many documents of all have."""
    # A word of most documents says next to nothing, but never less.
    return max(_LEAST, float(np.log((population - count + 0.5) / (count + 0.5))))


def _frequencies(postings: Postings, docs: Array, size: int) -> Array:
    """The frequencies at ``docs`` (ascending, float32), 0 where there is no posting."""
    freqs = postings.freqs
    if postings.docs is not docs:  # else the query is this leaf alone
        dense = np.zeros(size, freqs.dtype)
        dense[postings.docs] = freqs
        freqs = dense.take(docs)
    return freqs.astype(np.float32, copy=False)


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
    best = None if scores is None else _best(scores, size)
    ranked: list[Ranked] = []
    for number, (segment, docs) in enumerate(zip(segments, results, strict=True)):
        score = None
        if scores is not None and best is not None:
            docs, score = docs[best[number]], scores[number][best[number]]
        elif sort is Sort.OLDEST:
            docs = _oldest(segment.documents.first_day, docs, size)
        else:
            docs = docs[-size:]
        days = segment.documents.first_day[docs]
        keys = np.where(days, days, _LAST_DAY) if sort is Sort.OLDEST else -days
        minus = [0.0] * len(docs) if score is None else (-score).tolist()
        values = zip(minus, keys.tolist(), docs.tolist(), strict=True)
        ranked += [(value, key, number, doc) for value, key, doc in values]
    ranked.sort()
    if len({hit[:2] for hit in ranked}) < len(ranked):
        ranked.sort(key=lambda hit: (*hit[:2], _id(segments, hit)))
    return ranked[:size]


def _id(segments: Sequence[Segment], hit: Ranked) -> str:
    _, _, segment, doc = hit
    return segments[segment].documents.id(doc)


def _best(scores: Sequence[Array], size: int) -> list[Array]:
    """The places of the first ``size`` scores, by segment.

    Those of the same score may be many: the last documents among them are the newest.
    """
    places = _promising(scores, size)
    chosen = [score[place] for score, place in zip(scores, places, strict=True)]
    together = np.concatenate(chosen)
    if len(together) <= size:
        return places
    border = np.partition(together, len(together) - size)[len(together) - size]
    best = []
    for place, score in zip(places, chosen, strict=True):
        above, tied = place[score > border], place[score == border]
        best.append(np.concatenate([above, tied[len(above) - size :]]))
    return best


def _promising(scores: Sequence[Array], size: int) -> list[Array]:
    """Places of the first ``size`` scores and of few others, ascending, by segment."""
    # As many scores as there are blocks reach the least of the blocks' best: look at those only.
    best = np.concatenate([_block_maxima(score) for score in scores])
    if len(best) <= size:
        return [np.arange(len(score)) for score in scores]
    floor = np.partition(best, len(best) - size)[len(best) - size]
    return [(score >= floor).nonzero()[0] for score in scores]


def _block_maxima(score: Array) -> Array:
    blocks = len(score) // _BLOCK
    best: Array = score[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
    return best


def _oldest(first_day: Array, docs: Array, size: int) -> Array:
    """The first ``size`` documents by day, then by the least id; undated ones come last."""
    days, view = first_day.data, docs.data
    split = bisect_left(view, bisect_left(days, 1))
    undated, dated = docs[:split], docs[split:]
    if len(dated) < size:
        return np.concatenate([dated, undated[len(dated) - size :]])
    day = days[dated[size - 1]]
    low, high = (
        bisect_left(view, bisect_left(days, limit), split) - split
        for limit in (day, day + 1)
    )
    # Documents of one day are in the reverse order of their ids.
    return np.concatenate([dated[:low], dated[low:high][low - size :]])
