"""Pictures of results over REST: each measure's own, of a kind or of the first alone."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.model.network_filter import NetworkFilter
from graphsvc.store.state import require_ready
from graphsvc.usecases.networks.analyse import analyse
from graphsvc.usecases.networks.request import AnalysisRequest
from graphsvc.usecases.runs.progress_table import RunTable, folder_of
from graphsvc.usecases.runs.results import Results, content_key, question_key
from tests.analysis.test_pictures import words as words_of
from tests.api.conftest import Api
from tests.api.test_analysis import RUNS, start

pytest.importorskip("matplotlib")
pytestmark = pytest.mark.embedded_only


def result_of(api: Api, metric: str) -> str:
    """Where a result is read that was computed in this process: a run's own starts for seconds."""
    folder = folder_of(api.app.state.graph.settings)
    table = RunTable(folder)

    async def compute() -> None:
        database = await api.app.state.graph.database()
        state = await require_ready(database)
        wanted = NetworkFilter().settled(state.vocabulary())
        question = AnalysisRequest.of(metric, {}, wanted)
        result = await analyse(database, question)
        key = content_key(question, result.graph["hash"])
        Results(folder, table.forget_answers).keep(key, result)
        table.note_answer(question_key(question, [state.version, state.loaded_at]), key)

    api.portal.call(compute)
    run = start(api, metric=metric).json()
    assert run["started_at"] == run["created_at"], "another process computes it"
    return f"{RUNS}/{run['id']}/result"


def words(api: Api, path: str, **parameters: Any) -> set[str]:
    """The texts of a picture."""
    found = api.get(path.replace("/result", "/picture"), params=parameters)
    assert (found.status_code, found.headers["content-type"]) == (200, "image/svg+xml")
    return words_of(found.content)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("degree", {"Degree centrality"}),
        ("constraint", {"Constraint"}),
        ("degree_distribution", {"degree", "share of nodes", "P(K ≥ k)"}),
        ("kind_flow", {"from", "to", "relationships", "ministry", "center"}),
        ("louvain", set()),
        ("components", set()),
    ],
)
def test_each_measure_has_the_picture_that_the_catalog_names(
    harbor: Api, metric: str, said: set[str]
) -> None:
    drawn = {item["name"]: item["picture"] for item in harbor.items("/v1/analysis")}
    assert drawn[metric] is not None
    path = result_of(harbor, metric)
    found = words(harbor, path)
    assert found
    assert found >= said
    png = harbor.get(path.replace("/result", "/picture"), params={"format": "png"})
    assert (png.headers["content-type"], png.content[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize("metric", ["degree", "louvain"])
def test_a_picture_is_of_one_kind_or_of_the_first_alone(harbor: Api, metric: str) -> None:
    path = result_of(harbor, metric)
    names = {row["name_en"] or row["node"]: row["kind"] for row in harbor.items(path, limit=500)}
    named = words(harbor, path) & names.keys()
    centers = words(harbor, path, kind="Center") & names.keys()
    assert 0 < len(centers) < len(named)
    assert {names[name] for name in centers} == {"Center"}
    assert len(words(harbor, path, top=2) & names.keys()) == 2


def test_a_flow_has_no_kind_to_choose(harbor: Api) -> None:
    path = result_of(harbor, "kind_flow").replace("/result", "/picture")
    assert harbor.problem(f"{path}?kind=Center", 422, "invalid-input")["field"] == "kind"


def test_a_measure_without_a_picture_says_which_have_one(harbor: Api) -> None:
    path = result_of(harbor, "ties").replace("/result", "/picture")
    found = harbor.problem(f"{path}?format=png", 422, "invalid-input")
    assert (found["field"], "louvain" in found["mend"]) == ("format", True)
