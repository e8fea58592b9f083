"""What a cluster needs of a machine: where it is missing this is said, and nothing else is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.java import LOCK, Missing, check_jars, find_java

#: Where this repository is.
ROOT = Path(__file__).parents[2]


def test_without_maven_it_is_said_and_nothing_fails(tmp_path):
    """As `make test-cluster` asks: a sentence, and the exit code by which it knows."""
    home = str(find_java().parents[1])
    known = {"PATH": str(tmp_path), "JAVA_HOME": home, "XDG_CACHE_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.cluster.java"],
        cwd=ROOT,
        env=os.environ | known,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (3, "")
    assert "install maven" in ran.stdout and ran.stdout.count("\n") == 1


def test_without_a_jdk_that_is_new_enough_it_is_said(monkeypatch):
    """It names the oldest that will do, and where to name one."""
    monkeypatch.setattr("tests.cluster.java.OLDEST", 1000)
    with pytest.raises(Missing, match="JDK 1000 or newer.*JAVA_HOME"):
        find_java()


def test_jars_that_are_not_those_of_the_lock_are_refused(tmp_path):
    """One that was changed, one too many, or one too few."""
    with pytest.raises(ValueError, match="not in both"):
        check_jars(tmp_path)
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        (tmp_path / line.split()[1]).write_bytes(b"changed")
    with pytest.raises(ValueError, match="is not what jars.sha256 says"):
        check_jars(tmp_path)
