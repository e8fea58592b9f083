"""Talking to the cluster: what is asked of it, and what becomes of its refusals."""

from __future__ import annotations

import logging
import os
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    ConnectionError,
    ConnectionTimeout,
    OpenSearchException,
    SSLError,
    TransportError,
)

from indexer import deadline
from indexer.engines.opensearch.location import Location
from indexer.engines.opensearch.node import Node, Nodes
from indexer.errors import EngineError, EngineUnavailable, SettingsError


def _briefly(record: logging.LogRecord) -> bool:
    """A line for a try that failed: the client would add fifty of how it came to be."""
    record.exc_info = None
    return True


logging.getLogger("opensearch").addFilter(_briefly)

#: What is sent and what comes back.
Body: TypeAlias = dict[str, Any]

#: Seconds after which a search is given up, and anything that takes longer by its nature.
SEARCH_SECONDS, LONG_SECONDS = 5, 60
#: Hits are fetched so many at a time where all are gone through.
WALK = 1000

#: Seconds for which a node that did not answer is asked nothing, and at most how many times twice
#: as many: a silent one costs a search some seconds each time, one that is back should work.
REST, DOUBLED = 20, 1

# So often a node is asked, or another one.
_TRIES = 4
_RETRIED = (502, 503, 504)
_BUSY = 429
# A circuit breaker, which may come wrapped in what it has stopped, with that one's status.
_BREAKER = "Data too large"
_TAGS = re.compile(r"(?:<[^>]*>|\s)+")
_FULL = "disk usage exceeded flood-stage watermark"


class Gone(EngineError):
    """An index or a document is not there."""


class Conflict(EngineError):
    """Somebody else has changed it."""


class Full(EngineUnavailable):
    """No disk of the cluster has room."""


class Connection:
    """The nodes of a cluster, one of which is asked; another one where it does not answer."""

    def __init__(self, location: Location) -> None:
        self.location = location
        tls: dict[str, Any] = {}
        if location.secure:
            tls = {"use_ssl": True, "verify_certs": True, "ssl_show_warn": False}
            if authority := os.environ.get("COMMUNIQUE_CA_FILE"):
                tls["ca_certs"] = _certificates(authority)
        self._client = OpenSearch(
            [{"host": host, "port": port} for host, port in location.hosts],
            headers=_authorization(location.user) if location.user else None,
            http_compress=True,
            max_retries=_TRIES - 1,
            retry_on_status=_RETRIED,
            retry_on_timeout=True,  # by another node: nothing here is done twice to any harm
            timeout=SEARCH_SECONDS,
            connection_class=Node,
            connection_pool_class=Nodes,
            dead_timeout=REST,
            timeout_cutoff=DOUBLED,
            pool_maxsize=16,
            **tls,
        )

    def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        seconds: float = SEARCH_SECONDS,
        params: Mapping[str, object] | None = None,
    ) -> Any:
        """One request; the answer's JSON.

        Raises Gone and Conflict for 404 and 409, EngineUnavailable where nobody answers or all are
        busy, EngineError for any other refusal.
        """
        deadline.check()
        with self._understood():
            return self._client.transport.perform_request(
                method, path, {"request_timeout": seconds, **(params or {})}, body
            )

    def send_lines(
        self,
        path: str,
        lines: Sequence[Body],
        *,
        seconds: float = LONG_SECONDS,
        alias: bool = False,
    ) -> Any:
        """One request whose body is a JSON object a line; with ``alias`` none but to an alias."""
        params = {"require_alias": "true"} if alias else {}
        deadline.check()
        serialize = self._client.transport.serializer.dumps
        with self._understood():
            return self._client.transport.perform_request(
                "POST",
                path,
                {"request_timeout": seconds, **params},
                "".join(f"{serialize(line)}\n" for line in lines),
            )

    def search(self, index: str, body: Body, seconds: float = SEARCH_SECONDS) -> Body:
        """A search of an index, whole or not at all."""
        answer: Body = self.send(
            "POST",
            f"/{index}/_search",
            {"track_total_hits": True, **body},
            seconds=seconds,
            params={"allow_partial_search_results": "false"},
        )
        return self._whole(answer)

    def searches(self, index: str, bodies: Sequence[Body]) -> list[Body]:
        """Several searches of an index at once."""
        lines: list[Body] = []
        for body in bodies:
            lines.append({"allow_partial_search_results": False})
            lines.append({"track_total_hits": True, **body})
        if not lines:
            return []
        path = f"/{index}/_msearch"
        for _ in range(_TRIES):
            answers = self.send_lines(path, lines, seconds=SEARCH_SECONDS)["responses"]
            refused = [each for each in answers if "error" in each]
            # A node that left while it was asked: another copy of its pieces is there.
            if not any(each["status"] >= 500 for each in refused):
                break
        for answer in refused:
            raise self._refused(answer["status"], answer["error"])
        return [self._whole(answer) for answer in answers]

    def walk(
        self, index: str, body: Body, sort: Sequence[Body], size: int = WALK
    ) -> Iterator[Body]:
        """Every hit of a search in an order that leaves no ties; the index must not change."""
        after: Body = {}
        while True:
            asked = {**body, **after, "sort": list(sort), "size": size}
            asked["track_total_hits"] = False
            hits = self.search(index, asked, LONG_SECONDS)["hits"]["hits"]
            yield from hits
            if len(hits) < size:
                return
            after = {"search_after": hits[-1]["sort"]}

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _whole(self, answer: Body) -> Body:
        shards = answer["_shards"]
        if answer["timed_out"] or shards["failed"]:
            raise EngineUnavailable(
                f"The cluster at {self.location} could search {shards['successful']} of "
                f"{shards['total']} pieces of the index in time: try again."
            )
        return answer

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Errors of the client as ours."""
        where = self.location
        try:
            with deadline.waiting():
                yield
        except SSLError as error:
            raise EngineUnavailable(
                f"The certificate of the cluster at {where} is not trusted "
                f"({_cause(error)}): name the file of its authority in COMMUNIQUE_CA_FILE, and the "
                "host as the certificate does."
            ) from None
        except ConnectionTimeout:
            raise EngineUnavailable(
                f"The cluster at {where} does not answer in time: try again, or look at its nodes."
            ) from None
        except ConnectionError as error:
            raise EngineUnavailable(
                f"The cluster at {where} cannot be reached ({_cause(error)}): look at its nodes."
            ) from None
        except AuthenticationException:
            raise EngineUnavailable(
                f"The cluster at {where} does not know this user or password: look at the address "
                "and at COMMUNIQUE_PASSWORD_FILE."
            ) from None
        except TransportError as error:
            raise self._refused(error.status_code, _reason(error)) from None
        except OpenSearchException as error:
            raise EngineError(
                f"The cluster at {where} answered otherwise: {error}"
            ) from None

    def _refused(self, status: int | str, reason: object) -> EngineError:
        """The error for an answer that is one; ``reason`` is what the cluster says."""
        words, where = said(reason), self.location
        if status == 404:
            return Gone(words)
        if status == 409:
            return Conflict(words)
        if is_full(words):
            return full(where)
        if status == _BUSY or _BREAKER in words:
            return EngineUnavailable(
                f"The cluster at {where} is too busy: try again ({words})."
            )
        if (
            isinstance(status, int) and status >= 500
        ):  # a node or all copies of a piece are gone
            return EngineUnavailable(
                f"The cluster at {where} cannot answer now: try again, or look at its nodes "
                f"({words})."
            )
        if status == 403:
            return EngineUnavailable(
                f"The cluster at {where} does not let this user do that ({words})."
            )
        return EngineError(f"The cluster at {where} refused: {words}")


def is_full(said: str) -> bool:
    """Whether a refusal means that no disk has room left."""
    return _FULL in said


def full(where: Location) -> Full:
    """The error for disks that are full."""
    return Full(
        f"The disks of the cluster at {where} are full, so it takes no more: make room and run it "
        "again; the index is as it was."
    )


def said(reason: object) -> str:
    """What the cluster says, in short: its innermost causes."""
    if not isinstance(reason, Mapping):
        return _TAGS.sub(" ", str(reason)).strip()[:300]  # a proxy answers with a page
    causes = [reason, *reason.get("root_cause", ())]
    deepest: object = reason
    while isinstance(deepest, Mapping) and isinstance(
        deepest.get("caused_by"), Mapping
    ):
        deepest = deepest["caused_by"]
        causes.append(deepest)
    for shard in reason.get("failed_shards", ())[:1]:
        if isinstance(shard, Mapping):
            causes.append(shard.get("reason", {}))
    texts = [f"{each.get('type')}: {each.get('reason')}" for each in causes if each]
    return "; ".join(dict.fromkeys(texts))[:500]


def _reason(error: TransportError) -> object:
    info = error.info
    if isinstance(info, Mapping):
        return info.get("error", info)
    return info or error.error


def _cause(error: ConnectionError) -> str:
    """The system's own words, without the client's around them."""
    inner: object = error.info
    while isinstance(inner, BaseException) and inner.args:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return inner.verify_message
        inner = getattr(inner, "reason", None) or inner.args[-1]
    return str(inner)[:200].rsplit(": ", 1)[-1]


def _authorization(user: str) -> dict[str, str]:
    """Who asks, as RFC 7617 has it in UTF-8; the client itself knows names of Latin letters alone."""
    told = b64encode(user.encode() + b":" + _password()).decode("ascii")
    return {"authorization": f"Basic {told}"}


def _password() -> bytes:
    """The password, from the file that COMMUNIQUE_PASSWORD_FILE names, or COMMUNIQUE_PASSWORD."""
    if path := os.environ.get("COMMUNIQUE_PASSWORD_FILE"):
        return Path(_existing(path)).read_bytes().rstrip(b"\r\n")
    return os.environ.get("COMMUNIQUE_PASSWORD", "").encode()


def _certificates(path: str) -> str:
    try:
        ssl.create_default_context(cafile=_existing(path))
    except ssl.SSLError:
        reason = "holds no certificate; name the PEM file of the authority"
        raise SettingsError(path, reason) from None
    return path


def _existing(path: str) -> str:
    if not os.access(path, os.R_OK):
        raise SettingsError(path, "cannot be read; name a file that can")
    return path
