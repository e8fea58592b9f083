"""The parameters of the API: each is declared once, to be checked, read and documented by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import GenericAlias
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from werkzeug.datastructures import MultiDict

from indexer.concordance import LineSort
from indexer.periods import Period
from indexer.query.parser import MOST_CHARACTERS
from indexer.search import FACETS, Sort
from indexer.settings import nearest
from indexer.suggestions import MOST
from indexer.timeline import BY
from webapp.api.cursor import SHAPE
from webapp.arguments import (
    MAX_ID,
    MAX_VALUE,
    MAX_VALUES,
    SHAPES,
    ParamsError,
    single,
)
from webapp.counting import LONGEST
from webapp.params import FILTERS


# Without slots, for what is kept once it is known.
@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter: its values are of ``type``, of which bounds are a part; a list may be repeated.

    ``about`` says what it does, ``usual`` what holds without it.
    """

    name: str
    type: Any
    about: str
    usual: Any = None

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The type as JSON Schema, without the usual value."""
        return msgspec.json.schema(self.type)

    @property
    def repeated(self) -> bool:
        """Whether it may be given several times."""
        return self.schema.get("type") == "array"

    def read(self, args: MultiDict[str, str]) -> Any:
        """Its value, or the usual one; ParamsError where it is not of the type."""
        name = self.name
        given = args.getlist(name) if self.repeated else single(args, name)
        if not given:
            return self.usual
        try:
            return msgspec.convert(given, self.type, strict=False)
        except msgspec.ValidationError:
            schema = self.schema.get("items", self.schema)
            raise ParamsError(
                name, f"{name}= cannot be that: write {_wanted(schema)}."
            ) from None


def check_known(args: MultiDict[str, str], known: Collection[Parameter]) -> None:
    """ParamsError for a parameter that nobody knows, with the nearest that somebody does."""
    names = [each.name for each in known]
    for name in args:
        if name not in names:
            hint = nearest(name, names) if names else "there is none here"
            raise ParamsError(
                name[:MAX_VALUE], f"Nobody knows the parameter “{name[:40]}”: {hint}."
            )


def _wanted(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    return f"{schema['maxLength']} characters at most"


def _one_of(values: Iterable[str]) -> Any:
    return Literal[tuple(values)]


def _limit(usual: int, most: int) -> Parameter:
    return Parameter(
        name="limit",
        type=Annotated[int, Meta(ge=1, le=most)],
        about="How many to give at once.",
        usual=usual,
    )


def _filter(name: str) -> Parameter:
    value = Meta(min_length=1, max_length=MAX_VALUE)
    about = f"Only statements with this {name}, or with one of several."
    if name in SHAPES:
        pattern, shape = SHAPES[name]
        value = Meta(pattern=f"^({pattern.pattern})$")
        about += f" Each is {shape}."
    return Parameter(
        name=name,
        type=Annotated[list[Annotated[str, value]], Meta(max_length=MAX_VALUES)],
        about=about,
    )


Q = Parameter(
    name="q",
    type=Annotated[str, Meta(max_length=MOST_CHARACTERS)],
    about="The query, in the query language; without it, every statement.",
    usual="",
)
FROM = Parameter(
    name="from", type=str, about="The first day, or the month or year: 2025-07-10."
)
TO = Parameter(name="to", type=str, about="The last day, or the month or year.")
FOLD = Parameter(
    name="fold",
    type=_one_of(("yes", "no")),
    about="Whether near-copies are folded under the earliest.",
    usual="yes",
)
SIMILAR = Parameter(
    name="similar",
    type=Annotated[str, Meta(max_length=MAX_ID)],
    about="Only the statement with this id and its near-copies; with fold=no, each of them.",
)
CURSOR = Parameter(
    name="cursor",
    type=Annotated[str, Meta(pattern=SHAPE)],
    about="Where to go on: each answer has it in its next.",
)
NARROWING = (FROM, TO, *map(_filter, FILTERS), SIMILAR)
SORT = Parameter(
    name="sort",
    type=_one_of(each.value for each in Sort),
    about="The order of hits.",
    usual="relevance",
)
LINE_SORT = Parameter(
    name="sort",
    type=_one_of(each.value for each in LineSort),
    about="The order of lines.",
    usual="right1",
)
HITS = _limit(20, 100)
LINES = _limit(100, 1000)
SUGGESTIONS = _limit(10, MOST)
FACET = Parameter(
    name="facet",
    type=GenericAlias(list, (_one_of(FACETS),)),
    about="Which facets; without it, all.",
    usual=list(FACETS),
)
PERIOD = Parameter(
    name="period",
    type=_one_of(each.value for each in Period),
    about="By what length; without it, one that suits the days.",
)
BREAKDOWN = Parameter(
    name="by", type=_one_of(BY), about="What to break the counts down by."
)
LINE = Parameter(name="q", type=str, about="A search, before all phrases.")
PHRASES = Parameter(
    name="phrases",
    type=list[Annotated[str, Meta(max_length=LONGEST)]],
    about="More searches, each on a line or in a parameter of its own; with q up to 50.",
)
