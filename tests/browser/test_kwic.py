"""The concordance as readers use it: sort by a click, follow a line, on a desk and on a phone."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Witness
from tests.webapp.corpus import PHRASE
from tests.webapp.payloads import PAYLOADS

KWIC = "/search?view=kwic&q=" + quote(f'"{PHRASE}"')
# Every line as [before, match, after], and where the match and its neighbours stand.
LINES = """() => [...document.querySelectorAll(".kwic tbody tr")].map((row) =>
  [...row.querySelectorAll("td")].map((cell) => cell.textContent))"""
PLACES = """() => [...document.querySelectorAll(".kwic tbody tr")].map((row) => {
  const [before, match, after] = [...row.querySelectorAll("td")]
    .map((cell) => cell.getBoundingClientRect());
  const [words, , following] = [...row.querySelectorAll("bdi, a, bdi")]
    .map((each) => each.getBoundingClientRect());
  const last = row.querySelector("bdi").lastChild, size = last.data.trimEnd().length;
  const letter = document.createRange();
  letter.setStart(last, Math.max(size - 1, 0));
  letter.setEnd(last, size);
  return { blank: size < last.data.length, gap: before.right - letter.getBoundingClientRect().right,
           cells: [before, match, after].map((each) => [each.left, each.right, each.top]),
           ends: words.right, starts: following.left, height: match.height };
})"""


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_a_click_sorts_the_lines(page: Page) -> None:
    """From the list to the lines, and by the words before the match: these stand in order."""
    page.goto("/search?q=" + quote(f'"{PHRASE}"'))
    page.get_by_role("link", name="In context").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("68 matches in 16 statements")
    page.get_by_role("link", name="Second word before the match").click()
    expect(page).to_have_url(re.compile("sort=left2"))
    lines = page.evaluate(LINES)
    assert len(lines) == 68
    seconds = [words(before)[-2] for before, _, _ in lines]
    assert seconds == sorted(seconds)
    assert len(set(seconds)) > 3
    expect(page.locator(".sort [aria-current]")).to_have_text("2")


def test_a_line_leads_to_the_marked_match_and_back(page: Page) -> None:
    """The words around the mark are those of the line; the way back is to the same lines."""
    page.goto(KWIC + "&sort=oldest")
    before, match, after = page.evaluate(LINES)[3]
    page.locator(".kwic .match a").nth(3).click()
    anchor = re.search(r"#(m\d+)$", page.url)
    assert anchor
    mark = page.locator(f"mark#{anchor[1]}")
    expect(mark).to_have_text(match)
    expect(mark).to_be_in_viewport()
    paragraph = page.locator(".text p").filter(has=mark).inner_text()
    assert " ".join(words(before.rpartition("¶")[2])[-3:] + words(match)) in " ".join(
        words(paragraph)
    )
    page.get_by_role("link", name="Back to the search").click()
    expect(page).to_have_url(re.compile("sort=oldest"))
    assert page.evaluate(LINES)[3] == [before, match, after]


@pytest.mark.parametrize("query", [f'"{PHRASE}"', '"四个政治文件" OR "戦略的互恵関係"'])
def test_matches_stand_below_each_other(page: Page, query: str) -> None:
    """One line a row, none wider than the window; what is said is cut on the outer sides only."""
    page.goto("/search?view=kwic&q=" + quote(query))
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    rows = page.evaluate(PLACES)
    assert len({tuple(cell[0] for cell in row["cells"]) for row in rows}) == 1
    for row in rows:
        before, match, after = row["cells"]
        assert 0 <= before[0] < before[1] <= match[0] < match[1] <= after[0]
        assert after[1] <= width
        assert row["height"] < 60
        assert abs(row["ends"] - before[1]) < 1
        assert abs(row["starts"] - after[0]) < 1
        assert (row["gap"] > 2) == row["blank"]
    if width < 500:
        date = page.locator(".kwic tbody th").first.bounding_box()
        link = page.locator(".kwic .match a").first.bounding_box()
        assert date and link and date["y"] + date["height"] <= link["y"] + 4


def test_one_reads_on_by_key_and_link(page: Page) -> None:
    """From a line's statement j, or the link, goes to the match of the next one, and k back."""
    page.goto(KWIC)
    page.locator(".kwic .match a").first.click()
    page.get_by_role("link", name="Next line").click()
    page.wait_for_url("**result=2#m*")
    expect(page.locator("mark:target")).to_be_in_viewport()
    for key, place in (("j", 3), ("k", 2), ("k", 1)):
        page.keyboard.press(key)
        page.wait_for_url(f"**result={place}#m*")


def test_nothing_said_runs_in_a_line(page: Page, witness: Witness) -> None:
    """Lines full of scripts are shown, and none of them is called."""
    page.goto("/search?view=kwic&sort=left1&q=hook")
    assert len(page.evaluate(LINES)) >= len(PAYLOADS)
    page.locator(".kwic tbody th").first.hover()
    assert witness.hooked == []


def test_lines_work_without_javascript(browser: Browser, server: str) -> None:
    """Sort, narrow and open with scripts turned off."""
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto(KWIC)
    page.get_by_role("link", name="newest first").click()
    page.get_by_text("Narrow the search").click()
    page.locator(".facet-source").get_by_role("link", name="fmprc").click()
    expect(page.locator(".kwic tbody tr")).to_have_count(3)
    page.locator(".kwic .match a").first.click()
    expect(page.locator("#m1")).to_be_in_viewport()
    context.close()


def test_lines_print(page: Page) -> None:
    """On paper there are the lines, and no links to other orders."""
    page.goto(KWIC)
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".kwic")).to_be_visible()
    for gone in (".views", ".sort", ".take", ".facets"):
        expect(page.locator(gone)).to_be_hidden()
