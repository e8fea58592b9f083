from __future__ import annotations

import csv
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webapp.corpus import PHRASE

SEARCH = "/search?q=" + quote(f'"{PHRASE}"')
STATEMENT = "/statements/meetings/27?q=" + quote(f'"{PHRASE}"')
TIMELINE = SEARCH + "&view=timeline"
MATRIX = "/search?view=matrix&phrases=" + quote(f'"{PHRASE}"\n"unclosed\nmirror')
PAGES = (
    "/",
    SEARCH,
    SEARCH + "&year=2025&source=xinhua",
    SEARCH + "&fold=no&similar=meetings/27",
    "/status",
    "/search?q=nothing-says-this&source=xinhua",
    "/search?q=" + quote('"political four documemts"') + "&source=xinhua",
    SEARCH + "&view=kwic&sort=left1",
    TIMELINE,
    TIMELINE + "&period=month&by=source&per=words",
    TIMELINE + "&by=country",
    TIMELINE + "&period=day&from=2025",
    "/search?q=hook&view=timeline&by=source",
    "/search?view=timeline&q=" + quote('"political four documents"'),
    "/search?view=matrix",
    MATRIX + "&period=month&from=2019",
    SEARCH + "&view=timeline&period=month&by=source",
    SEARCH + "&view=matrix&phrases=mirror%0A%22open",
    "/search?view=kwic&q=" + quote("hook OR 关系 OR “戦略的互恵関係”"),
    STATEMENT,
    "/statements/mofa-ja/2024-12-25?q=" + quote('"戦略的互恵関係"'),
    "/help",
    "/embed?query=mirror&only=xinhua",
    "/embed/search",
    "/embed/search?q=mirror&theme=dark",
    "/embed/search?q=mirror&theme=light&accent=ffcc00",
    "/embed/search?q=hook&accent=1c4587",
    "/embed/search?q=%22open",
    "/embed" + STATEMENT,
    "/embed" + TIMELINE.replace("search", "timeline"),
    "/embed/timeline?q=mirror&by=source&period=month&per=words",
)


def unfold(page: Page) -> None:
    """Open the facets where they are folded away."""
    summary = page.locator(".facets > summary")
    if summary.is_visible():
        summary.click()


def test_from_the_box_to_a_marked_statement_and_back(page: Page) -> None:
    """Type a phrase, see it marked whole, open the first match, step to the next, go back."""
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(f"“{PHRASE}”")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("7 statements")
    assert set(page.locator(".snippet mark").all_inner_texts()) == {PHRASE}
    page.locator(".hit h2 a").first.click()
    expect(page).to_have_url(re.compile("#m1$"))
    expect(page.locator("#m1")).to_be_in_viewport()
    expect(page.locator("#m1")).to_have_text(PHRASE)
    page.get_by_role("link", name="Next match").click()
    expect(page).to_have_url(re.compile("#m2$"))
    expect(page.locator("#m2")).to_be_in_viewport()
    expect(page.locator(".step:visible")).to_contain_text("2 of")
    page.get_by_role("link", name="Back to the search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("7 statements")


def test_near_copies_unfold_and_fold(page: Page) -> None:
    """What is folded is said, shown at a click, one group or all of it, and folded again."""
    page.goto(SEARCH)
    expect(page.locator(".folded")).to_contain_text("9 near-copies of these are folded")
    more = page.locator(".more").first
    count = int(more.inner_text().split()[0])
    more.click()
    expect(page.locator(".hit")).to_have_count(1 + count)
    page.get_by_role("link", name="Remove the near-copies").click()
    page.get_by_role("link", name="Unfold").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("16 statements")
    page.get_by_role("link", name="Fold", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("7 statements")


def test_facets_narrow_and_widen(page: Page) -> None:
    """A click on a source leaves its statements; the cross brings the others back."""
    page.goto(SEARCH)
    unfold(page)
    source = page.locator(".facet-source li").filter(has_text="mofa-jp")
    count = source.locator(".count").inner_text()
    source.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} statement")
    page.get_by_role("link", name="Remove source: mofa-jp").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("7 statements")


def test_a_bar_leads_to_its_year(page: Page) -> None:
    """The bar says how many statements its year has, and gives them by month."""
    page.goto(SEARCH)
    bar = page.locator("svg .bar").last
    said = bar.get_attribute("aria-label")
    assert said and said.startswith("2025: ")
    bar.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said.split(": ")[1])
    expect(page.locator(".timeline")).to_contain_text("by month of 2025")
    page.get_by_role("link", name="All years").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("7 statements")


def test_the_keyboard_is_enough(page: Page) -> None:
    """The first stop skips to the content, a slash goes to the box, and focus can be seen."""
    page.goto(SEARCH)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(ring) == "solid"
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value(f'"{PHRASE}"')


def test_an_export_opens_again(page: Page) -> None:
    """The CSV that a click saves has a line for each statement, in the order of the page."""
    page.goto(SEARCH + "&sort=oldest&fold=no")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert saved.value.suggested_filename == "search.csv"
    with open(saved.value.path(), encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, strict=True))
    assert len(lines) == 16
    assert [line["title"] for line in lines] == (
        page.locator(".hit h2").all_inner_texts()
    )


def test_results_are_read_one_after_the_other(page: Page) -> None:
    """From the second hit to the third and back to the list, without going through it."""
    page.goto(SEARCH + "&sort=newest&fold=no")
    titles = page.locator(".hit h2").all_inner_texts()
    page.locator(".hit h2 a").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    page.get_by_role("link", name="Next result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[2])
    expect(page.get_by_text("3 of 16")).to_be_visible()
    page.get_by_role("link", name="Turn the marks off").click()
    expect(page.locator("mark")).to_have_count(0)
    page.get_by_role("link", name="Previous result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    expect(page.locator("mark")).to_have_count(0)
    page.get_by_role("link", name="Back to the search").click()
    assert page.locator(".hit h2").all_inner_texts() == titles


def test_n_and_p_go_from_match_to_match(page: Page) -> None:
    """From outside to the first or the last one, then one by one, and never past the ends."""
    page.goto(STATEMENT)
    last = page.locator("mark[id]").count()
    assert last > 2
    for key, match in (("n", 1), ("p", 1), ("n", 2), ("n", 3), ("p", 2)):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"#m{match}$"))
        expect(page.locator(f"#m{match}")).to_be_in_viewport()
    page.goto(STATEMENT + "#p1")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(f"#m{last}$"))
    page.keyboard.press("/")
    page.keyboard.type("np")
    expect(page.get_by_role("searchbox")).to_have_value("np")


@pytest.mark.parametrize("view", ["list", "kwic"])
def test_j_and_k_go_from_result_to_result(page: Page, view: str) -> None:
    """To the first, the next and back, never past the ends; a question mark tells the keys."""
    page.goto(f"{SEARCH}&view={view}")
    links = page.locator(".hit h2 a, .hit h3 a, .kwic .match a")
    for key, place in (("j", 0), ("k", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
    page.keyboard.press("?")
    expect(page).to_have_url(re.compile("/help"))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_its_window(page: Page, path: str) -> None:
    """Nothing has to be scrolled sideways, on a desk and on a phone, whatever the words."""
    page.goto(path)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_text_can_be_read(page: Page, path: str) -> None:
    """Contrast of at least 4.5 to 1 for whatever text a page shows, 7 to 1 for what was said."""
    page.goto(path)
    unfold(page)
    for selector, least in (
        ("body *", 4.5),
        (".text, .snippet, .kwic td, mark, h1", 7.0),
    ):
        for text, contrast in page.evaluate(CONTRASTS, selector):
            assert contrast >= least, f"{contrast:.1f}: {text}"


# The text of each element with its contrast as WCAG 2.2 defines it.
CONTRASTS = """(selector) => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const found = parts(getComputedStyle(each).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const own = (element) => [...element.childNodes]
    .some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  return [...document.querySelectorAll(selector)]
    .filter((element) => own(element) && element.checkVisibility())
    .map((element) => {
      const style = getComputedStyle(element);
      const colour = element.closest("svg") ? style.fill : style.color;
      const one = light(parts(colour).slice(0, 3)), other = light(ground(element));
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return [element.textContent.trim().slice(0, 40), contrast];
    });
}"""


def test_it_works_without_javascript(browser: Browser, server: str) -> None:
    """Search, narrow, open and step from match to match with scripts turned off."""
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill(f'"{PHRASE}"')
    page.get_by_role("button", name="Search").click()
    page.locator(".facet-year").get_by_role("link", name="2025").click()
    page.locator(".hit h2 a").first.click()
    page.get_by_role("link", name="Next match").click()
    expect(page.locator("#m2")).to_be_in_viewport()
    context.close()


def test_a_statement_prints_as_text(page: Page) -> None:
    """On paper there is the statement with what is known of it, and no box, no tint, no links."""
    page.goto(STATEMENT + "#m1")
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".text")).to_be_visible()
    for gone in (".search", ".step >> nth=0", ".masthead nav", ".jumps", ".toggle"):
        expect(page.locator(gone)).to_be_hidden()
    mark = "getComputedStyle(document.querySelector('#m1'))"
    assert page.evaluate(f"{mark}.backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.evaluate(f"{mark}.borderBottomStyle") == "none"
