"""Tokens by which programs may read: who has one is told, and what it is, nobody.

The file is TOML, a table for each name: the day of ``created``, and the ``sha256`` of the token. A
token has 256 bits of chance, so that nobody finds it from its hash by trying: a slow hash, which
protects what people choose, would only make every request slow.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from indexer.errors import SettingsError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII | re.IGNORECASE)
#: Tokens begin so, that those who look for lost secrets know one when they see it.
BEGINNING = "communique_"

_HEAD = "# Tokens as SHA-256. Written by `communique token`, and read anew when it changes.\n"
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token that was given out: to whom, on which day, and its hash in hexadecimal digits."""

    name: str
    created: datetime.date
    sha256: str


class Tokens:
    """The tokens of one file, which need not be there yet.

    Whatever reads it raises SettingsError where it cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).resolve()
        self._last: tuple[object, tuple[Token, ...]] = (None, ())

    def all(self) -> tuple[Token, ...]:
        """Every token by name; read again only when the file is another."""
        try:
            if self._last[0] == _version(os.stat(self.path)):
                return self._last[1]
            with self.path.open("rb") as file:
                version = _version(os.fstat(file.fileno()))
                found = tuple(self._read(tomllib.load(file)))
        except FileNotFoundError:
            return ()
        except OSError as error:
            reason = f"cannot be read: {error.strerror}; give it to the user who serves"
            raise SettingsError(self.path, reason) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(self.path, f"is not TOML: {error}") from None
        self._last = version, found
        return found

    def holder(self, secret: str) -> str | None:
        """To whom the token was given; None where it is none, or no longer."""
        digest = _digest(secret)
        # Each is compared, and each whole, so that time tells nothing of those that are.
        same = [
            each.name for each in self.all() if hmac.compare_digest(each.sha256, digest)
        ]
        return same[0] if same else None

    def add(self, name: str, day: datetime.date) -> str:
        """A new token, which is told here and never again; SettingsError where the name has one."""
        if not NAME.fullmatch(name):
            reason = f"{name!r} is no name: take letters, digits, - and _, 64 at most"
            raise SettingsError(self.path, reason)
        secret = BEGINNING + secrets.token_urlsafe(32)
        with self._changing() as tokens:
            if any(each.name == name for each in tokens):
                reason = f"{name} has a token; take another name, or remove it first"
                raise SettingsError(self.path, reason)
            tokens.append(Token(name=name, created=day, sha256=_digest(secret)))
        return secret

    def remove(self, name: str) -> None:
        """Let nobody in by this token from now on; SettingsError where there is none."""
        with self._changing() as tokens:
            left = [each for each in tokens if each.name != name]
            if len(left) == len(tokens):
                known = ", ".join(each.name for each in tokens) or "none"
                raise SettingsError(
                    self.path, f"{name} has no token; there are {known}"
                )
            tokens[:] = left

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        """The tokens, to be changed by one at a time, and written whole or not at all."""
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            tokens = list(self.all())
            yield tokens
            self._write(tokens)
            os.fsync(folder)
        finally:
            os.close(folder)

    def _write(self, tokens: Iterable[Token]) -> None:
        # mkstemp makes a file that its owner alone can read.
        handle, part = mkstemp(dir=self.path.parent, prefix=".tokens-", suffix=".part")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(_HEAD)
                for each in sorted(tokens, key=lambda token: token.name):
                    file.write(f"\n[{each.name}]\ncreated = {each.created}\n")
                    file.write(f'sha256 = "{each.sha256}"\n')
                file.flush()
                if os.geteuid() == 0 and self.path.exists():  # it stays the server's
                    owner = self.path.stat()
                    os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
                os.fsync(file.fileno())
            os.replace(part, self.path)
        finally:
            Path(part).unlink(missing_ok=True)

    def _read(self, table: dict[str, object]) -> Iterator[Token]:
        for name, values in table.items():
            known = values if isinstance(values, dict) else {}
            created, sha256 = known.get("created"), known.get("sha256")
            if not (
                NAME.fullmatch(name)
                and type(created) is datetime.date
                and isinstance(sha256, str)
                and _HASH.fullmatch(sha256)
            ):
                reason = f"{name!r} is no token; remove it, and have it written by `communique token`"
                raise SettingsError(self.path, reason)
            yield Token(name=name, created=created, sha256=sha256)


def _version(stat: os.stat_result) -> object:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
