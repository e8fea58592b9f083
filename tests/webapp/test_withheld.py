"""What nobody reads in the log unless he asks for it: what others search for."""

from __future__ import annotations

import logging

import pytest

from indexer.errors import EngineError
from tests.webapp.test_errors import FailingEngine
from webapp import create_app

SECRET = "zugzwang"


def chained() -> Exception:
    """An error that says a query, raised by another one that says it too."""
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"no such word: {SECRET}") from error
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "error", [chained(), UnicodeEncodeError("utf-8", SECRET, 0, 1, SECRET)]
)
def test_a_traceback_says_where_and_not_what(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours is logged with types and lines; the words of its errors, and the query, not."""
    client = create_app(engine=FailingEngine(error)).test_client()
    for path in ("/search", "/api/v1/search", f"/statements/{SECRET}", "/search.csv"):
        asked = {"q": SECRET, "source": SECRET}
        assert client.get(path, query_string=asked).status_code == 500
    assert len(caplog.records) == 4
    formatter = logging.Formatter()
    for record in caplog.records:
        told = formatter.format(record).replace(f"/statements/{SECRET}", "")
        assert SECRET not in told
        assert "Traceback" in told
        assert f"{type(error).__name__}: [withheld" in told
        assert "webapp/" in told


def test_what_is_refused_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither a query that cannot be read nor an address that is not there is worth a line."""
    client = create_app(engine=FailingEngine(EngineError("damage"))).test_client()
    for path in (f"/search?q=%22{SECRET}", f"/{SECRET}", f"/search?view={SECRET}"):
        assert client.get(path).status_code in (400, 404)
    assert SECRET not in caplog.text
