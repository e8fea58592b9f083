"""Figures for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/.

prometheus-client is an extra, and loaded where an app is made; without it nothing is counted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from indexer.catalogue import NOTE, Summary
from indexer.engine import Engine
from indexer.errors import EngineError
from webapp.visits import Visit

if TYPE_CHECKING:
    from prometheus_client import Metric

#: Seconds; a page takes a few thousandths, and what takes more than some seconds is stopped.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

#: Where the processes of one server share their figures.
SHARED = "PROMETHEUS_MULTIPROC_DIR"


def can_count() -> bool:
    """Whether prometheus-client is installed."""
    return find_spec("prometheus_client") is not None


class Metrics:
    """The figures of one app, in a registry of their own.

    Where PROMETHEUS_MULTIPROC_DIR names a folder, they are those of all processes that were started
    with it. No label is ever what a stranger sent.
    """

    def __init__(self, engine: Engine) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        own = self._registry = CollectorRegistry()
        self._index = _Index(engine)
        self._requests = Counter(
            "communique_requests",
            "Requests by endpoint, method and class of status.",
            ("route", "method", "status"),
            registry=own,
        )
        self._seconds = Histogram(
            "communique_request_seconds",
            "From a request's arrival until its last byte was handed over.",
            ("route",),
            buckets=_BUCKETS,
            registry=own,
        )
        self._asked = Histogram(
            "communique_search_seconds",
            "What the engine took to answer.",
            ("call",),
            buckets=_BUCKETS,
            registry=own,
        )
        self._under_way = Gauge(
            "communique_requests_in_flight",
            "Requests under way.",
            multiprocess_mode="livesum",
            registry=own,
        )

    def under_way(self) -> AbstractContextManager[object]:
        """For as long as a request is under way."""
        return self._under_way.track_inprogress()

    def ended(self, visit: Visit) -> None:
        """Count a request that is over."""
        status = f"{visit.status // 100}xx"
        self._requests.labels(visit.endpoint, visit.method, status).inc()
        self._seconds.labels(visit.endpoint).observe(visit.seconds)

    def asked(self, call: str, seconds: float) -> None:
        """Count something that the engine was asked."""
        self._asked.labels(call).observe(seconds)

    def exposition(self) -> tuple[bytes, str]:
        """All figures as text, and its content type."""
        from prometheus_client import (
            CONTENT_TYPE_LATEST,
            CollectorRegistry,
            generate_latest,
        )
        from prometheus_client.multiprocess import MultiProcessCollector

        shown = CollectorRegistry()
        if SHARED in os.environ:
            MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        else:
            shown.register(self._registry)
        shown.register(self._index)
        return generate_latest(shown), CONTENT_TYPE_LATEST


class _Index:
    """What the index tells of itself whenever somebody looks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """A gauge for each figure; where no index can be read, only that."""
        from prometheus_client.core import GaugeMetricFamily

        def gauge(name: str, told: str, value: float) -> Metric:
            return GaugeMetricFamily(f"communique_{name}", told, value)

        up = "index_up", "1 where there is an index that can be searched."
        try:
            index = self._engine.info()
            note = self._engine.note(NOTE)
        except EngineError:
            yield gauge(*up, 0)
            return
        built = datetime.fromisoformat(index.built_at).timestamp()
        yield gauge(*up, 1)
        yield gauge("statements", "Statements in the index.", index.statements)
        yield gauge("generation", "The generation that answers.", index.generation)
        yield gauge(
            "generation_age_seconds",
            "Since the last run of the indexer that changed anything.",
            max(0.0, time.time() - built),
        )
        summary = Summary.load(note) if note else None
        if summary:
            yield gauge("readouts", "Raw files, failed ones too.", summary.readouts)
            yield gauge(
                "readouts_failed",
                "Readouts that gave no statement in the last run that changed anything.",
                len(summary.failed),
            )
