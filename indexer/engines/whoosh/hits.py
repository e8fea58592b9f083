"""The hits of a page: what is stored of their statements, and where the query matched."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import TypeAlias

import numpy as np

from indexer import deadline
from indexer.engines.whoosh.documents import Shown
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.extract import Extract
from indexer.engines.whoosh.leaves import Sought
from indexer.engines.whoosh.rank import Ranked
from indexer.search import Hit, Marked, Snippet
from indexer.snippets import Mark, merge_marks, snippets

#: Documents of one segment.
Group: TypeAlias = tuple[Evaluation, list[int]]


def matches(
    groups: Sequence[Group],
    wanted: Sequence[Sought],
    name: str,
    shown: Sequence[Shown],
) -> list[tuple[list[Mark], int]]:
    """The characters that matched in a field of each document, and how many stretches of tokens.

    ``shown`` are the documents of all groups, in order.
    """
    first, last, offsets = [], [], [0]
    for evaluation, docs in groups:
        extract = Extract(evaluation.segment.texts[name], docs)
        spans = evaluation.leaves.places(wanted, name, extract)
        before = offsets[-1]
        if len(spans.starts):
            first.append(spans.starts + before)
            last.append(spans.ends + (before - 1))
        offsets += [before + offset for offset in extract.offsets[1:]]
    if not first:
        return [([], 0)] * (len(offsets) - 1)
    places = np.concatenate(first) if len(first) > 1 else first[0]
    tokens = [each.tokens(name) for each in shown]
    starts, ends = map(np.concatenate, zip(*tokens, strict=True))
    starts, ends = starts.take(places), ends.take(np.concatenate(last))
    cuts = np.searchsorted(places, offsets).tolist()
    marks = list(zip(starts.tolist(), ends.tolist(), strict=True))
    apart = set((starts[1:] < ends[:-1]).nonzero()[0] + 1) <= set(cuts)
    found = [marks[low:high] for low, high in pairwise(cuts)]
    return [(each if apart else merge_marks(each), len(each)) for each in found]


def marked(evaluation: Evaluation, doc: int, wanted: Sequence[Sought]) -> Marked:
    """A whole statement with everything in it that matches."""
    group, shown = [(evaluation, [doc])], evaluation.segment.documents.shown(doc)
    ((in_title, titles),) = matches(group, wanted, "title", [shown])
    ((in_text, texts),) = matches(group, wanted, "text", [shown])
    return Marked(
        Snippet(shown.statement.title, tuple(in_title)),
        Snippet(shown.text, tuple(in_text)),
        titles + texts,
    )


def hits(
    evaluations: Sequence[Evaluation],
    ranked: Sequence[Ranked],
    wanted: Sequence[Sought],
    size: int,
) -> tuple[Hit, ...]:
    """The hits of a page, in order; ``size`` is the most snippets of a hit."""
    if not ranked:
        return ()
    order = sorted(range(len(ranked)), key=lambda place: ranked[place][2])
    groups = [
        (evaluations[segment], [ranked[place][3] for place in places])
        for segment, places in groupby(order, key=lambda place: ranked[place][2])
    ]
    shown = [e.segment.documents.shown(doc) for e, docs in groups for doc in docs]
    in_titles = matches(groups, wanted, "title", shown)
    in_texts = matches(groups, wanted, "text", shown)
    page = {}
    for place, each, in_title, in_text in zip(
        order, shown, in_titles, in_texts, strict=True
    ):
        deadline.check()
        statement = each.statement
        page[place] = Hit(
            statement=statement,
            score=-ranked[place][0],
            title=Snippet(statement.title, tuple(in_title[0])),
            snippets=snippets(each.text, in_text[0], size) if size else (),
            occurrences=in_title[1] + in_text[1],
        )
    return tuple(page[place] for place in range(len(ranked)))
