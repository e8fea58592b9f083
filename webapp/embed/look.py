"""How a frame looks in another site's page: what that site may choose by the frame's address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from webapp.arguments import ParamsError, chosen, single

THEMES = ("auto", "light", "dark")
HITS, MOST_HITS = 5, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A theme, an accent as six hex digits or "" for the house's own, and how many hits at most."""

    theme: str = THEMES[0]
    accent: str = ""
    limit: int = HITS

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Self:
        """Read a URL's arguments; ParamsError says which cannot be used and why."""
        accent = single(args, "accent").removeprefix("#").lower()
        if not re.fullmatch("[0-9a-f]{6}|", accent):
            raise ParamsError(
                "accent",
                f"“{accent[:20]}” is not a colour: write six hex digits, such as accent=1c4587.",
            )
        limit = single(args, "limit")
        if limit and not (
            re.fullmatch(r"\d{1,2}", limit, re.ASCII) and 0 < int(limit) <= MOST_HITS
        ):
            raise ParamsError(
                "limit",
                f"“{limit[:20]}” is not a number of hits that can be shown: write limit=1 to "
                f"limit={MOST_HITS}.",
            )
        return cls(
            theme=chosen(args, "theme", THEMES) or THEMES[0],
            accent=accent,
            limit=int(limit or HITS),
        )

    @property
    def args(self) -> dict[str, str]:
        """The URL's arguments; what is as it would be anyway is left out."""
        args = {}
        if self.theme != THEMES[0]:
            args["theme"] = self.theme
        if self.accent:
            args["accent"] = self.accent
        if self.limit != HITS:
            args["limit"] = str(self.limit)
        return args
