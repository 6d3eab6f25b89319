"""A database, open and empty, and the invented seed that most tests load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graphsvc import paths
from graphsvc.model.seed import Seed
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.queries import read_queries
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.store.statements.results import QueryResult
from graphsvc.usecases.about.named_queries import ask as ask_query
from graphsvc.usecases.about.named_queries import resolve
from graphsvc.usecases.loading.load import load

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
QUERIES = read_queries(paths.cypher_dir() / "queries").statements

Ask = Callable[..., QueryResult]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def database(settings: Settings, empty_database: None) -> AsyncIterator[Database]:
    async with await Database.open(settings) as opened:
        yield opened


@pytest.fixture
async def statements(database: Database) -> AsyncIterator[StatementExecutor]:
    async with StatementExecutor(database) as executor:
        yield executor


@pytest.fixture(scope="session")
def harbor() -> Seed:
    return read_seed(SEEDS / "harbor")


@pytest.fixture(scope="module", params=["harbor", "packaged"])
def seed(request: pytest.FixtureRequest, settings: Settings) -> Seed:
    """Each seed in turn, which the database under test holds."""
    folder = SEEDS / "harbor" if request.param == "harbor" else paths.packaged_seed_dir()
    return hold(settings, read_seed(folder))


def hold(settings: Settings, seed: Seed) -> Seed:
    """Make the database under test hold a seed."""

    async def work() -> None:
        async with await Database.open(settings) as database:
            await load(database, seed, replace_seed=True, allow_retract=True)

    asyncio.run(work())
    return seed


@pytest.fixture
def ask(settings: Settings) -> Ask:
    """Asks a named query, with parameters as texts."""

    def run(name: str, **given: str) -> QueryResult:
        async def work() -> QueryResult:
            async with (
                await Database.open(settings) as database,
                StatementExecutor(database) as statements,
            ):
                values, _ = await resolve(database, QUERIES[name], given)
                return await ask_query(statements, QUERIES[name], values)

        return asyncio.run(work())

    return run


def without(seed: Seed, *facts: str) -> Seed:
    """The seed less some facts."""
    kept = {id_: fact for id_, fact in seed.facts.items() if id_ not in facts}
    return replace(seed, facts=kept)


def with_fact(seed: Seed, id_: str, **changes: Any) -> Seed:
    """The seed with one fact changed."""
    changed = seed.facts[id_].model_copy(update=changes)
    return replace(seed, facts={**seed.facts, id_: changed})


def with_entity(seed: Seed, id_: str, **changes: Any) -> Seed:
    """The seed with one entity changed."""
    changed = seed.entities[id_].model_copy(update=changes)
    return replace(seed, entities={**seed.entities, id_: changed})
