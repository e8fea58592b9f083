"""Three real nodes on this machine, a process each, which ends with who started it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.cluster.java import HERE, fetch_jars, find_java

COUNT = 3
HEAP = "512m"

#: Seconds in which nodes have to find each other; a machine may be busy.
_PATIENCE = 180.0
_POLL = 0.2
_STATE = "nodes.json"


class Nodes:
    """The nodes whose data are in ``folder``, told by their numbers from 1 on.

    Ports and process ids are kept there too, so that another process can look after them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        state = folder / _STATE
        known = json.loads(state.read_text()) if state.exists() else {}
        self.http: list[int] = known.get("http", [])
        self._transport: list[int] = known.get("transport", [])
        self._processes: dict[int, int] = {
            int(number): pid for number, pid in known.get("processes", {}).items()
        }
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def location(self, name: str, options: str = "") -> str:
        """The address of an index in this cluster."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.http)
        return f"opensearch+http://{hosts}/{name}{options}"

    def start(self) -> None:
        """Start all nodes, and wait until they are one cluster."""
        if not self.http:
            ports = free_ports(2 * COUNT)
            self.http, self._transport = ports[:COUNT], ports[COUNT:]
        for number in range(1, COUNT + 1):
            self.start_one(number)
        self.wait(COUNT)

    def start_one(self, number: int) -> None:
        """Start one node; others may have to be waited for before it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(find_java()), f"-Xms{HEAP}", f"-Xmx{HEAP}"]
        command += ["-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED"]
        command += ["-Dlog4j2.disable.jmx=true", "-XX:-UsePerfData"]
        command += ["-cp", f"{fetch_jars()}/*", str(HERE / "Node.java")]
        command += [str(self.folder / f"node-{number}"), str(number)]
        ports = zip(self.http, self._transport, strict=True)
        command += [f"{http}:{transport}" for http, transport in ports]
        with (self.folder / f"node-{number}.log").open("ab") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children[number] = child
        self._processes[number] = child.pid
        self._save()

    def wait(self, nodes: int, status: str = "") -> None:
        """Wait until so many nodes are one cluster, with a status of its indices if one is named."""
        asked = f"/_cluster/health?wait_for_nodes={nodes}&timeout=1s"
        asked += f"&wait_for_status={status}" if status else ""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            for number in self._processes:
                if not self.is_alive(number):
                    continue
                try:
                    health = self.ask(number, asked)
                    if status and health["timed_out"]:
                        # A copy that was looked for while its node came may not be looked for again.
                        self.ask(number, "/_cluster/reroute?metric=none", "POST")
                except OSError:
                    continue
                if health["number_of_nodes"] == nodes and not health["timed_out"]:
                    return
            time.sleep(_POLL)
        logs = sorted(self.folder.glob("*.log"))
        ends = [log.read_text(errors="replace")[-2000:] for log in logs]
        raise TimeoutError(f"{nodes} nodes are no cluster yet: {'; '.join(ends)}")

    def ask(
        self, number: int, path: str, method: str = "GET", body: object = None
    ) -> dict[str, object]:
        """What a node answers to a request of its own kind; OSError where it does not."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http[number - 1]}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 408:  # health that was waited for in vain
                    return json.loads(error.read())
            raise

    def manager(self) -> int:
        """The number of the elected manager."""
        for number in self._processes:
            if self.is_alive(number):
                found = self.ask(number, "/_cat/cluster_manager?format=json")
                return int(found[0]["node"].removeprefix("node-"))
        raise AssertionError("no node is alive")

    def is_alive(self, number: int) -> bool:
        """Whether a node's process runs."""
        child = self._children.get(number)
        if child is not None:
            return child.poll() is None
        try:
            os.kill(self._processes[number], 0)
        except (KeyError, ProcessLookupError):
            return False
        return True

    def signal(self, number: int, what: signal.Signals) -> None:
        """Send a node's process a signal."""
        os.kill(self._processes[number], what)

    def kill(self, number: int) -> None:
        """End a node as a power cut would."""
        self.signal(number, signal.SIGKILL)
        self._ended(number)

    def stop(self) -> None:
        """End all nodes that this object knows, and wait for it."""
        running = [number for number in self._processes if self.is_alive(number)]
        for number in running:
            self.signal(number, signal.SIGCONT)  # one that was stopped cannot end
            self.signal(number, signal.SIGTERM)
        deadline = time.monotonic() + 20
        for number in running:
            while self.is_alive(number) and time.monotonic() < deadline:
                time.sleep(_POLL)
            if self.is_alive(number):
                self.signal(number, signal.SIGKILL)
            self._ended(number)

    def _ended(self, number: int) -> None:
        if number in self._children:
            self._children.pop(number).wait()
        self._processes.pop(number, None)
        self._save()

    def _save(self) -> None:
        known = {
            "http": self.http,
            "transport": self._transport,
            "processes": self._processes,
        }
        (self.folder / _STATE).write_text(json.dumps(known))


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
