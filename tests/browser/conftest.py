"""A real browser on a real server on a real index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from indexer.engine import Engine
from indexer.engines import open_engine
from tests.browser.corpus import STATEMENTS
from tests.browser.running import chromium, chromium_path, serving

#: What the browser notes of a page that tells what is wrong with a query, or is not there.
REFUSED = "Failed to load resource: the server responded with a status of 40"


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An index of the statements."""
    engine = open_engine(tmp_path_factory.mktemp("browser") / "index")
    with engine.writer() as writer:
        for statement in STATEMENTS:
            writer.put(statement)
    return engine


@pytest.fixture(scope="session")
def server(engine: Engine) -> Iterator[str]:
    """The address of a server of the statements."""
    with serving(engine) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, where there is one."""
    path = chromium_path()
    if not path:
        pytest.skip("no chromium on the path; COMMUNIQUE_CHROMIUM can name one")
    with chromium(path) as browser:
        yield browser


@dataclass
class Witness:
    """What a page did besides what it shows."""

    console: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    hooked: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        page.on("console", lambda message: self.heard(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", self.asked)
        page.expose_function("hook", lambda said: self.hooked.append(str(said)))

    def heard(self, said: str) -> None:
        if not said.startswith(REFUSED):
            self.console.append(said)

    def asked(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).netloc)


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "narrow"])
def page(
    browser: Browser, server: str, witness: Witness, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page on a desk in light and on a phone in the dark; it must end without a complaint."""
    width, scheme = request.param
    context = browser.new_context(
        base_url=server, viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    witness.attach(page)
    yield page
    context.close()
    assert witness.console == []
    assert witness.hosts <= {urlsplit(server).netloc}
    assert witness.hooked == []
