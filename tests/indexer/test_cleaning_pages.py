"""Pages give title, text, date and address: by the source's selectors, or by their own marks."""

import re

import pytest

from indexer.cleaning import clean
from indexer.errors import ReadoutError
from indexer.readouts import Readout
from indexer.sources import Selectors, Source

SOURCE = Source(
    id="mfa",
    language="zh",
    url_base="https://mfa.example/",
    selectors=Selectors(
        title=".headline",
        date=".when",
        place=".where",
        body=".body",
        drop=(".share",),
        captions=(".note",),
    ),
)
SELECTED = Source(
    id="mfa", selectors=Selectors(date="time", body="html", drop=("p a b",))
)
PAGE = """<!doctype html><html lang="en"><head><title>Site</title>
<link rel="canonical" href="/2025/a.html"></head><body>
<nav>Home</nav><h1>Not this</h1><p class="headline">A&nbsp;headline</p>
<span class="when">发布时间：2025-10-31 18:30</span><span class="where">Tokyo</span>
<div class="body"><p class="note">Hands.</p><p>One <b>bold</b>
word.</p><div class="share">Share</div><!-- comment --><script>var a;</script>
<p>Two<br>lines.</p>Three.<br><br>Four.<br>　　Five.</div><div>Related news</div></body></html>"""


def of(page, source=Source(id="mfa")):  # noqa: B008 - frozen
    data = page if isinstance(page, bytes) else page.encode()
    (result,) = clean(Readout("x.html", "mfa/x.html", "", data), source)
    return result


def test_selectors_give_exactly_what_they_name():
    """Title, date, place and body come from the source's selectors; nothing beside them does."""
    statement = of(PAGE, SOURCE)
    assert statement.title == "A headline"
    assert str(statement.date) == "2025-10-31"
    assert statement.place == "Tokyo"
    assert statement.text == "One bold word.\n\nTwo lines.\n\nThree.\n\nFour.\n\nFive."
    assert statement.captions == ("Hands.",)
    assert statement.url == "https://mfa.example/2025/a.html"
    assert statement.language == "zh"


def test_a_body_that_moved_is_reported():
    """A new layout must not put navigation into the index silently."""
    error = of(PAGE.replace('class="body"', 'class="new"'), SOURCE)
    assert isinstance(error, ReadoutError)
    assert "has nothing at '.body'; correct selectors.body" in error.reason


def test_a_date_that_is_none_is_reported():
    """What the source calls its date has to be one."""
    error = of(PAGE.replace("2025-10-31", "2025-02-30"), SOURCE)
    assert isinstance(error, ReadoutError)
    assert error.reason.startswith("its date: ")


TEXT = (
    "<p>" + "The two sides exchanged views on matters of common concern. " * 5 + "</p>"
)


@pytest.mark.parametrize(
    "block",
    [
        f"<article>{TEXT}</article>",
        f"<main><h1>A headline</h1>{TEXT}</main>",
        f"<div role=main>{TEXT}</div>",
        f"<div><div id=x>{TEXT}{TEXT}</div></div>",
        f"<td>{TEXT.replace('<p>', '').replace('</p>', '<br>')}</td>",
    ],
)
def test_without_selectors_the_page_s_own_marks_are_used(block):
    """An article, the main part or else the largest block is the text, without its furniture."""
    page = (
        "<html lang=en><head><title>A headline | Site</title>"
        '<meta property="og:site_name" content="Site">'
        '<meta name="PubDate" content="2025-10-31"></head><body><header>Top</header>'
        "<nav><a>Home</a><a>News</a></nav><aside>Related statements of the year</aside>"
        f"{block}<form>Search</form><footer>All rights reserved by the ministry</footer></body>"
    )
    statement = of(page)
    assert statement.title == "A headline"
    assert str(statement.date) == "2025-10-31"
    assert statement.language == "en"
    assert set(statement.text.split("\n\n")) == {re.sub("<.*?>", "", TEXT).strip()}


@pytest.mark.parametrize(
    "head, day",
    [
        (
            '<meta property="article:published_time" content="2025-10-31T23:30:00-08:00">',
            True,
        ),
        ('<meta name="DC.date" content="31 October 2025">', True),
        (
            '<meta name="date" content=""><meta name="pubdate" content="2025-10-31">',
            True,
        ),
        ('<meta name="pubdate" content="2025-02-30">', False),
        ('<meta name="keywords" content="2025-10-31">', False),
    ],
)
def test_metadata_gives_the_date_or_nothing_does(head, day):
    """The calendar day is the one that is written; a date that does not exist is not mended."""
    statement = of(f"<head>{head}</head><body><p>Text of a statement.</p></body>")
    assert str(statement.date) == ("2025-10-31" if day else "None")


def test_time_elements_and_bylines_give_the_date():
    """Where no metadata does."""
    time = (
        '<article><time datetime="2025-10-31T08:00">today</time>' + TEXT + "</article>"
    )
    assert str(of(time).date) == "2025-10-31"
    byline = "<article><p>October 31, 2025</p>" + TEXT + "</article>"
    assert str(of(byline).date) == "2025-10-31"
    assert "October" not in of(byline).text


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "/relative", "https://", "https://a b/", "http://[", ""],
)
def test_only_web_addresses_become_urls(link):
    """A link that a browser would run, or could not open, is left out."""
    page = f'<link rel="canonical" href="{link}"><p>Text of a statement.</p>'
    assert of(page).url == ""


def test_figures_captions_and_datelines_are_furniture_here_too():
    """The same rules hold whatever the shape of the file."""
    figure = "<figure><img><figcaption>The hall.</figcaption></figure>"
    page = f"<article><h1>H</h1>{figure}<p>Hands. (Xinhua/A B)</p>{TEXT}</article>"
    statement = of(page.replace("<p>The two", "<p>TOKYO, Oct. 31 (Kyodo) -- The two"))
    assert statement.captions == ("The hall.", "Hands. (Xinhua/A B)")
    assert statement.place == "Tokyo"
    assert statement.text.startswith("The two sides")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1"])
def test_a_page_is_the_same_in_every_encoding(encoding, declared):
    """Even where an XML declaration and a meta element both say something else."""
    page = (
        f'<?xml version="1.0" encoding="{declared}"?><html><head><meta charset="{declared}">'
        "<title>外交部</title></head><body><p>外交部发言人毛宁主持例行记者会。</p></body></html>"
    )
    statement = of(page.encode(encoding))
    assert statement.title == "外交部"
    assert statement.text == "外交部发言人毛宁主持例行记者会。"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 5_000 + "A statement." + "</div>" * 5_000,
        "<p><span>A statement. " * 5_000,
        "A statement.<br>" * 5_000,
        '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><p>A statement. &c;</p>',
        "<p>A statement.</p><a " + "<a " * 20_000,
        "<p>A statement.<![CDATA[ x ]]></p>",
    ],
)
def test_broken_and_hostile_markup_is_read(page):
    """However deep or crooked a page is, its text comes out, by rule and by selectors."""
    assert "A statement." in of(page).text
    assert "A statement." in of(page, SELECTED).text


@pytest.mark.parametrize(
    "page", ["<html></html>", "<p> </p>", "<!-- only -->", "<nav>Home</nav>"]
)
def test_a_page_without_text_is_reported(page):
    """Rather than indexed empty."""
    assert "holds no text" in of(page).reason


@pytest.mark.parametrize(
    "script, day",
    [
        (
            '{"@type": "NewsArticle", "datePublished": "2025-10-31T08:00:00+09:00"}',
            True,
        ),
        ('[{"@type": ["Report"], "datePublished": "2025-10-31"}]', True),
        ('{"@graph": [{"@type": "WebPage", "datePublished": "2025-10-31"}]}', True),
        ('{"@type": "Person", "datePublished": "2025-10-31"}', False),
        ('{"@type": "NewsArticle", "datePublished": "2025-02-30"}', False),
        ('{"@type": "NewsArticle", "datePublished": 2025}', False),
        ('{"@type": "NewsArticle"', False),
        ("[" * 100_000, False),
    ],
)
def test_json_ld_gives_the_date(script, day):
    """Of what the page is about; a script that is none is passed over."""
    page = f'<script type="application/ld+json">{script}</script>{TEXT}'
    assert str(of(page).date) == ("2025-10-31" if day else "None")


@pytest.mark.parametrize(
    "head, title",
    [
        ('<meta name="ArticleTitle" content="A"><title>B</title>', "A"),
        ("<title>A — 外交部</title><meta name=SiteName content=外交部>", "A"),
        ('<title>A | B</title><meta property="og:site_name" content="C">', "A | B"),
        ('<meta property="og:title" content="A"><title>B</title>', "A"),
    ],
)
def test_the_title_is_found_without_a_heading(head, title):
    """What the page calls its title, less the name of the site."""
    assert of(f"<head>{head}</head><body>{TEXT}</body>").title == title


def test_an_article_in_several_parts_is_whole():
    """What stands in the same kind of element as the rest, and reads as prose, belongs to it."""
    sentence = (
        "Paragraph {} says at some length what both of the sides had agreed upon."
    )
    part = '<div class="article-body">{}</div>'
    inner = [
        "".join(f"<p>{sentence.format(i) * 4}</p>" for i in range(n, n + 5))
        for n in (1, 6)
    ]
    teaser = (
        "<ul><li><a href=x>Another statement that one might like to read.</a></li></ul>"
    )
    page = f"<body>{part.format(inner[0])}<div>Advertisement</div>{part.format(inner[1])}{teaser}"
    text = of(page).text
    assert [f"Paragraph {i} " in text for i in range(1, 11)] == [True] * 10
    assert text.index("Paragraph 5 ") < text.index("Paragraph 6 ")
    assert "Advertisement" not in text and "Another" not in text


def test_a_page_too_large_for_the_library_is_read_all_the_same():
    """A book of a page has its text, less navigation and footer, in no time."""
    many = "".join(f"<p>Paragraph {i}.</p>" for i in range(40_000))
    statement = of(f"<nav>Home</nav>{many}<footer>Rights</footer>")
    assert statement.text.count("Paragraph") == 40_000
    assert "Home" not in statement.text and "Rights" not in statement.text


def test_captions_are_found_without_a_body():
    """Those that a source names, and those that any page may mark, though not as text."""
    source = Source(id="mfa", selectors=Selectors(captions=(".note",)))
    marked = "<figcaption>A hall.</figcaption><p class='a caption'>A door.</p>"
    statement = of(f"{marked}<p class=note>Hands.</p>{TEXT}", source)
    assert statement.captions == ("A hall.", "A door.", "Hands.")
    assert "Hands" not in statement.text and "door" not in statement.text


def test_a_body_within_another_is_read_once():
    """Where a selector finds both, though another body says the same."""
    source = Source(id="mfa", selectors=Selectors(body=".body"))
    inner = "<div class=body><p>A statement.</p></div>"
    statement = of(f"<div class=body>{inner}</div>{inner}", source)
    assert statement.text == "A statement.\n\nA statement."


def test_selectors_find_speakers():
    """Where a page names them apart from its text."""
    source = Source(id="mfa", selectors=Selectors(speakers=".by a"))
    page = f"<p class=by><a>Wang Yi</a>, <a>Takeshi Iwaya</a></p>{TEXT}"
    assert of(page, source).speakers == ("Wang Yi", "Takeshi Iwaya")
