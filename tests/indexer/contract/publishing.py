"""Writing: all at once or nothing, one writer at a time, readers that see what is published."""

from __future__ import annotations

import datetime
import os
import threading

import pytest

from indexer.errors import IndexBusy, IndexMissing
from indexer.query import EVERYTHING, Term
from indexer.search import SearchRequest
from tests.indexer.contract.fixtures import (
    EngineFixtures,
    ask,
    counts,
    found,
    publish,
    said,
)

READERS = {
    "search": lambda engine: engine.search(SearchRequest()),
    "tokens": lambda engine: engine.tokens(SearchRequest()),
    "get": lambda engine: engine.get("a"),
    "matches": lambda engine: engine.matches(EVERYTHING, "a"),
    "ids": lambda engine: list(engine.ids()),
    "statements": lambda engine: list(engine.statements()),
    "info": lambda engine: engine.info(),
    "notes": lambda engine: engine.notes(),
    "note": lambda engine: engine.note("catalogue"),
    "verify": lambda engine: engine.verify(),
}

WHOLE = said(
    "xinhua/2025-10-31",
    "GYEONGJU <b>“four”</b> & 四个政治文件 \U0001f54a\ufe0f.\n\nNever\tcleaned  \u2028 again\x00 ",
    title="Xi says …",
    date=datetime.date(2025, 10, 1),
    date_precision="month",
    source="xinhua",
    kind="readout",
    place="Gyeongju",
    agency="新华社",
    countries=("China", "Japan"),
    speakers=("Xi Jinping", "Takaichi Sanae"),
    language="zh-Hans",
    url="https://example.org/?a=1&b=2#c",
    captions=("Two people shake hands. (Xinhua)", ""),
)


class Publishing(EngineFixtures):
    @pytest.mark.parametrize("method", READERS)
    def test_where_nothing_was_built_reading_says_so(self, engine, method):
        """Every method that reads raises IndexMissing before the first publication."""
        with pytest.raises(IndexMissing):
            READERS[method](engine)

    def test_leaving_the_writer_publishes_everything_at_once(self, engine):
        """What a writer puts is found when its block is left, and not before."""
        publish(engine, said("a", "one"))
        with engine.writer() as writer:
            writer.put(said("b", "one"))
            writer.remove("a")
            writer.put(said("c", "one"))
            assert found(engine, Term("one")) == ["a"]
        assert found(engine, Term("one")) == ["b", "c"]

    def test_an_exception_publishes_nothing(self, engine):
        """A session that fails changes neither statements nor notes, and frees the writer."""
        with engine.writer() as writer:
            writer.put(said("a", "one"), "first")
            writer.note("catalogue", b"old")
        before = engine.info()
        with pytest.raises(ZeroDivisionError), engine.writer() as writer:
            writer.put(said("a", "two"), "second")
            writer.put(said("b", "two"))
            writer.note("catalogue", b"new")
            raise ZeroDivisionError
        assert engine.info() == before
        assert list(engine.ids()) == [("a", "first")]
        assert found(engine, Term("one")) == ["a"]
        assert found(engine, Term("two")) == []
        assert engine.note("catalogue") == b"old"
        publish(engine, said("b", "two"))
        assert found(engine, Term("two")) == ["b"]

    def test_a_first_session_that_fails_leaves_no_index(self, engine):
        """Where the first writer fails there is still no index."""
        with pytest.raises(ZeroDivisionError), engine.writer() as writer:
            writer.put(said("a", "one"))
            raise ZeroDivisionError
        with pytest.raises(IndexMissing):
            ask(engine)

    def test_a_session_without_statements_publishes_an_empty_index(self, engine):
        """An index of nothing answers that there is nothing."""
        publish(engine)
        results = ask(engine)
        assert (results.total, results.hits) == (0, ())
        assert not any(results.facets.values())
        assert list(engine.ids()) == []
        assert engine.info().statements == 0
        assert engine.verify() == []

    @pytest.mark.parametrize("fresh", [False, True])
    def test_a_second_writer_is_told_who_writes(self, engine, reopen, fresh):
        """While somebody writes, IndexBusy names the process; the first writer is not disturbed."""
        other = reopen()
        with engine.writer() as writer:
            writer.put(said("a", "one"))
            for each in (engine, other):
                with pytest.raises(IndexBusy, match=str(os.getpid())):
                    with each.writer(fresh=fresh):
                        pass
        assert found(engine) == ["a"]
        publish(other, said("b", "one"))
        assert found(engine) == ["a", "b"]

    def test_put_replaces_the_statement_with_the_same_id(self, engine):
        """Of two statements with one id the later counts, in the same session or the next."""
        publish(engine, said("a", "one"), said("a", "two"), said("b", "one"))
        assert found(engine, Term("one")) == ["b"]
        assert found(engine, Term("two")) == ["a"]
        publish(engine, said("a", "three"))
        assert found(engine, Term("two")) == []
        assert found(engine, Term("three")) == ["a"]
        assert ask(engine).total == engine.info().statements == 2

    def test_remove_takes_the_statement_out(self, engine):
        """A removed statement is gone everywhere; an unknown id is no error."""
        publish(engine, said("a", "one", source="xinhua"), said("b", "one"))
        with engine.writer() as writer:
            writer.remove("a")
            writer.remove("never there")
        results = ask(engine, Term("one"))
        assert found(engine, Term("one")) == ["b"]
        assert results.total == 1
        assert counts(results, "source") == []
        assert engine.get("a") is None
        assert engine.matches(Term("one"), "a") is None
        assert list(engine.ids()) == [("b", "")]
        assert engine.info().statements == 1

    def test_within_a_session_the_last_word_counts(self, engine):
        """Put after remove is there, remove after put is not."""
        publish(engine, said("a", "one"))
        with engine.writer() as writer:
            writer.remove("a")
            writer.put(said("a", "two"))
            writer.put(said("b", "two"))
            writer.remove("b")
        assert found(engine) == ["a"]
        assert engine.get("a").text == "two"

    def test_a_fresh_writer_starts_from_nothing(self, engine):
        """Nothing that was there before survives a fresh session."""
        with engine.writer() as writer:
            writer.put(said("a", "one"))
            writer.note("catalogue", b"old")
        with engine.writer(fresh=True) as writer:
            writer.put(said("b", "one"))
        assert found(engine) == ["b"]
        assert engine.get("a") is None
        assert engine.note("catalogue") is None

    def test_a_fresh_writer_that_fails_loses_nothing(self, engine):
        """The old index stands until the new one is published."""
        publish(engine, said("a", "one"))
        with pytest.raises(ZeroDivisionError), engine.writer(fresh=True) as writer:
            writer.put(said("b", "one"))
            assert found(engine) == ["a"]
            raise ZeroDivisionError
        assert found(engine) == ["a"]

    def test_an_open_engine_notices_a_new_generation(self, engine, reopen):
        """What another engine publishes is found at once, and the generation's number grows."""
        publish(engine, said("a", "one"))
        reader = reopen()
        first = reader.info()
        assert found(reader) == ["a"]
        publish(engine, said("b", "one"))
        assert found(reader) == ["a", "b"]
        assert reader.info().generation > first.generation
        assert ask(reader).index == reader.info() == engine.info()

    def test_what_was_published_outlives_the_engine(self, engine, reopen):
        """An engine opened later finds everything."""
        with engine.writer() as writer:
            writer.put(WHOLE, "digest")
            writer.note("catalogue", b"\x00\xff")
        before = engine.info()
        engine.close()
        later = reopen()
        assert found(later, Term("never")) == [WHOLE.id]
        assert later.info() == before
        assert later.note("catalogue") == b"\x00\xff"
        assert later.verify() == []

    def test_a_search_sees_one_generation(self, engine):
        """Searches beside a writer answer from before or after it, never from between."""
        publish(engine, said("1", source="generation 1"))
        done = threading.Event()
        seen = []

        def look():
            while not done.is_set():
                seen.append(ask(engine))

        threads = [threading.Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in range(2, 8):
                publish(
                    engine,
                    *(
                        said(str(each), source=f"generation {number}")
                        for each in range(1, number + 1)
                    ),
                )
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert seen
        for results in seen:
            number = results.total
            assert counts(results, "source") == [(f"generation {number}", number)]
            assert len(results.hits) == results.index.statements == number

    @pytest.mark.parametrize("statement", [WHOLE, said("bare")], ids=["whole", "bare"])
    def test_get_returns_what_was_put(self, engine, statement):
        """Every field comes back as it was, whatever is in it; an unknown id gives None."""
        publish(engine, said("z", "before"), statement, said("y", "after"))
        assert engine.get(statement.id) == statement
        assert engine.get("unknown") is None

    def test_ids_come_with_digests(self, engine):
        """Each id comes once, with the digest that was put last."""
        with engine.writer() as writer:
            writer.put(said("a"), "1")
            writer.put(said("b"), "2")
            writer.put(said("c"))
        with engine.writer() as writer:
            writer.put(said("b"), "3")
        assert sorted(engine.ids()) == [("a", "1"), ("b", "3"), ("c", "")]

    def test_all_statements_can_be_read_with_their_digests(self, engine):
        """Each comes once and whole, as it was put last; what was removed does not come."""
        with engine.writer() as writer:
            writer.put(WHOLE, "1")
            writer.put(said("a", "one"), "2")
            writer.put(said("b", "two"), "3")
        with engine.writer() as writer:
            writer.put(said("b", "three"), "4")
            writer.remove("a")
        read = {statement.id: (statement, d) for statement, d in engine.statements()}
        assert read == {WHOLE.id: (WHOLE, "1"), "b": (said("b", "three"), "4")}
        assert len(list(engine.statements())) == 2

    def test_statements_that_are_being_read_are_of_one_generation(self, engine):
        """Who began to read them goes on with what was there, whatever is published meanwhile."""
        publish(engine, *(said(f"{number:03}", "one") for number in range(300)))
        reading = engine.statements()
        first, _ = next(reading)
        publish(engine, *(said(f"{number:03}", "two") for number in range(300)))
        texts = {first.text, *(statement.text for statement, _ in reading)}
        assert texts == {"one"}

    def test_notes_are_kept_and_replaced(self, engine):
        """A note stays until another of its name is kept; an unknown one is None."""
        with engine.writer() as writer:
            writer.note("catalogue", b"1")
            writer.note("other", b"")
        publish(engine, said("a"))
        assert engine.note("catalogue") == b"1"
        assert engine.note("other") == b""
        assert engine.note("unknown") is None
        assert engine.notes() == ["catalogue", "other"]
        with engine.writer() as writer:
            writer.note("catalogue", b"2")
        assert engine.note("catalogue") == b"2"
        assert engine.note("other") == b""

    def test_a_good_index_has_no_faults(self, engine):
        """After updates and removals a check finds nothing wrong."""
        publish(engine, WHOLE, said("a", "one"), said("b", "two"))
        publish(engine, said("a", "three"))
        with engine.writer() as writer:
            writer.remove("b")
        assert engine.verify() == []
