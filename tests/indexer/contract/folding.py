"""Folding: near-copies that a search finds are one hit, and count once."""

from __future__ import annotations

import datetime

import pytest

from indexer.query import Term
from indexer.search import Sort
from tests.indexer.contract.fixtures import (
    EngineFixtures,
    ask,
    counts,
    found,
    publish,
    said,
)

#: A hundred words of which no two are the same.
WORDS = [f"word{number}" for number in range(100)]
DATELINE = ["tokyo", "oct", "31", "agency"]


def day(number):
    """A day of 2025."""
    return {"date": datetime.date(2025, 1, number)}


def copy(statement_id, words, **known):
    """A statement of these words."""
    return said(statement_id, " ".join(words), source=statement_id[0], **known)


#: One text as three sources have it, one that shares a third with it, and two of few words.
CORPUS = (
    copy("first", WORDS, kind="remarks", **day(5)),
    copy("agency", DATELINE + WORDS[:-10], kind="readout", **day(7)),
    copy("undated", WORDS[:60] + ["changed"] + WORDS[61:], kind="readout"),
    copy("other", WORDS[:40] + [f"other{n}" for n in range(60)], **day(1)),
    copy("short", ["word1", "word2"], **day(2)),
    copy("brief", ["word1", "word2"], **day(3)),
    copy("near", ["word1", "word2", "word3"], **day(4)),
)


class Folding(EngineFixtures):
    @pytest.fixture
    def copied(self, engine):
        """The corpus, in two sessions."""
        publish(engine, *CORPUS[:2])
        publish(engine, *CORPUS[2:])
        return engine

    def test_near_copies_are_folded_under_the_earliest(self, copied):
        """Words added, changed or cut make no other statement; few words must be the same ones."""
        results = ask(copied, Term("word1"), fold=True, sort=Sort.OLDEST)
        shown = [(hit.statement.id, hit.more) for hit in results.hits]
        assert shown == [("other", 0), ("short", 1), ("near", 0), ("first", 2)]
        assert (results.total, results.statements) == (4, 7)

    def test_without_folding_each_statement_counts(self, copied):
        """Nothing is folded unless it is asked for, and both totals are the same."""
        results = ask(copied, Term("word1"))
        assert (results.total, results.statements, len(results.hits)) == (7, 7, 7)
        assert {hit.more for hit in results.hits} == {0}

    def test_facets_count_groups(self, copied):
        """A group counts once for each value that one of its statements has: what choosing gives."""
        results = ask(copied, Term("word50"), fold=True)
        assert (results.total, results.statements) == (1, 3)
        assert counts(results, "kind") == [("readout", 1), ("remarks", 1)]
        assert counts(results, "source") == [("a", 1), ("f", 1), ("u", 1)]
        assert counts(results, "year") == [("2025", 1), ("undated", 1)]
        assert counts(results, "month") == [("2025-01", 1)]
        unfolded = ask(copied, Term("word50"))
        assert counts(unfolded, "kind") == [("readout", 2), ("remarks", 1)]
        assert counts(unfolded, "month") == [("2025-01", 2)]
        for facet in ("kind", "source", "year", "month"):
            for value, count in counts(results, facet):
                chosen = ask(
                    copied, Term("word50"), fold=True, filters={facet: (value,)}
                )
                assert (value, count) in counts(chosen, facet)
                assert chosen.total == count

    def test_only_what_is_found_is_folded(self, copied):
        """The earliest is that of the statements which match and pass the filters."""
        results = ask(copied, Term("word1"), fold=True, filters={"kind": ("readout",)})
        assert [(hit.statement.id, hit.more) for hit in results.hits] == [("agency", 1)]
        assert (results.total, results.statements) == (1, 2)
        assert found(copied, Term("changed"), fold=True) == ["undated"]

    def test_a_page_of_folded_hits_is_full(self, copied):
        """Offset and limit count groups; the totals do not depend on them."""
        whole = ask(copied, Term("word1"), fold=True)
        for offset in range(5):
            page = ask(copied, Term("word1"), fold=True, offset=offset, limit=2)
            assert page.hits == whole.hits[offset : offset + 2]
            assert (page.total, page.statements) == (4, 7)
            assert page.facets == whole.facets

    def test_a_statement_and_its_near_copies_can_be_asked_for(self, copied):
        """Those that match, each or folded; without copies it is alone, and an unknown id nothing."""
        for similar in ("first", "agency", "undated"):
            results = ask(copied, Term("word1"), similar=similar, sort=Sort.OLDEST)
            shown = [hit.statement.id for hit in results.hits]
            assert shown == ["first", "agency", "undated"]
            assert counts(results, "kind") == [("readout", 2), ("remarks", 1)]
            assert ask(copied, similar=similar, fold=True).total == 1
        assert found(copied, Term("changed"), similar="first") == ["undated"]
        assert found(copied, similar="other") == ["other"]
        assert found(copied, Term("word99"), similar="other") == []
        assert found(copied, similar="nowhere") == []

    def test_groups_follow_updates_and_removals(self, copied):
        """What holds a group together may go, and what joins two may come."""
        with copied.writer() as writer:
            writer.remove("first")
            writer.put(copy("agency", WORDS[50:] + DATELINE, **day(7)))
        assert ask(copied, Term("word99"), fold=True).total == 2
        publish(copied, copy("joint", WORDS[25:] + DATELINE, **day(9)))
        results = ask(copied, Term("word99"), fold=True)
        assert [(hit.statement.id, hit.more) for hit in results.hits] == [("agency", 2)]

    def test_texts_of_no_words_are_no_copies(self, engine):
        """Headlines alone, or dots, are not the same statement."""
        publish(engine, said("a", title="Remarks"), said("b", "...", title="Remarks"))
        publish(engine, said("c", title="Remarks"))
        assert ask(engine, fold=True).total == 3

    def test_short_texts_under_other_headlines_are_no_copies(self, engine):
        """A line such as "see attachment" says nothing that its headline does not."""
        publish(
            engine,
            *(said(each, "See attached.", title=f"Title {each}") for each in "abc"),
            said("d", "SEE ATTACHED", title="title: A"),
        )
        results = ask(engine, fold=True, sort=Sort.OLDEST)
        assert [(hit.statement.id, hit.more) for hit in results.hits] == [
            *(("a", 1), ("b", 0), ("c", 0))
        ]

    def test_chinese_copies_fold_too(self, engine):
        """Where every character is a word, a changed one makes no other statement either."""
        text = "".join(chr(0x4E00 + 7 * number) for number in range(120))
        publish(
            engine,
            said("a", text, **day(1)),
            said("b", f"外交部{text[:90]}。", **day(2)),
            said("c", text[60:] + text[:60][::-1], **day(3)),
        )
        results = ask(engine, fold=True, sort=Sort.OLDEST)
        assert [(hit.statement.id, hit.more) for hit in results.hits] == [
            *(("a", 1), ("c", 0))
        ]
