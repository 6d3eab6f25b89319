"""The database and the model tell the same of every period."""

from __future__ import annotations

from datetime import date

import pytest

from graphsvc import paths
from graphsvc.model.period import period_of
from graphsvc.store.cypher_files import Catalog
from tests.conftest import Cypher

PERIODS = (
    *(None, "2024", "2024-05", "2024-05-21", "2022/2026", "2022/..", "../2027", "../.."),
    *("2024?", "2024-05~", "2022%/..", "XXXX-09", "XXXX-XX-16", "202X"),
    *("2024-XX", "2024-XX-05", "2024-05-XX", "2022/2024-05-XX"),
)
DAYS = (None, "2021-12-31", "2024-05-05", "2024-05-21", "2028-01-01")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("certain_only", [False, True])
def test_a_day_is_ruled_out_by_the_database_as_by_the_model(
    cypher: Cypher, day: str | None, certain_only: bool
) -> None:
    wanted, rows = [], []
    for text in PERIODS:
        period = period_of(text)
        holds = "yes" if day is None else period.holds_on(date.fromisoformat(day))
        if holds and (period.certain or not certain_only):
            wanted.append(text)
        rows.append(
            {
                "period": text,
                "valid_from": period.valid_from and period.valid_from.isoformat(),
                "valid_to": period.valid_to and period.valid_to.isoformat(),
                "period_bounds": period.bounds.value,
            }
        )
    holds_fragment = Catalog(paths.cypher_dir()).fragment("holds")
    found = cypher(
        f"UNWIND $rows AS r WITH r WHERE {holds_fragment} RETURN r.period AS period",
        rows=rows,
        as_of=day,
        certain_only=certain_only,
    )
    assert [row["period"] for row in found] == wanted
