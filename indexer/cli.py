"""The command line: each command reads its options, calls one function and prints what it gives."""

from __future__ import annotations

import datetime
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from indexer.cli_sources import add, sources
from indexer.errors import ReadoutError
from indexer.outcomes import FAILURES, Commands, leave, sentence
from indexer.settings import Settings, check_folders, load_settings, usual_jobs

# What a command needs beyond this is loaded inside it: --help should not wait for NumPy.
if TYPE_CHECKING:
    from indexer.concordance import LineSort
    from indexer.dates import DateRange
    from indexer.engine import Engine
    from indexer.pipeline import Report
    from indexer.search import SearchRequest, SearchResults


def _folder(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value == "":
        raise click.BadParameter(f"name a folder, or leave out --{option.name}.")
    return value


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--raw",
    metavar="DIR",
    callback=_folder,
    help="Readouts, a folder per source [COMMUNIQUE_RAW; raw]",
)
@click.option(
    "--index",
    metavar="DIR",
    callback=_folder,
    help="The built index [COMMUNIQUE_INDEX; index]",
)
@click.version_option(package_name="communique", message="Communiqué %(version)s")
@click.pass_context
def cli(ctx: click.Context, raw: str | None, index: str | None) -> None:
    """Search diplomatic statements: exact phrases, exact counts, exact dates.

    Exit codes: 0 done, 1 done with failures, 2 wrong usage, 3 no index, 4 somebody else is
    indexing, 5 the system refused, as where a disk is full.
    """
    settings = load_settings()
    settings = replace(settings, raw=raw or settings.raw, index=index or settings.index)
    check_folders(settings)
    ctx.obj = settings


cli.add_command(sources)
cli.add_command(add)


@contextmanager
def open_index(settings: Settings) -> Iterator[Engine]:
    """The engine that the settings name, closed at the end."""
    from indexer.engines import open_engine

    jobs = settings.jobs or usual_jobs()
    engine = open_engine(settings.index, language=settings.language, jobs=jobs)
    try:
        yield engine
    finally:
        engine.close()


@cli.command()
@click.option("--full", is_flag=True, help="Index everything anew.")
@click.option(
    "--allow-empty", is_flag=True, help="Empty the index where raw/ has become empty."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Processes that may be used [one per CPU, at most 8].",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def index(
    settings: Settings, full: bool, allow_empty: bool, jobs: int | None, as_json: bool
) -> None:
    """Bring the index to what raw/ holds."""
    started = time.monotonic()
    settings = replace(settings, jobs=jobs or settings.jobs)
    with open_index(settings) as engine:
        report = run_index(settings, engine, full=full, allow_empty=allow_empty)
    if as_json:
        echo_json(
            {
                "added": report.added,
                "updated": report.updated,
                "removed": report.removed,
                "unchanged": report.unchanged,
                "failed": [failure._asdict() for failure in report.failed],
                "generation": report.generation,
                "rebuilt": report.rebuilt,
            }
        )
    else:
        tell(report, time.monotonic() - started)
    if report.failed:
        leave(FAILURES)


def tell(report: Report, seconds: float) -> None:
    """Say what a run did, and name on the other stream what gave no statement."""
    from indexer.terminal import plain

    if report.rebuilt:
        click.echo(f"Everything was indexed anew. {report.rebuilt}.")
    click.echo(counts(report, seconds))
    for source, lost in report.emptied:
        click.echo(plain(emptied(source, lost)), err=True)
    for failure in report.failed:
        click.echo(plain(f"{failure.path}: {failure.reason}"), err=True)


def counts(report: Report, seconds: float) -> str:
    """What a run did, on one line."""
    return (
        f"added {report.added:,}, updated {report.updated:,}, "
        f"removed {report.removed:,}, unchanged {report.unchanged:,}, "
        f"failed {len(report.failed):,} "
        f"(generation {report.generation}, {seconds:.1f} s)"
    )


def emptied(source: str, statements: int) -> str:
    """What to tell of a source that lost its last readout, in case that nobody meant it."""
    from indexer.terminal import counted

    return (
        f"{source}: nothing is left of it in raw/, so {counted(statements, 'statement')} went from "
        "the index; if that was not meant, bring its folder back and run communique index"
    )


def run_index(
    settings: Settings, engine: Engine, *, full: bool = False, allow_empty: bool = False
) -> Report:
    """Index raw/, with a progress bar where somebody watches."""
    from indexer import pipeline

    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=0, label="Cleaning", file=sys.stderr, hidden=hidden
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return pipeline.index(
            Path(settings.raw),
            engine,
            full=full,
            allow_empty=allow_empty,
            jobs=settings.jobs or usual_jobs(),
            progress=show,
        )


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


@cli.command(cls=_Search)
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
def search(
    context: click.Context,
    query: tuple[str, ...],
    first: str | None,
    last: str | None,
    sources: tuple[str, ...],
    sort: str | None,
    limit: int | None,
    offset: int,
    no_fold: bool,
    as_json: bool,
    kwic: bool,
    form: str | None,
    counted: str | None,
    period: str | None,
    by: str | None,
) -> None:
    """Search the statements; a phrase needs quotes that reach it: '"one-China principle"'.

    --csv, --ndjson, --ris and --bib print every hit there is; with --timeline and --matrix, --csv
    and --json print the counts.
    """
    from indexer.answer import answer
    from indexer.cli_counts import matrix_lines, timeline_lines
    from indexer.cli_kwic import concordance_lines, line_sort
    from indexer.periods import Period
    from indexer.query import EVERYTHING, notices, parse_query
    from indexer.search import SearchRequest, Sort

    if as_json and kwic:
        form, as_json = form or "json", bool(form)
    if as_json + bool(form) > 1 or kwic and form not in (None, "csv", "json"):
        raise click.UsageError(
            "Choose one of --json, --csv, --ndjson, --ris and --bib; --kwic goes with the first two."
        )
    if (period and not counted) or (by and counted != "timeline"):
        raise click.UsageError(
            "--period is of --timeline and --matrix, --by of --timeline."
        )
    if counted and (kwic or form not in (None, "csv")):
        raise click.UsageError(f"--{counted} is a table, or --csv, or --json.")
    typed = (context.get_parameter_source(name) for name in ("limit", "offset"))
    if (form or counted) and ParameterSource.COMMANDLINE in typed:
        every = "line" if kwic else "hit"
        raise click.UsageError(
            f"--{counted or form} takes every {every}: leave out --limit and --offset."
        )
    if not kwic and sort not in (None, *(each.value for each in Sort)):
        raise click.UsageError(f"--sort {sort} is an order of lines: add --kwic.")
    lines = line_sort(sort or "right1") if kwic else None
    text = " ".join(query)
    request = SearchRequest(
        query=parse_query(text) if text.strip() and counted != "matrix" else EVERYTHING,
        dates=_dates(first, last),
        filters={"source": sources} if sources else {},
        sort=Sort.RELEVANCE if kwic else Sort(sort or Sort.RELEVANCE),
        offset=offset,
        limit=(100 if kwic else 20) if limit is None else limit,
        uses=True,
        fold=not no_fold,
    )
    remarks = notices(text)
    with open_index(context.obj) as engine:
        if counted:
            shown = form or ("json" if as_json else "")
            length = Period(period or "year")
            if counted == "timeline":
                for remark in () if shown else remarks:
                    click.echo(remark, err=True)
                _print(timeline_lines(engine, request, length, by, shown))
            else:
                _print(matrix_lines(engine, query, request, length, shown))
            return
        if form:
            _export(engine, request, form, lines)
            return
        results = engine.search(replace(request, limit=0) if lines else request)
        if as_json:
            echo_json(answer(text, request, remarks, results))
            return
        for remark in remarks:
            click.echo(remark, err=True)
        for line in _page(request, results):
            click.echo(line)
        if lines:
            for line in concordance_lines(engine, request, lines):
                click.echo(line)
        if not results.total:
            _show_ladder(engine, request)


def _export(
    engine: Engine, request: SearchRequest, form: str, lines: LineSort | None
) -> None:
    from indexer.cli_kwic import exported_lines
    from indexer.exports import FORMS, Export
    from indexer.names import load_names

    if lines:
        pieces = exported_lines(engine, request, lines, form)
    else:
        found = Export(
            request=request,
            found=engine.hits(request),
            made=datetime.datetime.now(datetime.UTC),
            address=lambda statement_id: "",
            names=load_names(engine),
        )
        pieces = FORMS[form][1](found)
    _print(pieces)


def _print(pieces: Iterable[str]) -> None:
    """Print pieces that have UTF-8 and their own ends of lines, anywhere."""
    for piece in pieces:
        click.echo(piece.encode("utf-8", "replace"), nl=False)


def _show_ladder(engine: Engine, request: SearchRequest) -> None:
    from indexer.answer import interpretation
    from indexer.ladder import ladder
    from indexer.terminal import plain

    for rung in ladder(engine, request):
        click.echo(
            f"{rung.total:,} for {plain(rung.looser)}: {plain(interpretation(rung.request))}"
        )


def _dates(first: str | None, last: str | None) -> DateRange | None:
    from indexer.dates import parse_range

    if not first and not last:
        return None
    try:
        return parse_range(f"{first or ''}..{last or ''}")
    except ValueError as error:
        raise click.UsageError(f"--from and --to: {error}") from None


def _page(request: SearchRequest, results: SearchResults) -> Iterator[str]:
    from indexer.answer import interpretation
    from indexer.terminal import count_text, hit_lines, plain, uses_lines

    yield f"{count_text(request, results)}: {plain(interpretation(request))}"
    if results.uses:
        yield from uses_lines(results.uses)
    for hit in results.hits:
        yield ""
        yield from hit_lines(hit)
    seen = request.offset + len(results.hits)
    if results.hits and seen < results.total:
        yield f"\n{results.total - seen:,} more: --offset {seen} shows the next."


@cli.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_obj
def show(settings: Settings, paths: tuple[Path, ...], as_json: bool) -> None:
    """Show what cleaning makes of raw files, of those outside raw/ too."""
    from indexer.pipeline import clean_paths
    from indexer.terminal import statement_lines

    failed = False
    for _, result in clean_paths(Path(settings.raw), paths):
        if isinstance(result, ReadoutError):
            failed = True
            click.echo(sentence(result), err=True)
        elif as_json:
            date = result.date and result.date.isoformat()
            echo_json(asdict(result) | {"date": date})
        else:
            click.echo("\n".join(statement_lines(result)))
    if failed:
        leave(FAILURES)


@cli.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Compare the index with its checksums, and with raw/."""
    from indexer import pipeline
    from indexer.terminal import counted, plain

    with open_index(settings) as engine:
        faults = pipeline.check(Path(settings.raw), engine)
        info = engine.info()
    for fault in faults:
        click.echo(plain(fault))
    if faults:
        click.echo(f"communique: {counted(len(faults), 'difference')}", err=True)
        leave(FAILURES)
    click.echo(
        f"Generation {info.generation} is sound and holds what raw/ gives: "
        f"{counted(info.statements, 'statement')}."
    )


def echo_json(value: object) -> None:
    """Print a value as JSON on one line."""
    from indexer.terminal import json_line

    click.echo(json_line(value))
