"""Datelines of wires: town, agency and day are told, and what is none is left as it is."""

import pytest

from indexer.cleaning.datelines import read_dateline

TEXT = "The two sides met."


@pytest.mark.parametrize(
    ("line", "place", "agency", "day"),
    [
        ("BEIJING, July 3 (Xinhua) -- ", "Beijing", "Xinhua", "7-3"),
        ("TOKYO (Kyodo) - ", "Tokyo", "Kyodo", ""),
        ("TOKYO, July 3 (Jiji Press) -- ", "Tokyo", "Jiji Press", "7-3"),
        ("WASHINGTON, D.C. — ", "Washington, D.C.", "", ""),
        ("WASHINGTON, D.C., July 3 (AP) — ", "Washington, D.C.", "AP", "7-3"),
        ("WASHINGTON/TOKYO (Reuters) - ", "Washington/Tokyo", "Reuters", ""),
        ("Paris, July 3, 2025 (AFP) - ", "Paris", "AFP", "7-3"),
        ("PORT-AU-PRINCE (Haiti) — ", "Port-au-Prince", "", ""),
        ("MOSCOW, July 3. /TASS/. ", "Moscow", "TASS", "7-3"),
        ("MOSCOW, July 3 /TASS/ - ", "Moscow", "TASS", "7-3"),
        ("New Delhi, July 3 (PTI) ", "New Delhi", "PTI", "7-3"),
        ("New Delhi [India], July 3 (ANI): ", "New Delhi, India", "ANI", "7-3"),
        ("ISLAMABAD (APP): ", "Islamabad", "APP", ""),
        ("新华社北京7月3日电（记者 某某）", "北京", "新华社", "7-3"),
        ("新华社北京７月３日电　记者某某报道：", "北京", "新华社", "7-3"),
        ("新华社圣彼得堡（俄罗斯）7月3日电", "圣彼得堡（俄罗斯）", "新华社", "7-3"),
        ("新华社利雅得/北京2025年7月3日电", "利雅得/北京", "新华社", "7-3"),
        ("据中新社7月3日电 ", "", "中新社", "7-3"),
        ("中新网东京7月3日电 (记者 某某)", "东京", "中新网", "7-3"),
        ("央广网北京7月3日消息 ", "北京", "央广网", "7-3"),
        ("本报北京7月3日讯 ", "北京", "", "7-3"),
        ("中央社台北7月3日電 ", "台北", "中央社", "7-3"),
        ("（中央社台北3日電）", "台北", "中央社", ""),
        ("（中央社記者某某某台北3日專電）", "", "中央社", ""),
        ("【北京=共同】", "北京", "共同", ""),
        ("【北京＝時事】", "北京", "時事", ""),
        ("【北京共同】", "北京", "共同", ""),
        ("【北京共同＝某某】", "北京", "共同", ""),
        ("【北京＝某某】", "北京", "", ""),
        ("（東京時事）　", "東京", "時事", ""),
        ("（北京共同）", "北京", "共同", ""),
        ("【北京７月３日時事】", "北京", "時事", "7-3"),
        ("【ソウル聯合ニュース】", "ソウル", "聯合ニュース", ""),
        ("【新華社北京7月3日】", "北京", "新華社", "7-3"),
        ("（新華社北京＝某某）", "北京", "新華社", ""),
        ("［東京　３日　ロイター］ - ", "東京", "ロイター", ""),
        ("【7月3日 AFP】", "", "AFP", "7-3"),
    ],
)
def test_a_wire_s_dateline_tells_town_agency_and_day(line, place, agency, day):
    """In English, Chinese and Japanese, with and without each of them."""
    found = read_dateline(line + TEXT)
    assert found and found.rest == TEXT
    assert (found.place, found.agency) == (place, agency)
    assert (f"{found.day.month}-{found.day.day}" if found.day else "") == day


@pytest.mark.parametrize(
    "paragraph",
    [
        "Beijing (AP) reported on the talks.",
        "Geneva, July 3 (G20) The leaders met.",
        "In Beijing, July 3 (Xinhua) the leaders met.",
        "New Delhi: The ministers met.",
        "The foreign ministry /TASS/ said so.",
        "中新社记者7月3日电话采访了大使。",
        "新华社7月3日电视新闻报道。",
        "（日中共同）声明を発表した。",
        "（共同）両首脳は会談した。",
        "【時事】両首脳は会談した。",
        "【10月31日】両首脳は会談した。",
        "［東京］両首脳は会談した。",
    ],
)
def test_what_names_an_agency_otherwise_is_no_dateline(paragraph):
    """A name in brackets, or a day, takes nothing away from the text."""
    assert read_dateline(paragraph) is None


def test_the_longest_paragraphs_are_read_at_once():
    """No form tries a paragraph again and again, whatever it is made of."""
    for piece in (
        "A ",
        "北",
        "（",
        "【東",
        "新华社北",
        "A (AP) ",
        "a/",
        "MOSCOW, July 3. /",
    ):
        read_dateline(piece * 100_000)
