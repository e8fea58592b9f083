"""Take README's pictures of the samples: ``python -m tests.browser.screenshot``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from indexer import pipeline
from indexer.engines import open_engine
from tests.browser.running import chromium, chromium_path, serving

ROOT = Path(__file__).parents[2]
#: Each picture by its name: what is asked for, how, and how high it is.
PICTURES = {
    "search": ('"four political documents"', "sort=newest", 900),
    "kwic": ("relations OR relationship OR 关系 OR 関係", "view=kwic&sort=left1", 800),
}


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
            (ROOT / "docs").mkdir(exist_ok=True)
            for name, (query, view, height) in PICTURES.items():
                page = browser.new_page(viewport={"width": 1280, "height": height})
                page.goto(f"{address}/search?q={quote(query)}&{view}")
                page.screenshot(path=ROOT / "docs" / f"{name}.png")


if __name__ == "__main__":
    main()
