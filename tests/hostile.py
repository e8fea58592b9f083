"""Files that strangers may send: each breaks something that trusts what it reads."""

from __future__ import annotations

import os
from pathlib import Path

WORD = "a" * 40_000
_ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_TEXT = b"<p>This page says what it says in words of its own.</p>"

FILES: dict[str, bytes] = {
    "bomb.html": (
        f'<!DOCTYPE l [<!ENTITY l0 "lol">{_ENTITIES}]><html><body><p>&l9;</p>'.encode()
        + _TEXT
    ),
    "nested.html": b"<div>" * 100_000 + _TEXT + b"</div>" * 100_000,
    "unclosed.html": b"<html><body>" + b"<a " * 20_000 + _TEXT,
    "many.html": b"<p>a" * 2_000_000,
    "regex.txt": b" date 2025-07-10 A pattern\n\n" + b"a" * 60 + b"\n\nThey met.",
    "word.txt": f" date 2025-07-10 A word\n\n{WORD} stands here.".encode(),
    "nul.txt": b" date 2025-07-10 Nul\n\nBefore\0after.",
    "bidi.txt": " date 2025-07-10 Bidi\n\nThe \u202efour\u202c papers.".encode(),
    "surrogate.json": rb'{"title": "Half", "text": "A \ud83d half of a character."}',
}


def write_hostile(folder: Path) -> None:
    """Write all of FILES, and what is worse than any content, into a new folder."""
    folder.mkdir(parents=True)
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    with (folder / "huge.html").open("wb") as file:
        for _ in range(201):
            file.write(_TEXT * (2**20 // len(_TEXT)))
    os.mkfifo(folder / "fifo.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "outside.txt").symlink_to("/etc/hostname")
