"""Everything the package raises: one base, handled once at the edge."""

from __future__ import annotations


class IndexerError(Exception):
    """The base of all; the text of each is one sentence that says what to do."""


class PathError(IndexerError):
    """What is wrong with something that lies at a path, and what to do."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(path, reason)
        self.path = str(path)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class SettingsError(PathError):
    """A settings file (communique.toml, source.toml) that cannot be used, and why."""


class ReadoutError(PathError):
    """A raw file that gives no statement, with its path and a reason that tells what to do."""


class ArchiveError(IndexerError):
    """An archive that cannot be unpacked: what it does, as the end of a sentence about it."""


class BackupError(PathError):
    """A backup that cannot be made or restored here, and why."""


class WorkerError(IndexerError):
    """Processes that read readouts cannot work here; the text says what was the matter."""


class ReadoutLost(ReadoutError):
    """A raw file that the system does not let us read now: what it gave before still holds."""


class QueryError(IndexerError):
    """A query that cannot be read: what to write instead, and where.

    ``position`` is the offset of the offending character in the query's text, from 0.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason, position)
        self.reason = reason
        self.position = position

    def __str__(self) -> str:
        return self.reason


class SearchTimeout(IndexerError):
    """A search that was stopped since it took more than ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return (
            f"This takes more than {self.seconds:g} seconds, and was stopped: narrow it by date or "
            "source, write more letters before *, or fewer alternatives and words near each other."
        )


class TargetTaken(IndexerError):
    """A place for a copy that holds an index already; the text says what to do."""


class EngineError(IndexerError):
    """An engine that cannot do what it was asked."""


class IndexMissing(EngineError):
    """There is no index yet."""


class IndexOutdated(EngineError):
    """The index was built by another version of the format or of the analysis: ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.reason}: run `communique index`"


class IndexBusy(EngineError):
    """Somebody else is writing; the text names the holder of the lock."""


class EngineUnavailable(EngineError):
    """The engine's service does not answer."""
