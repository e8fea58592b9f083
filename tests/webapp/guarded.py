"""What every answer promises to a browser, whoever asked for whatever."""

from __future__ import annotations

from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from werkzeug.wrappers import Response

#: Nothing but these may be loaded; a list of its own says who may frame a page.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def assert_guarded(answer: Response) -> None:
    """Headers after OWASP ASVS 5.0, no cookie, no word of the server's, nothing written inline."""
    headers = answer.headers
    policy = dict(
        each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; ")
    )
    assert POLICY.items() <= policy.items()
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    # What other sites are meant to load says so, and is no page.
    if headers["Cross-Origin-Resource-Policy"] != "same-origin":
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.mimetype != "text/html"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"]
    if answer.status_code >= 400:
        assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers  # this was no https
    for name in headers.keys():
        assert len(headers.getlist(name)) == 1 or name == "Vary", name
    target = urlsplit(headers.get("Location", ""))
    assert target.netloc in ("", "localhost") and target.scheme in ("", "http")


def assert_nothing_inline(answer: Response) -> None:
    """No page and no picture holds a script, a style or a handler that the policy would refuse."""
    if answer.mimetype not in ("text/html", "image/svg+xml"):
        return
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert page.find_all("style") == []
    assert page.find_all("script", src=False) == []
    for element in page.find_all(True):
        names = {name.lower() for name in element.attrs}
        assert not names & {"style", "srcdoc"}, element
        assert not any(name.startswith("on") for name in names), element
