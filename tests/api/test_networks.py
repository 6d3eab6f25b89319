"""A network has as many relationships as the API lists under the same filter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graphsvc.model.network_filter import NetworkFilter
from graphsvc.usecases.networks.network import read_network
from tests.api.conftest import Api

FILTERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "none": ({}, {}),
    "type": ({"types": ("SUPPORTS",)}, {"type": "SUPPORTS"}),
    "kind": (
        {"kinds": ("Organization",)},
        {"subject_kind": "Organization", "object_kind": "Organization"},
    ),
    "day": ({"as_of": "2024-06-01"}, {"as_of": "2024-06-01"}),
    "certain": ({"certain_only": True}, {"undated": "exclude"}),
    "basis": ({"basis": "implied"}, {"basis": "implied"}),
    "modality": ({"modality": "planned"}, {"modality": "planned"}),
    "amount": ({"min_amount_krw": 10**9}, {"min_amount_krw": 10**9}),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("over", ["harbor", "packaged"])
def test_a_network_has_as_many_relationships_as_the_api_lists(
    request: pytest.FixtureRequest, over: str, name: str
) -> None:
    api: Api = request.getfixturevalue(over)
    options, parameters = FILTERS[name]

    async def read() -> int:
        at = await api.app.state.graph.now()
        types = options.get("types") or tuple(at.vocabulary.types)
        day = options.get("as_of")
        changed = {"types": types, "as_of": day and date.fromisoformat(day)}
        wanted = NetworkFilter(**{**options, **changed})
        return len((await read_network(at.database, at.vocabulary, wanted)).edges)

    assert api.portal.call(read) == api.ok("/v1/relationships", params=parameters)["total"]
