"""What is known of publishers' pages, as data: a TOML file beside this one each."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from indexer.source import Source, read_source


@cache
def load_profiles() -> dict[str, Source]:
    """The profiles by name, in the order of names; each is a Source without a folder."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    profiles = {}
    for file in files:
        name, dot, suffix = file.name.rpartition(".")
        if suffix == "toml":
            data = file.read_bytes()
            table = tomllib.loads(data.decode())
            digest = hashlib.sha256(data).hexdigest()
            profiles[name] = read_source(file.name, table, name, digest)
    return profiles


@cache
def profiles_digest() -> str:
    """What is another text when a page's address may choose another profile, or one that changed."""
    named = "".join(f"{name} {each.digest}\n" for name, each in load_profiles().items())
    return hashlib.sha256(named.encode()).hexdigest()


def profile_of(address: str) -> Source | None:
    """The profile of the page at an address: the one whose host and path say most of it."""
    parts = urlsplit(address)
    labels = (parts.hostname or "").split(".")
    hosts = [".".join(labels[i:]) for i in range(len(labels) - 1)]
    steps = [step for step in parts.path.split("/") if step]
    by_host = _by_host()
    for count in range(min(len(steps), _LONGEST_PATH), -1, -1):
        for host in hosts:
            if found := by_host.get("/".join([host, *steps[:count]])):
                return found
    return None


#: The hosts of profiles go no deeper into a site.
_LONGEST_PATH = 3


@cache
def _by_host() -> dict[str, Source]:
    return {
        host: profile for profile in load_profiles().values() for host in profile.hosts
    }
