"""A server and a browser that run for as long as a ``with`` block."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from wsgiref.types import WSGIApplication

from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from indexer.engine import Engine
from webapp import create_app

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def serving(engine: Engine, **config: object) -> AbstractContextManager[str]:
    """The address of a server of the whole site, with settings in capitals."""
    return running(create_app(config, engine=engine))


@contextmanager
def running(app: WSGIApplication) -> Iterator[str]:
    """The address of a server in a thread of its own, on a free port."""
    server = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)


def chromium_path() -> str | None:
    """The Chromium that COMMUNIQUE_CHROMIUM names, or the one on the path."""
    return os.environ.get("COMMUNIQUE_CHROMIUM") or shutil.which("chromium")


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """A browser that asks nobody for anything by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()
