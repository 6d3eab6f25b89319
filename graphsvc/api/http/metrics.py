"""`/metrics`, for Prometheus: requests, database time and sessions, loads, the graph's version.

Requests are counted here and not by an instrumenting library: those look for the route of every
request once more, which took as long as answering a repeated read.
"""

from __future__ import annotations

import os
from datetime import datetime
from functools import lru_cache

from fastapi import FastAPI, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import Scope

from graphsvc.api.http.head import method_of
from graphsvc.api.http.proxies import path_within
from graphsvc.store.state import GraphState

_PAGE = "/metrics"
_READS = "/v1"
_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})

_REQUESTS = Counter(
    "http_requests", "Requests by path template, method and status", ["handler", "method", "status"]
)
_SECONDS = Histogram(
    "http_request_duration_seconds",
    "Seconds from the request's head to the answer's last byte",
    ["handler", "method"],
    buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 1, 5, 30),
)
_VERSION = Gauge(
    "graphsvc_graph_version", "Number of the load that made the graph", multiprocess_mode="max"
)
_LOADED_AT = Gauge(
    "graphsvc_graph_loaded_timestamp_seconds",
    "When the last load was made, in seconds since 1970",
    multiprocess_mode="max",
)
_FACTS = Gauge("graphsvc_graph_facts", "Facts in the graph", multiprocess_mode="mostrecent")
_LOADS = Counter("graphsvc_graph_loads_seen", "How often another version of the graph was seen")

_counted = lru_cache(maxsize=1024)(_REQUESTS.labels)
_timed = lru_cache(maxsize=256)(_SECONDS.labels)


def note_request(scope: Scope, status: int, seconds: float) -> None:
    """Count a request and its time; what no route answered is counted under `none`."""
    path: str = getattr(scope.get("route"), "path", "none")
    if path == _PAGE:
        return
    if path_within(scope).startswith(f"{_READS}/") and path != "none":
        path = f"{_READS}{path}"
    method = method_of(scope)
    method = method if method in _METHODS else "other"
    _counted(path, method, str(status)).inc()
    _timed(path, method).observe(seconds)


def note_version(state: GraphState) -> None:
    """Take note that the graph is another than before."""
    _VERSION.set(state.version)
    _LOADED_AT.set(datetime.fromisoformat(state.loaded_at).timestamp())
    _FACTS.set(state.facts)
    _LOADS.inc()


def expose(app: FastAPI) -> None:
    """Answer `/metrics`; where several workers share a folder, with the metrics of all."""

    @app.get(_PAGE, include_in_schema=False)
    async def show_metrics(_: Request) -> Response:
        registry: CollectorRegistry = REGISTRY
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
