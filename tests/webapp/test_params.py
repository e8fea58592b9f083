from __future__ import annotations

import datetime
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import assume, given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.dates import DateRange, parse_range
from indexer.search import FacetCount, Sort
from tests.oracle import NaiveEngine
from webapp import create_app
from webapp.arguments import MAX_ID, MAX_VALUE, MAX_VALUES, ParamsError
from webapp.facets import TITLES, facets
from webapp.params import FILTERS, MAX_PAGE, PAGE_SIZE, SearchParams

APP = create_app(engine=NaiveEngine())

words = st.text(min_size=1, max_size=20).filter(str.strip)
values = {
    "source": words,
    "kind": words,
    "language": words,
    "country": words,
    "year": st.integers(1000, 9999).map(str) | st.just("undated"),
    "month": st.dates().map(lambda date: f"{date.year:04}-{date.month:02}"),
}


@st.composite
def search_params(draw: st.DrawFn) -> SearchParams:
    filters = {
        name: tuple(draw(st.lists(values[name], unique=True, max_size=4)))
        for name in FILTERS
    }
    days = sorted(draw(st.lists(st.dates(datetime.date(1000, 1, 1)), max_size=2)))
    return SearchParams(
        text=draw(st.text(max_size=40).filter(lambda text: not text or text.strip())),
        first=days[0].isoformat() if days else "",
        last=days[1].isoformat() if len(days) > 1 else "",
        filters={name: chosen for name, chosen in filters.items() if chosen},
        sort=draw(st.sampled_from(Sort)),
        page=draw(st.integers(1, MAX_PAGE)),
        fold=draw(st.booleans()),
        similar=draw(st.sampled_from(("", "xinhua/2025-10-31", "外交部/1&2"))),
    )


def read(url: str) -> SearchParams:
    pairs = [pair.split("=", 1) for pair in url.split("&") if pair]
    return SearchParams.from_args(MultiDict(tuple(pair) for pair in pairs))


@given(search_params())
def test_a_url_holds_the_whole_search(params: SearchParams) -> None:
    """What a link says is read back as the same search."""
    assert SearchParams.from_args(MultiDict(params.args)) == params


@given(search_params(), st.sampled_from(sorted(TITLES)), st.data())
def test_the_link_of_a_facet_adds_one_value_or_takes_it_away(
    params: SearchParams, name: str, data: st.DataObject
) -> None:
    """From the first page on; another year closes the chosen months, which it does not have."""
    assume(name != "month" or params.filters.keys() & {"year", "month"})
    chosen = params.filters.get(name, ())
    value = data.draw(
        st.sampled_from(chosen) | values[name] if chosen else values[name]
    )
    counts = {each: (FacetCount(value, 1),) if each == name else () for each in TITLES}
    with APP.test_request_context():
        (facet,) = [each for each in facets(counts, params, {}) if each.name == name]
    # What is chosen and counted nowhere comes first.
    *_, row = BeautifulSoup(facet.shown + facet.folded, "lxml").select("li")
    linked = SearchParams.from_args(MultiDict(parse_qsl(urlsplit(row.a["href"]).query)))
    others = tuple(each for each in chosen if each != value)
    filters = {**params.filters, name: others if value in chosen else (*chosen, value)}
    if name == "year":
        filters.pop("month", None)
    kept = {each: some for each, some in filters.items() if some}
    assert linked == replace(params, filters=kept, page=1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["q", "from", "to", "sort", "page", "fold", "similar", *FILTERS]
            ),
            st.text(),
        )
    )
)
def test_whatever_the_url_says_it_is_read_or_refused_in_a_sentence(
    pairs: list[tuple[str, str]],
) -> None:
    """Nothing that a stranger writes into the address ends in another error."""
    try:
        params = SearchParams.from_args(MultiDict(pairs))
    except ParamsError as error:
        assert str(error).endswith(".")
    else:
        assert 1 <= params.page <= MAX_PAGE


def test_years_and_months_mean_the_whole_of_them() -> None:
    """From and to include all of what they name."""
    params = read("from=2024&to=2025-02")
    assert params.dates == DateRange(
        datetime.date(2024, 1, 1), datetime.date(2025, 2, 28)
    )
    assert read("to=2025").dates == DateRange(None, datetime.date(2025, 12, 31))
    assert read("q=a").dates is None


@pytest.mark.parametrize(
    ("url", "name", "says"),
    [
        ("from=2025-02-30", "from", "There is no 30 February 2025"),
        ("to=soon", "to", "“soon” is not a date"),
        ("from=2025..2026", "from", "is not a date"),
        ("from=2025&to=2024", "from", "Swap them"),
        ("year=25", "year", "write four digits"),
        ("year=0000", "year", "write four digits"),
        ("month=2025-13", "month", "month=2025-07"),
        ("month=0000-07", "month", "month=2025-07"),
        ("month=July", "month", "month=2025-07"),
        ("sort=best", "sort", "sort=newest"),
        ("page=0", "page", "count from 1"),
        ("page=-1", "page", "count from 1"),
        ("page=two", "page", "count from 1"),
        ("page=٣", "page", "count from 1"),
        (f"page={MAX_PAGE + 1}", "page", "narrow the search"),
        ("page=99999999999", "page", "count from 1"),
        ("fold=maybe", "fold", "fold=no"),
        (f"similar={'x' * (MAX_ID + 1)}", "similar", str(MAX_ID)),
        ("q=a&q=b", "q", "keep one"),
        (f"source={'x' * (MAX_VALUE + 1)}", "source", str(MAX_VALUE)),
        (
            "&".join(f"source={n}" for n in range(MAX_VALUES + 1)),
            "source",
            str(MAX_VALUES),
        ),
    ],
)
def test_what_cannot_be_used_is_named_and_mended(
    url: str, name: str, says: str
) -> None:
    """A bad part of the address is neither an error of ours nor passed over in silence."""
    with pytest.raises(ParamsError) as caught:
        read(url)
    assert caught.value.name == name
    assert says in str(caught.value)


def test_blank_fields_of_the_form_are_no_fields() -> None:
    """Sending the form with one box filled in gives the same search as that word alone."""
    assert read("q=a&from=&to= &source=&sort=&page=") == read("q=a")


def test_another_year_opens_other_months() -> None:
    """A chosen month goes with its year, so that no link leads where nothing can be."""
    params = read("year=2025&month=2025-07&source=xinhua")
    assert params.without_filter("year").filters == {"source": ("xinhua",)}
    assert params.with_period("2024-03").filters == {
        "source": ("xinhua",),
        "year": ("2024",),
        "month": ("2024-03",),
    }
    assert params.with_period("undated").filters["year"] == ("undated",)


def test_near_copies_are_folded_unless_the_url_says_no() -> None:
    """The request folds by default; to see a group is to unfold it, and back again."""
    assert read("q=a").request().fold and read("fold=yes") == read("")
    assert not read("fold=no").request().fold
    params = read("q=a&source=xinhua&page=3").with_similar("xinhua/1")
    assert params == read("q=a&source=xinhua&similar=xinhua/1&fold=no")
    assert params.request().similar == "xinhua/1"
    assert params.without_similar() == read("q=a&source=xinhua")
    assert params.with_fold(True).fold and params.is_filtered


def test_the_request_asks_for_the_page() -> None:
    """A page is a slice of the hits; filters and order go along."""
    request = read("q=a&kind=readout&kind=remarks&sort=oldest&page=3").request()
    assert (request.offset, request.limit) == (2 * PAGE_SIZE, PAGE_SIZE)
    assert request.filters == {"kind": ("readout", "remarks")}
    assert request.sort is Sort.OLDEST


@pytest.mark.parametrize(
    "url, days, first, last",
    [
        ("", "2025-07", "2025-07", "2025-07"),
        ("from=2025-07-15", "2025-07", "2025-07-15", "2025-07-31"),
        ("from=2024&to=2026", "2025", "2025", "2025"),
        ("to=2025-07-10", "2025", "2025-01-01", "2025-07-10"),
    ],
)
def test_days_narrow_the_dates_there_are(
    url: str, days: str, first: str, last: str
) -> None:
    """A period is cut to what was asked for, so that its list has what its bar counts."""
    narrowed = read(url).with_dates(parse_range(days))
    assert (narrowed.first, narrowed.last) == (first, last)


@pytest.mark.parametrize("view", ["view=map", "view=kwic&view=list"])
@pytest.mark.parametrize(
    "path", ["/search", "/search.csv", "/statements/fmprc/undated"]
)
def test_every_page_refuses_a_view_that_is_none(client, path, view):
    """Whatever the page, two views or an unknown one are a bad request."""
    answer = client.get(f"{path}?{view}")
    assert answer.status_code == 400
    assert "view=" in answer.text
