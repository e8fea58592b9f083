"""The query tree as queries of the cluster: every one of them structured, none of them text.

A query that comes from here scores by frequencies (see ``mapping``) where it is a word or a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indexer.dates import DateRange
from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.documents import clip, document_id, stemmed
from indexer.engines.opensearch.mapping import WHOLE
from indexer.engines.opensearch.near import intervals
from indexer.engines.whoosh.evaluate import FILTERS
from indexer.engines.whoosh.leaves import Leaf, Sought
from indexer.query import (
    And,
    Dates,
    Everything,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)
from indexer.query.tree import TEXT_FIELDS

EVERY: Body = {"match_all": {}}
NONE: Body = {"match_none": {}}

# The most terms that the cluster takes in one list.
_MOST_IDS = 65_536


def all_of(parts: Iterable[Body]) -> Body:
    """What all of some queries match; scored by none."""
    kept = [part for part in parts if part != EVERY]
    return {"bool": {"filter": kept}} if kept else EVERY


def any_of(parts: Iterable[Body]) -> Body:
    """What one of some queries matches, at least; scored by all."""
    kept = list(parts)
    if len(kept) == 1:
        return kept[0]
    return {"bool": {"should": kept, "minimum_should_match": 1}} if kept else NONE


def none_of(parts: Iterable[Body]) -> Body:
    """What none of some queries matches."""
    return {"bool": {"must_not": list(parts)}}


def having(ids: Iterable[str]) -> Body:
    """The statements with these ids."""
    known = [document_id(each) for each in ids]
    starts = range(0, len(known), _MOST_IDS)
    return any_of({"ids": {"values": known[s : s + _MOST_IDS]}} for s in starts)


def dated(days: DateRange) -> Body:
    """Statements whose date, whatever it may mean, is within the days."""
    first = days.first.toordinal() if days.first else 1
    parts: list[Body] = [{"range": {"first_day": {"gte": first}}}]
    if days.last:
        parts.append({"range": {"last_day": {"lte": days.last.toordinal()}}})
    return all_of(parts)


class Translation:
    """Queries as those of the cluster.

    ``looked_up`` has the ids of the statements that match a Paragraph, or a Near which the cluster
    cannot count as we do.
    """

    def __init__(
        self, language: str, looked_up: Mapping[Sought, Sequence[str]] | None = None
    ) -> None:
        self._language = language
        self._looked_up = looked_up or {}

    def query(self, query: Query, fields: tuple[str, ...] = TEXT_FIELDS) -> Body:
        """What a query matches; in these fields, where it does not say otherwise."""
        match query:
            case Everything():
                return EVERY
            case And(parts):
                kept = [self.query(p, fields) for p in parts if not isinstance(p, Not)]
                out = [self.query(p.part, fields) for p in parts if isinstance(p, Not)]
                return all_of([*kept, none_of(out)] if out else kept)
            case Or(parts):
                return any_of(self.query(part, fields) for part in parts)
            case Not(part):
                return none_of([self.query(part, fields)])
            case Field(name, part) if name in TEXT_FIELDS:
                return self.query(part, (name,))
            case Field(name, part):
                return _with_value(FILTERS.get(name, name), part)
            case Dates(days):
                return dated(days)
        return self.leaf(Sought(query, fields))

    def leaf(self, wanted: Sought) -> Body:
        """A leaf in one of its fields."""
        ids = self._looked_up.get(wanted)
        if ids is not None:
            return having(ids)
        return any_of(self.inside(wanted.leaf, name) for name in wanted.fields)

    def frequency(self, wanted: Sought, weights: Mapping[str, float]) -> Body:
        """A leaf in its fields, scored by how often it stands there, each field's times a weight.

        A leaf that is neither word nor phrase counts once a field, or once if it was looked up.
        """
        if wanted in self._looked_up:
            return {"constant_score": {"filter": self.leaf(wanted)}}
        return any_of(
            self.inside(wanted.leaf, name, weights[name]) for name in wanted.fields
        )

    def inside(self, leaf: Leaf, name: str, boost: float = 1.0) -> Body:
        """A leaf in one field; of words and phrases ``boost`` is the score of each occurrence."""
        exact, stems = f"tokens.{name}", f"stems.{name}"
        match leaf:
            case Term(word):
                (stemmed_word,) = stemmed([word], self._language)
                return {"term": {stems: {"value": stemmed_word, "boost": boost}}}
            case Phrase((word,)):
                return {"term": {exact: {"value": clip(word), "boost": boost}}}
            case Phrase(words):
                text = " ".join(map(clip, words))
                share = boost / len(words)  # each word of a phrase scores
                return {"match_phrase": {exact: {"query": text, "boost": share}}}
            case Prefix(start):
                options = {"value": start, "rewrite": "constant_score", "boost": boost}
                return {"prefix": {exact: options}}
            case Fuzzy(word):
                return {
                    "fuzzy": {
                        exact: {
                            "value": word,
                            "fuzziness": leaf.edits,
                            "prefix_length": 1,
                            "transpositions": False,
                            "rewrite": "constant_score",
                            "boost": boost,
                        }
                    }
                }
            case Near():
                counted = intervals(leaf, name, self._language)
                return {"constant_score": {"filter": counted, "boost": boost}}
        raise AssertionError(leaf)

    def parts_of(self, part: Query, fields: tuple[str, ...]) -> Body:
        """What has all the parts of a Near or a Paragraph in one field: nothing else may match."""
        match part:
            case Near(parts) | Paragraph(parts):
                return any_of(
                    all_of(self.parts_of(each, (name,)) for each in parts)
                    for name in fields
                )
            case Or(parts):
                return any_of(self.parts_of(each, fields) for each in parts)
        return self.query(part, fields)


def _with_value(name: str, part: Query) -> Body:
    parts = part.parts if isinstance(part, Or) else (part,)
    field = f"words.{name}"
    phrases = [" ".join(each.words) for each in parts if isinstance(each, Phrase)]
    if name in WHOLE:
        return {"terms": {field: phrases}}
    return any_of({"match_phrase": {field: {"query": each}}} for each in phrases)
