"""From raw/ to an engine: only what changed is cleaned, and all of it is published at once."""

from __future__ import annotations

import datetime
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.catalogue import NOTE, Catalogue, Failure, Row
from indexer.changes import Changes, find_changes, list_files, rules_of
from indexer.engine import Engine, Writer
from indexer.errors import (
    EngineError,
    IndexBusy,
    IndexMissing,
    IndexOutdated,
    ReadoutError,
    ReadoutLost,
    SettingsError,
)
from indexer.names import NOTE as NAMES
from indexer.names import dump_names
from indexer.readouts import RawFile, find_readout, source_of
from indexer.sources import Source, load_sources
from indexer.statement import Statement
from indexer.workers import Cleaned, Workers

#: A file younger than this may change again and keep its time: FAT counts in two seconds, and
#: file systems that tell parts of a second in the ticks of a clock.
_COARSEST_NS, _FINE_NS, _SECOND_NS = 2_000_000_000, 50_000_000, 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did, in statements; ``failed`` holds every readout that gives none now.

    ``generation`` is the current one after the run; ``rebuilt`` says why everything was indexed
    anew though nobody asked for it, "" otherwise. ``emptied`` are the sources that lost their last
    readout, each with its statements, which are among the removed.
    """

    added: int
    updated: int
    removed: int
    unchanged: int
    failed: tuple[Failure, ...]
    generation: int
    rebuilt: str
    emptied: tuple[tuple[str, int], ...]


def index(
    raw: Path,
    engine: Engine,
    *,
    full: bool = False,
    allow_empty: bool = False,
    jobs: int = 1,
    unfinished: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring the engine to what raw/ holds; where nothing changed, nothing is published.

    ``full`` starts from nothing. ``allow_empty`` lets a raw/ without a file empty the index: it is
    refused otherwise, as a disk that is not mounted looks so. ``jobs`` is how many processes may
    read and clean; the result is the same for any number. ``unfinished`` names files that are still
    being written, which stay in the index as they are there. ``progress`` is told how many files
    are done, and of how many. Raises SettingsError for raw/ or a source.toml that cannot be used,
    and IndexBusy.
    """
    files, sources = list_files(raw), load_sources(raw)
    known, generation, rebuilt = _known(engine, full=full)
    if not files and not allow_empty and known and known.count():
        raise SettingsError(
            raw,
            "holds no readout, though the index has statements that came from there; mount "
            "its disk, or empty the index with `communique index --allow-empty`",
        )
    base = Catalogue() if full or known is None else known
    changes = find_changes(base, files, sources).without(unfinished)
    fresh, names = base is not known, dump_names(sources)
    if not fresh and not changes and engine.note(NAMES) == names:
        return _report(Counter(unchanged=base.count()), base, generation)
    with engine.writer(fresh=fresh) as writer:
        if not fresh and engine.info().generation != generation:
            raise IndexBusy(
                "Somebody else indexed just now: run communique index again."
            )
        run = _Run(writer, base, known or base, changes)
        todo = [files[name] for name in sorted(changes.new + changes.changed)]
        with closing(Workers(jobs, sources)) as workers:
            for done, cleaned in enumerate(workers.clean(todo), 1):
                run.take(cleaned)
                if progress:
                    progress(done, len(todo))
        run.catalogue.rules = rules_of(sources)
        writer.note(NOTE, run.catalogue.dump())
        writer.note(NAMES, names)
    return replace(
        _report(
            run.counts, run.catalogue, engine.info().generation, "" if full else rebuilt
        ),
        emptied=_emptied(base, changes, files.values()),
    )


def check(raw: Path, engine: Engine) -> list[str]:
    """A sentence for each fault of the index and for each difference between it and raw/.

    Every raw file is read, whatever its size and time say.
    """
    faults = engine.verify()
    catalogue = load_catalogue(engine)
    files, sources = list_files(raw), load_sources(raw)
    changes = find_changes(catalogue, files, sources, by_content=True)
    faults += [f"{name}: is not indexed yet" for name in changes.new]
    faults += [f"{name}: has changed since it was indexed" for name in changes.changed]
    faults += [f"{name}: is indexed, but gone from raw/" for name in changes.gone]
    expected = catalogue.digests()
    for statement_id, digest in engine.ids():
        if expected.pop(statement_id, None) != digest:
            faults.append(f"{statement_id}: the index has it otherwise than raw/ gave")
    return faults + [f"{lost}: is lost from the index" for lost in expected]


def pending(raw: Path, engine: Engine) -> Changes:
    """What ``index`` would have to do."""
    return find_changes(load_catalogue(engine), list_files(raw), load_sources(raw))


def load_catalogue(engine: Engine) -> Catalogue:
    """The catalogue of the current generation; IndexOutdated where none can be read."""
    data = engine.note(NOTE)
    catalogue = Catalogue.load(data) if data else None
    if catalogue is None:
        raise IndexOutdated("The index has no catalogue that this version can read")
    return catalogue


def clean_paths(
    raw: Path, paths: Iterable[Path], source: Source | None = None
) -> Iterator[tuple[Path, Statement | ReadoutError]]:
    """What files give that somebody names, each with its path, within the limits of ``index``.

    They are read as a ``source`` would be, or else as their folders say. An error names its file
    as it was named. Raises SettingsError as ``index``.
    """
    found = [(path, _named(raw, path)) for path in paths]
    sources = {
        file.source: Source(id=file.source)  # a folder that is hidden is no source
        for _, file in found
        if isinstance(file, RawFile)
    } | (load_sources(raw) if source is None else {})
    if source:
        sources = dict.fromkeys(sources, source)
    with closing(Workers(1, sources)) as workers:
        for path, file in found:
            if isinstance(file, ReadoutError):
                yield path, file
                continue
            for cleaned in workers.clean([file]):
                for result in cleaned.results:
                    if isinstance(result, ReadoutError):
                        where = f"{path}{result.path.removeprefix(file.name)}"
                        result = ReadoutError(where, result.reason)
                    yield path, result


def _named(raw: Path, path: Path) -> RawFile | ReadoutError:
    try:
        return find_readout(raw, path)
    except ReadoutError as error:
        return error


class _Run:
    """A run under way: what it counted, and the catalogue that it will leave."""

    def __init__(
        self, writer: Writer, base: Catalogue, known: Catalogue, changes: Changes
    ) -> None:
        self.writer = writer
        self.base = base
        self.counts = Counter[str]()
        self.catalogue = Catalogue(rows=base.rows.copy(), failures=base.failures.copy())
        now = time.time_ns()
        self._now = now
        self._today = datetime.datetime.fromtimestamp(now / 1e9, datetime.UTC).date()
        self._since = {
            failure.path: failure.since
            for failures in known.failures.values()
            for failure in failures
        }
        for name in changes.gone + changes.changed:
            del self.catalogue.rows[name]
            self.catalogue.failures.pop(name, None)
        self.counts["unchanged"] = self.catalogue.count()
        for name in changes.gone:
            self._remove(base.rows[name].digests())

    def take(self, cleaned: Cleaned) -> None:
        """Write what a file gives now in place of what it gave before."""
        file, digest, results = cleaned
        row = self.base.rows.get(file.name)
        before = row.digests() if row else {}
        after: dict[str, str] = {}
        failures = []
        if row and not digest:
            results = list(results)
            if any(isinstance(result, ReadoutLost) for result in results):
                return self._keep(file, row, results)
        for result in results:
            if isinstance(result, ReadoutError):
                failures.append(self._failure(result))
            elif (
                result.id in after
            ):  # of a long file's other part: it knows its own ids
                reason = (
                    f"has the id of {result.id} twice; give each line one of its own"
                )
                failures.append(self._failure(ReadoutError(file.name, reason)))
            else:
                after[result.id] = self._put(result, before.get(result.id))
        self._remove(before.keys() - after.keys())
        self.catalogue.rows[file.name] = Row.of(
            file.size,
            file.mtime_ns if self._is_settled(file.mtime_ns) else 0,
            digest,
            after,
        )
        if failures:
            self.catalogue.failures[file.name] = failures

    def _keep(self, file: RawFile, row: Row, errors: Iterable[object]) -> None:
        """Leave what a file gave while nobody can read it, and have it read again next time."""
        before = row.digests()
        self.counts["unchanged"] += len(before)
        self.catalogue.rows[file.name] = Row.of(file.size, 0, "", before)
        lost = [error for error in errors if isinstance(error, ReadoutError)]
        self.catalogue.failures[file.name] = list(map(self._failure, lost))

    def _is_settled(self, mtime_ns: int) -> bool:
        tick = _FINE_NS if mtime_ns % _SECOND_NS else _COARSEST_NS
        return mtime_ns < self._now - tick

    def _put(self, statement: Statement, before: str | None) -> str:
        digest = hashlib.sha256(repr(statement).encode()).hexdigest()[:16]
        if digest == before:
            self.counts["unchanged"] += 1
        else:
            self.writer.put(statement, digest)
            self.counts["updated" if before else "added"] += 1
        return digest

    def _remove(self, ids: Iterable[str]) -> None:
        for statement_id in ids:
            self.writer.remove(statement_id)
            self.counts["removed"] += 1

    def _failure(self, error: ReadoutError) -> Failure:
        since = self._since.get(error.path, self._today.isoformat())
        return Failure(error.path, error.reason, since)


def _known(engine: Engine, *, full: bool) -> tuple[Catalogue | None, int, str]:
    """The catalogue, its generation, and where there is none though an index is, why.

    Who starts anew (``full``) need not know what a damaged index held.
    """
    try:
        return load_catalogue(engine), engine.info().generation, ""
    except IndexMissing:
        return None, 0, ""
    except IndexOutdated as error:
        return None, 0, error.reason
    except EngineError:
        if not full:
            raise
        return None, 0, ""


def _report(
    counts: Counter[str], catalogue: Catalogue, generation: int, rebuilt: str = ""
) -> Report:
    return Report(
        added=counts["added"],
        updated=counts["updated"],
        removed=counts["removed"],
        unchanged=counts["unchanged"],
        failed=tuple(catalogue.failed()),
        generation=generation,
        rebuilt=rebuilt,
        emptied=(),
    )


def _emptied(
    base: Catalogue, changes: Changes, files: Iterable[RawFile]
) -> tuple[tuple[str, int], ...]:
    left = {file.source for file in files}
    lost = Counter[str]()
    for name in changes.gone:
        if (source := source_of(name)) not in left:
            lost[source] += base.rows[name].given
    return tuple(sorted(lost.items()))
