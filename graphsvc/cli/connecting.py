"""The way from a command into the asynchronous store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from graphsvc.cli.messages import waiting

if TYPE_CHECKING:
    from graphsvc.model.seed import Seed
    from graphsvc.settings import Settings
    from graphsvc.store.database import Database

T = TypeVar("T")

SeedOption = Annotated[
    Path | None,
    typer.Option("--seed", help="Seed folder; default: GRAPHSVC_SEED_DIR, else the packaged seed."),
]


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Open the database, do the work, and let go of the database."""
    import asyncio

    from graphsvc.store.database import Database

    async def connected() -> T:
        with waiting("Opening the database ..."):
            database = await Database.open(settings)
        async with database:
            return await work(database)

    return asyncio.run(connected())


@asynccontextmanager
async def database_and_seed(settings: Settings) -> AsyncIterator[tuple[Database, Seed]]:
    """The open database and the configured seed, which is read while the database starts."""
    import asyncio

    from graphsvc.seeding.reading import read_seed
    from graphsvc.store.database import Database

    reading = asyncio.create_task(asyncio.to_thread(read_seed, settings.seed_dir))
    try:
        async with await Database.open(settings) as database:
            yield database, await reading
    finally:
        await asyncio.gather(reading, return_exceptions=True)
