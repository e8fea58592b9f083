"""The hits of a page: what is stored of their statements, and where the query matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexer import analysis
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import Evaluation, Sought
from indexer.engines.whoosh.fields import Spans
from indexer.search import Hit, Snippet
from indexer.snippets import Mark, merge_marks, snippets


class Matches:
    """Where the leaves of a query stand in a few documents of a segment."""

    def __init__(
        self, evaluation: Evaluation, docs: Array, wanted: Sequence[Sought], name: str
    ) -> None:
        bounds = evaluation.segment.texts[name].bounds
        first = bounds[docs]
        self._found: dict[int, list[Spans]] = {}
        for leaf, fields in wanted:
            if name not in fields:
                continue
            spans = evaluation.spans(leaf, name, docs)
            if not len(spans.starts):
                continue
            cuts = zip(
                docs.tolist(),
                first.tolist(),
                np.searchsorted(spans.starts, first).tolist(),
                np.searchsorted(spans.starts, bounds[docs + 1]).tolist(),
                strict=True,
            )
            for doc, begin, low, high in cuts:
                if low < high:
                    own = Spans(
                        spans.starts[low:high] - begin, spans.ends[low:high] - begin
                    )
                    self._found.setdefault(doc, []).append(own)

    def count(self, doc: int) -> int:
        """How many different stretches of tokens matched."""
        found = self._found.get(doc, ())
        if len(found) < 2:
            return sum(len(spans.starts) for spans in found)
        stretches: set[Mark] = set()
        for spans in found:
            stretches.update(
                zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
            )
        return len(stretches)

    def marks(self, doc: int, text: str) -> list[Mark]:
        """The characters that matched."""
        found = self._found.get(doc)
        if not found:
            return []
        starts, ends = analysis.spans(text)
        marks: list[Mark] = []
        for spans in found:
            stops = ends[spans.ends - 1].tolist()
            marks += zip(starts[spans.starts].tolist(), stops, strict=True)
        return merge_marks(marks)


def hits(
    evaluation: Evaluation,
    chosen: dict[int, float],
    wanted: Sequence[Sought],
    size: int,
) -> Iterator[tuple[int, Hit]]:
    """The hits of a page that are in one segment, with their documents' numbers."""
    if not chosen:
        return
    documents = evaluation.segment.documents
    docs = np.array(sorted(chosen))
    in_title = Matches(evaluation, docs, wanted, "title")
    in_text = Matches(evaluation, docs, wanted, "text")
    for doc, score in chosen.items():
        statement = documents.statement(doc, with_text=False)
        text = documents.text(doc)
        yield doc, Hit(
            statement=statement,
            score=score,
            title=Snippet(statement.title, tuple(in_title.marks(doc, statement.title))),
            snippets=snippets(text, in_text.marks(doc, text), size),
            occurrences=in_title.count(doc) + in_text.count(doc),
        )
