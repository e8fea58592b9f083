"""Forty statements over ten years, among them long ones, other scripts, and hostile ones."""

from __future__ import annotations

import datetime

from indexer.statement import Statement
from tests.webapp.corpus import PHRASE
from tests.webapp.corpus import STATEMENTS as FEW
from tests.webapp.payloads import PAYLOADS, hostile

OTHER = (
    "The two sides exchanged views on the East China Sea, on export controls on rare earths, and on"
    " the safety of nationals, and asked their teams to continue in the same spirit.",
    "It was agreed to hold the high-level economic dialogue at an early date, and to expand"
    " exchanges in education, tourism and science.",
    "Both ministers recalled the joint communiqué of 1972 and the treaty of 1978.",
)
SOURCES = (("xinhua", "readout"), ("mofa-jp", "readout"), ("kantei", "remarks"))


def meeting(number: int) -> Statement:
    """One of a series of meetings, of which every third names the four political documents."""
    source, kind = SOURCES[number % 3]
    paragraphs = [OTHER[(number + place) % 3] for place in range(number % 5 + 2)]
    if number % 3 == 0:
        paragraphs.insert(
            number % 4, f"Both spoke of the {PHRASE} and of history as a mirror."
        )
        paragraphs.append(f"The {PHRASE} remain the basis of relations.")
    return Statement(
        id=f"meetings/{number:02}",
        title=f"Round {number + 1} of the security dialogue between the foreign ministries",
        text="\n\n".join(paragraphs * 3),
        date=datetime.date(2016 + number % 10, number % 12 + 1, number % 27 + 1),
        source=source,
        kind=kind,
        place="Tokyo",
        language="en",
        url=f"https://www.example.org/meetings/{number}",
    )


STATEMENTS = (*FEW, *map(meeting, range(30)), *map(hostile, PAYLOADS))
