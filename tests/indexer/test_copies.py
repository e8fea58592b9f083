"""Near-copies: grouped as comparing every two texts would, however they came to be there."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from contextlib import contextmanager
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import tokenize
from indexer.engines.whoosh import WhooshEngine, builder
from indexer.engines.whoosh.links import sharing
from indexer.engines.whoosh.shingles import SHORT, SIGNATURE, SLOTS, alike, shingles
from indexer.query import Phrase
from indexer.search import SearchRequest, Sort
from tests.copies import groups, near_copies
from tests.copies import shingles as shingles_of
from tests.indexer.contract.agreement import assert_same_answer, built
from tests.indexer.contract.fixtures import publish, said
from tests.indexer.test_corpus_codec import as_written, merged, scattered
from tests.oracle import NaiveEngine
from tests.scan import Document
from tests.strategies import DAYS, Session


def words(seed, count=160):
    """Some words, the same ones at each run."""
    return [f"w{random.Random(f'{seed} {n}').randrange(9999)}" for n in range(count)]


def texts(seed):
    """A text, near-copies of it, others that share less, and a chain whose ends share nothing."""
    run = words(seed)
    whole = run[:120]
    return [
        " ".join(part)
        for part in (
            whole,
            ["dateline", "oct", "31", *whole],
            [*whole[:60], "changed", *whole[61:]],
            whole[:100],
            [*whole[:50], *words(f"other {seed}", 70)],
            whole[:30],
            whole[:31],
            *(run[start : start + 80] for start in range(0, 81, 20)),
        )
    ]


#: Which of these are near-copies is fixed, so no test of them fails by chance.
POOL = (*texts("one"), *texts("two"), "short", "short", "Short!", "")
STATEMENTS = st.builds(
    said,
    st.sampled_from("abcdefgh"),
    st.sampled_from(POOL),
    date=st.sampled_from((*DAYS, None)),
    source=st.sampled_from(("xinhua", "mofa-jp")),
)
#: Stretches of one text: two of them may share just half, or just less.
BORDERLINE = st.tuples(st.integers(0, 40), st.integers(54, 100)).map(
    lambda ends: " ".join(words("one")[ends[0] : ends[0] + ends[1]])
)
SESSIONS = st.builds(
    Session,
    changes=st.lists(STATEMENTS | st.sampled_from("abcdefgh"), max_size=8).map(tuple),
    fresh=st.integers(0, 5).map(lambda number: number == 5),
)
REQUESTS = st.builds(
    SearchRequest,
    filters=st.sampled_from(({}, {}, {"source": ("mofa-jp",)})),
    facets=st.just(("year", "source")),
    sort=st.sampled_from(Sort),
    limit=st.just(1000),
    fold=st.sampled_from((True, True, False)),
    similar=st.sampled_from(("", "", "a", "b", "z")),
)


@contextmanager
def engine_of(corpus, shape):
    """The corpus, its segments kept, tidied or merged."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        shape(patch)
        engine = WhooshEngine(Path(folder) / "index")
        yield built(engine, corpus)
        engine.close()


def signed(*statements):
    """The signatures of some statements, a segment of their own, by id."""
    arrays = builder.segment_arrays([(each, "") for each in statements], "english")
    ids = sorted((each.id for each in statements), reverse=True)  # all of them undated
    return dict(zip(ids, arrays["signatures"], strict=True))


@settings(max_examples=60)
@given(
    st.lists(SESSIONS, min_size=1, max_size=5),
    st.sampled_from((scattered, as_written, merged)),
    REQUESTS,
)
def test_groups_are_those_of_every_two_texts_compared(corpus, shape, request_):
    """However documents came, went, changed and were merged, and whatever filters leave."""
    with engine_of(corpus, shape) as engine:
        assert_same_answer(engine, built(NaiveEngine(), corpus), request_)
        assert engine.verify() == []


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("abcdefgh"), BORDERLINE), max_size=8),
        min_size=1,
        max_size=3,
    )
)
def test_texts_at_the_border_are_told_exactly(sessions):
    """Where all signatures agree, so that every two texts are compared, half is half."""
    corpus = [
        Session(tuple(said(key, text) for key, text in session)) for session in sessions
    ]

    def agreeing(patch):
        patch.setattr(
            "indexer.engines.whoosh.shingles._least",
            lambda runs, bounds: np.zeros((len(bounds) // 2, SLOTS), np.uint16),
        )

    with engine_of(corpus, agreeing) as engine:
        request = SearchRequest(fold=True, sort=Sort.OLDEST)
        assert_same_answer(engine, built(NaiveEngine(), corpus), request)


def test_the_pool_has_what_is_to_be_tested():
    """The chain is one group though its ends share nothing; what shares less stands alone."""
    documents = [
        Document(said(str(n), text), "") for n, text in enumerate(texts("one"))
    ]
    chain = documents[-5:]
    assert all(near_copies(*each) for each in pairwise(chain))
    assert not shingles_of(chain[0]) & shingles_of(chain[-1])
    assert not near_copies(documents[0], documents[4])
    found = groups(documents)
    assert len({found[str(n)] for n in (0, 1, 2, 3, *range(7, 12))}) == 1
    assert len(set(found.values())) == 4


def test_a_chain_grows_and_breaks(tmp_path):
    """What joins a group at its end leaves the other end in it; what goes may leave two groups."""
    engine = WhooshEngine(tmp_path / "index")
    for key, text in zip("abcde", texts("one")[-5:], strict=True):
        publish(engine, said(key, text))
        results = engine.search(SearchRequest(fold=True, sort=Sort.OLDEST))
        assert [hit.statement.id for hit in results.hits] == ["a"]
    with engine.writer() as writer:
        writer.remove("c")
    results = engine.search(SearchRequest(fold=True, sort=Sort.OLDEST))
    assert [(hit.statement.id, hit.more) for hit in results.hits] == [
        ("a", 1),
        ("d", 1),
    ]


def test_half_is_enough():
    """Texts with just half of their shingles in common are near-copies; with one less, not."""
    one = np.arange(60)
    assert alike(one, one + 20) and alike(one[:30], one)
    assert not alike(one, one + 21) and not alike(one[:29], one)


def test_many_copies_among_many_texts():
    """Hundreds in one group, hundreds in pairs, hundreds that share a third with all others."""
    rng = random.Random(7)
    long = words("long", 200)
    corpus = []
    for number in range(300):
        part = list(long)
        part[rng.randrange(200)] = f"changed{number}"
        corpus.append(said(f"one/{number:03}", " ".join(part)))
        own = words(number, 80)
        corpus.append(said(f"pair/{number:03}/a", " ".join(own)))
        corpus.append(said(f"pair/{number:03}/b", " ".join([*own, "added"])))
        shared = [*words("boilerplate", 40), *words(f"alone {number}", 60)]
        corpus.append(said(f"alone/{number:03}", " ".join(shared)))
    rng.shuffle(corpus)
    for sessions in (
        (corpus,),
        (corpus[:600], corpus[600:]),
        (corpus[:-3], corpus[-3:]),
    ):
        with engine_of([Session(part) for part in sessions], as_written) as engine:
            results = engine.search(SearchRequest(fold=True, limit=2000, facets=()))
            shown = {hit.statement.id: hit.more for hit in results.hits}
            expected = {f"alone/{number:03}": 0 for number in range(300)}
            expected |= {f"pair/{number:03}/a": 1 for number in range(300)}
            assert shown == expected | {"one/000": 299}


@pytest.mark.parametrize("start", (0, 60))
def test_many_texts_of_one_form(start):
    """Two hundred that share a third or more with each other: those that share half are told."""
    form, rng = words("form", 90), random.Random(5)
    corpus = [
        said(
            f"{number:03}",
            " ".join(
                [*form[start:], *words(rng.randrange(150), rng.choice((60, 90, 120)))]
            ),
        )
        for number in range(200)
    ]
    expected = groups(Document(each, "") for each in corpus)
    sizes = sorted(Counter(expected.values()).values())
    assert len(sizes) < 200  # some are near-copies
    for sessions in (
        (corpus,),
        (corpus[:120], corpus[120:]),
        (corpus[:-1], corpus[-1:]),
    ):
        with engine_of([Session(part) for part in sessions], as_written) as engine:
            results = engine.search(SearchRequest(fold=True, limit=2000, facets=()))
            assert sorted(hit.more + 1 for hit in results.hits) == sizes


def test_a_signature_depends_on_the_words_alone():
    """Not on the other texts of a segment, nor on case, nor on the process that made it."""
    text, short = said("a", " ".join(words("one"))), said(
        "b", "One, two.", title="Three"
    )
    crowd = [said(f"c{number}", " ".join(words(number))) for number in range(50)]
    alone, among = signed(text, short), signed(*crowd, text, short)
    assert {key: among[key] for key in alone} == alone
    loud = signed(
        said("a", f"... {text.text.upper()}!"), said("b", "one TWO", title="three")
    )
    assert loud == alone
    pinned = sha256(alone["a"].tobytes() + alone["b"].tobytes()).hexdigest()
    assert pinned.startswith("060fa6c3c4d19791")


def test_signatures_estimate_what_texts_share():
    """The share of slots that agree is near the Jaccard similarity of the shingles."""
    whole = words("long", 3000)
    pieces = {name: " ".join(whole[:end]) for name, end in (("a", 3000), ("b", 1500))}
    made = signed(*(said(name, text) for name, text in pieces.items()))
    slots = {name: np.frombuffer(each.tobytes(), "<u2") for name, each in made.items()}
    assert 0.3 < np.mean(slots["a"] == slots["b"]) < 0.7
    assert len(made["a"].tobytes()) == SIGNATURE


@pytest.mark.parametrize("length", [SHORT - 1, SHORT])
def test_shingles_are_those_of_a_reader(length):
    """Their number, and what two texts share of them, are what counting gives."""
    one = [word.encode() for word in words("one", length)]
    assert len(shingles(one)) == length - 4
    assert len(shingles(one * 2)) == length
    half = one[: length // 2 + 6] + [b"x"] * 3
    document, other = (
        Document(said("", b" ".join(each * 3).decode()), "") for each in (one, half)
    )
    assert tokenize(document.statement.text) == [each.decode() for each in one * 3]
    assert alike(shingles(one * 3), shingles(half * 3)) == near_copies(document, other)


@pytest.mark.parametrize("sought", [0, 1, 8, 9, 40])
def test_signatures_are_found_by_any_band(sought):
    """One by one, or many at a time: those that agree with one of them in a band, no others."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 1 << 32, (500, 16), np.uint32)
    wanted = rng.integers(0, 1 << 32, (sought, 16), np.uint32)
    for number in range(sought):
        rows[3 * number, number % 16] = wanted[number, number % 16]
        rows[3 * number + 1, number % 16] = wanted[number, (number + 1) % 16]
    mask = sharing(
        rows.view(f"V{SIGNATURE}").ravel(), wanted.view(f"V{SIGNATURE}").ravel()
    )
    assert mask.nonzero()[0].tolist() == [3 * number for number in range(sought)]


def test_near_copies_cost_nothing_where_they_are_not_folded(tmp_path):
    """Their groups are read by the first search that folds, and by no other."""
    engine = WhooshEngine(tmp_path / "index")
    publish(engine, said("a", "the same"), said("b", "the same"))
    engine.search(SearchRequest(query=Phrase(("same",))))
    assert "copies" not in vars(engine._searcher().corpus)
    assert engine.search(SearchRequest(fold=True)).total == 1
    assert "copies" in vars(engine._searcher().corpus)


def test_groups_are_published_like_all_else(tmp_path):
    """Shared while they stay the same, gone when there are none, and watched by a checksum."""
    engine = WhooshEngine(tmp_path / "index")
    publish(engine, said("a", "the same"), said("b", "the same"))
    first = engine._searcher().corpus.generation.folder / "copies"
    publish(engine, said("c", "something else"))
    second = engine._searcher().corpus.generation.folder / "copies"
    assert second.samefile(first)
    with engine.writer() as writer:
        writer.remove("a")
    assert not (engine._searcher().corpus.generation.folder / "copies").exists()
    assert engine.search(SearchRequest(fold=True)).total == 2
    publish(engine, said("a", "the same"))
    last = engine._searcher().corpus.generation.folder / "copies"
    data = bytearray(last.read_bytes())
    data[70] ^= 1
    last.write_bytes(data)
    assert [str(last) in fault for fault in engine.verify()] == [True]
