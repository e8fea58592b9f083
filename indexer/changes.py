"""What became of the raw files since they were indexed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from indexer import cleaning
from indexer.catalogue import Catalogue, Row
from indexer.errors import ReadoutError
from indexer.profiles import profiles_digest
from indexer.readouts import RawFile, find_readouts, read
from indexer.sources import Source

#: Behind a source's name the key of what concerns its pages alone; no name has a slash.
_PAGES = "/pages"


@dataclass(frozen=True, slots=True)
class Changes:
    """Raw files, by name, that are not in the index as they are now in raw/."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def without(self, names: Collection[str]) -> Changes:
        """The same but for files that are to be left as they are."""
        if not names:
            return self
        return Changes(
            *(
                [name for name in each if name not in names]
                for each in (self.new, self.changed, self.gone)
            )
        )


def list_files(raw: Path) -> dict[str, RawFile]:
    """The raw files by their names below raw/, in the order of names."""
    return {file.name: file for file in find_readouts(raw)}


def rules_of(sources: Mapping[str, Source]) -> dict[str, str]:
    """What decides how a source's files are cleaned: one that changed has them cleaned again.

    Where pages choose a profile by their addresses there is one for pages alone, as any profile
    may be one's.
    """
    rules = {n: f"{cleaning.rules()} {each.digest}" for n, each in sources.items()}
    profiles = profiles_digest()
    return rules | {n + _PAGES: profiles for n, s in sources.items() if not s.profile}


def find_changes(
    catalogue: Catalogue,
    files: Mapping[str, RawFile],
    sources: Mapping[str, Source],
    *,
    by_content: bool = False,
) -> Changes:
    """The files against the catalogue; a file of the same size and time is taken to be the same.

    A file that only got a new time has not changed: its content decides. ``by_content`` reads
    every file instead of trusting size and time.
    """
    rules = rules_of(sources)
    again = {key for key in rules if rules[key] != catalogue.rules.get(key)}
    # What is in a folder that cannot be listed is not gone.
    hidden = tuple(f"{each.name}/" for each in files.values() if each.is_hidden_folder)
    gone = [n for n in catalogue.rows if n not in files and not n.startswith(hidden)]
    changes = Changes(gone=gone)
    for name, file in files.items():
        row = catalogue.rows.get(name)
        if row is None:
            changes.new.append(name)
        elif (again and _is_ruled(file, again)) or _differs(row, file, by_content):
            changes.changed.append(name)
    return changes


def _is_ruled(file: RawFile, rules: Set[str]) -> bool:
    return file.source in rules or (file.is_page and file.source + _PAGES in rules)


def _differs(row: Row, file: RawFile, by_content: bool) -> bool:
    if row.digest:
        if row.size != file.size:
            return True
        if row.mtime_ns == file.mtime_ns and not by_content:
            return False
    try:
        return read(file).digest != row.digest
    except ReadoutError:
        return row.digest != ""
