"""Timeline and matrix, used as their readers do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from indexer.timeline import MOST
from tests.browser.test_pages import SEARCH, TIMELINE
from tests.webapp.corpus import PHRASE


def test_a_click_on_a_bar_lists_what_it_counts(page: Page) -> None:
    """From the list to the timeline, to a month of it, to its statements, and back."""
    page.goto(SEARCH)
    page.get_by_role("link", name="Timeline", exact=True).click()
    page.locator(".controls").get_by_role("link", name="month").click()
    expect(page.locator("#drawing-title")).to_have_text("Statements by month")
    bar = page.locator(".plot a.bar").last
    said = re.search(r": (\d+ statements?),", bar.get_attribute("aria-label") or "")
    assert said
    bar.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said[1])
    assert set(page.locator(".snippet mark").all_inner_texts()) == {PHRASE}
    page.go_back()
    expect(page.locator("#drawing-title")).to_have_text("Statements by month")


def test_a_new_search_stays_in_the_timeline(page: Page) -> None:
    """The box keeps the view and how one counts."""
    page.goto(TIMELINE + "&period=month&count=occurrences")
    page.get_by_role("searchbox").fill('"history as a mirror"')
    page.keyboard.press("Enter")
    expect(page.locator("#drawing-title")).to_have_text("Occurrences by month")
    expect(page.locator(".understood")).to_contain_text("history as a mirror")


def test_bars_stand_to_scale(page: Page) -> None:
    """What is drawn is as high as what the table says, gaps are hatched, and zero is nothing."""
    page.goto(TIMELINE + "&period=year")
    heights = page.locator(".plot rect.fill").evaluate_all(
        "all => all.map(bar => bar.getBoundingClientRect().height)"
    )
    counts = [
        int(text)
        for text in page.locator(".counts tbody td:nth-child(2)").all_inner_texts()
        if text not in ("0", "–")
    ]
    assert len(heights) == len(counts)
    for height, count in zip(heights, counts, strict=True):
        assert height / heights[0] == pytest.approx(count / counts[0], rel=0.05)
    fills = page.locator(".plot rect.gap").evaluate_all(
        "all => all.map(gap => getComputedStyle(gap).fill)"
    )
    assert all("#hatch" in fill for fill in fills)


def test_the_matrix_counts_line_by_line(page: Page) -> None:
    """Write three lines, see two counted and one explained, mend it, open a cell."""
    page.goto(SEARCH)
    page.get_by_role("link", name="Matrix", exact=True).click()
    page.get_by_role("textbox", name="one search a line").fill('mirror\n"unclosed')
    page.get_by_role("button", name="Count").click()
    expect(page.locator(".faults")).to_contain_text("Line 2, at character 1")
    expect(page.locator(".matrix tbody tr")).to_have_count(2)
    page.get_by_role("textbox", name="one search a line").fill("mirror\ndocuments")
    page.get_by_role("button", name="Count").click()
    expect(page.locator(".faults")).to_have_count(0)
    expect(page.locator(".matrix tbody tr")).to_have_count(3)
    cell = page.locator(".matrix tbody tr").nth(1).locator("td a").first
    count = cell.inner_text()
    cell.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"{count} statement{'' if count == '1' else 's'}"
    )
    expect(page.get_by_role("searchbox")).to_have_value("mirror")


def test_the_chart_is_saved_as_a_picture(page: Page) -> None:
    """SVG that a browser opens by itself, and PNG."""
    page.goto(TIMELINE)
    for form, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as saved:
            page.get_by_role("link", name=form, exact=True).click()
        path = saved.value.path()
        assert saved.value.suggested_filename == f"timeline.{form.lower()}"
        assert path.read_bytes().startswith(start)


def test_it_works_without_javascript(browser: Browser, server: str) -> None:
    """All of it is links and forms."""
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto(TIMELINE)
    page.get_by_role("link", name="by source").click()
    expect(page.locator(".plot")).to_have_count(MOST + 1)
    page.get_by_role("link", name="Matrix", exact=True).click()
    page.get_by_role("button", name="Count").click()
    expect(page.locator(".matrix tbody tr")).to_have_count(1)
    context.close()
