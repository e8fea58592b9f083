"""From one engine to another: every statement and note of a generation, and whether all came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b

from indexer.engine import Engine
from indexer.engines.whoosh.documents import print_of
from indexer.errors import EngineError, IndexBusy, IndexMissing, TargetTaken
from indexer.search import IndexInfo


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a copy: the target's generation, how many notes, and each thing that differs."""

    info: IndexInfo
    notes: int
    faults: tuple[str, ...]


def copy(
    source: Engine,
    target: Engine,
    *,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Copied:
    """Have ``target`` hold what ``source`` does: its statements, their digests, and its notes.

    One statement after the other is read and written, of one generation of the source, which may
    be indexed meanwhile; the target publishes all of them at once. ``replace`` lets go of what it
    held, which is refused otherwise. ``progress`` is told how many are copied, and of how many.
    Raises TargetTaken, IndexBusy, and EngineError for a source that is not as it was written; then
    nothing is published.
    """
    before = source.info()
    reading = source.statements()
    notes = {name: source.note(name) or b"" for name in source.notes()}
    if source.info().generation != before.generation:
        raise IndexBusy("Somebody indexed just now: run communique copy again.")
    given, prints = _Digests(), 0
    with target.writer(fresh=True) as writer:
        if not replace:
            _expect_nothing(target)
        for statement, digest in reading:
            writer.put(statement, digest)
            prints += print_of(statement)
            given.add(statement.id, digest)
            if progress:
                progress(given.count, before.statements)
        _expect_whole(before, given.count, prints)
        for name, data in notes.items():
            writer.note(name, data)
    after = target.info()
    kept = _Digests.of(target.ids())
    return Copied(after, len(notes), tuple(_differences(before, given, after, kept)))


def _expect_nothing(target: Engine) -> None:
    with suppress(IndexMissing):
        if statements := target.info().statements:
            raise TargetTaken(
                f"The target holds statements already, {statements:,} of them: name another place, "
                "or have them replaced with --replace."
            )


def _expect_whole(info: IndexInfo, statements: int, prints: int) -> None:
    """Raise EngineError unless what was read is what its index says that it holds."""
    found = statements, f"{prints % (1 << 64):016x}"
    if found != (info.statements, info.fingerprint):
        raise EngineError(
            f"What was read is not as it was written, {found[0]:,} statements ({found[1]}) instead "
            f"of {info.statements:,} ({info.fingerprint}), so nothing was copied: see what "
            "communique check says of it, and run communique index --full"
        )


class _Digests:
    """Ids with digests, counted and summed up, so that two may be compared in any order.

    ``sum`` is that of a 128-bit hash of each, modulo 2 to the 128th.
    """

    def __init__(self) -> None:
        self.count = 0
        self.sum = 0

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> _Digests:
        """What these come to."""
        digests = cls()
        for statement_id, digest in pairs:
            digests.add(statement_id, digest)
        return digests

    def add(self, statement_id: str, digest: str) -> None:
        """Take one in."""
        data = f"{statement_id}\0{digest}".encode("utf-8", "surrogatepass")
        number = int.from_bytes(blake2b(data, digest_size=16).digest(), "little")
        self.count, self.sum = self.count + 1, (self.sum + number) % (1 << 128)


def _differences(
    before: IndexInfo, given: _Digests, after: IndexInfo, kept: _Digests
) -> Iterable[str]:
    for what, counted in (("says", after.statements), ("lists", kept.count)):
        if counted != given.count:
            yield f"{given.count:,} statements were copied; the target {what} {counted:,}"
    if after.fingerprint != before.fingerprint:
        yield (
            f"the fingerprint was {before.fingerprint}; the target's is {after.fingerprint}"
        )
    if kept.count == given.count and kept.sum != given.sum:
        yield "the target has other digests than were copied"
