"""A database, open and empty, and the invented seed that most tests load."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graphsvc.model.seed import Seed
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def database(settings: Settings, empty_database: None) -> AsyncIterator[Database]:
    async with await Database.open(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def harbor() -> Seed:
    return read_seed(SEEDS / "harbor")


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
