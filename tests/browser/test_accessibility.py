"""Every page against the rules of WCAG 2.2 AA that a program can check (axe-core)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.test_pages import PAGES

#: Statements that try to break out of an attribute have no language.
HOSTILE = {"exclude": [["[lang*=hook]"]]}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}


@pytest.mark.parametrize("path", [*PAGES, "/search?q=%22open", "/status", "/nowhere"])
def test_a_page_breaks_no_rule_of_accessibility(page: Page, path: str) -> None:
    """Wide in light and narrow in the dark, errors included."""
    page.goto(path)
    found = Axe().run(page, context=HOSTILE, options=RULES)
    assert found.violations_count == 0, found.generate_report()
