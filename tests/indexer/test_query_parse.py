"""The query language, promise by promise."""

from datetime import date

import pytest

from indexer.dates import DateRange
from indexer.errors import QueryError
from indexer.query import (
    EVERYTHING,
    And,
    Dates,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Term,
    notices,
    parse_query,
)

A, B, C, D = Term("a"), Term("b"), Term("c"), Term("d")
DOCUMENTS = Phrase(("four", "political", "documents"))


def refusal(text):
    """The error that a text gives."""
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    return caught.value


@pytest.mark.parametrize("text", ["", "  \n\u3000", "*", " *:* "])
def test_an_empty_query_asks_for_everything(text):
    """Nothing typed, and a star alone, give every statement."""
    assert parse_query(text) is EVERYTHING
    assert str(EVERYTHING) == ""


@pytest.mark.parametrize(
    "text",
    [
        '"four political documents"',
        "“four political documents”",
        "„four political documents“",
        "«four political documents»",
        "»four political documents«",
        "「four political documents」",
        "『four political documents』",
        "＂four political documents＂",
        '"Four Political, Documents!"',
        '"four-political\ndocuments"',
    ],
)
def test_a_phrase_is_a_phrase_in_whatever_quotes(text):
    """Quotation marks, case, hyphens and punctuation change nothing about the words."""
    assert parse_query(text) == DOCUMENTS


def test_inner_quotes_of_another_kind_are_punctuation():
    """『』 stand inside 「」 as they do in print."""
    assert parse_query("「一个『中国』原则」") == Phrase(tuple("一个中国原则"))


@pytest.mark.parametrize(
    "text, tree",
    [
        ("Documents", Term("documents")),
        ("COMMUNIQUÉ,", Term("communique")),
        ('"documents"', Phrase(("documents",))),
        ('"of the"', Phrase(("of", "the"))),
        ("one-China", Phrase(("one", "china"))),
        ("U.S.", Phrase(("u", "s"))),
        ("四个政治文件", Phrase(tuple("四个政治文件"))),
        ("中", Term("中")),
        ("10:30", Phrase(("10", "30"))),
        ("https://x.org/y", Phrase(("https", "x", "org", "y"))),
        ("c++", Term("c")),
        ("Japan's", Term("japan")),
        ("JAPAN’S.", Term("japan")),
        ("states'", Term("states")),
        ("'s", Term("s")),
        ('"Japan\'s"', Phrase(("japan", "s"))),
        ("docum*", Prefix("docum")),
        ("Réu*", Prefix("reu")),
        ("中国*", Phrase(("中", "国"))),
        ("Takaichi~", Fuzzy("takaichi")),
    ],
)
def test_words(text, tree):
    """A bare word means all its forms; what is several tokens is a phrase; quotes are exact."""
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    "text, tree",
    [
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a (b (c)))", And((A, B, C))),
        ("a OR (b OR (c))", Or((A, B, C))),
        ("a a", And((A, A))),
        ("a -b", And((A, Not(B)))),
        ("-a b", And((Not(A), B))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b c", And((A, Not(B), C))),
        ("(-a b)", And((Not(A), B))),
        ('a -"b c"', And((A, Not(Phrase(("b", "c")))))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ("a -(b -c)", And((A, Not(And((B, Not(C))))))),
        ("a (b -c) OR d", Or((And((A, B, Not(C))), D))),
        ("a -title:b", And((A, Not(Field("title", B))))),
        ("a（b　ＯＲ　c）", And((A, Or((B, C))))),
        (
            "a or b and not c",
            And(tuple(Term(word) for word in "a or b and not c".split())),
        ),
        ("one-two", Phrase(("one", "two"))),
        ('"a"-b', And((Phrase(("a",)), B))),
    ],
)
def test_operators(text, tree):
    """AND binds tighter than OR, operators are capitals, a hyphen excludes at a word's start."""
    assert parse_query(text) == tree


def exactly(*words):
    return tuple(Phrase((word,)) for word in words)


@pytest.mark.parametrize(
    "text, tree",
    [
        ('"a b"~5', Near(exactly("a", "b"), 5)),
        ('"b a b"～100', Near(exactly("b", "a", "b"), 100)),
        (
            '"中国 one-China"~5',
            Near((Phrase(("中", "国")), Phrase(("one", "china"))), 5),
        ),
        ('"a" NEAR/5 "b"', Near(exactly("a", "b"), 5)),
        ("a NEAR/5 b", Near((A, B), 5)),
        ("a ONEAR/1 b ONEAR/1 c", Near((A, B, C), 1, ordered=True)),
        ("docum* NEAR/5 takaichi~", Near((Prefix("docum"), Fuzzy("takaichi")), 5)),
        ('a NEAR/5 (b OR "c d")', Near((A, Or((B, Phrase(("c", "d"))))), 5)),
        ("a NEAR/5 b c OR d", Or((And((Near((A, B), 5), C)), D))),
        ("d NOT a NEAR/5 b", And((D, Not(Near((A, B), 5))))),
        ('title:"a b"~5', Field("title", Near(exactly("a", "b"), 5))),
        ("title:(a NEAR/5 b)", Field("title", Near((A, B), 5))),
        ("a near b", And((A, Term("near"), B))),
    ],
)
def test_nearness(text, tree):
    """NEAR binds tightest, a chain of one operator is one, and both ways of writing are one."""
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    "text, tree",
    [
        ('"a b"~p', Paragraph(exactly("a", "b"))),
        ('"a b c a b c"～P', Paragraph(exactly(*"abcabc"))),
        ('"a" NEAR/p "b"', Paragraph(exactly("a", "b"))),
        ("a NEAR/p b NEAR/P c", Paragraph((A, B, C))),
        ("a NEAR/p (b NEAR/5 c)", Paragraph((A, Near((B, C), 5)))),
        (
            'a NEAR/p ("b c"~5 OR c)',
            Paragraph((A, Or((Near(exactly("b", "c"), 5), C)))),
        ),
        ("a NEAR/p b c", And((Paragraph((A, B)), C))),
        ("d NOT a NEAR/p b", And((D, Not(Paragraph((A, B)))))),
        ("d -(a NEAR/p b)", And((D, Not(Paragraph((A, B)))))),
        ('title:"a b"~p', Field("title", Paragraph(exactly("a", "b")))),
        ("text:(a NEAR/p b)", Field("text", Paragraph((A, B)))),
    ],
)
def test_paragraphs(text, tree):
    """NEAR/p takes any number of parts, those near each other among them."""
    assert parse_query(text) == tree
    assert parse_query(str(tree)) == tree


def either(name, *values):
    return Field(name, Or(tuple(Phrase(tuple(value.split())) for value in values)))


@pytest.mark.parametrize(
    "text, tree",
    [
        ("title:documents", Field("title", Term("documents"))),
        ('TITLE:"four political documents"', Field("title", DOCUMENTS)),
        ("title: a b", And((Field("title", A), B))),
        ("text:(a OR b)", Field("text", Or((A, B)))),
        ("text:(a -b)", Field("text", And((A, Not(B))))),
        ("title：docum*", Field("title", Prefix("docum"))),
        ("source:mofa-jp", Field("source", Phrase(("mofa", "jp")))),
        ("source:xinhua,mofa-jp", either("source", "xinhua", "mofa jp")),
        ("source: xinhua, mofa-jp", either("source", "xinhua", "mofa jp")),
        ('country:"South Korea",Japan', either("country", "south korea", "japan")),
        ('country:(Japan OR "South Korea")', either("country", "japan", "south korea")),
        ("speaker:(wang,iwaya OR xi)", either("speaker", "wang", "iwaya", "xi")),
        ("language:zh-Hans", Field("lang", Phrase(("zh", "hans")))),
        ("lang:OR", Field("lang", Phrase(("or",)))),
        (
            "kind:readout place:gyeongju",
            And(
                (
                    Field("kind", Phrase(("readout",))),
                    Field("place", Phrase(("gyeongju",))),
                )
            ),
        ),
        ("note: this", And((Term("note"), Term("this")))),
        ("王毅：中国", Phrase(tuple("王毅中国"))),
    ],
)
def test_fields(text, tree):
    """A field takes a word, a phrase or a group; a keyword field a value or several."""
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("date:2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("date:2025-07..2025-10", date(2025, 7, 1), date(2025, 10, 31)),
        ("date:2025-07 .. 2025-10", date(2025, 7, 1), date(2025, 10, 31)),
        ("date:2025-07..", date(2025, 7, 1), None),
        ("date:..2025-10", None, date(2025, 10, 31)),
        ("after:2025-07", date(2025, 7, 1), None),
        ("before:2025-07", None, date(2025, 7, 31)),
        ('date:"10 July 2025"', date(2025, 7, 10), date(2025, 7, 10)),
        ("date:2025年7月", date(2025, 7, 1), date(2025, 7, 31)),
    ],
)
def test_dates(text, first, last):
    """Both ends are included, and a month or a year is the whole of it."""
    assert parse_query(text) == Dates(DateRange(first, last))


def test_dates_and_fields_can_be_narrowed_by_exclusion():
    """What is asked of a statement is something to look for, too."""
    assert parse_query("date:2025 -a") == And(
        (Dates(DateRange(date(2025, 1, 1), date(2025, 12, 31))), Not(A))
    )
    assert parse_query("kind:readout -source:x") == And(
        (Field("kind", Phrase(("readout",))), Not(Field("source", Phrase(("x",)))))
    )


@pytest.mark.parametrize(
    "text, place, said",
    [
        ('a "b', 2, "no partner"),
        ("a 」", 2, "no partner"),
        ('a ""', 2, "no word in these quotes"),
        ("a (b", 2, "has no )"),
        ("a )", 2, "has no ("),
        ("a ()", 2, "nothing to look for in these brackets"),
        ("a (&)", 2, "nothing to look for in these brackets"),
        ("…?!", 0, "no word to look for"),
        ("a OR", 2, "“OR” needs a word or phrase after it: write a OR b"),
        ("a AND OR b", 2, "“AND” needs a word or phrase after it"),
        ("OR a", 0, "“OR” needs a word or phrase before it"),
        ("(NEAR/5 a)", 1, "“NEAR” needs a word or phrase before it"),
        ("a -(", 3, "has no )"),
        ("-a", 0, "only excludes"),
        ("NOT a -b", 0, "only excludes"),
        ("a OR -b", 5, "only excludes"),
        ("a (-b)", 3, "only excludes"),
        ("a NOT NOT b", 6, "cancel each other"),
        ("a --b", 2, "one hyphen"),
        ("-a NEAR/5 b", 0, "-(a NEAR/5 b)"),
        ("a * b", 2, "only where it stands alone"),
        ("do*", 0, "three letters or more"),
        ("do*cument", 0, "end of a word only"),
        ("*document", 0, "end of a word only"),
        ("one-chin*", 0, "write chin* alone"),
        ("abc~", 0, "four letters or more"),
        ("one-china~", 0, "single word"),
        ("a takaichi~2", 2, "write takaichi~".capitalize()),
        ('"a b"~0', 5, "from 1 to 100"),
        ('"a b"~101', 5, "from 1 to 100"),
        ('"a b"~', 5, 'write "a b"~5'),
        ('"a"~5', 0, "Two to five"),
        ('"中国"~5', 0, "Two to five"),
        ('"a b c d e f"~5', 0, "Two to five"),
        ("a NEAR/5 a NEAR/5 a NEAR/5 a NEAR/5 a NEAR/5 a", 38, "Two to five"),
        ("a NEAR b", 2, "write a NEAR/5 b"),
        ("a NEAR/x b", 2, "write a NEAR/5 b"),
        ("a NEAR/5 b NEAR/6 c", 11, "write NEAR/5 here too"),
        ("a NEAR/5 b ONEAR/5 c", 11, "write NEAR/5 here too"),
        ("a NEAR/5 (b c)", 9, "NEAR joins words"),
        ("a NEAR/5 (b NEAR/p c)", 9, "NEAR joins words"),
        ("a NEAR/p (b c)", 9, "write title:(a NEAR/p b), or (a OR b) NEAR/p c."),
        ("a NEAR/p (b NEAR/p c)", 9, "NEAR joins words"),
        ("a NEAR/p b NEAR/5 c", 11, "write NEAR/p here too"),
        ("a ONEAR/p b", 2, "in any order: write a NEAR/p b"),
        ('"a"~p', 0, "Two words or more"),
        ('"a b"~peace', 5, 'write "a b"~5'),
        ('source:"a b"~p', 7, "do not work in source"),
        ("title:a NEAR/5 b", 0, "title:(a NEAR/5 b)"),
        ("sorce:xinhua", 0, "no field “sorce”: write source:…"),
        ("speakers:xi", 0, "write speaker:…"),
        ('x zzz:"a"', 2, "one of title, text, source"),
        ("title:", 0, 'write title:"joint statement"'),
        ("title: OR", 0, "needs something"),
        ("a source:,b", 2, "needs something"),
        ("title:-a", 0, "write -title:"),
        ("source:(-a)", 0, "write -source:"),
        ("title:(a source:b)", 9, "cannot stand inside title:"),
        ("source:(a b)", 10, "OR or a comma"),
        ("source:(a", 0, "has no )"),
        ("source:xin*", 7, "do not work in source"),
        ("a date:2025-02-30", 7, "no 30 February 2025"),
        ("date:2025-13", 5, "no month 13"),
        ("date:03/04/2025", 5, "2025-04-03 or 2025-03-04"),
        ("date:2025-10..2025-07", 5, "runs backwards"),
        ("after:2025..", 6, "not a date"),
        ("date:", 0, "write date:2025-07"),
        ("a" * 1001, 1000, "1,000 are the most"),
        ("(" * 17 + "a" + ")" * 17, 16, "16 deep"),
        ("a " * 65, 128, "more than 64"),
        ("source:" + "a," * 65, 135, "more than 64"),
        ('"a b"~5 ' * 33, 256, "more than 64"),
        ("ﷺ" * 900, 0, "written out in full"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_remedy(text, place, said):
    """Each error says where, and what to write instead."""
    error = refusal(text)
    assert said in error.reason
    assert error.position == place


@pytest.mark.parametrize(
    "text",
    [
        "(" * 16 + "a" + ")" * 16,
        "(a) " * 17,
        "a " * 64,
        "a" * 1000,
        "source:" + "a," * 63 + "a",
    ],
)
def test_up_to_the_limits_everything_is_read(text):
    """16 brackets, 64 leaves and 1,000 characters are allowed."""
    assert parse_query(str(parse_query(text))) == parse_query(text)


@pytest.mark.parametrize(
    "text, said",
    [
        ("a or b", "“or” was searched as a word: in capitals, OR is an operator."),
        ("a And b", "“And” was searched as a word"),
        ("a & b", "“&” holds no letter or digit and was left out."),
        ("a - b", "“-” holds no letter or digit and was left out."),
        ("a near/5 b", "write NEAR/5 in capitals"),
        ('"a b" ~5', 'write "a b"~5 without a blank'),
        ('"a b" ~p', 'write "a b"~p without a blank'),
        ("a near/p b", "write NEAR/P in capitals"),
        ('"docum* x"', "“*” in quotes stands for nothing"),
        ("wom?n", "“wom?n” was searched as a phrase"),
    ],
)
def test_what_may_be_meant_otherwise_is_told(text, said):
    """A query that is read, but perhaps not as its writer thinks, comes with a notice."""
    [notice] = notices(text)
    assert said in notice


@pytest.mark.parametrize(
    "text", ["", "*", '"a or b" c', "a OR b -c", "c++", "a or (", "what?"]
)
def test_most_queries_need_no_notice(text):
    """Nothing is said about a plain query, nor about one that cannot be read."""
    assert notices(text) == ()


def test_a_notice_comes_once():
    """The same remark is not made twice."""
    assert len(notices("a or b or c")) == 1
