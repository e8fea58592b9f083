"""What ``communique search`` is asked for: its options as one value, held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from indexer.concordance import LineSort
    from indexer.dates import DateRange
    from indexer.search import SearchRequest


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options as they were typed; ``paged`` says whether ``limit`` or ``offset`` was."""

    query: tuple[str, ...]
    first: str | None
    last: str | None
    sources: tuple[str, ...]
    sort: str | None
    limit: int | None
    offset: int
    paged: bool
    no_fold: bool
    as_json: bool
    kwic: bool
    form: str | None
    bom: bool
    counted: str | None
    period: str | None
    by: str | None

    @property
    def text(self) -> str:
        """The query; of a matrix, where each argument is one, the shell's own line."""
        return " ".join(self.query)

    @property
    def file(self) -> str:
        """The form of the file that the whole result is printed as, "" for a page of it."""
        whole = self.as_json and (self.kwic or self.counted)
        return self.form or ("json" if whole else "")

    def check(self) -> None:
        """Raise a UsageError where options do not go together."""
        from indexer.search import Sort

        of_hits = self.form not in (None, "csv")
        if self.counted and (self.kwic or of_hits):
            raise click.UsageError(f"--{self.counted} is a table, or --csv, or --json.")
        if (self.as_json and self.form) or (self.kwic and of_hits):
            raise click.UsageError(
                "Choose one of --json, --csv, --ndjson, --ris, --bib and --txt; --kwic goes with "
                "the first two."
            )
        if self.bom and self.form != "csv":
            raise click.UsageError("--bom is of --csv.")
        if (self.period and not self.counted) or (
            self.by and self.counted != "timeline"
        ):
            raise click.UsageError(
                "--period is of --timeline and --matrix, --by of --timeline."
            )
        if self.paged and (self.file or self.counted):
            every = "line" if self.kwic else "hit"
            raise click.UsageError(
                f"--{self.counted or self.file} takes every {every}: leave out --limit and --offset."
            )
        if not self.kwic and self.sort not in (None, *(each.value for each in Sort)):
            raise click.UsageError(
                f"--sort {self.sort} is an order of lines: add --kwic."
            )

    @property
    def lines(self) -> LineSort | None:
        """The order of lines in context, None where hits are asked for."""
        from indexer.concordance import LineSort

        if not self.kwic:
            return None
        try:
            return LineSort(self.sort or LineSort.RIGHT1)
        except ValueError:
            names = ", ".join(each.value for each in LineSort)
            raise click.UsageError(f"--kwic sorts by one of {names}.") from None

    def request(self) -> SearchRequest:
        """What to ask the engine; of a matrix what narrows each of its searches."""
        from indexer.query import EVERYTHING, parse_query
        from indexer.search import SearchRequest, Sort

        has_query = self.text.strip() and self.counted != "matrix"
        usual = 100 if self.kwic else 20
        return SearchRequest(
            query=parse_query(self.text) if has_query else EVERYTHING,
            dates=self._dates(),
            filters={"source": self.sources} if self.sources else {},
            sort=Sort.RELEVANCE if self.kwic else Sort(self.sort or Sort.RELEVANCE),
            offset=self.offset,
            limit=usual if self.limit is None else self.limit,
            uses=True,
            fold=not self.no_fold,
        )

    def _dates(self) -> DateRange | None:
        from indexer.dates import parse_range

        if not self.first and not self.last:
            return None
        try:
            return parse_range(f"{self.first or ''}..{self.last or ''}")
        except ValueError as error:
            raise click.UsageError(f"--from and --to: {error}") from None
