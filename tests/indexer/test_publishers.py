"""Each publisher's profile on a page made after what is publicly known of its layout.

No page is a real one: they show which element a profile reads as what, among the furniture that
stands around it. What real pages give is measured by ``tests.bench.gate``.
"""

from dataclasses import dataclass

import pytest

from indexer.cleaning import clean
from indexer.profiles import load_profiles
from indexer.readouts import Readout
from indexer.sources import Source

TITLE = "Ministers meet in Kuala Lumpur"
TEXT = ("The two sides exchanged views on matters of common concern.", "They agreed.")
BODY = "".join(f"<p>{each}</p>" for each in TEXT)
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/a'>Activities</a></li></ul></nav>"
PUBLISHED = '<meta name="publishdate" content="2025-07-10">'
RELATED = (
    "<aside><h3>Related news</h3><p>Another story that nobody asked for.</p></aside>"
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page at an address: what its body and head hold, and the speakers that it should give."""

    address: str
    body: str
    head: str = ""
    speakers: tuple[str, ...] = ()
    place: str = ""


PAGES = {
    "china-daily": Page(
        address="https://www.chinadaily.com.cn/a/202507/10/WS686f.html",
        body=f"""<div class="lft_art"><h1>{TITLE}</h1>
        <span class="info_l">By A Writer | China Daily | Updated: 2025-07-10 09:05</span>
        <div id="Content"><figure><figcaption>The ministers. [Photo/Agencies]</figcaption></figure>
        {BODY}<p>Contact the writer at writer@chinadaily.com.cn</p></div></div>""",
        head=PUBLISHED,
    ),
    "eeas": Page(
        address="https://www.eeas.europa.eu/eeas/ministers-meet_en",
        body=f"""<div class="node node--type-eeas-press-material"><h1 class="node__title">{TITLE}</h1>
        <div class="node__meta"><time datetime="2025-07-10T09:05:00Z">10.07.2025</time></div>
        <div class="node__content"><div class="field--name-field-text">{BODY}</div></div></div>""",
    ),
    "fcdo": Page(
        address="https://www.gov.uk/government/news/ministers-meet",
        body=f"""<h1 class="gem-c-heading__text">{TITLE}</h1>
        <div class="gem-c-metadata"><a href="/government/organisations/fcdo">FCDO</a>
        <a href="/government/people/jane-doe">The Rt Hon Jane Doe MP</a></div>
        <div class="gem-c-govspeak govspeak">{BODY}<div class="call-to-action"><p>Sign up.</p></div></div>
        <h2>Share this page</h2>""",
        head='<meta name="govuk:first-published-at" content="2025-07-10T09:05:00+01:00">',
        speakers=("The Rt Hon Jane Doe MP",),
    ),
    "mea-india": Page(
        address="https://www.mea.gov.in/press-releases.htm?dtl/39800/",
        body=f"""<div class="innerContent"><h1>{TITLE}</h1><p class="date">July 10, 2025</p>
        <div class="detail">{BODY}<p>***</p></div><p>Post A Comment</p></div>""",
    ),
    "mfa-cn-en": Page(
        address="https://www.mfa.gov.cn/eng/xw/zyxw/202507/t20250710_11668.html",
        body=f"""<div class="news-title"><h1>{TITLE}</h1></div>
        <div id="News_Body_Txt_A">{BODY}</div><p>Suggest to a friend</p>""",
    ),
    "mfa-cn-zh": Page(
        address="https://www.mfa.gov.cn/web/wjbzhd/202507/t20250710_11668.shtml",
        body=f"""<div class="news-title"><h1>{TITLE}</h1></div>
        <div class="news-details"><span class="time">2025-07-10 09:05</span></div>
        <div id="News_Body_Txt_A">{BODY}</div><p>推荐给朋友</p>""",
    ),
    "mofa-jp-en": Page(
        address="https://www.mofa.go.jp/press/release/pressite_000001_00100.html",
        body=f"""<div id="maincontents"><h1 class="title1">{TITLE}</h1>
        <p class="rightalign">July 10, 2025</p>
        {BODY}<p>(END)</p><div class="any-link"><h3>Related Links</h3><a href=/x>Another</a></div></div>""",
    ),
    "mofa-jp-ja": Page(
        address="https://www.mofa.go.jp/mofaj/press/release/pressit_000001_00100.html",
        body=f"""<div id="maincontents"><h1 class="title1">{TITLE}</h1><p class="rightalign">令和7年7月10日</p>
        {BODY}<p>（了）</p><p>このページのトップへ戻る</p></div>""",
    ),
    "state-gov": Page(
        address="https://www.state.gov/ministers-meet/",
        body=f"""<h1 class="featured-content__headline stars-above">{TITLE}</h1>
        <div class="article-meta"><p class="article-meta doctype-meta">Readout</p>
        <p class="article-meta__author-bureau">
        <a href="/biographies/jane-doe/">Jane Doe, Secretary of State</a></p>
        <p class="article-meta__location">Kuala Lumpur, Malaysia</p>
        <p class="article-meta__publish-date">July 10, 2025</p></div>
        <div class="entry-content"><p>Office of the Spokesperson</p>{BODY}<p>###</p></div>
        <div class="related-tags"><a href=/t>Tag</a></div>""",
        speakers=("Jane Doe, Secretary of State",),
        place="Kuala Lumpur, Malaysia",
    ),
    "un-press": Page(
        address="https://press.un.org/en/2025/sgsm22700.doc.htm",
        body=f"""<h1 class="page-header">{TITLE}</h1>
        <div class="field field--name-field-date"><time>10 July 2025</time></div>
        <div class="field field--name-body">{BODY}
        <p>For information media. Not an official record.</p></div>""",
    ),
    "whitehouse": Page(
        address="https://www.whitehouse.gov/briefings-statements/2025/07/ministers-meet/",
        body=f"""<h1 class="wp-block-whitehouse-topper__headline">{TITLE}</h1>
        <time datetime="2025-07-10T09:05:00-04:00">July 10, 2025</time>
        <div class="entry-content wp-block-post-content">{BODY}<p>###</p></div>""",
    ),
    "xinhua-en": Page(
        address="https://english.news.cn/20250710/0123456789/c.html",
        body=f"""<div class="conTop"><h1>{TITLE}</h1><p class="time">2025-07-10 09:05:30</p></div>
        <div id="detailContent">{BODY}<p>Enditem</p></div>""",
    ),
    "xinhua-zh": Page(
        address="http://www.news.cn/world/20250710/0123456789/c.html",
        body=f"""<div class="head-line"><h1><span class="title">{TITLE}</span></h1></div>
        <div id="detail"><span id="detailContent">{BODY}</span><p>【纠错】 【责任编辑：某某】</p></div>""",
        head=PUBLISHED,
    ),
}
#: Other layouts of the same publishers, as news crawlers know them.
MORE = {
    "china-daily": Page(
        address="https://www.chinadaily.com.cn/a/202507/10/WS687a.html",
        body=f"""<div class="ce_art"><h1>{TITLE}</h1><div id="Content">{BODY}</div></div>""",
        head=PUBLISHED,
    ),
    "mfa-cn-en": Page(
        address="https://www.mfa.gov.cn/eng/xw/zyxw/202507/t20250710_11669.html",
        body=f"""<h1>{TITLE}</h1><div class="content_text">{BODY}</div><p>Suggest to a friend</p>""",
    ),
    "xinhua-zh": Page(
        address="http://www.xinhuanet.com/world/2025-07/10/c_1.htm",
        body=f"""<div class="h-title">{TITLE}</div><div id="detail">{BODY}<p>【责任编辑：某某】</p></div>""",
        head=PUBLISHED,
    ),
}


def test_every_profile_has_a_page():
    """Whoever adds a profile shows what it reads."""
    assert set(PAGES) == set(load_profiles())


@pytest.mark.parametrize(("name", "page"), [*PAGES.items(), *MORE.items()])
def test_a_publisher_s_page_gives_title_date_and_text_alone(name, page):
    """By the page's address, with nothing of menus, labels, credits and related news."""
    markup = (
        f'<html><head><link rel="canonical" href="{page.address}">{page.head}'
        f"<title>{TITLE} - Site</title></head><body>{MENU}<main>{page.body}</main>{RELATED}</body></html>"
    )
    readout = Readout("x", "unsorted/x.html", "", markup.encode())
    (statement,) = clean(readout, Source(id="unsorted"))
    profile = load_profiles()[name]
    assert statement.title == TITLE
    assert statement.text.split("\n\n") == list(TEXT)
    assert str(statement.date) == "2025-07-10"
    assert statement.language == profile.language
    assert statement.url == page.address
    assert statement.place == page.place
    if page.speakers:
        assert statement.speakers == page.speakers
