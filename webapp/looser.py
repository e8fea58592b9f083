"""The looser searches that a page offers where its own finds nothing, as links."""

from __future__ import annotations

from typing import TypeVar

from indexer.engine import Engine
from indexer.ladder import Rung, ladder
from indexer.search import SearchRequest
from webapp.params import SearchParams

Params = TypeVar("Params", bound=SearchParams)


def looser(
    engine: Engine, params: Params, asked: SearchRequest
) -> list[tuple[Rung, Params]]:
    """Each rung below ``asked``, which is the request of ``params``, and its page in the same view.

    Statements are counted as ``asked`` does, near-copies folded or not.
    """
    return [
        (rung, params.with_request(asked, rung.request))
        for rung in ladder(engine, asked)
    ]
