"""Scripts that statements and addresses say are shown and never run, in a browser without mercy.

Every answer is run as a document of its own, without the policy that would stop most scripts
anyway: what is escaped wrongly is found here. The policy is tested on the real pages below.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from indexer.engine import Engine
from indexer.engines import open_engine
from tests.browser.conftest import Witness
from tests.browser.running import serving
from tests.webapp.payloads import PAYLOADS, hostile
from tests.webapp.routes import routes
from tests.webapp.test_errors import FailingEngine
from webapp import create_app

#: Arguments that may say anything, of which some values are known, and that mean nothing so far.
FREE = ("source", "kind", "language", "country", "similar", "phrases")
CHOSEN = (
    *("from", "to", "year", "month", "sort", "page", "fold", "view"),
    *("period", "count", "per", "by", "result", "marks", "bom"),
)
UNKNOWN = ("prefix", "url", "next", "callback", "theme", "accent", "lang", "format")
VIEWS = ("list", "kwic", "timeline", "matrix")
_BATCH = 60
#: What a browser shows as a document in which scripts run, and as what it is run here.
RUNS = {
    "text/html": "text/html",
    "image/svg+xml": "image/svg+xml",
    "application/atom+xml": "application/xml",
    "application/opensearchdescription+xml": "application/xml",
}

#: Run documents side by side; each comes to its end, focuses what wants to be, and is gone.
RUN = """async (documents) => {
  const seen = [];
  await Promise.all(documents.map(({body, type}) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.onload = () => setTimeout(() => {
      try {
        const wrong = (element) => [...element.attributes].some(({name, value}) =>
          name.startsWith("on") || name === "style" || name === "srcdoc" ||
          /^(href|src|action|formaction|data|xlink:href)$/.test(name) &&
          /^[\\s\\u0000-\\u0020]*(javascript|data|vbscript)\\s*:/i.test(value));
        const all = [...frame.contentDocument.querySelectorAll("*")];
        seen.push(...all.filter(wrong).map((element) => element.outerHTML.slice(0, 200)));
      } catch (error) { seen.push(`gone elsewhere: ${error}`); }
      frame.remove();
      done();
    }, 0);
    frame.src = URL.createObjectURL(new Blob([body], {type}));
    document.body.append(frame);
  })));
  return seen;
}"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Statements that say a payload in each of their fields."""
    engine = open_engine(tmp_path_factory.mktemp("hostile") / "index")
    with engine.writer() as writer:
        for payload in PAYLOADS:
            writer.put(hostile(payload))
    return engine


@pytest.fixture
def naked(browser: Browser, witness: Witness) -> Iterator[Page]:
    """An empty page that loads nothing and forbids nothing."""
    page = browser.new_context().new_page()
    page.expose_function("hook", lambda said: witness.hooked.append(str(said)))
    page.on(
        "dialog", lambda dialog: (witness.hooked.append("a dialog"), dialog.dismiss())
    )
    page.route(
        "**/*", lambda route: route.fulfill(body="<body>", content_type="text/html")
    )
    page.goto("http://empty.example/")
    yield page
    page.context.close()


def run(page: Page, answers: Iterator[tuple[str, str]]) -> None:
    """Run documents (body, media type) by the dozen; none may hold what could run."""
    # With nosniff, which every answer has, others are no documents.
    shown = ((body, RUNS[kind]) for body, kind in answers if kind in RUNS)
    while batch := list(islice(shown, _BATCH)):
        documents = [{"body": body, "type": kind} for body, kind in batch]
        assert page.evaluate(RUN, documents) == []


def answer(client: FlaskClient, path: str) -> tuple[str, str]:
    with client.get(path) as given:
        return given.data.decode("utf-8", "replace"), given.mimetype


def test_the_hook_would_be_heard(naked: Page, witness: Witness) -> None:
    """Written as it is, what is said runs: a page and a picture that escape nothing are found out."""
    for kind in ("text/html", "image/svg+xml"):
        body = "<svg xmlns='http://www.w3.org/2000/svg' onload='hook(1)'/>"
        assert naked.evaluate(RUN, [{"body": body, "type": kind}])
        naked.wait_for_timeout(0)
    assert witness.hooked == ["1", "1"]


def said(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every answer that has something of a statement in it."""
    for route in routes(client.application):
        for path in route.paths:
            if not path.startswith(("/statements/", "/assets/")):
                for view in VIEWS:
                    asked = {"q": "hook", "view": view, "by": "source", "fold": "no"}
                    yield answer(client, f"{path}?{urlencode(asked)}")
    for page in range(1, 5):
        yield answer(client, f"/search?q=hook&fold=no&page={page}")
    for payload in PAYLOADS:
        path = f"/statements/{quote(hostile(payload).id)}"
        yield answer(client, f"{path}?q=hook")
        for form in ("txt", "bib", "ris", "json"):
            yield answer(client, f"{path}.{form}")


def asked(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every answer to an address that says a payload somewhere."""
    paths = {p for route in routes(client.application) for p in route.paths}
    paths = sorted(p for p in paths if not p.startswith("/assets/"))
    for number, payload in enumerate(PAYLOADS):
        for name in CHOSEN:
            yield answer(client, f"/search?{urlencode({name: payload})}")
        for view in ("list", VIEWS[1 + number % 3]):
            free = dict.fromkeys(FREE, payload) | {"q": f'"{payload}"', "view": view}
            yield answer(client, f"/search?{urlencode(free)}")
        yield answer(client, f"/{quote(payload)}?{urlencode({'q': payload})}")
        # The other views and routes take turns with the payloads.
        for path in paths[number % 8 :: 8]:
            anything = dict.fromkeys((*FREE, *UNKNOWN), payload) | {"q": payload}
            yield answer(client, f"{path}?{urlencode(anything)}")


@pytest.mark.parametrize("answers", [said, asked], ids=["statements", "addresses"])
def test_nothing_that_is_said_runs(
    engine: Engine, naked: Page, witness: Witness, answers
) -> None:
    """Pages, errors, feeds, pictures and files full of payloads call nothing and hold no handler."""
    config = {"TESTING": True, "SEARCH_SECONDS": 60}
    client = create_app(config, engine=engine).test_client()
    run(naked, answers(client))
    assert witness.hooked == []


def test_nothing_runs_where_we_fail(naked: Page, witness: Witness) -> None:
    """The pages of our own faults hold what was asked, and it does not run."""
    client = create_app(engine=FailingEngine(RuntimeError("x"))).test_client()
    paths = (
        f"/search?{urlencode(dict.fromkeys(('q', 'source', 'phrases'), payload))}"
        for payload in PAYLOADS
    )
    run(naked, (answer(client, path) for path in paths))
    assert witness.hooked == []


def test_the_policy_has_nothing_to_forbid(
    browser: Browser, engine: Engine, witness: Witness
) -> None:
    """Real pages on a real server, with their policy: no word in the console, no other host asked."""
    with serving(engine) as address:
        page = browser.new_context(base_url=address).new_page()
        witness.attach(page)
        page.on(
            "dialog",
            lambda dialog: (witness.hooked.append("a dialog"), dialog.dismiss()),
        )
        for view in VIEWS:
            page.goto(f"/search?q=hook&view={view}&by=source&fold=no")
        for payload in PAYLOADS:
            page.goto(f"/statements/{quote(hostile(payload).id)}?q=hook")
        for path in (
            "/",
            "/help",
            "/status",
            "/search?q=%22",
            "/nowhere",
            "/search.atom",
        ):
            page.goto(path)
        page.context.close()
    assert witness.hooked == []
    assert witness.console == []
    assert witness.hosts <= {address.removeprefix("http://")}
