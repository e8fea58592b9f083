"""A search as hits, as lines, and as counts of values."""

from __future__ import annotations

from dataclasses import replace

from werkzeug.datastructures import MultiDict

from indexer.answer import answer, facets_object, index_object, understood
from indexer.line_exports import line_object
from indexer.query import notices
from webapp.api.cursor import Place
from webapp.api.parameters import FACET, HITS, LINES
from webapp.api.route import Reply, version
from webapp.api.shapes import Facets, Kwic, SearchPage
from webapp.arguments import single
from webapp.lining import Lining
from webapp.params import SearchParams
from webapp.service import service


def search(args: MultiDict[str, str]) -> Reply:
    """A page of hits with marked snippets, and what is known of the whole result."""
    params, limit = SearchParams.from_args(args), HITS.read(args)
    place = Place.of(args, single(args, "cursor"))
    asked = replace(params.request(), offset=place.offset, limit=limit, uses=True)
    results = service().engine.search(asked)
    found: SearchPage = {
        **answer(params.text, asked, notices(params.text), results),
        "next": place.following(limit, results.total, results.index),
    }
    return Reply(found, version(results.index))


def kwic(args: MultiDict[str, str]) -> Reply:
    """A page of lines: every occurrence in its context, near-copies among them."""
    params, limit = Lining.from_args(args), LINES.read(args)
    place = Place.of(args, single(args, "cursor"))
    asked = params.request()
    concordance = service().engine.concordance(
        asked, sort=params.lines, offset=place.offset, limit=limit
    )
    found: Kwic = {
        **understood(params.text, asked, notices(params.text)),
        "sort": params.lines.value,
        "total": concordance.total,
        "statements": concordance.statements,
        "lines": [
            line_object(number, line)
            for number, line in enumerate(concordance.lines, place.offset + 1)
        ],
        "index": index_object(concordance.index),
        "next": place.following(limit, concordance.total, concordance.index),
    }
    return Reply(found, version(concordance.index))


def facets(args: MultiDict[str, str]) -> Reply:
    """How a whole result spreads over years, months, sources and so on, without its hits."""
    params, names = SearchParams.from_args(args), dict.fromkeys(FACET.read(args))
    asked = replace(params.request(), limit=0, facets=tuple(names))
    results = service().engine.search(asked)
    found: Facets = {
        **understood(params.text, asked, notices(params.text)),
        "total": results.total,
        "statements": results.statements,
        "folded": asked.fold,
        "facets": facets_object(asked, results),
        "index": index_object(results.index),
    }
    return Reply(found, version(results.index))
