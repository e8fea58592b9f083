"""The samples in raw/ are readouts of every shape, each cleaned whole."""

from pathlib import Path

import pytest

from indexer.cleaning import clean
from indexer.errors import ReadoutError
from indexer.readouts import find_readouts, read
from indexer.sources import load_sources

RAW = Path(__file__).parents[2] / "raw"
SAMPLES = {
    *(
        "china-daily/2025-07-10-kuala-lumpur.txt",
        "mfa-cn/1972-09-29-joint-communique.json",
    ),
    *("mfa-cn/2018-10-26-beijing.html", "mfa-cn/2024-11-15-lima.txt"),
    *("mfa-cn/2025-07-10-kuala-lumpur.html", "mofa-jp/2008-05-07-joint-statement.json"),
    *("mofa-jp/2024-11-15-lima.json", "mofa-jp/2025-10-31-gyeongju.html"),
    *("state-gov/2021-03-18-anchorage.html", "un-press/general-assembly.jsonl"),
    *("whitehouse/2023-11-15-woodside.html", "xinhua/2022-11-17-bangkok.txt"),
    *("xinhua/2023-11-16-san-francisco.txt", "xinhua/2024-11-15-lima.txt"),
    *("xinhua/2024-11-16-lima.txt", "xinhua/2025-10-31-gyeongju.txt"),
}


@pytest.fixture(scope="module")
def statements():
    sources = load_sources(RAW)
    results = [
        result
        for file in find_readouts(RAW)
        if file.name in SAMPLES
        for result in clean(read(file), sources[file.source])
    ]
    assert [result for result in results if isinstance(result, ReadoutError)] == []
    return {statement.id: statement for statement in results}


def test_the_samples_show_every_shape(statements):
    """Four sources and more, three languages, all kinds of files; each with what matters."""
    assert len(statements) == 19
    assert len({statement.source for statement in statements.values()}) == 7
    languages = [statement.language for statement in statements.values()]
    assert (languages.count("zh"), languages.count("ja")) == (4, 1)
    for statement in statements.values():
        assert statement.date and statement.text and statement.kind
        assert statement.title != Path(statement.id).name


def test_no_furniture_is_left_in_a_sample(statements):
    """Captions, credits, datelines and boilerplate are no part of any text."""
    text = "\n".join(statement.text for statement in statements.values())
    for furniture in (
        *(
            "Photo",
            "Sample",
            "样例",
            "Enditem",
            "###",
            "（了）",
            "分享",
            "打印",
            "Related",
        ),
        *("(Xinhua)", "新华社", "関連", "Contact the writers", "Spokesperson", "版权"),
    ):
        assert furniture not in text


def test_samples_in_other_encodings_are_read(statements):
    """One is UTF-16, one GB18030 that declares UTF-8."""
    assert (RAW / "mfa-cn/2024-11-15-lima.txt").read_bytes()[:2] == b"\xff\xfe"
    assert "四个政治文件" in statements["mfa-cn/2024-11-15-lima"].text
    with pytest.raises(UnicodeDecodeError):
        (RAW / "mfa-cn/2018-10-26-beijing.html").read_text(encoding="utf-8")
    assert "四个政治文件" in statements["mfa-cn/2018-10-26-beijing~html"].text


def test_a_sample_gives_what_its_dateline_says(statements):
    """Place and agency come from the dateline, in whatever language."""
    gyeongju = statements["xinhua/2025-10-31-gyeongju"]
    assert (gyeongju.place, gyeongju.agency) == ("Gyeongju, South Korea", "Xinhua")
    assert statements["mfa-cn/2024-11-15-lima"].place == "利马"
