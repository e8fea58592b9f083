"""What a query narrows the search to, apart from its words."""

from __future__ import annotations

import pytest

from indexer.query import EVERYTHING, parse_query, scope


@pytest.mark.parametrize(
    "query, narrowed",
    [
        ("peace", ""),
        ('"four documents" source:xinhua', "source:xinhua"),
        ("peace source:xinhua,mofa date:2025", "source:xinhua,mofa date:2025"),
        ("source:xinhua", "source:xinhua"),
        ("date:2025..", "date:2025.."),
        ("peace OR source:xinhua", ""),
        ("peace (source:a OR place:b)", "source:a OR place:b"),
        ("peace -war -source:xinhua", "-source:xinhua"),
        ("title:peace kind:readout", "kind:readout"),
        ("peace (source:a OR war)", ""),
    ],
)
def test_only_what_every_statement_must_meet_is_kept(query, narrowed):
    """Words go, also below an Or; dates and keyword fields stay."""
    found = scope(parse_query(query))
    assert str(found) == narrowed
    assert (found == EVERYTHING) == (not narrowed)
