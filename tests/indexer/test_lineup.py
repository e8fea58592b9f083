"""How occurrences are put in order, beside what the contract says of their lines."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.build import RARE, text_arrays
from indexer.engines.whoosh.collation import arranged
from indexer.engines.whoosh.fields import TextField

NUMBERS = st.integers(0, 3)


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=30),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_a_page_is_a_part_of_the_whole_order(values, offset, limit):
    """Only some rows are looked at for each key, and they are those of a sort of all rows."""
    keys = [lambda rows, i=i: np.array([values[r][i] for r in rows]) for i in range(3)]
    whole = sorted(range(len(values)), key=values.__getitem__)
    found = arranged(keys, len(values), offset, limit)
    assert found.tolist() == whole[offset : offset + limit]


def test_every_token_is_told_by_its_place():
    """Also those too rare to have a number in the stream; a place outside is no term."""
    size = RARE + 300
    terms = [f"{number:06}".encode() for number in range(size)]
    random = np.random.default_rng(5)
    tokens = np.concatenate([np.arange(size), random.integers(0, size, 5000)])
    stream = random.permutation(tokens).astype(np.int32)
    lengths = np.array([20_000, 0, 1, 30_000, len(stream) - 50_001])
    field = TextField(text_arrays("text", terms, stream, lengths, "english"), "text")
    docs = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(len(stream)) + docs + 1  # a gap before each document
    assert (field.ranks[stream] >= RARE).sum() > 250
    assert field.terms_at(places, docs).tolist() == stream.tolist()
    beside = field.bounds[docs + 1] - 1
    for outside in (beside, beside + 1, field.bounds[docs] - 1, field.bounds[docs] - 2):
        assert set(field.terms_at(outside, docs).tolist()) == {-1}
