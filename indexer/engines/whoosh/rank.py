"""The order of hits: BM25 and dates, ties by date, the newest first, then by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import TITLE_WEIGHT, Evaluation, Sought
from indexer.engines.whoosh.fields import Postings
from indexer.engines.whoosh.segment import Segment
from indexer.search import Sort

K1 = 1.2
B = 0.75


class Ranked(NamedTuple):
    """A document on its way to a page: larger keys (score, day) come first, then smaller ids."""

    keys: tuple[float, int]
    id: str
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
    """The score of each result, by segment (float32).

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); title
    and text are joined as in its BM25F, and every leaf counts as one term. ``norms`` are the
    documents' k1 * (1 - b + b * length / average); ``population`` is the number of documents.
    """
    scores = [np.zeros(len(docs), np.float32) for docs in results]
    for leaf in wanted:
        postings = [evaluation.postings(leaf) for evaluation in evaluations]
        count = sum(e.count(p.docs) for e, p in zip(evaluations, postings, strict=True))
        weight = np.float32(
            np.log1p((population - count + 0.5) / (count + 0.5)) * (K1 + 1)
        )
        for score, found, docs, norm in zip(
            scores, postings, results, norms, strict=True
        ):
            freqs = _frequencies(found, docs, len(norm))
            score += weight * freqs / (freqs + norm[docs])
    return scores


def _frequencies(postings: Postings, docs: Array, size: int) -> Array:
    """The frequencies at ``docs`` (ascending), 0 where there is no posting."""
    if len(postings.docs) == len(
        docs
    ):  # as many as all results: the same, if it is one word
        if np.array_equal(postings.docs, docs):
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
    """The first ``size`` results of all segments."""
    ranked: list[Ranked] = []
    for number, (segment, docs) in enumerate(zip(segments, results, strict=True)):
        score = np.zeros(len(docs), np.float32) if scores is None else scores[number]
        if scores is not None and len(docs) > size:
            border = np.partition(score, len(score) - size)[len(score) - size]
            within = (score >= border).nonzero()[0]
            docs, score = docs[within], score[within]
        days = segment.documents.first_day[docs]
        if sort is Sort.OLDEST:
            days = np.where(days, -days, np.iinfo(np.int32).min)
        if len(docs) > size:
            chosen = _best(score, days, segment.documents.id_ranks[docs], size)
            docs, score, days = docs[chosen], score[chosen], days[chosen]
        for doc, value, day in zip(
            docs.tolist(), score.tolist(), days.tolist(), strict=True
        ):
            ranked.append(Ranked((value, day), segment.documents.id(doc), number, doc))
    ranked.sort(key=lambda hit: (-hit.keys[0], -hit.keys[1], hit.id))
    return ranked[:size]


def _best(score: Array, days: Array, id_ranks: Array, size: int) -> Array:
    """The places of the first ``size`` of more, in any order.

    The lowest score may be many times there: those go by day, then by the least id.
    """
    lowest = score.min()
    above, lowest_places = np.flatnonzero(score > lowest), np.flatnonzero(
        score == lowest
    )
    fine = id_ranks[lowest_places] - (days[lowest_places].astype(np.int64) << 16)
    needed = size - len(above)
    return np.concatenate(
        [above, lowest_places[np.argpartition(fine, needed)[:needed]]]
    )
