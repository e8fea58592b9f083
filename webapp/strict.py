"""waitress, where it is kinder to requests than a server behind a proxy may be."""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a length beside chunks (RFC 9112, 6.3), of which a proxy may have gone by the other."""

    def parse_header(self, header_plus: bytes) -> None:
        """Raise ParsingError, which waitress answers by 400 and the end of the connection."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length stands beside Transfer-Encoding")


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


def be_strict(server: BaseWSGIServer) -> None:
    """Have the server read what comes from now on so."""
    server.channel_class = _Channel
