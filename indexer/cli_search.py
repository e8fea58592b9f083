"""``communique search``: its options, and which view or file of the result they ask for."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from indexer.cli_asked import Asked
from indexer.opening import open_index
from indexer.printing import echo_json, echo_pieces

if TYPE_CHECKING:
    from indexer.concordance import LineSort
    from indexer.engine import Engine
    from indexer.search import SearchRequest


class _Search(click.Command):
    """Tells those who exclude a word first how to keep it from being an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            hint = f"communique search -- {shlex.quote(' '.join(given))}"
            reason = f"{error.format_message()} To leave out a word, write: {hint}"
            raise click.UsageError(reason, ctx) from None


@click.command(cls=_Search)
@click.argument("query", nargs=-1, required=True)
@click.option("--from", "first", metavar="DATE", help="The first day, month or year.")
@click.option("--to", "last", metavar="DATE", help="The last day, month or year.")
@click.option(
    "--source", "sources", multiple=True, help="Only this source; may be repeated."
)
@click.option(
    "--sort",
    type=click.Choice(
        [
            *("relevance", "newest", "oldest", "source"),
            *(f"{side}{word}" for side in ("left", "right") for word in (1, 2, 3)),
        ]
    ),
    help="By best match or date; with --kwic also by source, or by a word beside the match. "
    "[relevance; right1 with --kwic]",
)
@click.option(
    "--limit", type=click.IntRange(0, 10_000), help="[20; 100 lines with --kwic]"
)
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True)
@click.option("--no-fold", is_flag=True, help="Show and count near-copies one by one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--kwic",
    is_flag=True,
    help="Print every match on a line, with the words around it; all of them with --csv or --json.",
)
@click.option("--csv", "form", flag_value="csv", help="Print all hits as CSV.")
@click.option(
    "--ndjson",
    "form",
    flag_value="ndjson",
    help="Print all hits, a JSON object a line.",
)
@click.option("--ris", "form", flag_value="ris", help="Print all hits as RIS.")
@click.option("--bib", "form", flag_value="bib", help="Print all hits as BibTeX.")
@click.option("--txt", "form", flag_value="txt", help="Print all hits as text.")
@click.option(
    "--bom", is_flag=True, help="Put the mark before a CSV by which Excel knows UTF-8."
)
@click.option(
    "--timeline", "counted", flag_value="timeline", help="Count by period, in a table."
)
@click.option(
    "--matrix",
    "counted",
    flag_value="matrix",
    help="Count by period; each argument is a search of its own.",
)
@click.option(
    "--period",
    type=click.Choice(["year", "month", "day"]),
    help="Of --timeline and --matrix [year].",
)
@click.option(
    "--by",
    type=click.Choice(["source", "country", "language"]),
    help="Break --timeline down.",
)
@click.pass_context
def search(context: click.Context, /, **options: Any) -> None:
    """Search the statements; a phrase needs quotes that reach it: '"one-China principle"'.

    --csv, --ndjson, --ris, --bib and --txt print every hit there is; with --timeline and --matrix,
    --csv and --json print the counts. A matrix with a search that cannot be read ends with 1.
    """
    from indexer.answer import answer
    from indexer.query import notices

    typed = (context.get_parameter_source(name) for name in ("limit", "offset"))
    asked = Asked(paged=ParameterSource.COMMANDLINE in typed, **options)
    asked.check()
    request, lines = asked.request(), asked.lines
    remarks = () if asked.file or asked.counted == "matrix" else notices(asked.text)
    with open_index(context.obj) as engine:
        if asked.counted or asked.file:
            for remark in remarks:
                click.echo(remark, err=True)
            if asked.bom:
                echo_pieces("\ufeff")
            echo_pieces(_whole(engine, asked, request, lines))
        elif asked.as_json:
            found = engine.search(request)
            echo_json(answer(asked.text, request, remarks, found))
        else:
            for remark in remarks:
                click.echo(remark, err=True)
            for line in _page(engine, request, lines):
                click.echo(line)


def _whole(
    engine: Engine, asked: Asked, request: SearchRequest, lines: LineSort | None
) -> Iterator[str]:
    """The whole result as a file, or as a table of counts."""
    from indexer.cli_counts import matrix_lines, timeline_lines
    from indexer.cli_hits import exported_hits
    from indexer.cli_kwic import exported_lines
    from indexer.periods import Period

    period = Period(asked.period or "year")
    if asked.counted == "matrix":
        return matrix_lines(engine, asked.query, request, period, asked.file)
    if asked.counted:
        return timeline_lines(engine, request, period, asked.by, asked.file)
    if lines:
        return exported_lines(engine, request, lines, asked.file)
    return exported_hits(engine, request, asked.file)


def _page(
    engine: Engine, request: SearchRequest, lines: LineSort | None
) -> Iterator[str]:
    """What was found, and some of its hits or lines; where it is nothing, what finds more."""
    from indexer.cli_hits import ladder_lines, page_lines
    from indexer.cli_kwic import concordance_lines

    results = engine.search(replace(request, limit=0) if lines else request)
    yield from page_lines(request, results)
    if lines:
        yield from concordance_lines(engine, request, lines)
    if not results.total:
        yield from ladder_lines(engine, request)
