"""`/metrics`, for Prometheus: requests, database time and sessions, loads, the graph's version."""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI
from prometheus_client import Counter, Gauge
from prometheus_fastapi_instrumentator import Instrumentator
from prometheus_fastapi_instrumentator.metrics import default

from graphsvc.store.state import GraphState

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

# Made once: a second application in this process would otherwise find the names taken.
_REQUESTS = default(latency_lowr_buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 1, 5))


def note_version(state: GraphState) -> None:
    """Take note that the graph is another than before."""
    _VERSION.set(state.version)
    _LOADED_AT.set(datetime.fromisoformat(state.loaded_at).timestamp())
    _FACTS.set(state.facts)
    _LOADS.inc()


def expose(app: FastAPI) -> None:
    """Count every request and its time by path template, and answer `/metrics`."""
    watching = Instrumentator(should_group_status_codes=False, excluded_handlers=["^/metrics$"])
    if _REQUESTS is not None:
        watching.add(_REQUESTS)
    watching.instrument(app).expose(app, include_in_schema=False)
