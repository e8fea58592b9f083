"""Facts for a site over FTS5 from memory: SQLite gives all rows as one text, and NumPy counts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.search import IndexInfo, SearchRequest
from tests.bench.peers.base import days
from tests.bench.peers.site_facts import Counts, Label
from tests.bench.peers.site_finding import BITS, numbers
from tests.bench.peers.site_index import Index
from tests.bench.peers.site_told import Told

_LABELS = "select source, kind, language from labels order by number"
_FIRST_ID = """
select shown.rowid from json_each(?) cross join shown on shown.rowid = value
order by shown.id limit 1
"""


class Arrays:
    """Counted by NumPy, in what each process keeps of the newest generation."""

    asked = "select 'rows', group_concat(r), null from found"

    def __init__(self, index: Index) -> None:
        self._index = index
        self._counts = Counts(0, numbers(""), numbers(""), ())

    def tell(
        self, rows: Sequence[Any], request: SearchRequest, info: IndexInfo
    ) -> Told:
        """From the rows in one text."""
        counts, ((_, text, _),) = self._newest(info.generation), rows
        found = numbers(text)
        dated = found[np.searchsorted(found, 1 << BITS) :]
        silence, silent = counts.silence(found)
        return Told(
            total=len(found),
            facets=counts.facets(found, request.facets),
            first=self._first_of_day(dated, 0),
            last=self._first_of_day(dated, -1),
            silence=silence,
            silent=silent,
            searched=counts.within(days(request)),
        )

    def _newest(self, generation: int) -> Counts:
        if generation != self._counts.generation:
            db = self._index.db
            labels = [Label._make(each) for each in db.execute(_LABELS)]
            new = "select * from batches where generation > ? order by generation"
            for number, *batch in db.execute(new, (self._counts.generation,)):
                self._counts = self._counts.grown(number, *map(numbers, batch), labels)
        return self._counts

    def _first_of_day(self, rows: np.ndarray, place: int) -> int | None:
        """Of the rows of the first day or of the last the one whose id comes first."""
        if not len(rows):
            return None
        day = int(rows[place]) >> BITS
        start, end = np.searchsorted(rows, (day << BITS, day + 1 << BITS)).tolist()
        of_day = f"[{','.join(map(str, rows[start:end].tolist()))}]"
        ((row,),) = self._index.db.execute(_FIRST_ID, (of_day,))
        return int(row)
