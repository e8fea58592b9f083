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
PHRASE = quote('"four political documents"')
#: Each picture by its name: the address, and how high it is.
PICTURES = {
    "search": (f"/search?q={PHRASE}&sort=newest", 900),
    "kwic": (
        f"/search?q={quote('relations OR relationship OR 关系 OR 関係')}&view=kwic&sort=left1",
        800,
    ),
    "timeline": (f"/search?q={PHRASE}&view=timeline&period=month&from=2021", 900),
    "matrix": (
        f"/search?q={PHRASE}&view=matrix&period=year&from=2015&phrases={quote('关系')}%0Arelationship",
        900,
    ),
    "statement": (f"/statements/xinhua/2025-10-31-gyeongju?q={PHRASE}", 900),
}


def main() -> None:
    browser_path = chromium_path()
    if not browser_path:
        sys.exit(
            "No chromium on the path: install it, or name one in COMMUNIQUE_CHROMIUM."
        )
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "index")
        pipeline.index(ROOT / "raw", engine)
        with serving(engine) as address, chromium(browser_path) as browser:
            (ROOT / "docs").mkdir(exist_ok=True)
            for name, (path, height) in PICTURES.items():
                page = browser.new_page(viewport={"width": 1280, "height": height})
                page.goto(address + path)
                page.screenshot(path=ROOT / "docs" / f"{name}.png")


if __name__ == "__main__":
    main()
