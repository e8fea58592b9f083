"""Language, kind, countries and speakers are read where the text says them, and never guessed."""

import json
import subprocess
import sys

import pytest

from indexer.cleaning import clean
from indexer.cleaning.countries import countries_of
from indexer.cleaning.kinds import kind_of
from indexer.cleaning.language import language_of
from indexer.cleaning.speakers import speakers_of
from indexer.cleaning.transcripts import joined
from indexer.readouts import Readout
from indexer.sources import Source


def of(text, source=Source(id="mfa"), name="mfa/x.txt"):  # noqa: B008 - frozen
    (result,) = clean(Readout(name, name, "", text.encode()), source)
    return result


@pytest.mark.parametrize(
    "text, language",
    [
        ("The two sides exchanged views on matters of common concern.", "en"),
        ("两国外长就共同关心的问题交换了意见。", "zh"),
        ("岩屋外務大臣は、王毅部長と会談を行いました。", "ja"),
        ("外務省", "zh"),  # no Kana: nothing tells it from Chinese
        ("양국 외교장관은 공동 관심사에 대해 의견을 교환하였다.", "ko"),
        ("Le ministre a reçu son homologue japonais à Paris pour un entretien.", "fr"),
        ("Министр иностранных дел встретился с послом Японии в Москве.", "ru"),
        ("O presidente reuniu-se com o primeiro-ministro japonês em Lisboa.", "pt"),
        ("Η υπουργός συναντήθηκε με τον ομόλογό της", "el"),
        ("Tokyo Kyoto", ""),
        ("2025-10-31", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_or_left_open(text, language):
    """By script, by the commonest English words, or by a model that has to be sure."""
    assert language_of(text) == language


@pytest.mark.parametrize(
    "title, kind",
    [
        (
            "Foreign Ministry Spokesperson's Regular Press Conference",
            "press conference",
        ),
        ("Remarks by the President in a Joint Press Conference", "press conference"),
        ("Remarks by the President on the Joint Statement", "remarks"),
        ("President Xi's Opening Remarks", "remarks"),
        ("Joint Statement of Japan and the Republic of Korea", "joint statement"),
        ("Joint Communiqué of the Two Governments", "communiqué"),
        ("Readout of the Call with Prime Minister Ishiba", "readout"),
        ("Interview of the Vice President by a Station", "interview"),
        ("Statement by the Spokesperson on Taiwan", "statement"),
        ("2025年10月31日外交部发言人毛宁主持例行记者会", "press conference"),
        ("中日联合声明", "joint statement"),
        ("外交部发言人就中日联合声明答记者问", "remarks"),
        ("中美新闻公报", "communiqué"),
        ("外交部发言人就此发表谈话", "statement"),
        ("岩屋外務大臣会見記録", "press conference"),
        ("日中共同声明", "joint statement"),
        ("外務大臣談話", "statement"),
        ("Wang Yi meets Takeshi Iwaya", ""),
        ("Statements of interest", ""),
        ("", ""),
    ],
)
def test_the_title_names_the_kind(title, kind):
    """English says it first, Chinese and Japanese last; what is not named stays open."""
    assert kind_of(title) == kind


def test_questions_make_a_press_conference():
    """Three of them do, whoever asks; one or two may be quoted."""
    asked = ["Q: Why?", "MR. A: Because.", "问：为什么？", "法新社记者：何时？"]
    assert kind_of("A title", asked) == "press conference"
    assert kind_of("A title", asked[:2]) == ""


def test_the_kind_that_a_title_names_stands_over_the_source_s():
    """And the file's own word over both."""
    source = Source(id="mfa", kind="readout")
    assert of("Joint Statement\n\nText.", source).kind == "joint statement"
    assert of("Talks\n\nText.", source).kind == "readout"
    given = json.dumps({"title": "Joint Statement", "text": "Text.", "kind": "note"})
    assert of(given, source, "mfa/x.json").kind == "note"


@pytest.mark.parametrize(
    "language, text, countries",
    [
        (
            "en",
            "China and the U.S. met; Japanese officials did not.",
            "China, United States, Japan",
        ),
        ("en", "US-China talks, and the PRC's view", "United States, China"),
        ("en", "CHINA AND SOUTH KOREA", "China, South Korea"),
        (
            "en-GB",
            "Trinidad and Tobago, Côte d’Ivoire, the DPRK",
            "Trinidad & Tobago, Côte d’Ivoire, North Korea",
        ),
        ("en", "In the South China Sea and the Indian Ocean, says China Daily", ""),
        ("en", "Latin American and New Mexico", ""),
        ("en", "Michael Jordan met Chad Smith of Georgia Tech.", ""),
        ("en", "King Abdullah of Jordan came.", "Jordan"),
        (
            "en",
            "Niger and Nigeria, Guinea and Papua New Guinea",
            "Niger, Nigeria, Guinea, Papua New Guinea",
        ),
        ("en", "to china a polish turkey", ""),
        ("zh", "中方和日方，韩国与印度尼西亚", "China, Japan, South Korea, Indonesia"),
        ("zh", "上海地区和印度洋、日本海", ""),
        ("zh", "31日中日关系，今日中国", "China, Japan"),
        ("zh", "中日四个政治文件", "China, Japan"),
        ("zh-TW", "薩爾瓦多", "El Salvador"),
        ("ja", "日中首脳会談、韓国・慶州", "Japan, China, South Korea"),
        ("ja", "マリンスポーツとアメリカ", "United States"),
        ("fr", "La Chine et les États-Unis", "China, United States"),
        ("ru", "Китай и Япония", "China, Japan"),
        ("ar", "الصين واليابان", ""),
        ("xx", "China", ""),
        ("", "China", ""),
    ],
)
def test_countries_are_named_in_the_text_s_language(language, text, countries):
    """By CLDR's names and demonyms, and stored as English short names; seas are none."""
    assert ", ".join(countries_of("", [text], language)) == countries


def test_parties_come_first():
    """Those of title and lead, then those that the rest names often."""
    rest = "Long ago. " * 60 + "France spoke. " * 2 + "Spain spoke. " * 3
    assert countries_of("Japan", ["China agreed.", rest], "en") == (
        "Japan",
        "China",
        "Spain",
    )


def test_the_source_s_country_is_no_party():
    """Who publishes is not whom it is about."""
    source = Source(id="mfa", country="China", language="en")
    assert of("Talks\n\nBoth sides met.", source).countries == ()


@pytest.mark.parametrize(
    "language, title, text, speakers",
    [
        ("en", "", "Foreign Minister Wang Yi said that he agreed.", "Wang Yi"),
        ("en", "", "Chinese President Xi Jinping met him. President Xi stressed it.", "Xi Jinping"),
        ("en", "", "Prime Minister Takaichi stated it.", "Takaichi"),
        ("en", "", "Secretary-General Ban Ki-moon noted it.", "Ban Ki-moon"),
        ("en", "", "The Prime Minister said so. Xi said so. Minister of State said.", ""),
        ("en", "Remarks by President Trump and Prime Minister May Before Lunch", "", "Trump, May"),
        ("en", "Remarks by President Trump Saluting Heroes", "", ""),
        ("en", "Remarks by the Vice President on Trade", "President Trump said so.", ""),
        ("en", "Foreign Ministry Spokesperson Mao Ning's Regular Press Conference", "", "Mao Ning"),
        ("zh", "外交部发言人汪文斌主持例行记者会", "", "汪文斌"),
        ("zh", "", "外交部长王毅表示，习近平主席强调。", "王毅, 习近平"),
        ("zh", "", "总理伊姆兰·汗日前表示。", "伊姆兰·汗"),
        ("zh", "", "外交部发言人今天表示。发言人周二说。", ""),
        ("ja", "", "高市早苗内閣総理大臣は、会談した。高市総理大臣は、重要だと述べました。", "高市早苗"),
        ("ja", "", "外務大臣は述べた。", ""),
        ("fr", "", "Le ministre Jean Dupont a dit.", ""),
    ],
)  # fmt: skip
def test_speakers_are_those_whom_words_attribute(language, title, text, speakers):
    """An office, a name and a verb of saying; in a transcript the title alone."""
    kind = kind_of(title)
    assert ", ".join(speakers_of(title, [text], language, kind)) == speakers


def test_what_the_file_says_is_kept():
    """Even where it says that there are none."""
    values = {"title": "China", "text": "President Xi said it.", "language": "en"}
    found = of(json.dumps(values), name="mfa/x.json")
    assert (found.countries, found.speakers) == (("China",), ("Xi",))
    values |= {"countries": [], "speakers": []}
    found = of(json.dumps(values), name="mfa/x.json")
    assert (found.countries, found.speakers) == ((), ())


def test_a_label_alone_is_put_before_what_is_said():
    """Questions and answers are paragraphs with the speaker at the head."""
    assert joined(["Q:", "Why?", "MR. A:", "Because.", "问：", "何时？", "More."]) == [
        *("Q: Why?", "MR. A: Because.", "问：何时？", "More.")
    ]
    assert joined(["Notes:", "One.", "ANNEX:", "Two."]) == [
        "Notes:",
        "One.",
        "ANNEX:",
        "Two.",
    ]


def test_a_page_s_questions_keep_their_speakers():
    """Whether a label is in the paragraph or in one of its own."""
    page = (
        "<dl>"
        + "<dt>Q:</dt><dd>Why is that so?</dd><dt>MAO NING:</dt><dd>As it is.</dd>" * 3
    )
    statement = of(f"<article>{page}</dl></article>", name="mfa/x.html")
    assert statement.kind == "press conference"
    assert "\n\nMAO NING: As it is." in statement.text


def test_models_are_loaded_only_where_needed():
    """A text whose language and countries are given waits for neither model nor names."""
    code = """
import json, sys
from indexer.cleaning import clean
from indexer.readouts import Readout
from indexer.sources import Source
values = {"title": "T", "text": "The text of it.", "countries": ["China"], "date": "2025"}
readout = Readout("x", "a/x.json", "", json.dumps(values).encode())
list(clean(readout, Source(id="a")))
print(*{"trafilatura", "py3langid", "babel", "lxml", "bs4"} & sys.modules.keys())
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.stdout.strip(), run.stderr) == ("", "")
