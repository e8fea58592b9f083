"""The gate measures what cleaning makes of pages against their gold text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.gate import f1, main

TEXT = "两国外长就共同关心的问题深入交换了意见，同意保持密切沟通。" * 3
PAGE = """<meta charset=utf-8><title>会谈</title><h1>会谈</h1><nav>首页</nav>
<link rel=canonical href=https://www.mfa.gov.cn/web/t20251031_1.shtml>
<div id=News_Body_Txt_A><p>{}</p></div>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One page with its gold, and a twin in another encoding."""
    for name in ("html", "gold", "html_gb18030"):
        (tmp_path / name).mkdir()
    page = PAGE.format(TEXT)
    (tmp_path / "html/a.html").write_text(page, encoding="utf-8")
    (tmp_path / "html_gb18030/a.html").write_text(page, encoding="gb18030")
    (tmp_path / "gold/a.txt").write_text(TEXT, encoding="utf-8")
    row = {"html": "html/a.html", "gold": "gold/a.txt"}
    row |= {"title": "会谈", "date": "2025-10-31"}
    (tmp_path / "index.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return tmp_path


def test_the_table_has_a_row_for_each_way(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the profile that the address chooses, which knows the date, and without one."""
    assert main([str(folder)]) == 0
    _, _, with_profile, without = capsys.readouterr().out.splitlines()
    assert "| by its address | 1.000 | 100.0 % | 100.0 % | 100.0 % |" in with_profile
    assert "| without a profile | 1.000 | 0.0 % | 100.0 % | 100.0 % |" in without


@pytest.mark.parametrize(
    "found, gold, value",
    [("a b c", "c b a", 1), ("a a", "a b", 0.5), ("", "a", 0), ("", "", 1)],
)
def test_f1_compares_bags_of_words(found: str, gold: str, value: float) -> None:
    """In any order, each word as often as it stands there."""
    assert f1(found, gold) == value
