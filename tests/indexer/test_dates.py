from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.dates import DateRange, describe_range, parse_date, parse_range, whole

OCTOBER_31 = (date(2025, 10, 31), "day")


@pytest.mark.parametrize(
    "text",
    [
        *("2025-10-31", "2025/10/31", "2025.10.31", "20251031", "２０２５-10-31"),
        *("31/10/2025", "10/31/2025", "31.10.2025", "10-31-2025"),
        *("Oct. 31, 2025", "31 October 2025", "October 31st, 2025", "31-Oct-2025"),
        *("Friday, 31 October 2025", "Fri Oct 31 08:00:00 UTC 2025"),
        *("Oct. 31, 2025 11:30 p.m. EST", "31 Oct 2025 23:59:59 -0800"),
        *("2025年10月31日", "2025 年 10 月 31 日", "2025年10月31日 18:05"),
        *("2025년 10월 31일", "令和7年10月31日", "  2025-10-31\n"),
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    """Datelines, bylines and metadata of many lands give the same calendar day."""
    assert parse_date(text) == OCTOBER_31


@pytest.mark.parametrize(
    "text",
    [
        *("2025-10-31T08:00:00+08:00", "2025-10-31T23:30:00-11:00"),
        *("2025-10-31T00:00:00Z", "2025-10-31 08:00:00.123", "2025-10-31 08:00 GMT"),
    ],
)
def test_an_hour_never_moves_the_day(text):
    """The day is the one written, not the one in London or on this machine."""
    assert parse_date(text) == OCTOBER_31


@pytest.mark.parametrize(
    "text, day, precision",
    [
        ("October 2025", date(2025, 10, 1), "month"),
        ("Oct. 2025", date(2025, 10, 1), "month"),
        ("2025-10", date(2025, 10, 1), "month"),
        ("10/2025", date(2025, 10, 1), "month"),
        ("2025年10月", date(2025, 10, 1), "month"),
        ("Friday October 2025", date(2025, 10, 1), "month"),
        ("2025", date(2025, 1, 1), "year"),
        ("2025年", date(2025, 1, 1), "year"),
        ("昭和47年9月", date(1972, 9, 1), "month"),
        ("令和元年", date(2019, 1, 1), "year"),
        ("1000", date(1000, 1, 1), "year"),
        ("9999-12-31", date(9999, 12, 31), "day"),
    ],
)
def test_what_is_not_written_is_not_guessed(text, day, precision):
    """A month or a year alone is its first day, and says that it is no more."""
    assert parse_date(text) == (day, precision)


@pytest.mark.parametrize(
    "text, said",
    [
        ("2025-02-30", "no 30 February 2025: that month has 28 days"),
        ("2025-13", "no month 13"),
        ("2025-00-10", "no month 0"),
        ("2025-10-00", "no 0 October 2025"),
        ("30 February 2025", "not a date of the calendar"),
        ("0999", "too early a year"),
        ("03/04/2025", "two ways: write 2025-04-03 or 2025-03-04"),
        ("Oct. 31", "no year of four figures"),
        ("31 October 25", "no year of four figures"),
        ("31 Oct 20:25", "no year of four figures"),
        ("Friday", "“Friday” is not a date: write a date as 2025, 2025-07"),
        ("10", "not a date"),
        ("3pm", "not a date"),
        ("", "not a date"),
        ("9" * 5000, "too long"),
        ("2025-10/31", "not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(text, said):
    """Impossible, incomplete and ambiguous dates are refused, and never filled in from today."""
    with pytest.raises(ValueError, match=r".*\.$") as caught:
        parse_date(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-07-10", date(2025, 7, 10), date(2025, 7, 10)),
        ("2025-07..2025-10", date(2025, 7, 1), date(2025, 10, 31)),
        ("2025..2025-07-10", date(2025, 1, 1), date(2025, 7, 10)),
        ("2025-07..", date(2025, 7, 1), None),
        ("..2025-10", None, date(2025, 10, 31)),
        ("10 July 2025 .. 31 October 2025", date(2025, 7, 10), date(2025, 10, 31)),
        ("2025-07…2025-10", date(2025, 7, 1), date(2025, 10, 31)),
    ],
)
def test_a_range_includes_both_its_ends(text, first, last):
    """A month or a year at an end is the whole of it."""
    assert parse_range(text) == DateRange(first, last)


@pytest.mark.parametrize(
    "text, said",
    [
        ("2025-10..2025-07", "backwards: write 2025-07..2025-10"),
        ("..", "two ends"),
        ("2024..2025..2026", "two ends"),
        ("2025-07..soon", "“soon” is not a date"),
        ("", "not a date"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(text, said):
    """The sentence says what to write instead."""
    with pytest.raises(ValueError) as caught:
        parse_range(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text, words",
    [
        ("2025", "2025"),
        ("2025-07", "July 2025"),
        ("2025-07-10", "10 July 2025"),
        ("2024..2025", "2024 to 2025"),
        ("2025-07..2025-10", "July to October 2025"),
        ("2024-11..2025-02", "November 2024 to February 2025"),
        ("2025-07-03..2025-07-10", "3 to 10 July 2025"),
        ("2025-07-03..2025-08-04", "3 July to 4 August 2025"),
        ("2024-07-03..2025-08-04", "3 July 2024 to 4 August 2025"),
        ("2025-07..", "on or after 1 July 2025"),
        ("..2025-07", "on or before 31 July 2025"),
    ],
)
def test_a_range_is_said_in_words(text, words):
    """The words name both ends, and nothing twice."""
    assert describe_range(parse_range(text)) == words


days = st.dates(date(1000, 1, 1))


@st.composite
def ranges(draw):
    """Days, months and years, one or two of them, one side perhaps open."""
    precision = draw(st.sampled_from(("day", "month", "year")))
    ends = []
    for day in sorted((draw(days), draw(days))):
        first = day if precision == "day" else day.replace(day=1)
        ends.append(first.replace(month=1) if precision == "year" else first)
    first, last = ends[0], whole(ends[1], precision).last
    return draw(
        st.sampled_from(
            (DateRange(first, last), DateRange(first), DateRange(None, last))
        )
    )


@given(ranges())
def test_a_range_as_text_is_read_as_the_same_range(range_):
    """str and parse_range are each other's reverse."""
    assert parse_range(str(range_)) == range_
    assert describe_range(range_)


PIECES = (
    *("2025", "10", "31", "Oct", "October", "may", "Friday", "st", "12:30", "pm", "T"),
    *(
        "-",
        "/",
        ".",
        ",",
        " ",
        "..",
        "…",
        "年",
        "月",
        "日",
        "令和",
        "Z",
        "+08:00",
        "UTC",
    ),
    *("nan", "inf", "1e9", "99999999999999", "٢٠٢٥", "²"),
)


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_date_or_refused(text):
    """No text fails otherwise than with the ValueError that is promised."""
    for parse in (parse_date, parse_range):
        try:
            parse(text)
        except ValueError:
            pass


@given(
    days,
    st.sampled_from(("%d %B %Y", "%B %d, %Y", "%Y-%m-%dT12:00:00Z", "%Y年%m月%d日")),
)
def test_every_day_of_the_calendar_is_read(day, style):
    """Nothing is lost between a day and its text."""
    assert parse_date(day.strftime(style)) == (day, "day")
