"""``communique search --kwic``: lines of a concordance for a terminal, or all of them as a file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from indexer.concordance import LineSort
from indexer.engine import Engine
from indexer.line_exports import LINE_FORMS, LineExport
from indexer.search import SearchRequest
from indexer.terminal import concordance_line


def concordance_lines(
    engine: Engine, request: SearchRequest, sort: LineSort
) -> Iterator[str]:
    """Those from the request's offset on, up to its limit, and how many are left."""
    seen = request.offset
    found = engine.concordance(request, sort=sort, offset=seen, limit=request.limit)
    for line in found.lines:
        seen += 1
        yield concordance_line(line)
    if request.offset < seen < found.total:
        yield f"\n{found.total - seen:,} more: --offset {seen} shows the next."


def exported_lines(
    engine: Engine, request: SearchRequest, sort: LineSort, form: str
) -> Iterator[str]:
    """All of them as a file in one of ``LINE_FORMS``, piece by piece."""
    export = LineExport(
        request=request,
        sort=sort,
        found=engine.concordance(request, sort=sort),
        made=datetime.datetime.now(datetime.UTC),
        address=lambda line: "",
    )
    return LINE_FORMS[form][1](export)
