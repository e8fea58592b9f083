"""What is known of publishers is data: chosen by name or by a page's address, and never in the way."""

from pathlib import Path

import pytest

from indexer.cleaning import clean
from indexer.errors import SettingsError
from indexer.profiles import load_profiles, profile_of
from indexer.readouts import Readout
from indexer.sources import Source, load_sources

UNSORTED = Source(id="unsorted", name="unsorted")
SENTENCE = "The two sides exchanged views on matters of common concern in depth. "


def of(page, source=UNSORTED, name="unsorted/x.html"):
    (result,) = clean(Readout("x", name, "", page.encode()), source)
    return result


def page_at(address, body="", head=""):
    link = f'<link rel="canonical" href="{address}">' if address else ""
    return f"<html><head>{link}{head}</head><body>{body}</body></html>"


def test_there_is_a_profile_for_each_publisher():
    """Each has what every statement of it needs, and says where it was not tried."""
    profiles = load_profiles()
    assert set(profiles) == {
        *("china-daily", "eeas", "fcdo", "mea-india", "mfa-cn-en", "mfa-cn-zh"),
        *("mofa-jp-en", "mofa-jp-ja", "state-gov", "un-press", "whitehouse"),
        *("xinhua-en", "xinhua-zh"),
    }
    for name, profile in profiles.items():
        assert profile.name and profile.language and profile.kind and profile.timezone
        assert profile.hosts and profile.url_base and profile.digest
        assert profile.selectors.title and profile.selectors.body
        tried = name in ("mfa-cn-zh", "whitehouse")
        assert tried or profile.note.startswith("Written from what is publicly known")


@pytest.mark.parametrize(
    "address, name",
    [
        (
            "https://www.mfa.gov.cn/web/wjdt_674879/202511/t20251101_1.shtml",
            "mfa-cn-zh",
        ),
        ("http://test.fmprc.gov.cn/wjdt_674879/202009/t20200902_1.shtml", "mfa-cn-zh"),
        ("https://www.mfa.gov.cn/eng/xw/fyrbt/202511/t20251101_1.html", "mfa-cn-en"),
        ("https://www.fmprc.gov.cn/mfa_eng/zxxx_662805/t1.shtml", "mfa-cn-en"),
        ("https://english.news.cn/20251031/a/c.html", "xinhua-en"),
        ("http://www.news.cn/world/20251031/a/c.html", "xinhua-zh"),
        ("https://www.mofa.go.jp/mofaj/a_o/c_m1/cn/page1.html", "mofa-jp-ja"),
        ("https://www.mofa.go.jp/press/release/pressite_1.html", "mofa-jp-en"),
        ("https://www.gov.uk/government/news/a", "fcdo"),
        ("https://www.gov.uk/browse/tax", None),
        ("https://notwhitehouse.gov/", None),
        ("https://whitehouse.gov.example/", None),
        ("", None),
    ],
)
def test_an_address_chooses_the_profile(address, name):
    """By host and the beginning of the path; the longest that fits; a subdomain belongs to its site."""
    profile = profile_of(address)
    assert (profile.id if profile else None) == name


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://www.whitehouse.gov/a">',
        '<meta property="og:url" content="https://www.whitehouse.gov/a">',
        '<base href="https://www.whitehouse.gov/">',
        '<base href="https://www.whitehouse.gov/"><link rel="canonical" href="/a">',
    ],
)
def test_a_page_dropped_anywhere_is_read_by_its_publisher_s_profile(head):
    """Its own address says whose it is; the source stays the folder."""
    body = f"<h2>Menu</h2><section class=body-content><p>{SENTENCE}</p></section>"
    statement = of(page_at("", body, head))
    assert statement.text == SENTENCE.strip()
    assert (statement.source, statement.kind) == ("unsorted", "remarks")
    assert statement.language == "en"


def test_a_layout_that_moved_falls_back_to_the_rules():
    """A profile is what was known once; only selectors of the folder's own are strict."""
    body = f"<div class=new>{f'<p>{SENTENCE * 2}</p>' * 3}</div>"
    statement = of(page_at("https://www.whitehouse.gov/a", body))
    assert SENTENCE.strip() in statement.text
    source = Source(id="wh", profile="whitehouse").over(load_profiles()["whitehouse"])
    assert SENTENCE.strip() in of(page_at("", body), source).text


def test_no_profile_may_be_chosen():
    """``profile = "none"`` leaves a page to the rules, whatever its address."""
    body = "<p class=body-content>Only this.</p>" + f"<p>{SENTENCE * 3}</p>" * 3
    source = Source(id="wh", profile="none")
    assert of(page_at("https://www.whitehouse.gov/a", body), source).kind == ""


def test_a_folder_names_its_profile_and_has_the_last_word(tmp_path):
    """Its source.toml stands over the profile, key by key and selector by selector."""
    folder = tmp_path / "wh"
    folder.mkdir()
    (folder / "source.toml").write_text(
        'profile = "whitehouse"\nkind = "press release"\n[selectors]\ntitle = ".mine"\n'
    )
    source = load_sources(tmp_path)["wh"]
    profile = load_profiles()["whitehouse"]
    assert (source.id, source.name) == ("wh", "The White House")
    assert (source.kind, source.country) == ("press release", "United States")
    assert source.selectors.title == ".mine"
    assert source.selectors.body == profile.selectors.body
    assert not source.strict
    assert source.digest != profile.digest


def test_a_profile_that_there_is_not_is_named(tmp_path):
    """With the one that was probably meant."""
    (tmp_path / "wh").mkdir()
    (tmp_path / "wh/source.toml").write_text('profile = "white-house"')
    with pytest.raises(SettingsError, match="did you mean 'whitehouse'"):
        load_sources(tmp_path)


def test_a_moment_in_utc_is_of_the_day_it_was_there():
    """Half past one in the morning in London is the evening before in Washington."""
    head = (
        '<meta property="article:published_time" content="2021-03-19T01:30:00+00:00">'
    )
    page = page_at("https://www.state.gov/a", f"<p>{SENTENCE}</p>", head)
    assert str(of(page).date) == "2021-03-18"
    assert str(of(page.replace("+00:00", "-04:00")).date) == "2021-03-19"
    assert str(of(page.replace("www.state.gov", "example.org")).date) == "2021-03-19"


def test_a_file_s_name_gives_the_date_that_the_page_lacks():
    """The name of the file as it was saved, or the last part of the page's address."""
    body = f"<p>{SENTENCE}</p>"
    address = "https://www.mfa.gov.cn/web/202511/t20251101_11.shtml"
    assert str(of(page_at(address, body)).date) == "2025-11-01"
    assert of(page_at(address.replace("1101", "1131"), body)).date is None
    source = Source(id="mfa").over(load_profiles()["mfa-cn-zh"])
    page = page_at("", body)
    assert str(of(page, source, "mfa/t20251101_1.html").date) == "2025-11-01"


def test_profiles_are_shipped():
    """Every TOML file beside the module is a profile."""
    folder = Path(__file__).parents[2] / "indexer" / "profiles"
    assert {path.stem for path in folder.glob("*.toml")} == set(load_profiles())
