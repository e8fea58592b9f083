"""Cleaning tells what was stated from everything around it, and says why where it cannot."""

import datetime
import json
import os
import re
import shutil
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cleaning import clean, statement_id
from indexer.errors import ReadoutError
from indexer.readouts import KINDS, Readout, find_readout, find_readouts, read
from indexer.sources import Source, load_sources
from indexer.statement import Statement

DATA = Path(__file__).parents[1] / "data" / "raw"
SOURCE = Source(id="mfa", country="China", language="en", kind="readout")


def of(data, name="mfa/x.txt", source=SOURCE):
    """The one thing that cleaning makes of these bytes."""
    data = data if isinstance(data, bytes) else data.encode()
    (result,) = clean(Readout(name, name, "", data), source)
    return result


def of_object(**values):
    return of(json.dumps({"title": "T", "text": "Text.", **values}), "mfa/x.json")


def of_lines(tmp_path, *lines):
    path = tmp_path / "mfa" / "x.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return list(clean(read(find_readout(tmp_path, path)), SOURCE))


def in_data(name):
    (result,) = clean(read(find_readout(DATA, DATA / name)), Source(id="xinhua"))
    return result


# Text files in the shape of the first readouts.


def test_headline_caption_dateline_and_body_are_told_apart():
    """The dateline gives the place, the caption keeps its credit, the body neither."""
    statement = in_data("xinhua/gyeongju.txt")
    assert statement.id == "xinhua/gyeongju"
    assert statement.title == "Xi tells Takaichi that stable ties serve both countries"
    assert statement.headline == statement.title
    assert statement.date == datetime.date(2025, 10, 31)
    assert statement.place == "Gyeongju, South Korea"
    assert statement.agency == "Xinhua"
    assert statement.captions == (
        "Xi Jinping and Sanae Takaichi pose before their meeting in Gyeongju, South Korea, "
        "Oct. 31, 2025. (Xinhua/Ding Lin)",
    )
    assert statement.text.startswith("Stable relations serve both countries, Xi")
    assert statement.text.count("\n\n") == 2
    for furniture in ("Ding Lin", "Gyeongju, South Korea", "Xinhua", "--"):
        assert furniture not in statement.text


def test_a_caption_as_first_line_gives_the_title_without_its_credit():
    """What only captions a photo is shown as title and never searched as headline."""
    statement = in_data("xinhua/kuala-lumpur.txt")
    assert statement.title == "Wang Yi meets Takeshi Iwaya in Kuala Lumpur on Thursday."
    assert statement.captions == (statement.title + " [Photo/fmprc.gov.cn]",)
    assert statement.headline == ""
    assert statement.date == datetime.date(2025, 7, 10)
    assert statement.text.startswith("Wang Yi spoke in favor")
    assert "Photo" not in statement.text


def test_the_source_says_what_the_file_does_not():
    """Language and kind come from source.toml, and the address from its form."""
    source = Source(
        id="mfa",
        country="China",
        language="zh",
        kind="readout",
        url_base="https://mfa.example/",
        url_form="web/{path}.html",
    )
    statement = of("Title\n\nText.", "mfa/2025/a b.txt", source)
    assert (statement.source, statement.kind) == ("mfa", "readout")
    assert statement.language == "zh"
    assert statement.url == "https://mfa.example/web/2025/a%20b.html"


def test_an_address_can_be_made_of_parts_of_the_file_s_name():
    """The groups of its pattern; a file of another name has no address."""
    source = Source(
        id="mfa",
        url_base="https://mfa.example/",
        url_form="{year}/{name}.html",
        file_name=re.compile(r"t(?P<year>\d{4})\d+"),
    )
    assert of("T\n\nText.", "mfa/t20251.txt", source).url.endswith("/2025/t20251.html")
    assert of("T\n\nText.", "mfa/x.txt", source).url == ""


@pytest.mark.parametrize(
    "text, title, body",
    [
        ("Title\n\nText.", "Title", "Text."),
        ("Text alone.", "x", "Text alone."),
        ("Text.\nMore.", "x", "Text.\n\nMore."),
        ("A first paragraph.\n\nMore.", "x", "A first paragraph.\n\nMore."),
        ("BEIJING, May 3 (Xinhua) -- One\n\nTwo.", "x", "One\n\nTwo."),
        ("word " * 60 + "\n\nMore.", "x", "word " * 59 + "word\n\nMore."),
    ],
)
def test_without_a_header_a_short_line_alone_is_the_title(text, title, body):
    """Else the file's name stands in, and no date is guessed."""
    statement = of(text)
    assert (statement.title, statement.text) == (title, body)
    assert statement.date is None


@pytest.mark.parametrize(
    "header, day, precision",
    [
        (" date 2025-10-31 T", "2025-10-31", "day"),
        ("date 2025-10-31 T", "2025-10-31", "day"),
        ("\ufeff date: 2025-10-31 T", "2025-10-31", "day"),
        ("\n\n date 2025-10 T", "2025-10-01", "month"),
        ("date 2025 T", "2025-01-01", "year"),
    ],
)
def test_the_header_gives_the_date(header, day, precision):
    """With a leading blank or without, of a day, a month or a year."""
    statement = of(header + "\n\nText.")
    assert statement.title == "T"
    assert (str(statement.date), statement.date_precision) == (day, precision)


def test_a_date_that_does_not_exist_is_an_error():
    """Nothing is guessed: the file is reported with the date that is wrong."""
    error = of(" date 2025-02-30 T\n\nText.")
    assert isinstance(error, ReadoutError)
    assert error.path == "mfa/x.txt"
    assert "February" in error.reason


@pytest.mark.parametrize(
    "first, day",
    [
        ("date 2025 T\n\nTOKYO, Oct. 31 (Kyodo) -- Text.", "2025-10-31"),
        ("date 2025-10 T\n\nTOKYO, Oct. 31 (Kyodo) -- Text.", "2025-10-31"),
        ("date 2025-11-01 T\n\nTOKYO, Oct. 31 (Kyodo) -- Text.", "2025-11-01"),
        ("date 2025-09 T\n\nTOKYO, Oct. 31 (Kyodo) -- Text.", "2025-09-01"),
        ("date 2024 T\n\nTOKYO, Oct. 31, 2025 (Kyodo) -- Text.", "2024-01-01"),
        ("date 2025 T\n\nTOKYO, Feb. 30 (Kyodo) -- Text.", "2025-01-01"),
        ("T\n\nTOKYO, Oct. 31 (Kyodo) -- Text.", "None"),
        ("T\n\nTOKYO, Oct. 31, 2025 (Kyodo) -- Text.", "2025-10-31"),
        ("T\n\nUpdated: 2025-10-31 18:30\n\nText.", "2025-10-31"),
        ("T\n\n2025年10月31日 18:30 来源：新华网\n\nText.", "2025-10-31"),
        ("T\n\n(Xinhua) 18:30, October 31, 2025\n\nText.", "2025-10-31"),
        ("T\n\n令和7年10月31日\n\nText.", "2025-10-31"),
        ("T\n\nIn 2025-10-31 much happened.\n\nText.", "None"),
    ],
)
def test_a_dateline_or_byline_completes_the_date(first, day):
    """The header comes first, and gives the year; what disagrees or has no year is left."""
    assert str(of(first).date) == day


@pytest.mark.parametrize(
    "line, place",
    [
        ("GYEONGJU, South Korea, Oct. 31 (Xinhua) -- ", "Gyeongju, South Korea"),
        ("SAN FRANCISCO, the United States, Nov. 16 (Xinhua) -- ", None),
        ("BEIJING, Sept 3 (Xinhua) — ", "Beijing"),
        ("UNITED NATIONS, 21 September (Xinhua) – ", "United Nations"),
        ("RIO DE JANEIRO, Nov. 18 -- ", "Rio de Janeiro"),
        ("XI'AN, May 18 (Xinhua) -- ", "Xi'an"),
        ("PORT-AU-PRINCE, Haiti (AP) — ", "Port-au-Prince, Haiti"),
        ("WASHINGTON, D.C. — ", "Washington, D.C."),
        ("WASHINGTON — ", "Washington"),
        ("WASHINGTON/BEIJING, Nov 15 (Reuters) - ", "Washington/Beijing"),
        ("Tokyo, October 31, 2025 (Kyodo) —", "Tokyo"),
        ("Tokyo (AP) - ", "Tokyo"),
        ("新华社北京10月31日电（记者 某某）", "北京"),
        ("（新华社庆州2025年10月31日电）", "庆州"),
        ("中新社东京10月31日电 (记者 某某)", "东京"),
        ("本报北京10月31日讯 ", "北京"),
        ("【東京＝特派員】", "東京"),
        ("【北京共同】", "北京"),
        ("【新華社慶州10月31日】", "慶州"),
    ],
)
def test_datelines_give_the_place_and_leave_the_text(line, place):
    """English, Chinese and Japanese forms, with and without a day or an agency."""
    statement = of(f"T\n\n{line}The two sides met.\n\nMore.")
    assert statement.text == "The two sides met.\n\nMore."
    assert statement.place == (place or "San Francisco, the United States")


@pytest.mark.parametrize(
    "paragraph",
    [
        "NATO — The alliance met.",
        "THE PRESIDENT — Thank you.",
        "SECRETARY BLINKEN — Thank you all.",
        "MR. MILLER: Good afternoon -- thank you.",
        "China — the host — spoke first.",
        "In Tokyo, Oct. 31 — the day of the vote — passed quietly.",
        "The two sides (China and Japan) -- met.",
        "Wang Yi spoke -- briefly.",
        "Q — What about Taiwan?",
        "记者：10月31日，中日领导人会见。",
        "【コメント】両首脳は会談した。",
    ],
)
def test_what_only_looks_like_a_dateline_stays(paragraph):
    """A dash or a bracket alone takes nothing away from the text."""
    statement = of(f"T\n\n{paragraph}\n\nMore.")
    assert statement.text == f"{paragraph}\n\nMore."
    assert statement.place == ""


@pytest.mark.parametrize(
    "caption",
    [
        "The ministers shake hands. [Photo/fmprc.gov.cn]",
        "The ministers shake hands. [Photo by A. Person/China Daily]",
        "The ministers shake hands [Photo provided to China Daily]",
        "The ministers shake hands on Oct. 31, 2025. (Xinhua/Ding Lin)",
        "The ministers shake hands. (Photo by Ding Lin/Xinhua)",
        "The ministers shake hands. (Photo: Cabinet Office)",
        "The ministers shake hands. (AP Photo/A. Person)",
        "The ministers shake hands. UN Photo/A. Person",
        "The ministers shake hands. Photo: A Person/GT",
        "The ministers shake hands. Ding Lin/Xinhua Photo",
        "The ministers shake hands. /Xinhua Photo",
        "(Xinhua/Ding Lin)",
        "Photo: AFP",
        "两国外长握手。（新华社记者 丁林 摄）",
        "两国外长握手。新华社记者 丁林 摄",
        "两国外长握手。（图片来源：外交部）",
        "握手する両外相（写真：内閣広報室）",
        "握手する両外相＝代表撮影",
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_short_paragraph_that_ends_in_a_credit_is_a_caption(caption, before):
    """Wherever it stands, whole, with its credit."""
    parts = [caption, "One.", "Two."] if before else ["One.", caption, "Two."]
    statement = of("\n\n".join(["date 2025-10-31 T", *parts]))
    assert statement.text == "One.\n\nTwo."
    assert statement.captions == (caption,)


@pytest.mark.parametrize(
    "paragraph",
    [
        "It joined the World Trade Organization (WTO)",
        "The talks went on (in Beijing and in Tokyo).",
        "Both belong to one group (ASEAN/APEC)",
        "So says a poll of 2,000 voters (Reuters/Ipsos)",
        "He named two papers [Xinhua and People's Daily].",
        "Photos by satellites show that the camp was built.",
        "Photo: the word opened his speech.",
        "Both sides posed for photos.",
        "双方拍摄了照片。",
    ],
)
def test_a_body_paragraph_is_never_a_caption(paragraph):
    """Brackets at the end, or the word photo, do not make a credit."""
    statement = of(f"T\n\nOne.\n\n{paragraph}\n\nTwo.")
    assert statement.text == f"One.\n\n{paragraph}\n\nTwo."
    assert statement.captions == ()


def test_of_a_long_paragraph_only_the_credit_is_cut_off():
    """A whole report in one paragraph is not lost to the credit at its end."""
    long = "The two sides exchanged views. " * 40
    statement = of(f"T\n\n{long}(Xinhua/Ding Lin)")
    assert statement.text == long.strip()
    assert statement.captions == ("(Xinhua/Ding Lin)",)


def test_boilerplate_of_a_source_is_dropped():
    """A pattern must match a whole paragraph, so that a sentence which holds it stays."""
    source = Source(
        id="mfa",
        drop=(re.compile("Enditem"), re.compile("Contact .*")),
        captions=(re.compile("Photo [0-9]+"),),
    )
    text = (
        "T\n\nPhoto 1\n\nOne Enditem.\n\nContact us.\n\nWe said: Contact us.\n\nEnditem"
    )
    statement = of(text, source=source)
    assert statement.text == "One Enditem.\n\nWe said: Contact us."
    assert statement.captions == ("Photo 1",)


def test_lines_broken_to_fit_are_joined_and_others_kept():
    """A mail's hard line ends do not tear phrases; a line that ends a sentence ends a paragraph."""
    wrapped = "Both sides agreed to uphold the four political\ndocuments between them."
    statement = of(f"T\n\nQ: Why?\nA: Because.\n\n{wrapped}")
    assert statement.text == (
        "Q: Why?\n\nA: Because.\n\n"
        "Both sides agreed to uphold the four political documents between them."
    )


def test_text_is_uniform():
    """NFC, one kind of line end and blank, and nothing that nobody can see."""
    data = "T\r\n\r\nCafe\u0301\u00a0\u3000a\u00adb\u200b\u202ec\ufeff\x07 \t d\r\rNext\u2029More."
    assert of(data).text == "Café abc d\n\nNext\n\nMore."


@pytest.mark.parametrize(
    "text", ["", " \n ", " date 2025-10-31 T", "(Xinhua/Ding Lin)", "\u200b"]
)
def test_a_file_without_text_is_reported(text):
    """A headline or a caption alone is no statement."""
    error = of(text)
    assert isinstance(error, ReadoutError)
    assert "holds no text" in error.reason


def test_a_caption_that_repeats_the_headline_keeps_its_credit_only():
    """Else the headline would count as nothing but a caption, and not be searched."""
    statement = of(
        "date 2025-10-31 Xi meets Biden\n\nXi meets Biden (Xinhua/A B)\n\nText."
    )
    assert statement.captions == ("(Xinhua/A B)",)
    assert statement.headline == "Xi meets Biden"


# JSON


def test_an_object_is_a_statement():
    """All that it says is kept; keys that nobody knows are passed over."""
    statement = of_object(
        title="Joint  statement",
        text="One.\n\nTwo.",
        date="2025-10-31T23:30:00Z",
        kind="joint statement",
        place="Tokyo",
        agency="Kyodo",
        country="JPN",
        speakers=["A", "B", "A"],
        language="ja",
        url="https://example.org/a?b=1",
        captions=["Hands."],
        post={"anything": 1},
    )
    assert statement == Statement(
        id="mfa/x~json",
        title="Joint statement",
        text="One.\n\nTwo.",
        date=datetime.date(2025, 10, 31),
        source="mfa",
        kind="joint statement",
        place="Tokyo",
        agency="Kyodo",
        countries=("JPN",),
        speakers=("A", "B"),
        language="ja",
        url="https://example.org/a?b=1",
        captions=("Hands.",),
    )


def test_the_source_of_an_object_is_its_folder():
    """A line cannot file itself under another source."""
    assert of_object(source="UN General Debate").source == "mfa"


@pytest.mark.parametrize(
    "date, given, day, precision",
    [
        ("1946-09-25", "year", "1946-01-01", "year"),
        ("1946-09-25", "month", "1946-09-01", "month"),
        ("1946-09", "day", "1946-09-01", "month"),
        ("1946", None, "1946-01-01", "year"),
        (None, None, "None", "day"),
        ("", None, "None", "day"),
    ],
)
def test_the_precision_of_a_date_is_kept(date, given, day, precision):
    """A placeholder for day or month becomes the first one; precision is never made up."""
    statement = of_object(date=date, **({"date_precision": given} if given else {}))
    assert (str(statement.date), statement.date_precision) == (day, precision)


@pytest.mark.parametrize(
    "text, words",
    [
        (
            "{",
            "is not JSON: Expecting property name enclosed in double quotes at line 1",
        ),
        ("[]", "holds a list where one object is expected"),
        ("3", "holds 3 where one object"),
        ('{"title": "T"}', "has no 'text'; add it"),
        ('{"text": "T"}', "has no 'title'; add it"),
        ('{"title": "T", "text": ["a"]}', "'text' must be a text, not ['a']"),
        ('{"title": "T", "text": " "}', "holds no text"),
        ('{"title": "T", "text": "a", "date": 20251031}', "'date' must be a text"),
        ('{"title": "T", "text": "a", "date": "2025-02-30"}', "its date: There is no"),
        (
            '{"title": "T", "text": "a", "date": "2025", "date_precision": "d"}',
            "day, month",
        ),
        (
            '{"title": "T", "text": "a", "speakers": [1]}',
            "'speakers' must be a text or a",
        ),
        (
            '{"title": "T", "text": "a", "url": "javascript:x"}',
            "'url' must be an address",
        ),
        ("[" * 100_000, "nests far too deep"),
        ('{"title": ' + "1" * 5000 + "}", "too many digits"),
        ('{"title": "T", "text": "' + "\x00" + '"}', "binary"),
    ],
)
def test_json_that_gives_no_statement_says_why(text, words):
    """The reason names the key or the place in the file."""
    error = of(text, "mfa/x.json")
    assert isinstance(error, ReadoutError)
    assert words in error.reason


def test_lone_surrogates_leave_the_text():
    """JSON can escape half a character, which no UTF-8 can hold."""
    assert of_object(text="a\ud800b").text == "ab"


def test_a_bad_line_is_one_error_and_the_rest_are_statements(tmp_path):
    """Line 17 is reported by its number; nothing else is lost."""
    lines = [
        json.dumps({"id": f"s{i}", "title": "T", "text": "a"}) for i in range(1, 101)
    ]
    lines[16] = lines[16][:-1]
    results = of_lines(tmp_path, *lines)
    (error,) = (result for result in results if isinstance(result, ReadoutError))
    assert error.path == "mfa/x.jsonl, line 17"
    assert [result.id for result in results[15:18:2]] == [
        "mfa/x~jsonl/s16",
        "mfa/x~jsonl/s18",
    ]
    assert len(results) == 100


def test_lines_without_an_id_have_their_number(tmp_path):
    """A number cannot be taken for the id that another line gives itself."""
    line = {"title": "T", "text": "a"}
    lines = (line, {**line, "id": "n1"}, {**line, "id": 3}, {**line, "id": "~n1"})
    results = of_lines(tmp_path, *map(json.dumps, lines))
    assert [result.id for result in results] == [
        "mfa/x~jsonl/~n1",
        "mfa/x~jsonl/n1",
        "mfa/x~jsonl/3",
        "mfa/x~jsonl/~7en1",
    ]


def test_an_id_that_two_lines_have_is_an_error(tmp_path):
    """The first keeps it; the second is not lost silently."""
    line = json.dumps({"id": 7, "title": "T", "text": "a"})
    first, second = of_lines(tmp_path, line, line)
    assert first.id == "mfa/x~jsonl/7"
    assert "has the id '7' of line 1" in second.reason


def test_text_is_streamed_across_line_separators(tmp_path):
    """U+2028 in a text does not end the line."""
    line = json.dumps({"title": "T", "text": "a\u2028b"}, ensure_ascii=False)
    assert [result.text for result in of_lines(tmp_path, line)] == ["a\n\nb"]


# Ids

NAMES = st.lists(
    st.text(
        st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1
    ),
    min_size=1,
    max_size=3,
)
SUFFIXES = st.sampled_from([*KINDS, ".TXT", ".Jsonl", ".Docx"])


def undo(identity):
    """The name and line that an id was made of: what can be undone is the same for no two."""
    *folders, last = identity.split("/")
    line = None
    if (marked := re.search("~[Jj]sonl$", folders[-1] if folders else "")) and marked:
        line, last = last, folders.pop()
    stem, tilde, suffix = last.rpartition("~")
    escape = re.match("[0-9a-f]{2}", suffix)
    stem, suffix = (stem, suffix) if tilde and not escape else (last, "txt")
    raw = [re.sub("~(..)", lambda m: chr(int(m[1], 16)), p) for p in (*folders, stem)]
    return "/".join(raw).encode("latin-1").decode() + "." + suffix, line


@given(NAMES, SUFFIXES)
def test_no_two_files_have_the_same_id(parts, suffix):
    """From the id the file's name can be read back, and the id is safe in a URL."""
    name = "/".join(parts) + suffix
    if os.path.splitext(name)[1] != suffix:
        return  # ".txt" alone is a hidden file
    identity = statement_id(name)
    assert set(identity) <= set(string.ascii_letters + string.digits + "-_.~/")
    assert undo(identity) == (name, None)
    assert ".." not in identity.split("/")


@pytest.mark.parametrize(
    "name, line, identity",
    [
        ("xinhua/2025-10-31-gyeongju.txt", None, "xinhua/2025-10-31-gyeongju"),
        ("a/000_142b.txt", None, "a/000_142b"),
        ("a/x.html", None, "a/x~html"),
        ("a/x.html.txt", None, "a/x.html"),
        ("A b.txt", None, "A~20b"),
        ("a-b.txt", None, "a-b"),
        ("外.txt", None, "~e5~a4~96"),
        ("un/debate.jsonl", "ARG-1946", "un/debate~jsonl/ARG-1946"),
        ("un/debate.jsonl", "A/54/PV.3", "un/debate~jsonl/A~2f54~2fPV.3"),
        ("un/debate.jsonl", "..", "un/debate~jsonl/~2e."),
        ("un/debate.jsonl", 17, "un/debate~jsonl/~n17"),
    ],
)
def test_ids_are_readable(name, line, identity):
    """An ordinary name is its own id."""
    assert statement_id(name, line) == identity


# Hostile input


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "a ",
        "(",
        "A, ",
        "A ",
        "-",
        "A-",
        "[Photo/",
        "Photo by ",
        "摄",
        "Xinhua/",
        "【a=",
        "\n ",
    ],
)
def test_a_megabyte_of_one_paragraph_is_read(piece):
    """No pattern goes back and forth over what a stranger wrote: this would never end."""
    long = piece * (1_000_000 // len(piece))
    for text in (f"{long}x", f"T\n\n{long}x\n\nb {long})\n\n{long} Photo: x"):
        assert isinstance(of(text), Statement)


def test_everything_in_a_folder_is_cleaned_or_reported(tmp_path):
    """Each readout gives a statement or a reason with its path, whatever lies beside it."""
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    (tmp_path / "xinhua" / "bad.json").write_text("{")
    (tmp_path / "xinhua" / "bad.txt").write_bytes(b"\0\1\2\3")
    sources = load_sources(tmp_path)
    results = {}
    for file in find_readouts(tmp_path):
        (results[file.name],) = clean(read(file), sources[file.source])
    failed = {
        name for name, result in results.items() if isinstance(result, ReadoutError)
    }
    assert failed == {"xinhua/bad.json", "xinhua/bad.txt"}
    assert len(results) == 4
