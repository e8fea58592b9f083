"""What a terminal is shown: nothing it would obey, and matches below each other."""

import datetime
import json

from hypothesis import given
from hypothesis import strategies as st

from indexer import terminal
from indexer.concordance import Line
from indexer.search import Snippet
from indexer.statement import Statement

STATEMENT = Statement(id="a", title="A", text="…", source="mofa", language="ja")
DAY = datetime.date(2025, 7, 1)


@given(st.text())
def test_plain_is_one_line_without_commands(text):
    """Whatever a text holds, a line of it has no control character and nothing unprintable."""
    shown = terminal.plain(text)
    assert shown.splitlines() in ([], [shown])
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    shown.encode()


@given(st.text())
def test_json_line_is_the_same_value(text):
    """Escapes change how JSON looks and not what it says."""
    line = terminal.json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert "\n" not in line


def test_a_date_is_shown_as_far_as_it_is_known():
    """A month stays a month, and no date is no date."""

    def shown(date: datetime.date | None, precision: str = "day") -> str:
        return terminal.date_text(
            Statement(id="a", title="", text="", date=date, date_precision=precision)
        )

    assert shown(DAY) == "2025-07-01"
    assert shown(DAY, "month") == "2025-07"
    assert shown(DAY, "year") == "2025"
    assert shown(None) == "Undated"


def test_marks_are_shown_where_they_are():
    """Outside a terminal a mark stands in «», line breaks around it become blanks."""
    snippet = Snippet("the four\nbasic documents\n\nand", ((4, 24),))
    assert terminal.marked(snippet) == "the «four basic documents» and"


def line(left: str, match: str, right: str, **known: object) -> Line:
    """A line of a concordance, with this around the match."""
    return Line(
        **{
            **{"statement": STATEMENT, "number": 1, "in_title": False},
            **{"left": left, "match": match, "right": right},
            **{"opens": True, "closes": True, **known},
        }
    )


def test_matches_stand_below_each_other_in_any_script():
    """The column of the match is the same after Latin, Chinese and accented text."""
    texts = ["x" * 90, "中" * 90, "e\u0301" * 90, ""]
    lines = [terminal.concordance_line(line(text, "match", "")) for text in texts]
    widths = {"中": 2, "\u0301": 0}
    before = [line[: line.index("«")] for line in lines]
    assert len({sum(widths.get(char, 1) for char in text) for text in before}) == 1


def test_a_line_of_a_concordance_is_one_line():
    """A paragraph's end within is shown as such, and a title is told from the text."""
    shown = terminal.concordance_line(line("end.\n\n", "one\ntwo", ".\n\nNext\x1b"))
    assert shown.endswith("end. ¶ «one two». ¶ Next\\u001b")
    shown = terminal.concordance_line(line("", "one", " two", in_title=True))
    assert shown.endswith("«one» two  (title)")
