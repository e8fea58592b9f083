"""Which statements each part of the query language finds, and how often it stands in them."""

from __future__ import annotations

import datetime
from calendar import monthrange

import pytest

from indexer.dates import DateRange
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
)
from tests.indexer.contract.fixtures import (
    EngineFixtures,
    ask,
    found,
    publish,
    quoted,
    said,
)

JULY = said(
    "july",
    "The ministers met to advance a strategic relationship of mutual benefit. The four political "
    "documents were named, and Japan's side was asked to take history as a mirror.",
    title="Two ministers meet in Kuala Lumpur. [Photo/ministry]",
    captions=("Two ministers meet in Kuala Lumpur. [Photo/ministry]",),
    place="Kuala Lumpur",
)
OCTOBER = said(
    "october",
    "Both sides spoke of the strategic, mutually beneficial relationship, of the one-China "
    "principle and of what the four political documents say.",
    title="Leaders ready to build stable relations",
    captions=("The leaders in Gyeongju, South Korea. (Agency/Ding Lin)",),
    place="Gyeongju",
)

# Written, and what of it is asked: a word is what lies between anything else than letters.
FOLDED = [
    ("Japan's side", "japan"),
    ("Japan’s side", "japan s side"),
    ("the one-China principle", "one china principle"),
    ("the U.S. side", "u s side"),
    ("3,000 people", "3 000"),
    ("said the Senator.The minister", "senator the minister"),
    ("the COMMUNIQUÉ", "communique"),
    ("ＡＰＥＣ leaders", "apec leaders"),
    ("Straße", "strasse"),
    ("half ½ half", "half 1 2 half"),
    ("from the first\n\nto the second", "first to"),
]


def occurrences(engine, query):
    """How often the query stands in each hit."""
    return {hit.statement.id: hit.occurrences for hit in ask(engine, query).hits}


def times(engine, text, query):
    """How often the query stands in ``text``; 0 where it is no hit."""
    publish(engine, said("only", text))
    return occurrences(engine, query).get("only", 0)


class Queries(EngineFixtures):
    def test_near_spellings_are_words_of_the_corpus(self, engine):
        """The nearest first, then the most frequent; two letters may differ in a long word."""
        publish(
            engine,
            said("a", "Takaichi takaichi; takeuchi", title="Takaichy peace"),
            said("b", "peace piece pecae ice"),
        )
        assert engine.spellings("takaichi") == ["takaichy", "takeuchi"]
        assert engine.spellings("takiachi")[0] == "takaichi"
        assert engine.spellings("peace") == ["pecae"]
        assert engine.spellings("peac") == ["peace"]
        assert engine.spellings("war") == []

    def test_completions_are_the_most_frequent_words_that_begin_so(self, engine):
        """Titles count too; ties go by code points, and no more than asked for are given."""
        publish(
            engine,
            said("a", "Japan's peace, JAPAN and Japanese", title="Japanese peace"),
            said("b", "jam, Jam and japan; peaceful 中国"),
        )
        assert engine.completions("ja", 9) == ["japan", "jam", "japanese"]
        assert engine.completions("ja", 1) == ["japan"]
        assert engine.completions("peace", 2) == ["peace", "peaceful"]
        assert engine.completions("中", 9) == ["中"]
        assert engine.completions("x", 9) == []

    @pytest.mark.parametrize(
        "query, hits",
        [
            (quoted("strategic relationship of mutual benefit"), ["july"]),
            (quoted("strategic mutually beneficial relationship"), ["october"]),
            (quoted("four political documents"), ["july", "october"]),
            (quoted("four political document"), []),
            (
                And((Term("four"), Term("political"), Term("document"))),
                ["july", "october"],
            ),
            (quoted("history as a mirror"), ["july"]),
            (quoted("history of mirror"), []),
            (quoted("photo"), []),
            (quoted("ding lin"), []),
            (quoted("gyeongju south korea"), []),
            (quoted("two ministers"), []),
            (quoted("stable relations"), ["october"]),
            (Field("place", quoted("gyeongju")), ["october"]),
        ],
        ids=str,
    )
    def test_a_formulation_is_found_where_it_stands(self, engine, query, hits):
        """A phrase is that phrase; captions, and a title that repeats one, are not searched."""
        publish(engine, JULY, OCTOBER)
        assert found(engine, query) == hits

    def test_a_word_stands_for_all_its_forms(self, engine):
        """A bare word finds what shares its stem, a quoted word that form only."""
        publish(
            engine,
            said("a", "a document"),
            said("b", "Documents!"),
            said("c", "documented documents"),
            said("d", "documentary"),
        )
        forms = {"a": 1, "b": 1, "c": 2}
        assert occurrences(engine, Term("document")) == forms
        assert occurrences(engine, Term("documents")) == forms
        assert occurrences(engine, quoted("documents")) == {"b": 1, "c": 1}
        assert occurrences(engine, Term("absent")) == {}

    @pytest.mark.parametrize("text, words", FOLDED, ids=[words for _, words in FOLDED])
    def test_punctuation_case_and_accents_do_not_count(self, engine, text, words):
        """What is no letter or digit parts words and is nothing else; blank lines too."""
        assert times(engine, text, quoted(words)) == 1

    def test_no_word_is_left_out(self, engine):
        """Words that others call stop words stand where they stand."""
        text = "the right of the sea and of the land"
        assert times(engine, text, quoted("of the")) == 2
        assert times(engine, text, quoted("right of sea")) == 0
        assert times(engine, text, Term("the")) == 3

    def test_phrases_may_overlap(self, engine):
        """Every place where a phrase stands is counted."""
        assert (
            times(engine, "peace and peace and peace", quoted("peace and peace")) == 2
        )

    def test_a_phrase_is_the_same_without_blanks(self, engine):
        """Each Han, Kana or Hangul character is a word: a phrase is an exact substring."""
        publish(
            engine,
            said("zh", "中日四个政治文件是中日关系的政治基础。"),
            said("ja", "日中関係の「四つの」ガイド"),
            said("ko", "한국과 일본"),
        )
        assert occurrences(engine, Phrase(tuple("四个政治文件"))) == {"zh": 1}
        assert occurrences(engine, Phrase(tuple("中日"))) == {"zh": 2}
        assert occurrences(engine, Phrase(tuple("政治"))) == {"zh": 2}
        assert occurrences(engine, Phrase(tuple("日四"))) == {"zh": 1}
        assert occurrences(engine, Phrase(tuple("文件关系"))) == {}
        assert occurrences(engine, Phrase(tuple("四つのガイ"))) == {"ja": 1}
        assert occurrences(engine, Phrase(tuple("한국과일"))) == {"ko": 1}

    def test_title_and_text_are_apart(self, engine):
        """Without a field both are searched; a phrase or a NEAR never spans the two."""
        publish(
            engine,
            said("a", "statement of peace", title="Joint"),
            said("b", "nothing", title="Joint statement"),
            said("c", "a joint statement", title="joint statement, joint statement"),
        )
        joint = quoted("joint statement")
        assert occurrences(engine, joint) == {"b": 1, "c": 3}
        assert occurrences(engine, Field("title", joint)) == {"b": 1, "c": 2}
        assert occurrences(engine, Field("text", joint)) == {"c": 1}
        near = Near((Term("joint"), Term("peace")), 5)
        assert occurrences(engine, near) == {}
        both = And((Term("joint"), Term("peace")))
        assert occurrences(engine, both) == {"a": 2}
        assert occurrences(engine, Field("text", both)) == {}
        either = Field("text", Or((Term("peace"), Term("nothing"))))
        assert occurrences(engine, either) == {"a": 1, "b": 1}
        without = Field("title", And((Term("joint"), Not(Term("statement")))))
        assert occurrences(engine, without) == {"a": 1}

    def test_a_prefix_finds_every_word_that_begins_so(self, engine):
        """A prefix is folded letters at a word's beginning, the whole word included."""
        text = "Doc, documents and documentation of a Dóctrine; endoc"
        assert times(engine, text, Prefix("doc")) == 4
        assert times(engine, text, Prefix("docu")) == 2
        assert times(engine, text, Prefix("docx")) == 0

    def test_a_fuzzy_word_has_the_same_first_letter(self, engine):
        """Up to seven letters one change, from eight on two; a swap of letters is two."""
        text = "Tokyo tokio toky tokyoo tkoyo kokyo tok"
        assert times(engine, text, Fuzzy("tokyo")) == 4
        text = "Takaichi takaicchi takachi akaichi takiachi takkkaichi tagaitschi"
        assert times(engine, text, Fuzzy("takaichi")) == 5

    @pytest.mark.parametrize(
        "distance, ordered, hits",
        [
            (1, True, ["ab"]),
            (1, False, ["ab", "ba"]),
            (2, True, ["ab", "axb"]),
            (3, True, ["ab", "axb", "axxb"]),
            (3, False, ["ab", "axb", "axxb", "ba", "bxxa"]),
        ],
    )
    def test_near_counts_the_words_between(self, engine, distance, ordered, hits):
        """Within n words means at most n - 1 others between; only ONEAR keeps the order."""
        publish(
            engine,
            said("ab", "peace prosperity"),
            said("axb", "peace and prosperity"),
            said("axxb", "peace and then prosperity"),
            said("axxxb", "peace and then also prosperity"),
            said("ba", "prosperity, peace"),
            said("bxxa", "prosperity and the peace"),
        )
        near = Near((Term("peace"), Term("prosperity")), distance, ordered)
        assert sorted(found(engine, near)) == hits

    def test_near_takes_the_words_between_of_all_parts_together(self, engine):
        """Three parts with a word in each gap have two words between them in all."""
        parts = (quoted("mutual benefit"), Term("peace"), Prefix("pros"))
        text = "peace for mutual benefit and prosperity"
        assert times(engine, text, Near(parts, 2)) == 0
        assert times(engine, text, Near(parts, 3)) == 1
        assert times(engine, text, Near(parts, 3, ordered=True)) == 0

    def test_the_parts_of_near_do_not_overlap(self, engine):
        """One word cannot be two parts."""
        twice = Near((Term("peace"), Term("peace")), 3)
        assert times(engine, "peace", twice) == 0
        assert times(engine, "peace and peace", twice) == 1
        overlapping = Near((quoted("a b c"), quoted("c d")), 9)
        assert times(engine, "a b c d", overlapping) == 0
        assert times(engine, "a b c d c d", overlapping) == 1

    def test_near_occurs_in_the_shortest_stretches(self, engine):
        """A stretch that holds a shorter one is not counted beside it."""
        near = Near((Term("peace"), Term("war")), 5)
        assert times(engine, "peace peace war", near) == 1
        assert times(engine, "peace war peace", near) == 2
        assert times(engine, "peace war peace", Near(near.parts, 5, ordered=True)) == 1
        three = Near((*near.parts, Term("trade")), 5)
        assert times(engine, "peace trade war trade", three) == 1

    def test_near_takes_alternatives(self, engine):
        """A part may be one of several, of which the shortest counts."""
        either = Or((Term("war"), quoted("of war"), Fuzzy("conflict")))
        near = Near((Term("peace"), either), 2, ordered=True)
        assert times(engine, "peace and war", near) == 1
        assert times(engine, "peace or conflicts", near) == 1
        assert times(engine, "peace instead of war", near) == 0

    def test_near_counts_the_fewest_words_between(self, engine):
        """Of several alternatives in one stretch the one that leaves least between counts."""
        either = Or((Term("trade"), quoted("mutual benefit")))
        near = Near((Term("peace"), either, Term("war")), 2, ordered=True)
        assert times(engine, "peace trade mutual benefit war", near) == 1
        assert times(engine, "peace, trade and then war", near) == 0

    def test_a_paragraph_holds_all_its_parts(self, engine):
        """Each part is there in any order and place; a title is one paragraph, blank lines part."""
        publish(
            engine,
            said("one", "of war there, and of peace here\n\ntrade"),
            said("two", "peace\n\nwar"),
            said("over", "a peace and\n\nwar of trade"),
            said("title", "trade", title="War or peace"),
            said("apart", "peace", title="war"),
        )
        both = Paragraph((Term("peace"), Term("war")))
        assert occurrences(engine, both) == {"one": 2, "title": 2}
        assert occurrences(engine, Field("text", both)) == {"one": 2}
        over = Paragraph((quoted("peace and war"), Term("war")))
        assert occurrences(engine, over) == {}
        without = And((both, Not(Paragraph((Term("war"), Term("there"))))))
        assert occurrences(engine, without) == {"title": 2}

    def test_the_parts_of_a_paragraph_are_what_occurs(self, engine):
        """Each of them, in those paragraphs alone, and once where it is several parts."""
        text = "peace peace\n\npeace war peace\n\nwar"
        peace, war = Term("peace"), Term("war")
        assert times(engine, text, Paragraph((peace, war))) == 3
        assert times(engine, text, Paragraph((peace, peace))) == 4
        assert times(engine, text, Paragraph((peace, quoted("peace"), war))) == 3
        either = Or((war, quoted("war peace"), Term("trade")))
        assert times(engine, text, Paragraph((peace, either))) == 3
        near = Near((peace, war), 1)
        assert times(engine, text, Paragraph((near, peace))) == 4
        assert times(engine, text, Or((Paragraph((peace, war)), peace))) == 5
        assert times(engine, text, And((Paragraph((peace, war)), war))) == 4

    def test_and_or_not(self, engine):
        """AND wants all, OR one, NOT excludes."""
        publish(
            engine,
            said("a", "peace"),
            said("ab", "peace war"),
            said("b", "war"),
            said("c", "trade"),
        )
        peace, war, trade = Term("peace"), Term("war"), Term("trade")
        assert found(engine, And((peace, war))) == ["ab"]
        assert found(engine, Or((peace, war))) == ["a", "ab", "b"]
        assert found(engine, And((peace, Not(war)))) == ["a"]
        assert found(engine, And((Not(And((peace, war))), Or((peace, war))))) == [
            "a",
            "b",
        ]
        assert found(engine, And((EVERYTHING, Not(Or((peace, trade)))))) == ["b"]
        assert found(engine, EVERYTHING) == ["a", "ab", "b", "c"]

    def test_occurrences_are_those_of_all_that_was_asked_for(self, engine):
        """Each place counts once, whichever leaves stand there; exclusions count nothing."""
        text = "peace and war and peace"
        peace, war = Term("peace"), Term("war")
        assert times(engine, text, peace) == 2
        assert times(engine, text, And((peace, war))) == 3
        assert times(engine, text, Or((peace, war, quoted("absent")))) == 3
        assert times(engine, text, Or((peace, quoted("peace"), Prefix("pea")))) == 2
        assert times(engine, text, Or((peace, quoted("and peace")))) == 3
        excluding = And((peace, Not(And((war, Term("trade"))))))
        assert times(engine, text, excluding) == 2
        assert times(engine, text, EVERYTHING) == 0
        assert ask(engine, EVERYTHING).total == 1

    @pytest.mark.parametrize(
        "name, words, hits",
        [
            ("source", "mofa jp", ["a", "b"]),
            ("source", "mofa", []),
            ("kind", "press conference", ["a"]),
            ("kind", "press", []),
            ("lang", "zh hans", ["b"]),
            ("lang", "zh", []),
            ("speaker", "wang", ["a", "b"]),
            ("speaker", "wang yi", ["a"]),
            ("speaker", "yi iwaya", []),
            ("country", "korea", ["a", "b"]),
            ("country", "south korea", ["b"]),
            ("country", "china korea", []),
            ("place", "lumpur", ["a"]),
            ("place", "kuala lumpur", ["a"]),
            ("place", "lumpur kuala", []),
        ],
    )
    def test_keyword_fields(self, engine, name, words, hits):
        """Source, kind and language are whole values; the others have the words side by side."""
        publish(
            engine,
            said(
                "a",
                source="mofa-jp",
                kind="Press conference",
                language="en",
                speakers=("Wang Yi", "Iwaya Takeshi"),
                countries=("China", "Korea"),
                place="Kuala Lumpur",
            ),
            said(
                "b",
                source="MOFA (JP)",
                language="zh-Hans",
                speakers=("Wang Wentao",),
                countries=("South Korea",),
            ),
            said("c", "mofa jp press conference wang yi korea kuala lumpur zh hans"),
        )
        query = Field(name, quoted(words))
        assert found(engine, query) == hits
        either = Field(name, Or((quoted("absent"), quoted(words))))
        assert occurrences(engine, either) == {each: 0 for each in hits}

    @pytest.mark.parametrize(
        "first, last, hits",
        [
            ("2025-07-10", "2025-07-10", ["day"]),
            ("2025-07-11", None, []),
            (None, "2025-07-09", []),
            ("2025-07-01", "2025-07-31", ["day", "month"]),
            ("2025-07-01", "2025-07-30", ["day"]),
            ("2025-07-02", "2025-12-31", ["day"]),
            ("2025-01-01", "2025-12-31", ["day", "month", "year"]),
            ("2025-01-01", "2025-12-30", ["day", "month"]),
            ("2025-01-02", None, ["day", "month"]),
            (None, "2025-12-31", ["day", "month", "year"]),
        ],
    )
    def test_a_date_is_all_the_days_it_may_mean(self, engine, first, last, hits):
        """A month or year matches where all of it lies in the range; undated never does."""
        publish(
            engine,
            said("day", date=datetime.date(2025, 7, 10)),
            said("month", date=datetime.date(2025, 7, 1), date_precision="month"),
            said("year", date=datetime.date(2025, 1, 1), date_precision="year"),
            said("undated"),
        )
        dates = DateRange(
            *(each and datetime.date.fromisoformat(each) for each in (first, last))
        )
        assert sorted(found(engine, Dates(dates))) == hits
        assert sorted(found(engine, dates=dates)) == hits

    def test_a_month_ends_on_its_last_day(self, engine):
        """February of a leap year has 29 days."""
        dates = [datetime.date(year, 2, 1) for year in (2023, 2024)]
        publish(
            engine,
            *(
                said(str(date.year), date=date, date_precision="month")
                for date in dates
            ),
        )
        for date in dates:
            last = date.replace(day=monthrange(date.year, date.month)[1])
            day_before = last - datetime.timedelta(days=1)
            assert found(engine, Dates(DateRange(date, last))) == [str(date.year)]
            assert found(engine, Dates(DateRange(date, day_before))) == []

    def test_not_outside_a_range_is_inside_or_undated(self, engine):
        """Excluding a range leaves the undated statements."""
        publish(engine, said("a", date=datetime.date(2025, 7, 10)), said("undated"))
        since = Dates(DateRange(datetime.date(2025, 1, 1)))
        assert found(engine, And((EVERYTHING, Not(since)))) == ["undated"]
