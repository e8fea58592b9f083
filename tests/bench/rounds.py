"""Rounds: engines take turns within each class and round, and must give the same answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import exp, log
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple

from indexer.query import describe
from indexer.search import SearchRequest, Sort
from tests.bench.peers import Page, Peer

ROUNDS = 3


class Disagreement(Exception):
    """Two engines gave different answers to the same query."""


class Timing(NamedTuple):
    """Of one engine and class, over its queries: milliseconds of the best of the rounds."""

    p50: float
    p95: float


Timings = dict[str, dict[str, Timing]]


def run(
    peers: Sequence[Peer],
    classes: Mapping[str, Sequence[SearchRequest]],
    say: Callable[[str], None],
) -> Timings:
    """By class, then by engine's name. The first of ``peers`` is what others must agree with."""
    timings: Timings = {}
    for name, requests in classes.items():
        for request in requests:
            _compare(peers, name, request)
        best: dict[str, list[float]] = {peer.name: [] for peer in peers}
        for number in range(ROUNDS):
            turn = number % len(peers)
            for peer in (*peers[turn:], *peers[:turn]):
                taken = _time(peer, requests)
                before = best[peer.name] or taken
                best[peer.name] = [
                    min(pair) for pair in zip(before, taken, strict=True)
                ]
        timings[name] = {peer: _timing(taken) for peer, taken in best.items()}
        shown = (f"{peer} {timing.p50:.2f}" for peer, timing in timings[name].items())
        say(f"  {name}: {', '.join(shown)} ms")
    return timings


def _time(peer: Peer, requests: Sequence[SearchRequest]) -> list[float]:
    search, taken = peer.search, []
    for request in requests:
        start = perf_counter()
        search(request)
        taken.append((perf_counter() - start) * 1000)
    return taken


def _timing(taken: Sequence[float]) -> Timing:
    cuts = (
        quantiles(taken, n=100, method="inclusive")
        if len(taken) > 1
        else [taken[0]] * 99
    )
    return Timing(cuts[49], cuts[94])


def mean(values: Sequence[float]) -> float:
    """The geometric mean."""
    return exp(sum(map(log, values)) / len(values))


def _compare(peers: Sequence[Peer], name: str, request: SearchRequest) -> None:
    first, *others = ((peer, _checked(peer, request)) for peer in peers)
    for peer, page in others:
        for what, ours, theirs in (
            ("total", first[1].total, page.total),
            ("years", first[1].years, page.years),
            ("sources", first[1].sources, page.sources),
            ("days", *(_days(page, request) for page in (first[1], page))),
        ):
            if ours != theirs:
                raise Disagreement(
                    f"{name}, {describe(request.query)} {request.dates or ''}: {what} differ: "
                    f"{first[0].name} gives {ours}, {peer.name} gives {theirs}."
                )


def _checked(peer: Peer, request: SearchRequest) -> Page:
    """An engine's page, after a look whether all the work was done."""
    page = peer.page(peer.search(request))
    size = min(request.limit, page.total)
    if len(page.hits) != size or not all(
        1 <= len(hit.snippets) <= 3 for hit in page.hits
    ):
        raise Disagreement(
            f"{peer.name} gives no whole page for {describe(request.query)}."
        )
    return page


def _days(page: Page, request: SearchRequest) -> list[object]:
    """The dates of the hits where they decide the order."""
    return [hit.date for hit in page.hits] if request.sort is Sort.NEWEST else []
