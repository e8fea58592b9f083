"""What the views of one app share, in all threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from indexer.engine import Engine
from indexer.web_settings import WebSettings
from webapp.corpus import Corpora, Statuses

EXTENSION = "communique"


@dataclass(frozen=True, slots=True)
class Service:
    """The engine, which notices new generations by itself, what is known of its corpus, and whom
    the house trusts.
    """

    engine: Engine
    corpora: Corpora
    statuses: Statuses
    settings: WebSettings


def service() -> Service:
    """The service of the app that answers this request."""
    return cast(Service, current_app.extensions[EXTENSION])
