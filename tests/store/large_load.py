"""Loads a seed large enough to be killed in the middle; run as a process of its own.

python tests/store/large_load.py FACTS     # into the database that GRAPHSVC_* name
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from graphsvc.model.fact import FACT
from graphsvc.model.seed import Seed
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import load_settings
from graphsvc.store.database import Database
from graphsvc.usecases.loading.load import load

HARBOR = Path(__file__).resolve().parent.parent / "seeds" / "harbor"


def large(seed: Seed, facts: int) -> Seed:
    """The seed and as many observations more, all of one entity."""
    evidence = [item.model_dump() for item in next(iter(seed.facts.values())).evidence]
    more = {
        f"count-{number}": FACT.validate_python(
            {
                "id": f"count-{number}",
                "subject": "tide-center",
                "metric": "attendee_count",
                "value": number,
                "evidence": evidence,
            }
        )
        for number in range(facts)
    }
    return replace(seed, facts={**seed.facts, **more})


async def main(facts: int) -> None:
    async with await Database.open(load_settings()) as database:
        seed = large(read_seed(HARBOR), facts)
        sys.stdout.write("loading\n")
        sys.stdout.flush()
        await load(database, seed)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
