"""An intranet's page on a host of its own: what it frames and what its scripts read, or may not.

One server is the intranet, under two origins: 127.0.0.1, which Communiqué lists, and localhost,
which it does not. Its pages allow what README says they must, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, request
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Route, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from indexer.engine import Engine
from tests.browser.running import running
from tests.browser.test_accessibility import RULES
from tests.webapp.corpus import PHRASE
from tests.webapp.payloads import PAYLOADS
from webapp import create_app

POLICY = "default-src 'none'; script-src {0}; connect-src {0}; frame-src {0}; form-action {0}"
REFUSED = "This page cannot read the search at"
#: Every message that a frame sends is kept by the page, with who sent it.
LISTEN = """window.heard = [];
addEventListener("message", (event) => window.heard.push([event.origin, event.data]));"""


@dataclass
class Intranet:
    """A site of somebody else's: what its page has in its body is what one asks it for."""

    listed: str
    unlisted: str
    ours: str


def pages() -> Flask:
    """Pages of the ``body`` and ``lang`` that their addresses give, as strict as ``policy``."""
    site = Flask("intranet")

    @site.get("/")
    def page() -> Response:
        scheme = '<meta name="color-scheme" content="light dark">'
        html = f"""<!doctype html><html lang="{request.args["lang"]}"><head>
            <title>Intranet</title>{scheme}<link rel="icon" href="data:,"></head>
            <body><main><h1>Intranet</h1>{request.args["body"]}</main></body></html>"""
        headers = {"Content-Security-Policy": request.args["policy"]}
        return Response(html, headers=headers)

    return site


@pytest.fixture(scope="module")
def intranet(engine: Engine) -> Iterator[Intranet]:
    with running(pages()) as listed:
        lists = {"FRAME_ANCESTORS": [listed], "CORS_ORIGINS": [listed]}
        with running(create_app(lists, engine=engine)) as ours:
            yield Intranet(listed, listed.replace("127.0.0.1", "localhost"), ours)


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "narrow"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """On a desk in light and on a phone in the dark, without complaints of its own."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    context.add_init_script("if (top === window) {" + LISTEN + "}")
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.expose_function("hook", lambda said: errors.append(f"hook {said}"))
    yield page
    context.close()
    assert errors == []


def visit(page: Page, origin: str, ours: str, body: str, lang: str = "en") -> None:
    """A page of the intranet with this in its body."""
    parts = {"body": body, "lang": lang, "policy": POLICY.format(ours)}
    query = "&".join(f"{name}={quote(value)}" for name, value in parts.items())
    page.goto(f"{origin}/?{query}")


def pasted(page: Page, ours: str, name: str, choices: str = "") -> str:
    """What the page /embed gives to paste."""
    page.goto(f"{ours}/embed?{choices}")
    return page.locator(f"#{name}-snippet").input_value()


def framed(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


# What is pasted


def test_a_form_searches_from_elsewhere(page: Page, intranet: Intranet) -> None:
    """Typed there, found here."""
    body = pasted(page, intranet.ours, "form", "only=xinhua")
    visit(page, intranet.unlisted, intranet.ours, body)
    page.get_by_role("searchbox", name="Search statements").fill(f'"{PHRASE}"')
    page.keyboard.press("Enter")
    page.wait_for_url(f"{intranet.ours}/search?*source=xinhua*")
    assert set(page.locator(".snippet mark").all_inner_texts()) == {PHRASE}


def test_the_snippet_is_copied(page: Page, intranet: Intranet) -> None:
    """One click, and it is in the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{intranet.ours}/embed?query=mirror")
    page.get_by_role("button", name="Copy").nth(1).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#frame-snippet").input_value()


def test_snippets_are_written_without_javascript(
    browser: Browser, intranet: Intranet
) -> None:
    """The choices are a form, and what to paste is in the page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{intranet.ours}/help")
    page.get_by_role("link", name="choose one, and paste it").click()
    page.get_by_label("First search").fill("mirror")
    page.get_by_label("Source").select_option("xinhua")
    page.get_by_role("button", name="Write it").click()
    written = page.locator("#element-snippet").input_value()
    assert '<communique-search query="mirror" source="xinhua">' in written
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    context.close()


# Frames


@pytest.mark.parametrize("choices", ["query=mirror", "theme=dark&accent=ffcc00"])
def test_a_listed_site_frames_a_search(
    page: Page, intranet: Intranet, choices: str
) -> None:
    """Search in the frame, again and again; the frame is as high as what it shows."""
    body = pasted(page, intranet.ours, "frame", choices)
    visit(page, intranet.listed, intranet.ours, body)
    frame = framed(page)
    for words, count in ((f'"{PHRASE}"', "7 statements"), ("zzz", "0 matches")):
        frame.get_by_role("searchbox").fill(words)
        frame.get_by_role("button", name="Search").click()
        expect(frame.get_by_role("heading", level=1)).to_have_text(count)
        fits(page)
    heard = page.evaluate("window.heard")
    assert len(heard) >= 2
    assert {origin for origin, _ in heard} == {intranet.ours}
    assert {data["communique"] for _, data in heard} == {"height"}


def fits(page: Page) -> None:
    """The frame ends where what it shows ends: nothing to scroll, no gap of a line."""
    inner = page.frames[1]
    inner.wait_for_load_state()
    page.wait_for_function(
        """(shown) => {
          const gap = document.querySelector("iframe").clientHeight - shown;
          return 0 <= gap && gap <= 8;
        }""",
        arg=inner.evaluate("document.body.getBoundingClientRect().height"),
    )


@pytest.mark.parametrize(
    "path",
    [f"statements/meetings/27?q={quote(PHRASE)}", "timeline?q=mirror&by=source"],
)
def test_a_listed_site_frames_a_statement_and_a_timeline(
    page: Page, intranet: Intranet, path: str
) -> None:
    """Their links open the whole page in a tab of its own."""
    script = f'<script src="{intranet.ours}/embed/communique.js" async></script>'
    frame = f'<iframe src="{intranet.ours}/embed/{path}" width="100%"></iframe>'
    visit(page, intranet.listed, intranet.ours, frame + script)
    fits(page)
    with page.context.expect_page() as opened:
        framed(page).locator("h1 a").click()
    whole = opened.value
    whole.wait_for_load_state()
    assert whole.url.startswith(f"{intranet.ours}/")
    assert "/embed/" not in whole.url
    assert whole.evaluate("window.opener") is None


@pytest.mark.parametrize("path", ["/embed/search", "/search", "/", "/embed"])
def test_nobody_else_frames_anything(page: Page, intranet: Intranet, path: str) -> None:
    """Not a site that is not listed; and a listed one nothing but what is made for it."""
    origin = intranet.unlisted if path == "/embed/search" else intranet.listed
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    frame = f'<iframe src="{intranet.ours}{path}"></iframe>'
    visit(page, origin, intranet.ours, frame)
    expect(framed(page).get_by_role("searchbox")).to_have_count(0)
    assert any("frame-ancestors" in each for each in said), said
    assert page.evaluate("window.heard") == []


def test_others_hear_nothing(page: Page, intranet: Intranet) -> None:
    """Not even where a browser lets them frame it, against its policy."""

    def without_policy(route: Route) -> None:
        answer = route.fetch()
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("content-security-policy", "x-frame-options")
        }
        route.fulfill(response=answer, headers=kept)

    page.route("**/embed/search*", without_policy)
    frame = f'<iframe src="{intranet.ours}/embed/search?q=mirror"></iframe>'
    for origin, hears in ((intranet.listed, True), (intranet.unlisted, False)):
        visit(page, origin, intranet.ours, frame)
        expect(framed(page).locator("mark").first).to_have_text("mirror")
        inner = page.frames[1]
        inner.evaluate("document.querySelector('.hits').remove()")
        inner.evaluate("new Promise(requestAnimationFrame)")
        inner.evaluate("new Promise(requestAnimationFrame)")
        assert bool(page.evaluate("window.heard")) is hears


def test_only_our_frames_set_a_height(page: Page, intranet: Intranet) -> None:
    """What another window says of heights changes nothing."""
    script = f'<script src="{intranet.ours}/embed/communique.js" async></script>'
    visit(page, intranet.listed, intranet.ours, script)
    page.evaluate(
        """() => { const frame = document.body.appendChild(document.createElement("iframe"));
        frame.height = 77; }"""
    )
    page.frames[1].evaluate(
        "parent.postMessage({communique: 'height', height: 5000}, '*')"
    )
    page.wait_for_function("window.heard.length === 1")
    assert page.locator("iframe").get_attribute("height") == "77"


def test_it_works_below_a_prefix(
    page: Page, intranet: Intranet, engine: Engine
) -> None:
    """Frame and element find their server where it is mounted, and lead back to it."""
    lists = {"FRAME_ANCESTORS": [intranet.listed], "CORS_ORIGINS": [intranet.listed]}
    app = create_app(lists, engine=engine)
    with running(DispatcherMiddleware(Flask("host"), {"/a/b": app})) as host:
        ours = f"{host}/a/b"
        body = pasted(page, ours, "frame", "query=mirror")
        body += pasted(page, ours, "element", "query=mirror")
        visit(page, intranet.listed, host, body)
        fits(page)
        expect(framed(page).locator("mark").first).to_have_text("mirror")
        expect(element(page).locator("mark").first).to_have_text("mirror")
        for links in (framed(page).locator("a"), element(page).locator("a")):
            for link in links.evaluate_all("all => all.map(each => each.href)"):
                assert link.startswith(f"{ours}/"), link


# The element


def element(page: Page) -> Locator:
    return page.locator("communique-search")


def test_the_element_searches_from_a_listed_site(
    page: Page, intranet: Intranet
) -> None:
    """Its first search, another one, marks as the server made them, and a way to the whole."""
    choices = f"query={quote(f'“{PHRASE}”')}&only=xinhua&limit=2"
    body = pasted(page, intranet.ours, "element", choices)
    visit(page, intranet.listed, intranet.ours, body)
    found = element(page)
    expect(found.get_by_role("status")).to_have_text("4 statements")
    expect(found.locator("li")).to_have_count(2)
    assert set(found.locator("mark").all_inner_texts()) == {PHRASE}
    found.get_by_role("searchbox").fill("mirror")
    found.get_by_role("button", name="Search").click()
    expect(found.locator("mark").first).to_have_text("mirror")
    with page.context.expect_page() as opened:
        found.locator("li a").first.click()
    whole = opened.value
    whole.wait_for_load_state()
    expect(whole.locator("#m1")).to_have_text("mirror")
    whole.close()
    link = found.get_by_role("link", name="All of it")
    assert (
        link.get_attribute("href") == f"{intranet.ours}/search?q=mirror&source=xinhua"
    )


@pytest.mark.parametrize(
    ("lang", "button", "count", "date"),
    [
        ("en", "Search", "1 statement", "December 25, 2024"),
        ("fr-CH", "Chercher", "1 déclaration", "25 décembre 2024"),
        ("zh-Hans", "搜索", "1 篇", "2024年12月25日"),
        ("ja", "検索", "1 件", "2024年12月25日"),
        ("tlh", "Search", "1 statement", "December 25, 2024"),
    ],
)
def test_the_element_speaks_the_language_of_the_page(
    page: Page, intranet: Intranet, lang: str, button: str, count: str, date: str
) -> None:
    """Or English, where it does not know it; the statements keep their own."""
    query = quote('"戦略的互恵関係"')
    body = pasted(page, intranet.ours, "element", f"query={query}")
    visit(page, intranet.listed, intranet.ours, body, lang)
    found = element(page)
    expect(found.get_by_role("status")).to_have_text(count)
    expect(found.get_by_role("button")).to_have_text(button)
    expect(found.locator(".about")).to_contain_text(date)
    expect(found.locator("mark")).to_have_text("戦略的互恵関係")
    assert found.locator("li a").get_attribute("lang") == "ja"


def test_attributes_can_change(page: Page, intranet: Intranet) -> None:
    """A page's own scripts may change the search and the language while it stands there."""
    body = pasted(page, intranet.ours, "element", "query=mirror")
    visit(page, intranet.listed, intranet.ours, body)
    found = element(page)
    expect(found.locator("mark").first).to_have_text("mirror")
    found.evaluate("each => { each.setAttribute('query', '王毅'); each.lang = 'fr'; }")
    expect(found.get_by_role("status")).to_have_text("1 déclaration")
    found.evaluate("each => each.setAttribute('endpoint', 'javascript:hook(1)')")
    expect(found.get_by_role("status")).to_contain_text("endpoint=")


def test_an_unlisted_site_is_told_so(page: Page, intranet: Intranet) -> None:
    """One sentence with whom to ask, and a link that searches over there."""
    body = pasted(page, intranet.ours, "element", "query=mirror")
    visit(page, intranet.unlisted, intranet.ours, body)
    said = element(page).get_by_role("status")
    expect(said).to_contain_text(REFUSED)
    expect(said).to_contain_text(urlsplit(intranet.ours).netloc)
    expect(said).to_contain_text(intranet.unlisted)
    link = element(page).get_by_role("link", name="Search there")
    assert link.get_attribute("href") == f"{intranet.ours}/search?q=mirror"


def test_a_query_that_cannot_be_read_is_explained(
    page: Page, intranet: Intranet
) -> None:
    """With the server's own sentence."""
    body = pasted(page, intranet.ours, "element")
    visit(page, intranet.listed, intranet.ours, body)
    found = element(page)
    expect(found.get_by_role("status")).to_have_text("")
    found.get_by_role("searchbox").fill('"open')
    found.get_by_role("button", name="Search").click()
    expect(found.get_by_role("status")).to_contain_text("has no partner")


def test_nothing_said_runs_in_the_element(page: Page, intranet: Intranet) -> None:
    """Statements and attributes full of scripts are text, letter by letter."""
    script = f'<script src="{intranet.ours}/embed/communique.js" async></script>'
    visit(page, intranet.listed, intranet.ours, script)
    for payload in PAYLOADS:
        page.evaluate(
            """(payload) => {
              const made = document.createElement("communique-search");
              for (const name of ["query", "source", "limit", "lang"]) {
                made.setAttribute(name, name === "query" ? `"${payload}" hook` : payload);
              }
              const open = made.cloneNode();
              open.removeAttribute("source");
              document.querySelector("main").replaceChildren(made, open);
            }""",
            payload,
        )
        said = element(page).get_by_role("status")
        for place in range(2):
            expect(said.nth(place)).not_to_have_text("Searching")
    names = element(page).evaluate_all(
        "all => all.flatMap(each => [...each.shadowRoot.querySelectorAll('*')].map(e => e.localName))"
    )
    assert set(names) <= set("div form label input button p ol li a mark".split())


def test_marks_are_right_after_rare_characters(page: Page, intranet: Intranet) -> None:
    """A character that JavaScript counts twice moves no mark."""
    body = pasted(page, intranet.ours, "element")
    page.route(
        "**/api/v1/search?*",
        lambda route: route.fulfill(
            json={
                "total": 1,
                "hits": [
                    {
                        "id": "x/y z",
                        "title": "𠮷田",
                        "date": None,
                        "date_precision": "day",
                        "source": "x",
                        "kind": "",
                        "language": "ja",
                        "snippets": [{"text": "𠮷田𝔸 mirror.", "marks": [[4, 10]]}],
                    }
                ],
            },
            headers={"Access-Control-Allow-Origin": intranet.listed},
        ),
    )
    visit(page, intranet.listed, intranet.ours, body)
    found = element(page)
    found.get_by_role("searchbox").fill("mirror")
    page.keyboard.press("Enter")
    expect(found.locator("mark")).to_have_text("mirror")
    expect(found.locator(".about")).to_have_text("Undated · x")
    link = found.locator("li a").get_attribute("href")
    assert link == f"{intranet.ours}/statements/x/y%20z?q=mirror#m1"


def test_the_element_breaks_no_rule_of_accessibility(
    page: Page, intranet: Intranet
) -> None:
    """With hits, in a page that has nothing else to find."""
    body = pasted(page, intranet.ours, "element", "query=mirror")
    visit(page, intranet.listed, intranet.ours, body)
    expect(element(page).locator("mark").first).to_be_visible()
    page.evaluate("document.body.style.background = 'Canvas'")  # as it is, for axe
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"]  # whose report knows no shadow
