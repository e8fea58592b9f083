"""A server while the index changes below it."""

from __future__ import annotations

import threading
from pathlib import Path

from indexer.engines import open_engine
from indexer.statement import Statement
from webapp import create_app


def test_no_request_fails_while_new_statements_are_published(tmp_path: Path) -> None:
    """Two readers of page, statement, status and API during twenty publications; then all is there."""
    writer = open_engine(tmp_path / "index")

    def publish(number: int) -> None:
        with writer.writer() as session:
            session.put(
                Statement(
                    id=f"a/{number}",
                    title=f"Meeting {number}",
                    text="They recalled the four political documents.",
                    source=f"source-{number % 3}",
                )
            )

    publish(0)
    app = create_app({"TESTING": True}, engine=open_engine(tmp_path / "index"))
    done = threading.Event()
    problems: list[str] = []

    def read() -> None:
        client = app.test_client()
        while not done.is_set():
            for path in (
                "/search?q=political",
                "/statements/a/0",
                "/api/v1/status",
                "/",
            ):
                answer = client.get(path)
                if answer.status_code != 200:
                    problems.append(f"{path}: {answer.status}")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 21):
        publish(number)
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    found = app.test_client().get("/api/v1/search?q=political").json
    assert found["total"] == 21
