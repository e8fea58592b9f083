"""The hits of a page: what is stored of their statements, and where the query matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from indexer.analysis import Offsets
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.extract import Extract
from indexer.engines.whoosh.leaves import Sought
from indexer.search import Hit, Snippet
from indexer.snippets import Mark, merge_marks, snippets


def matches(
    evaluation: Evaluation,
    wanted: Sequence[Sought],
    name: str,
    docs: Sequence[int],
    tokens: Sequence[tuple[Offsets, Offsets]],
) -> list[tuple[list[Mark], int]]:
    """The characters that matched in a field of each document, and how many stretches of tokens.

    ``tokens`` tells where each token of each document starts and ends.
    """
    extract = Extract(evaluation.segment.texts[name], docs)
    spans = evaluation.leaves.places(wanted, name, extract)
    if not len(spans.starts):
        return [([], 0)] * len(docs)
    starts, ends = map(np.concatenate, zip(*tokens, strict=True))
    starts, ends = starts.take(spans.starts), ends.take(spans.ends - 1)
    cuts = np.searchsorted(spans.starts, extract.offsets).tolist()
    marks = list(zip(starts.tolist(), ends.tolist(), strict=True))
    apart = set((starts[1:] < ends[:-1]).nonzero()[0] + 1) <= set(cuts)
    found = [marks[low:high] for low, high in pairwise(cuts)]
    return [(each if apart else merge_marks(each), len(each)) for each in found]


def hits(
    evaluation: Evaluation,
    chosen: dict[int, float],
    wanted: Sequence[Sought],
    size: int,
) -> Iterator[tuple[int, Hit]]:
    """The hits of a page that are in one segment, with their documents' numbers.

    ``chosen`` are the documents with their scores, ``size`` the most snippets of a hit.
    """
    if not chosen:
        return
    docs = list(chosen)
    shown = [evaluation.segment.documents.shown(doc) for doc in docs]
    in_titles = matches(
        evaluation, wanted, "title", docs, [each.title_tokens for each in shown]
    )
    in_texts = matches(
        evaluation, wanted, "text", docs, [each.text_tokens for each in shown]
    )
    for (doc, score), (statement, text, _, _), in_title, in_text in zip(
        chosen.items(), shown, in_titles, in_texts, strict=True
    ):
        yield doc, Hit(
            statement=statement,
            score=score,
            title=Snippet(statement.title, tuple(in_title[0])),
            snippets=snippets(text, in_text[0], size) if size else (),
            occurrences=in_title[1] + in_text[1],
        )
