"""Take README's picture: ``python -m tests.browser.screenshot`` searches the samples in raw/."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from indexer import pipeline
from indexer.engines import open_engine
from tests.browser.running import chromium, chromium_path, serving

ROOT = Path(__file__).parents[2]
QUERY = '"four political documents"'


def main() -> None:
    path = chromium_path()
    if not path:
        sys.exit(
            "No chromium on the path: install it, or name one in COMMUNIQUE_CHROMIUM."
        )
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "index")
        pipeline.index(ROOT / "raw", engine)
        with serving(engine) as address, chromium(path) as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/search?q={quote(QUERY)}&sort=newest")
            (ROOT / "docs").mkdir(exist_ok=True)
            page.screenshot(path=ROOT / "docs" / "search.png")


if __name__ == "__main__":
    main()
