"""How an app is watched by those who run it: ids, the log, and ``/metrics``."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import NotImplemented as Refused

from indexer.engine import Engine
from indexer.web_settings import WebSettings
from webapp.metrics import Metrics, can_count
from webapp.visits import Visit, Visits, visit_of
from webapp.watched import watched


def watch(app: Flask, engine: Engine, settings: WebSettings) -> Engine:
    """Have an app tell of its requests; the engine that comes back tells of what it is asked."""
    metrics = Metrics(engine) if can_count() else None

    def exposition() -> Response:
        """The figures; 501 with a sentence where the server has none."""
        if metrics is None:
            raise Refused(
                "This server counts nothing: have communique[metrics] installed."
            )
        text, content_type = metrics.exposition()
        return Response(text, content_type=content_type)

    app.add_url_rule("/metrics", "metrics", exposition)
    app.before_request(_name_the_route)
    app.context_processor(_visit)
    app.wsgi_app = Visits(  # type: ignore[method-assign]
        app.wsgi_app,
        watcher=metrics,
        trusts_id=settings.trusted_proxies > 0,
        log_queries=settings.log_queries,
    )
    return watched(engine, metrics.asked) if metrics else watched(engine, _nobody)


def _name_the_route() -> None:
    visit = visit_of(request.environ)
    if visit and request.url_rule and request.endpoint:
        visit.route, visit.endpoint = request.url_rule.rule, request.endpoint


def _visit() -> dict[str, Visit | None]:
    """For the page of an error, which tells its id."""
    return {"visit": visit_of(request.environ)}


def _nobody(call: str, seconds: float) -> None:
    """Nobody counts."""
