"""What a driver's error means to whoever asked."""

from __future__ import annotations

import neo4j
import pytest
from neo4j.exceptions import ConnectionAcquisitionTimeoutError, Neo4jError

from graphsvc.errors import StoreBusyError, StoreConflictError, StoreError
from graphsvc.store.failures import is_worth_retrying, translated, translated_for_analyst

DEADLOCK = "Neo.TransientError.Transaction.DeadlockDetected"


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (
            Neo4jError._hydrate_neo4j(
                code=DEADLOCK,
                message="Query not started because it waited 10000ms in the queue"
                " (arcadedb.queryQueueTimeout): 512 running, 3 waiting, heap budget disabled.",
            ),
            StoreBusyError,
        ),
        (ConnectionAcquisitionTimeoutError("no connection within 30 s"), StoreBusyError),
        (
            Neo4jError._hydrate_neo4j(code=DEADLOCK, message="Concurrent modification on page"),
            StoreConflictError,
        ),
    ],
    ids=["queue of the engine", "pool of the driver", "another writer"],
)
def test_who_finds_no_place_is_told_so_and_is_in_nobodys_way(
    error: Neo4jError | neo4j.exceptions.DriverError, meant: type[StoreError]
) -> None:
    busy = meant is StoreBusyError

    assert type(translated(error, "bolt://x")) is meant
    assert type(translated_for_analyst(error, "bolt://x", "RETURN 1")) is meant
    assert is_worth_retrying(error) is not busy
