"""Facts for a site over FTS5 by SQL alone: narrow tables, from which one statement tells all.

A statement's rowid begins with its day, so FTS5 itself narrows to days and orders by them. Of what
was found days and labels are counted, and all else from these few. What was tried, on 287 requests
of all classes over 50,000 sections of UN speeches, in mean milliseconds with the finding:

- All matches in one materialized CTE with month, source, kind and language from a table: 6.1 with a
  group by for each; 5.8 where one of the three names is grouped again for each of them; 5.6 with a
  number for the three, which a small table has; 5.5 with months from counted days.
- lag() over counted days, 5.6; over the rows as they come, without counting days first, 6.9.
- Words read again for each count, 4.9, as FTS5 goes through one faster than a CTE is filled: 5.2.
  So their rows are no materialized CTE; those of phrases are.
- Facts joined after rows are kept or before, a temporary table for the CTE, days skipped through in
  its key, rows handed over as JSON: all the same within a twentieth, or slower.
- A rowid with the label in it would save the join, a tenth, and be no table of facts any more.

What is left is sorting, by which SQLite groups: it has no hash table for that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from indexer.search import IndexInfo, Searched, SearchRequest
from tests.bench.peers.site_finding import BITS
from tests.bench.peers.site_told import Told, day_range, facet_count

_COUNT = itemgetter(1)
_TABLES = f"""
, by_day as materialized (select r >> {BITS} day, count(*) n from found group by 1),
by_month as materialized (select year, month, sum(n) n
    from by_day cross join days using (day) group by year, month),
by_label as materialized (select label, count(*) n
    from found cross join facts on facts.rowid = r group by label),
by_value as materialized (select source, kind, language, n
    from by_label cross join labels on number = label),
silence as materialized (select before + 1 first, day - 1 last
    from (select day, lag(day) over (order by day) before from by_day where day)
    where day - before > 1 order by day - before desc, day limit 1)
"""
_OF_DAY = f"""
select '{{end}}', min(shown.id), shown.rowid
from (select {{least}}(day) << {BITS} start from by_day where day)
cross join found on r between start and start + {(1 << BITS) - 1}
cross join shown on shown.rowid = r
"""
_SCOPE = f"from days where day between :first >> {BITS} and :last >> {BITS}"
_ASKED = [
    "select 'total', sum(n), null from by_day",
    "select 'year', year, sum(n) from by_month group by year",
    "select 'month', month, n from by_month where month != ''",
    *(
        f"select '{name}', {name}, sum(n) from by_value where {name} != '' group by {name}"
        for name in ("source", "kind", "language")
    ),
    _OF_DAY.format(end="first", least="min"),
    _OF_DAY.format(end="last", least="max"),
    "select 'silence', first, last from silence",
    "select 'silent', sum(statements), null"
    " from silence cross join days on day between first and last",
    f"select 'searched', sum(statements), null {_SCOPE}",
    f"select 'days', min(day), max(day) {_SCOPE} and day",
]


class Tables:
    """Counted by SQLite, for each search anew."""

    asked = _TABLES + " union all ".join(_ASKED)

    def tell(
        self, rows: Sequence[Any], request: SearchRequest, info: IndexInfo
    ) -> Told:
        """Facets by their counts, but for those of time; SQLite gives them by value."""
        told = defaultdict(list)
        for name, *values in rows:
            told[name].append(values)
        for name in ("source", "kind", "language"):
            told[name].sort(key=_COUNT, reverse=True)
        (total, _), (silent, _), (searched, _) = (
            told[name][0] for name in ("total", "silent", "searched")
        )
        return Told(
            total=total or 0,
            facets={
                name: tuple(map(facet_count, told.get(name, ())))
                for name in request.facets
            },
            first=told["first"][0][1],
            last=told["last"][0][1],
            silence=day_range(*told["silence"][0]) if told["silence"] else None,
            silent=silent or 0,
            searched=Searched(searched or 0, day_range(*told["days"][0])),
        )
