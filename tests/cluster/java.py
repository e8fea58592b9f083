"""What a node needs beside this repository: a JDK, Maven, and jars that are what they should be."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "jars.sha256"

OLDEST = 21
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


class Missing(Exception):
    """What this machine lacks for a cluster; the text says what to do."""


def find_java() -> Path:
    """The newest JDK there is: JAVA_HOME's, that on the path, or one below /usr/lib/jvm."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    if found := shutil.which("javac"):
        homes.append(Path(found).resolve().parents[1])
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    known = {home / "bin" / "java": _version(home) for home in homes}
    java = max(known, key=lambda each: known[each], default=None)
    if java is None or known[java] < OLDEST:
        raise Missing(
            f"A test cluster needs a JDK {OLDEST} or newer: install one, or name it in JAVA_HOME."
        )
    return java


def _version(home: Path) -> int:
    """The version of a JDK; 0 where there is none, or only what runs programs."""
    if not (home / "bin" / "javac").exists():
        return 0
    release = home / "release"
    if not release.exists():
        return 0
    found = re.search(r'JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"))
    return int(found[1]) if found else 0


def fetch_jars() -> Path:
    """A folder with the jars of the lock and no others, fetched by Maven on first use.

    It is kept in the user's cache. Raises Missing where Maven is, or cannot fetch, and ValueError
    where a jar is not what the lock says.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    folder = cache / "communique-test-cluster" / version
    if not folder.exists():
        begun = folder.with_name(f"{version}.{os.getpid()}")
        try:
            _fetch(begun)
            check_jars(begun)
            begun.rename(folder)
        finally:
            shutil.rmtree(begun, ignore_errors=True)
    check_jars(folder)
    return folder


def _fetch(folder: Path) -> None:
    if shutil.which("mvn") is None:
        raise Missing("A test cluster needs Maven, to fetch OpenSearch: install maven.")
    command = ["mvn", "--quiet", "--batch-mode", "--strict-checksums"]
    command += ["--file", str(HERE / "pom.xml"), _PLUGIN]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        words = (ran.stdout + ran.stderr).strip().splitlines()
        raise Missing(f"Maven cannot fetch OpenSearch: {words[0] if words else '?'}")


def check_jars(folder: Path) -> None:
    """Raise ValueError unless the folder holds the jars of the lock, byte for byte."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    wanted = {name: digest for digest, name in (line.split() for line in lines)}
    found = {path.name: path for path in folder.glob("*")}
    if odd := wanted.keys() ^ found.keys():
        raise ValueError(f"{folder}: not in both it and {LOCK.name}: {sorted(odd)}")
    for name, path in found.items():
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted[name]:
            raise ValueError(f"{path} is not what {LOCK.name} says")


if (
    __name__ == "__main__"
):  # 3 where this machine lacks something, which is nobody's fault
    try:
        print(f"{find_java()}, {fetch_jars()}")
    except Missing as missing:
        print(f"There is no cluster to test with. {missing}")
        sys.exit(3)
