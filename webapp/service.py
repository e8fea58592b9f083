"""What the views of one app share, in all threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from indexer.engine import Engine
from webapp.corpus import Corpora, Statuses

EXTENSION = "communique"


@dataclass(frozen=True, slots=True)
class Service:
    """The engine, which notices new generations by itself, and what is known of its corpus."""

    engine: Engine
    corpora: Corpora
    statuses: Statuses


def service() -> Service:
    """The service of the app that answers this request."""
    return cast(Service, current_app.extensions[EXTENSION])
