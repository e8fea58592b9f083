"""Searches that go on in threads while something happens, each held to what it must answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from traceback import format_exc
from typing import NamedTuple


class Ask(NamedTuple):
    """A question, and what it must answer; ``Unanswered`` where it says that it cannot."""

    ask: Callable[[], object]
    expected: object


class Unanswered(Exception):
    """The one other answer: the cluster cannot tell now, and this is said."""


@dataclass
class Load:
    """What came of it so far. ``wrong`` is what should never be: other answers, other errors."""

    wrong: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    answered: int = 0
    _since: float = 0.0
    _served: dict[int, bool] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def again(self) -> None:
        """Count from here on."""
        with self._guard:
            self._since = time.monotonic()
            self._served = dict.fromkeys(self._served, False)
            self.unanswered.clear()

    def is_right(self) -> bool:
        """Whether what each thread asked last, since then, was answered; or something wrongly."""
        with self._guard:
            return bool(self.wrong) or all(self._served.values())

    def went(self, thread: int, begun: float, right: bool) -> None:
        """An answer came to a question that a thread began to ask then."""
        with self._guard:
            self.answered += right
            if begun >= self._since:
                self._served[thread] = right

    def run(self, thread: int, asks: Sequence[Ask], ended: threading.Event) -> None:
        """Ask in turn until it is ended."""
        turn = thread
        while not ended.is_set():
            ask, expected = asks[turn % len(asks)]
            turn += 1
            begun = time.monotonic()
            right = False
            try:
                answer = ask()
                right = answer == expected
                if not right:
                    self.wrong.append(f"{answer!r} is not {expected!r}")
            except Unanswered as error:
                self.unanswered.append(str(error))
            except Exception:  # told by the test, which would not see it here
                self.wrong.append(f"{turn}: {format_exc()[-1500:]}")
            self.went(thread, begun, right)


@contextmanager
def load(*threads: Sequence[Ask]) -> Iterator[Load]:
    """A thread for each row of questions, for as long as the block lasts."""
    kept = Load(_served=dict.fromkeys(range(len(threads)), False))
    ended = threading.Event()
    running = [
        threading.Thread(target=kept.run, args=(number, asks, ended))
        for number, asks in enumerate(threads)
    ]
    for each in running:
        each.start()
    try:
        yield kept
    finally:
        ended.set()
        for each in running:
            each.join()
