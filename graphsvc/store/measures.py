"""Metrics of the database: seconds that it takes, and open sessions."""

from __future__ import annotations

from prometheus_client import Gauge, Histogram

_SECONDS = Histogram(
    "graphsvc_database_seconds",
    "Seconds that the database took, from the first attempt to the last row",
    ["kind"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60),
)
READ_SECONDS = _SECONDS.labels("read")
"""Statements of graphsvc's own that read."""

STATEMENT_SECONDS = _SECONDS.labels("statement")
"""People's statements, named queries among them."""

WRITE_SECONDS = _SECONDS.labels("write")
"""Transactions that write."""

SESSIONS = Gauge(
    "graphsvc_database_sessions",
    "Database sessions in use now, each with a connection from the driver's pool",
    multiprocess_mode="livesum",
)
