"""Loads a server with plain HTTP/1.1 requests on connections that stay open; a process of its own.

    python benchmarks/http_client.py < requests.json

The requests come as JSON on stdin: `port`, `connections`, `seconds`, and `requests`, a list of
texts sent in turn by whichever connection is free. Printed as JSON: the number of answers, the
seconds, the sorted latencies in ms, and the statuses seen. Written for speed: a client that
builds objects for each answer would be what is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import cycle
from typing import Any

import uvloop


async def _one(
    port: int, requests: Any, until: float, latencies: list[float], seen: Counter[str]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        await _read_body(reader, head.lower())
        latencies.append(1000 * (time.perf_counter() - began))
        seen[head[9:12].decode()] += 1
    writer.close()


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    elif b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()


async def _load(order: dict[str, Any]) -> dict[str, Any]:
    latencies: list[float] = []
    seen: Counter[str] = Counter()
    requests = cycle(text.encode() for text in order["requests"])
    began = time.perf_counter()
    until = began + order["seconds"]
    lanes = (
        _one(order["port"], requests, until, latencies, seen) for _ in range(order["connections"])
    )
    await asyncio.gather(*lanes)
    return {
        "answers": len(latencies),
        "seconds": time.perf_counter() - began,
        "latencies": sorted(latencies),
        "statuses": dict(seen),
    }


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_load(json.load(sys.stdin)))))
