"""The hits of a page: what is stored of their statements, and where the query matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.analysis import Offsets
from indexer.engines.whoosh.evaluate import Evaluation, Sought
from indexer.search import Hit, Snippet
from indexer.snippets import Mark, merge_marks, snippets


class Matches:
    """Where the leaves of a query stand in the documents of a segment's field."""

    def __init__(
        self, evaluation: Evaluation, wanted: Sequence[Sought], name: str
    ) -> None:
        found = [evaluation.finders(leaf, name) for leaf in wanted]
        self._finders = [finder for finders in found for finder in finders]
        # The places of one word ascend and do not overlap.
        self._apart = len(self._finders) == 1 and all(leaf.is_word for leaf in wanted)

    def within(
        self, doc: int, tokens: tuple[Offsets, Offsets]
    ) -> tuple[list[Mark], int]:
        """The characters of a document that matched, and how many stretches of tokens did.

        ``tokens`` tells where each of its tokens starts and ends.
        """
        found = [finder(doc) for finder in self._finders]
        count = sum([len(spans.starts) for spans in found])
        if not count:
            return [], 0
        if len(found) > 1:  # one stretch may be found by several
            pairs = [
                zip(s.starts.tolist(), s.ends.tolist(), strict=True) for s in found
            ]
            count = len(set[Mark]().union(*pairs))
        starts, ends = tokens
        marks: list[Mark] = []
        for spans in found:
            stops = ends[spans.ends - 1].tolist()
            marks += zip(starts[spans.starts].tolist(), stops, strict=True)
        return (marks if self._apart else merge_marks(marks)), count


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
    documents = evaluation.segment.documents
    in_title = Matches(evaluation, wanted, "title")
    in_text = Matches(evaluation, wanted, "text")
    for doc, score in chosen.items():
        statement, text, title_tokens, text_tokens = documents.shown(doc)
        title_marks, title_count = in_title.within(doc, title_tokens)
        marks, count = in_text.within(doc, text_tokens)
        yield doc, Hit(
            statement=statement,
            score=score,
            title=Snippet(statement.title, tuple(title_marks)),
            snippets=snippets(text, marks, size) if size else (),
            occurrences=title_count + count,
        )
