"""The web: pages and the JSON API, as an app of its own or as a blueprint in another site.

Flask is loaded when one of the two is made, so that the command line need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint, Flask, Response
    from flask.sansio.scaffold import Scaffold

    from indexer.engine import Engine
    from indexer.settings import Settings
    from indexer.web_settings import WebSettings

__all__ = ["create_app", "create_blueprint"]


def create_app(
    config: Mapping[str, object] | None = None, *, engine: Engine | None = None
) -> Flask:
    """The whole site as a WSGI app.

    ``config`` are settings of Flask's, and those of [web] in capitals, such as FRAME_ANCESTORS,
    which go before the file's. Without an ``engine`` it opens the one that COMMUNIQUE_INDEX or
    communique.toml names; there need be nothing in it yet. Raises SettingsError where the file,
    and ValueError where ``config`` cannot be used.
    """
    from flask import Flask

    from indexer.settings import load_settings
    from indexer.web_settings import configured
    from webapp import errors, headers, operation
    from webapp.proxies import Proxies
    from webapp.withheld import withhold

    app = Flask(__name__, static_folder=None)
    app.config.update(config or {})
    settings = load_settings()
    web = configured(settings.web, app.config)
    app.url_map.merge_slashes = False  # no address leads to another
    app.wsgi_app = Proxies(app.wsgi_app, web)  # type: ignore[method-assign]
    engine = operation.watch(app, engine or _open(settings), web)
    _guard(app, web)  # also where no route of the blueprint answers
    app.register_blueprint(_blueprint(engine, web))
    app.after_request(headers.keep_to_https)
    errors.register(app)
    if not web.log_queries:
        app.logger.addFilter(withhold)
    return app


def create_blueprint(
    *, engine: Engine | None = None, settings: WebSettings | None = None
) -> Blueprint:
    """Everything as a blueprint, to mount in another Flask site under a prefix of its choice.

    Without an ``engine`` or ``settings`` they are those of communique.toml.
    """
    from indexer.settings import load_settings

    engine = engine or _open(load_settings())
    settings = settings or load_settings().web
    return _blueprint(engine, settings, guarded=True)


def _guard(site: Scaffold, settings: WebSettings) -> None:
    """Have an app or a blueprint read any address, answer who may read, and say what browsers may do."""
    from webapp import access, headers, limits

    site.before_request(limits.make_readable)
    access.guard(site, settings)
    site.after_request(headers.secure)


def _blueprint(
    engine: Engine, settings: WebSettings, *, guarded: bool = False
) -> Blueprint:
    """All routes; ``guarded`` where the app around them is somebody else's."""
    from flask import Blueprint

    from webapp import (
        api,
        errors,
        export,
        feed,
        filters,
        limits,
        links,
        matrices,
        opensearch,
        statement,
        status,
        timelines,
        views,
    )
    from webapp.corpus import Corpora, Statuses
    from webapp.embed import accent, frames, oembed, snippets
    from webapp.service import EXTENSION, Service

    service = Service(engine, Corpora(engine), Statuses(engine), settings)
    blueprint = Blueprint(
        "communique",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/assets",
    )
    routes: dict[str, tuple[str, Callable[..., str | Response]]] = {
        "/": ("home", views.home),
        "/search": ("search", views.search),
        "/search.<any(csv,json,ndjson,ris,bib,txt):form>": ("export", export.export),
        "/timeline.<any(csv,json,svg,png):form>": ("timeline_file", timelines.file),
        "/matrix.<any(csv,json):form>": ("matrix_file", matrices.file),
        "/search.atom": ("feed", feed.feed),
        "/statements/<path:statement_id>": ("statement", statement.page),
        "/statements/<path:statement_id>.<any(txt,bib,ris,json):form>": (
            "statement_file",
            statement.file,
        ),
        "/opensearch.xml": ("opensearch", opensearch.description),
        "/suggest": ("suggest", opensearch.suggest),
        "/embed": ("embed", snippets.page),
        "/embed/search": ("embed_search", frames.search),
        "/embed/statements/<path:statement_id>": ("embed_statement", frames.statement),
        "/embed/timeline": ("embed_timeline", frames.timeline),
        "/embed/accent-<accent>.css": ("embed_accent", accent.stylesheet),
        "/embed/communique.js": ("embed_script", snippets.script),
        "/oembed": ("oembed", oembed.oembed),
        "/help": ("help", views.help_page),
        "/status": ("status", status.page),
        "/healthz": ("healthz", views.healthz),
        "/readyz": ("readyz", views.readyz),
    }
    for rule, (endpoint, view) in routes.items():
        blueprint.add_url_rule(rule, endpoint, view)
    blueprint.register_blueprint(api.api_blueprint(), url_prefix="/api/v1")
    for name, each in filters.FILTERS.items():
        blueprint.add_app_template_filter(each, name)
    for name, link in links.LINKS.items():
        blueprint.add_app_template_global(link, name)
    if guarded:
        _guard(blueprint, settings)
    blueprint.before_request(limits.begin)
    blueprint.teardown_request(limits.end)
    errors.register(blueprint)
    blueprint.record(lambda state: state.app.extensions.update({EXTENSION: service}))
    return blueprint


def _open(settings: Settings) -> Engine:
    from indexer.engines import open_engine

    return open_engine(settings.index, language=settings.language)
