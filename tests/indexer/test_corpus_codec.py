"""The index stays one of Whoosh's: its readers, matchers and queries run on our segments.

Whoosh's sorting and grouping by field want columns, which our segments do not have, and dates are
not in its schema: nothing here asks for those.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.highlight import NullFormatter
from whoosh.index import open_dir
from whoosh.matching import ReadTooFar, UnionMatcher
from whoosh.qparser import QueryParser
from whoosh.query import Or as WhooshOr
from whoosh.query import Term as WhooshTerm
from whoosh.reading import TermNotFound
from whoosh.scoring import bm25

from indexer.engines.whoosh import WhooshEngine, build, builder, writer
from indexer.engines.whoosh.segment import open_segment
from indexer.query import EVERYTHING, And, Field, Near, Or, Paragraph, Phrase, Term
from indexer.query.tree import TEXT_FIELDS
from indexer.search import SearchRequest
from indexer.statement import Statement
from tests import strategies as some
from tests.indexer.contract.agreement import built
from tests.indexer.stock import can_say, ids_found, occurrences, said_in_whoosh
from tests.oracle import NaiveEngine, values
from tests.scan import Document, leaf_spans, levenshtein

KEYWORDS = ("id", "source", "kind", "language", "country", "speaker", "place")
FIELDS = sorted((*TEXT_FIELDS, *KEYWORDS))
#: Words that no text has: below, between and above those that some have.
ABSENT = ("", "0", "documentary", "mirro", "zzz", "龍", "\U0010ffff")

many = settings(
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)
#: For what is asked of every term of every corpus.
some_corpora = settings(many, max_examples=40)

# How the same corpus may come to lie in segments


def as_written(patch):
    """One segment a session, tidied as the writer does."""


def apart(patch):
    """One segment a session, as where there is much in each."""
    patch.setattr(writer, "_FEW_TOKENS", 0)


def scattered(patch):
    """Segments of three documents at most, which are never merged and keep what is deleted."""
    patch.setattr(writer, "MAX_DOCUMENTS", 3)
    patch.setattr(writer.CorpusWriter, "_tidy", lambda self: None)


def merged(patch):
    """The same made one segment by every session, a few tokens at a time."""
    patch.setattr(writer, "MAX_DOCUMENTS", 3)
    patch.setattr(writer.CorpusWriter, "_tidy", lambda self: self._merge(self._entries))
    for module in build, builder:  # as where there are many tokens
        patch.setattr(module, "PIECE", 2)


SHAPES = st.sampled_from((scattered, scattered, apart, as_written, merged))
CORPORA = some.CORPORA.filter(lambda corpus: not all(each.fails for each in corpus))


class Generation:
    """A published generation: as Whoosh opens it, and what it holds, told document by document."""

    def __init__(self, engine, naive):
        self.engine = engine
        self.naive = naive
        folder = engine._searcher().corpus.generation.folder
        self.index = open_dir(folder)
        self.reader = self.index.reader()
        self.documents = []
        #: Each segment's reader with its documents' numbers.
        self.parts = []
        for leaf, offset in self.reader.leaf_readers():
            size = leaf.doc_count_all()
            self.parts.append((leaf, range(offset, offset + size)))
            if size:
                stored = open_segment(leaf.segment().path(folder)).documents
                for doc in range(size):
                    self.documents.append(Document(stored.statement(doc), ""))
        self.views = [*self.parts, (self.reader, range(len(self.documents)))]

    @property
    def alive(self):
        return [n for n in range(len(self.documents)) if not self.reader.is_deleted(n)]

    def terms(self, name, number):
        """The terms of a document's field, in order."""
        document = self.documents[number]
        if name in TEXT_FIELDS:
            return document.tokens[name]
        if name == "id":
            return [document.statement.id]
        return sorted(values(document.statement, name))

    def postings(self, name, numbers):
        """Each term's places by document number; numbers count from the first of these."""
        found = defaultdict(lambda: defaultdict(list))
        for number in numbers:
            for place, term in enumerate(self.terms(name, number)):
                found[term][number - numbers[0]].append(place)
        return found

    def close(self):
        self.reader.close()
        self.engine.close()


@contextmanager
def opened(corpus, shape=as_written):
    """What is published once the corpus's sessions are written."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        shape(patch)
        engine = built(WhooshEngine(Path(folder) / "index"), corpus)
        generation = Generation(engine, built(NaiveEngine(), corpus))
        try:
            yield generation
        finally:
            generation.close()


def session(*texts, start=0):
    """A session that puts these texts."""
    return some.Session(
        tuple(
            Statement(id=f"s{number}", title="", text=text)
            for number, text in enumerate(texts, start)
        )
    )


# What is asked: whatever Whoosh's queries can say as well


def nears(word):
    """Two parts, or three in order with nothing between; the forms of each equally long."""
    single = st.one_of(word.map(Term), word.map(lambda each: Phrase((each,))))
    phrase = st.lists(word, min_size=2, max_size=3).map(
        lambda each: Phrase(tuple(each))
    )
    part = st.one_of(single, phrase, some.several(single, 3).map(Or))
    two = st.tuples(part, part)
    return st.one_of(
        st.builds(Near, two, st.integers(1, 8), st.booleans()),
        st.builds(Near, st.tuples(part, part, part), st.just(1), st.just(True)),
    )


@st.composite
def paragraphs(draw, word, single):
    """Two parts or three, some of them one of several."""
    part = single | nears(word)
    return Paragraph(draw(some.several(part | some.several(part, 2).map(Or), 3)))


def queries(word, single):
    """Trees of leaves that are ``single``, a Near of ``word`` or a Paragraph of these."""
    leaves = st.one_of(single, single, nears(word), paragraphs(word, single))
    inside = st.recursive(leaves, some.branches, max_leaves=3)
    fields = st.builds(Field, st.sampled_from(TEXT_FIELDS), inside)
    parts = st.one_of(leaves, leaves, fields, some.keywords(), st.just(EVERYTHING))
    return st.recursive(parts, some.branches, max_leaves=6)


QUERIES = queries(some.tokens, some.singles)
CROWDED_QUERIES = queries(some.letters, some.letter_parts)
CROWDED_CORPORA = st.lists(
    some.CROWDED_TEXTS.map(lambda texts: session(*texts)), min_size=1, max_size=3
)


def assert_same_ids(generation, query):
    """Whoosh's evaluation, the engine's and the scan find the same statements."""
    assert can_say(query)
    request = SearchRequest(query=query, limit=1000)
    expected = sorted(h.statement.id for h in generation.naive.search(request).hits)
    found = sorted(hit.statement.id for hit in generation.engine.search(request).hits)
    assert found == expected
    alive = [generation.documents[number] for number in generation.alive]
    documents = {each.statement.id: each for each in alive}
    with generation.index.searcher() as searcher:
        asked = said_in_whoosh(query, searcher.reader(), documents)
        assert ids_found(asked, searcher) == expected
        best = searcher.search(asked, limit=10)
        assert {hit["id"] for hit in best} <= set(expected)


@many
@given(CORPORA, SHAPES, st.lists(QUERIES, min_size=1, max_size=5))
def test_whooshs_own_queries_find_what_the_engine_and_a_scan_find(
    corpus, shape, queries
):
    """Term, And, Or, Not, Phrase, Prefix, FuzzyTerm and SpanNear by posting, array and text."""
    with opened(corpus, shape) as generation:
        for query in queries:
            assert_same_ids(generation, query)


@many
@given(CROWDED_CORPORA, SHAPES, st.lists(CROWDED_QUERIES, min_size=1, max_size=5))
def test_whooshs_phrases_and_spans_agree_in_crowded_texts(corpus, shape, queries):
    """Where few words follow each other in many orders, spans find what the engine finds."""
    with opened(corpus, shape) as generation:
        for query in queries:
            assert_same_ids(generation, query)


@many
@given(
    CORPORA | CROWDED_CORPORA,
    SHAPES,
    st.lists(some.singles | some.letter_parts, min_size=1, max_size=5),
)
def test_whooshs_matchers_count_each_occurrence(corpus, shape, leaves):
    """Spans of a leaf are the scan's, document by document; of a word, its weights are too."""
    with opened(corpus, shape) as generation:
        with generation.index.searcher() as searcher:
            for leaf, name in zip(leaves, TEXT_FIELDS * len(leaves), strict=False):
                asked = said_in_whoosh(Field(name, leaf), searcher.reader())
                expected = Counter()
                for number in generation.alive:
                    tokens = generation.documents[number].tokens[name]
                    expected[number] = len(leaf_spans(leaf, tokens, "english"))
                assert occurrences(asked, searcher) == +expected
                if not isinstance(leaf, Phrase) or len(leaf.words) == 1:
                    assert weights(asked, searcher) == +expected


def weights(query, searcher):
    """The weight of each document that a query matches."""
    found = Counter()
    for segment, offset in searcher.leaf_searchers():
        matcher = query.matcher(segment, segment.context(needs_current=True))
        while matcher.is_active():
            found[offset + matcher.id()] = matcher.weight()
            matcher.next()
    return found


@some_corpora
@given(CORPORA, SHAPES)
def test_the_statements_are_those_published(corpus, shape):
    """What is alive for Whoosh is what was put; stored are the ids; deletions count as deleted."""
    with opened(corpus, shape) as generation:
        reader, naive = generation.reader, generation.naive
        alive = generation.alive
        documents = {generation.documents[n].statement.id: n for n in alive}
        assert len(documents) == len(alive)
        assert documents.keys() == dict(naive.ids()).keys()
        for statement_id, number in documents.items():
            assert generation.documents[number].statement == naive.get(statement_id)
            assert reader.stored_fields(number) == {"id": statement_id}
        assert reader.doc_count() == generation.index.doc_count() == len(alive)
        assert reader.doc_count_all() == len(generation.documents)
        assert reader.has_deletions() == (len(alive) < len(generation.documents))
        assert list(reader.all_doc_ids()) == alive
        assert [fields["id"] for fields in reader.all_stored_fields()] == list(
            documents
        )
        with generation.index.searcher() as searcher:
            for statement_id, number in documents.items():
                assert searcher.document(id=statement_id) == {"id": statement_id}
                assert searcher.document_number(id=statement_id) == number


@some_corpora
@given(CORPORA, SHAPES)
def test_the_lexicon_is_every_token_of_every_text(corpus, shape):
    """Terms are sorted; those of deleted documents stay until their segment is merged."""
    with opened(corpus, shape) as generation:
        for reader, numbers in generation.views:
            alive = [n for n in numbers if not generation.reader.is_deleted(n)]
            every = []
            for name in FIELDS:
                lexicon = [text.decode() for text in reader.lexicon(name)]
                terms = {t for n in numbers for t in generation.terms(name, n)}
                assert lexicon == sorted(terms, key=str.encode)
                assert set(lexicon) >= {
                    t for n in alive for t in generation.terms(name, n)
                }
                every += [(name, text.encode()) for text in lexicon]
            assert list(reader.all_terms()) == every
            assert {term for term, _ in reader} == set(every)
            if numbers:
                assert sorted(reader.indexed_field_names()) == FIELDS


@many
@given(CORPORA, SHAPES, some.tokens | st.sampled_from(ABSENT))
def test_the_lexicon_is_entered_anywhere(corpus, shape, word):
    """Prefixes, cursors and edits find their terms from any place, be it a term or not."""
    prefixes = [word[:size] for size in range(len(word) + 1)]
    with opened(corpus, shape) as generation:
        for reader, numbers in generation.views:
            every = list(reader.all_terms())
            for name in TEXT_FIELDS if numbers else ():
                for start in prefixes:
                    bytes_ = start.encode()
                    assert list(reader.terms_from(name, start)) == [
                        term for term in every if term >= (name, bytes_)
                    ]
                    assert list(reader.expand_prefix(name, start)) == [
                        text
                        for n, text in every
                        if n == name and text.startswith(bytes_)
                    ]
                    assert [term for term, _ in reader.iter_from(name, start)] == [
                        term for term in every if term >= (name, bytes_)
                    ]
        for leaf, _ in generation.parts if generation.documents else ():
            for name in TEXT_FIELDS:
                lexicon = [text.decode() for text in leaf.lexicon(name)]
                for start in prefixes:
                    assert_cursor_walks(leaf.cursor(name), lexicon, start)
                if word:
                    assert sorted(leaf.terms_within(name, word, 1, prefix=1)) == sorted(
                        each
                        for each in lexicon
                        if each[0] == word[0] and levenshtein(each, word) <= 1
                    )


def assert_cursor_walks(cursor, lexicon, start):
    """A cursor walks all terms, and from the first that is not below ``start``."""
    assert walk(cursor, cursor.first()) == lexicon
    assert not cursor.is_valid()
    above = [text for text in lexicon if text >= start]
    assert walk(cursor, cursor.find(start)) == above
    assert walk(cursor, cursor.find(start.encode())) == above


def walk(cursor, text):
    """All the terms from the one under the cursor on."""
    found = []
    while text is not None:
        assert cursor.is_valid() and cursor.text() == text
        assert cursor.term_info().weight() > 0
        found.append(text)
        text = cursor.next()
    return found


@some_corpora
@given(CORPORA, SHAPES)
def test_statistics_of_terms_are_counted_exactly(corpus, shape):
    """Frequencies, lengths and ids of every term; deleted documents count until they are merged."""
    with opened(corpus, shape) as generation:
        for reader, numbers in generation.views:
            for name in FIELDS:
                found = generation.postings(name, numbers)
                assert not found.keys() & ABSENT
                for term, documents in found.items():
                    weights = [len(places) for places in documents.values()]
                    lengths = [
                        len(generation.terms(name, numbers[doc])) for doc in documents
                    ]
                    info = reader.term_info(name, term)
                    assert info.weight() == sum(weights)
                    assert info.doc_frequency() == len(documents)
                    assert info.max_weight() == max(weights)
                    assert (info.min_id(), info.max_id()) == (
                        min(documents),
                        max(documents),
                    )
                    assert info.min_length() == min(lengths)
                    assert info.max_length() == max(lengths)
                    assert reader.frequency(name, term) == sum(weights)
                    assert reader.doc_frequency(name, term) == len(documents)
                    assert (name, term) in reader
                most = sorted(
                    (-sum(map(len, documents.values())) for documents in found.values())
                )[:3]
                frequent = reader.most_frequent_terms(name, 3)
                assert [-weight for weight, _ in frequent] == most
                for word in ABSENT:
                    assert reader.frequency(name, word) == 0
                    assert reader.doc_frequency(name, word) == 0
                    assert (name, word) not in reader
                    with pytest.raises(TermNotFound):
                        reader.term_info(name, word)
                    with pytest.raises(TermNotFound):
                        reader.postings(name, word)


@some_corpora
@given(CORPORA, SHAPES)
def test_lengths_are_exact(corpus, shape):
    """No length is rounded, neither a document's nor a field's."""
    with opened(corpus, shape) as generation:
        for reader, numbers in generation.views:
            for name in TEXT_FIELDS if numbers else ():
                lengths = [len(generation.terms(name, n)) for n in numbers]
                assert lengths == [
                    reader.doc_field_length(doc, name) for doc in range(len(numbers))
                ]
                assert reader.field_length(name) == sum(lengths)
                assert reader.min_field_length(name) == min(lengths)
                assert reader.max_field_length(name) == max(lengths)


@some_corpora
@given(CORPORA, SHAPES)
def test_postings_have_every_place_of_every_term(corpus, shape):
    """Documents, weights and positions are the scan's; a keyword has no positions."""
    with opened(corpus, shape) as generation:
        for reader, numbers in generation.views:
            for name in FIELDS:
                for term, documents in generation.postings(name, numbers).items():
                    expected = [
                        (doc, places)
                        for doc, places in documents.items()
                        if not reader.is_deleted(doc)
                    ]
                    assert_postings(reader, name, term, expected)
        assert sorted(
            (name, text.decode(), doc)
            for name, text, doc, _, _ in iter_postings(generation)
        ) == sorted(
            (name, term, number)
            for number in generation.alive
            for name in FIELDS
            for term in set(generation.terms(name, number))
        )


def iter_postings(generation):
    return generation.reader.iter_postings()


def assert_postings(reader, name, term, expected):
    """A term's postings are these documents with these places."""
    docs = [doc for doc, _ in expected]
    assert list(reader.postings(name, term).all_ids()) == docs
    weights = [(doc, len(places)) for doc, places in expected]
    matcher = reader.postings(name, term)
    found = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight()))
        assert matcher.value_as("frequency") == matcher.weight()
        assert matcher.value_as("weight") == matcher.weight()
        assert matcher.supports("positions") == (name in TEXT_FIELDS)
        matcher.next()
    assert found == weights
    if name in TEXT_FIELDS:
        assert list(reader.postings(name, term).items_as("positions")) == expected
        assert list(reader.postings(name, term).items_as("frequency")) == weights
        assert list(reader.postings(name, term).items_as("position_boosts")) == [
            (doc, [(place, 1) for place in places]) for doc, places in expected
        ]
        matcher = reader.postings(name, term)
        for _, places in expected:
            assert [(span.start, span.end) for span in matcher.spans()] == [
                (place, place) for place in places
            ]
            matcher.next()


STEPS = st.lists(
    st.sampled_from(("next", "reset", "copy")) | st.integers(-1, 12), max_size=12
)


@many
@given(CORPORA, SHAPES, some.tokens, STEPS)
def test_matchers_move_as_whoosh_asks(corpus, shape, word, steps):
    """next, skip_to, reset and copy lead where they should, and a copy goes its own way."""
    with opened(corpus, shape) as generation:
        for leaf, numbers in generation.parts if generation.documents else ():
            documents = generation.postings("text", numbers).get(word, {})
            docs = [doc for doc in documents if not leaf.is_deleted(doc)]
            if documents:
                assert_moves(leaf.postings("text", word), docs, documents, steps)


def assert_moves(matcher, docs, documents, steps):
    """After every step the matcher stands where a list of documents says."""
    at, left_behind = 0, []
    for step in steps:
        if step == "copy":
            left_behind.append((matcher, at))
            matcher = matcher.copy()
        elif step == "reset":
            matcher.reset()
            at = 0
        elif not matcher.is_active():
            with pytest.raises(ReadTooFar):
                matcher.next() if step == "next" else matcher.skip_to(step)
        elif step == "next":
            matcher.next()
            at += 1
        else:
            matcher.skip_to(step)
            while at < len(docs) and docs[at] < step:
                at += 1
        assert_stands(matcher, docs[at:], documents)
    for other, place in left_behind:
        assert_stands(other, docs[place:], documents)


def assert_stands(matcher, rest, documents):
    """The matcher stands at the first of the rest, or is exhausted."""
    assert matcher.is_active() == bool(rest)
    if rest:
        assert matcher.id() == rest[0]
        assert matcher.value_as("positions") == documents[rest[0]]
        assert matcher.weight() == len(documents[rest[0]])


# Scores


WORDS = st.recursive(
    some.tokens.map(Term) | some.phrases(),
    lambda inner: some.several(inner, 3).map(And) | some.several(inner, 3).map(Or),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def unions():
    """Or by union of matchers.

    What it takes in small indexes instead, an array of scores, misses some of the best; and with a
    limit totals may be wrong where a Not or an Every stands in an Or. Both are Whoosh's own: they
    happen to the same texts in its own segments.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhooshOr, "matcher_type", WhooshOr.DEFAULT_MATCHER)
        patch.setattr(UnionMatcher, "skip_to_quality", skip_to_quality)
        yield


def skip_to_quality(matcher, least):
    """Whoosh's own, but that it stops where rounding alone makes a part of a union reach its share.

    Whoosh asks that part forever.
    """
    matcher._id = None
    a, b = matcher.a, matcher.b
    skipped = 0
    while matcher.is_active() and matcher.block_quality() <= least:
        if not (a.is_active() and b.is_active()):
            return skipped + (a if a.is_active() else b).skip_to_quality(least)
        worse, other = sorted((a, b), key=lambda each: each.block_quality())
        moved = worse.skip_to_quality(least - other.block_quality())
        if not moved:
            break
        skipped += moved
    return skipped


@many
@given(CORPORA, SHAPES, st.lists(WORDS, min_size=1, max_size=3))
def test_scores_do_not_depend_on_how_many_are_wanted(unions, corpus, shape, queries):
    """BM25F gives the same totals and scores for the best three, ten and all."""
    with opened(corpus, shape) as generation:
        with generation.index.searcher() as searcher:
            for query in queries:
                asked = said_in_whoosh(query, searcher.reader())
                assert_best_are_best(searcher, asked)


def assert_best_are_best(searcher, query):
    """The first hits of a search for all are the hits of a search for some."""
    every = searcher.search(query, limit=None)
    scores = [hit.score for hit in every]
    assert all(score >= after for score, after in pairwise(scores))
    for limit in (3, 10):
        best = searcher.search(query, limit=limit)
        assert len(best) == len(every)
        assert [hit.score for hit in best] == pytest.approx(scores[:limit])


@pytest.fixture(scope="module", params=(1, 3))
def long_lists(request):
    """A thousand statements in one segment or three: several blocks of postings for each word."""
    chance = random.Random(7)
    sessions = []
    for part in range(request.param):
        texts = [
            " ".join(chance.choices("abcdefgh", (60, 30, 20, 8, 4, 2, 1, 1), k=size))
            for size in chance.choices(range(1, 40), k=1000 // request.param)
        ]
        sessions.append(session(*texts, start=1000 * part))
    with opened(sessions, apart) as generation:
        assert len(generation.parts) == request.param
        yield generation


def test_scores_are_those_of_the_formula(long_lists):
    """BM25F is given the true frequency, length, average length and number of documents."""
    tokens = [document.tokens["text"] for document in long_lists.documents]
    average = sum(map(len, tokens)) / len(tokens)
    with long_lists.index.searcher() as searcher:
        for word in "adh":
            idf = searcher.idf("text", word)
            expected = {
                document.statement.id: bm25(
                    idf, each.count(word), len(each), average, 0.75, 1.2
                )
                for document, each in zip(long_lists.documents, tokens, strict=True)
                if word in each
            }
            hits = searcher.search(WhooshTerm("text", word), limit=None)
            assert {hit["id"]: hit.score for hit in hits} == pytest.approx(expected)


@pytest.mark.parametrize("words", ["a", "h", "ab", "abc", "dgh", "abcdefgh"])
def test_blocks_that_cannot_compete_are_left_out_without_loss(
    unions, long_lists, words
):
    """Of some hundred postings a word, the best ten are found by Whoosh's skipping of blocks."""
    asked = WhooshOr([WhooshTerm("text", word) for word in words])
    with long_lists.index.searcher() as searcher:
        assert_best_are_best(searcher, asked)


def test_blocks_tell_their_bounds(long_lists):
    """Ids, lengths and weights of a block are bounds of what is in it, and skipping trusts them."""
    with long_lists.index.searcher() as searcher:
        for segment, _ in searcher.leaf_searchers():
            matcher = segment.postings("text", "a")
            scores, blocks = [], []
            begins = True
            while matcher.is_active():
                if begins:
                    blocks.append((len(scores), matcher.block_quality()))
                doc = matcher.id()
                assert matcher.block_min_id() <= doc <= matcher.block_max_id()
                length = segment.reader().doc_field_length(doc, "text")
                shortest, longest = (
                    matcher.block_min_length(),
                    matcher.block_max_length(),
                )
                assert shortest <= length <= longest
                assert matcher.weight() <= matcher.block_max_weight()
                assert (
                    matcher.score() <= matcher.block_quality() <= matcher.max_quality()
                )
                scores.append(matcher.score())
                begins = matcher.next()
            assert len(blocks) > 1
            for _, least in blocks:
                matcher.reset()
                skipped = matcher.skip_to_quality(least)
                kept = [start for start, quality in blocks if quality > least]
                assert matcher.is_active() == bool(kept)
                if kept:
                    assert skipped == [start for start, _ in blocks].index(kept[0])
                    assert matcher.score() == scores[kept[0]]


# Opening


def test_reading_with_whoosh_changes_nothing(tmp_path):
    """A search by Whoosh leaves no lock and no file in a generation, which is immutable."""
    engine = built(WhooshEngine(tmp_path), [session("four political documents")])
    folder = engine._searcher().corpus.generation.folder
    before = sorted(folder.iterdir())
    with open_dir(folder).searcher() as searcher:
        asked = said_in_whoosh(Phrase(("four", "political")), searcher.reader())
        assert len(searcher.search(asked)) == 1
    assert sorted(folder.iterdir()) == before
    assert engine.verify() == []
    engine.close()


def test_whooshs_parser_reads_words_as_ours(tmp_path):
    """The schema's analyzer is our analysis, with the places of the words in the text."""
    corpus = [session("Japan's one-China principle", "China's principle", "One: China")]
    with opened(corpus) as generation, generation.index.searcher() as searcher:
        parser = QueryParser("text", generation.index.schema)
        for asked, found in (
            ("JAPAN", ["s0"]),
            ('"one China"', ["s0", "s2"]),
            ("chin* principle", ["s0", "s1"]),
            ("china NOT one", ["s1"]),
        ):
            assert ids_found(parser.parse(asked), searcher) == found
        results = searcher.search(parser.parse('"one china"'), terms=True)
        results.formatter = NullFormatter()
        text = "Japan's one-China principle"
        assert results[0].highlights("text", text=text) == text
