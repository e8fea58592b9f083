"""Eleven statements whose counts a reader can check by eye.

"four political documents" stands in six of them, eight times in all: 2019 once, 2024 once,
2025 three times (July, and twice in October: one statement twice), undated once.
"""

from __future__ import annotations

import datetime

from indexer.statement import Statement

PHRASE = "four political documents"

STATEMENTS = (
    Statement(
        id="xinhua/2019-06-27",
        title="Leaders meet in Osaka",
        text=f"The leaders met in Osaka.\n\nThe {PHRASE} set out the principles.",
        date=datetime.date(2019, 6, 27),
        source="xinhua",
        kind="readout",
        place="Osaka",
        countries=("China", "Japan"),
        language="en",
        url="https://news.example/osaka",
    ),
    Statement(
        id="mofa-jp/2023-11",
        title="Japan on the strategic relationship of mutual benefit",
        text="Both sides reaffirmed the strategic relationship of mutual benefit.",
        date=datetime.date(2023, 11, 1),
        date_precision="month",
        source="mofa-jp",
        kind="joint statement",
        language="en",
    ),
    Statement(
        id="fmprc/2024-03-05",
        title="Regular press conference",
        text=f"Asked about Japan, the spokesperson named the {PHRASE}.",
        date=datetime.date(2024, 3, 5),
        source="fmprc",
        kind="press conference",
        speakers=("Mao Ning",),
        language="en",
    ),
    Statement(
        id="fmprc-zh/2024-11-25",
        title="王毅会见日本外相",
        text="中方强调，中日四个政治文件是两国关系的政治基础。",
        date=datetime.date(2024, 11, 25),
        source="fmprc",
        kind="readout",
        language="zh-Hans",
    ),
    Statement(
        id="mofa-jp/2024",
        title="Diplomatic review",
        text="A year of talks about history as a mirror.",
        date=datetime.date(2024, 1, 1),
        date_precision="year",
        source="mofa-jp",
        kind="report",
        language="en",
    ),
    Statement(
        id="xinhua/2025-07-10",
        title="Foreign ministers meet in Kuala Lumpur",
        text=f"Wang stressed that the {PHRASE} have clear stipulations.\n\n"
        "Iwaya spoke of a strategic relationship of mutual benefit.",
        date=datetime.date(2025, 7, 10),
        source="xinhua",
        kind="readout",
        place="Kuala Lumpur",
        countries=("China", "Japan", "Malaysia"),
        speakers=("Wang Yi", "Takeshi Iwaya"),
        language="en",
        url="https://news.example/kuala-lumpur",
        captions=("The ministers shake hands. [Photo/news.example]",),
    ),
    Statement(
        id="xinhua/2025-10-31",
        title="Leaders meet in Gyeongju",
        text=f"China upholds the directions set out in the {PHRASE} with Japan.\n\n"
        "They spoke of history as a mirror.\n\n"
        f"Major issues are outlined in the {PHRASE}, Xi said.",
        date=datetime.date(2025, 10, 31),
        source="xinhua",
        kind="readout",
        place="Gyeongju",
        agency="Xinhua",
        language="en",
    ),
    Statement(
        id="mofa-jp/2025-10-31",
        title="Japan on the meeting in Gyeongju",
        text=f"The prime minister spoke of constructive relations and the {PHRASE}.",
        date=datetime.date(2025, 10, 31),
        source="mofa-jp",
        kind="readout",
        language="en",
    ),
    Statement(
        id="mofa-jp/2025-12-01",
        title="Press conference by the Foreign Minister",
        text="Nothing was said about documents.",
        date=datetime.date(2025, 12, 1),
        source="mofa-jp",
        kind="press conference",
        language="en",
    ),
    Statement(
        id="fmprc/undated",
        title="An undated note",
        text=f"A note on the {PHRASE}, and again on the {PHRASE}.",
        source="fmprc",
        kind="readout",
        language="en",
    ),
    Statement(
        id="mofa-ja/2024-12-25",
        title="日中外相会談",
        text="両外相は「戦略的互恵関係」を包括的に推進することを確認した。",
        date=datetime.date(2024, 12, 25),
        source="mofa-jp",
        kind="readout",
        language="ja",
    ),
)
