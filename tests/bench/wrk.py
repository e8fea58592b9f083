"""wrk (https://github.com/wg/wrk) as the client: it reads what every page says of itself."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

#: A thread's ``seen`` counts its answers by generation, total and canonical query, as the page
#: tells them; what is no such page is counted by its status. It looks for plain text at the page's
#: top and foot alone, as patterns over all of it took 0.7 ms a page of the servers' processors, and
#: this takes 0.02.
_SCRIPT = """
local threads = {}
local place = 0

function setup(thread)
  thread:set("first", #threads * 7919)
  table.insert(threads, thread)
end

function init(arguments)
  seen = {}
  place = first
end

function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end

function response(status, headers, body)
  local key = "-\\t" .. status .. "\\t"
  local top = body:find("<h1>", 1, true)
  local foot = body:find("for <code>", -8000, true)
  if status == 200 and top and foot then
    local total = body:match("^([%d,]+) ", top + 4)
    local query, generation = body:match("^([^<]*)</code> in index (%d+),", foot + 10)
    if total and query then
      key = generation .. "\\t" .. total:gsub(",", "") .. "\\t" .. query
    end
  end
  seen[key] = (seen[key] or 0) + 1
end

function done(summary, latency, requests)
  local e = summary.errors
  print("@errors\\t" .. e.connect + e.read + e.write + e.status + e.timeout)
  print("@requests\\t" .. summary.requests)
  print("@seconds\\t" .. summary.duration / 1000000)
  for _, share in ipairs({50, 95, 99}) do
    print("@p" .. share .. "\\t" .. latency:percentile(share) / 1000)
  end
  for _, thread in ipairs(threads) do
    for key, count in pairs(thread:get("seen")) do
      print("@seen\\t" .. count .. "\\t" .. key)
    end
  end
end
"""


class Load(NamedTuple):
    """What came of it; times in milliseconds.

    ``seen`` counts answers by generation, total and canonical query; ``strange`` are all others.
    """

    requests: int
    seconds: float
    errors: int
    p50: float
    p95: float
    p99: float
    seen: Counter[tuple[int, int, str]]
    strange: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def installed() -> bool:
    """Whether there is a wrk."""
    return shutil.which("wrk") is not None


def start(
    folder: Path, port: int, paths: Sequence[str], *, connections: int, seconds: int
) -> subprocess.Popen[str]:
    """Begin to ask for ``paths`` in turn, again and again."""
    script = folder / "wrk.lua"
    table = ",\n".join(map(json.dumps, paths))
    script.write_text(f"paths = {{\n{table}\n}}\n{_SCRIPT}", encoding="utf-8")
    return subprocess.Popen(
        [
            *("wrk", "--threads", "1", "--timeout", "30s", "--script", str(script)),
            *("--connections", str(connections), "--duration", f"{seconds}s"),
            f"http://127.0.0.1:{port}",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> Load:
    """Wait for it."""
    said, _ = process.communicate()
    values: dict[str, float] = {}
    seen: Counter[tuple[int, int, str]] = Counter()
    strange = 0
    for line in said.splitlines():
        if line.startswith("@seen\t"):
            _, count, generation, total, query = line.split("\t", 4)
            if generation == "-":
                strange += int(count)
            else:
                seen[int(generation), int(total), html.unescape(query)] += int(count)
        elif line.startswith("@"):
            name, value = line[1:].split("\t")
            values[name] = float(value)
    if process.returncode or "requests" not in values:
        raise SystemExit(f"wrk failed:\n{said}")
    return Load(
        requests=int(values["requests"]),
        seconds=values["seconds"],
        errors=int(values["errors"]),
        p50=values["p50"],
        p95=values["p95"],
        p99=values["p99"],
        seen=seen,
        strange=strange,
    )
