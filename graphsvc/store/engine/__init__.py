"""The embedded database engine: one per data folder, shared by every process that attaches.

Three kinds of process::

    client (any graphsvc command or service)  --control connection-->  supervisor
       |                                                                  | stdin, stdout
       +------------------------- Bolt --------------------------->  database (ArcadeDB)

The first client starts the supervisor, which starts the database. The supervisor ends both
when the last control connection has been closed for a few seconds, however its client ended.
See docs/decisions/embedded-engine.md for why.
"""

from graphsvc.store.engine.client import Engine, EngineAddress, EngineStatus, engine_status

__all__ = ["Engine", "EngineAddress", "EngineStatus", "engine_status"]
