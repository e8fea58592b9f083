"""Every route of an app, with addresses that lead to it: who adds a route has it tested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from flask import Flask
from werkzeug.routing import Rule

#: What stands for the variables of rules; others are "x".
VALUES = {
    "statement_id": ["xinhua/2025-10-31", "nowhere"],
    "filename": ["communique.css", "nothing-here"],
}


@dataclass(frozen=True)
class Route:
    """A rule with the methods that it answers, and addresses of it, with what there is and not."""

    endpoint: str
    methods: frozenset[str]
    paths: tuple[str, ...]


def routes(app: Flask) -> Iterator[Route]:
    """All of them, that of static files too."""
    for rule in app.url_map.iter_rules():
        yield Route(
            rule.endpoint, frozenset(rule.methods or ()), tuple(_paths(app, rule))
        )


def _paths(app: Flask, rule: Rule) -> Iterator[str]:
    names = sorted(rule.arguments)
    choices = [_values(rule, name) for name in names]
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for chosen in product(*choices):
            values: Mapping[str, str] = dict(zip(names, chosen, strict=True))
            yield adapter.build(rule.endpoint, values)


def _values(rule: Rule, name: str) -> list[str]:
    converter = rule._converters[name]
    items = getattr(converter, "items", None)  # of any(...)
    return sorted(items) if items else VALUES.get(name, ["x"])
