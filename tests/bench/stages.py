"""Where the time of one of our pages goes: each stage timed in place, of the best of three runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import Any
from unittest.mock import patch

from indexer.engines.whoosh import evaluate, facets, found, hits
from indexer.search import SearchRequest
from tests.bench.peers import Communique
from tests.bench.rounds import ROUNDS

#: The functions of each stage; none of them calls another of these.
_STAGES = {
    "documents": (evaluate.Evaluation, "docs"),
    "ranking": (found.Found, "ranked"),
    "marks": (hits, "matches"),
    "snippets": (hits, "snippets"),
    "facets": (facets.Narrowing, "count"),
}
STAGES = (*_STAGES, "the rest")

#: Microseconds of a page by stage.
Stages = dict[str, float]


def stages(
    ours: Communique, classes: Mapping[str, Sequence[SearchRequest]]
) -> dict[str, Stages]:
    """The mean of each class's queries, which costs a little more than without a clock."""
    return {name: _mean(ours, requests) for name, requests in classes.items()}


def _mean(ours: Communique, requests: Sequence[SearchRequest]) -> Stages:
    best = [
        min(
            (_page(ours, request) for _ in range(ROUNDS)), key=lambda s: sum(s.values())
        )
        for request in requests
    ]
    return {name: sum(page[name] for page in best) / len(best) for name in STAGES}


def _page(ours: Communique, request: SearchRequest) -> Stages:
    taken = dict.fromkeys(STAGES, 0.0)
    with _clocks(taken):
        start = perf_counter()
        ours.search(request)
        whole = (perf_counter() - start) * 1e6
    taken["the rest"] = whole - sum(taken.values())
    return taken


@contextmanager
def _clocks(taken: Stages) -> Iterator[None]:
    with ExitStack() as stack:
        for name, (owner, attribute) in _STAGES.items():
            clocked = _clocked(getattr(owner, attribute), name, taken)
            stack.enter_context(patch.object(owner, attribute, clocked))
        yield


def _clocked(function: Any, name: str, taken: Stages) -> Any:
    def clocked(*args: Any, **options: Any) -> Any:
        start = perf_counter()
        try:
            return function(*args, **options)
        finally:
            taken[name] += (perf_counter() - start) * 1e6

    return clocked
