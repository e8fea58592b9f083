"""A query before it is searched: what it may become, and what it means."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from indexer.answer import index_object, understood
from indexer.query import notices, parse_query
from indexer.search import SearchRequest
from indexer.suggestions import suggestions
from webapp.api.parameters import SUGGESTIONS, Q
from webapp.api.route import Reply, version
from webapp.api.shapes import Parsed, Suggestions
from webapp.api.tree import tree_object
from webapp.service import service


def suggest(args: MultiDict[str, str]) -> Reply:
    """Completions of the last word: words by how frequent they are, sources and fields."""
    text, limit = Q.read(args), SUGGESTIONS.read(args)
    engine = service().engine
    corpus = service().corpora.of(engine.info())
    sources = (each.value for each in corpus.sources)
    found: Suggestions = {
        "query": text,
        "suggestions": [
            {"text": each.text, "completion": each.completion, "kind": each.kind.value}
            for each in suggestions(engine, sources, text, limit)
        ],
        "index": index_object(corpus.index),
    }
    return Reply(found, version(corpus.index))


def parse(args: MultiDict[str, str]) -> Reply:
    """What a query means: its canonical form, a description, its tree, and remarks on it."""
    text = Q.read(args)
    asked = SearchRequest(query=parse_query(text))
    found: Parsed = {
        **understood(text, asked, notices(text)),
        "tree": tree_object(asked.query),
    }
    return Reply(found)
