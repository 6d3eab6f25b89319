"""The network of a database: the same relationships as the seed's facts make, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pytest

import graphsvc
from graphsvc.analysis.network import Edges, Network, Nodes, network_of
from graphsvc.analysis.progress import CancelledError, Progress
from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError, StoreConflictError, StoreUnavailableError
from graphsvc.model.fact import Basis, FundingFact, Modality
from graphsvc.model.network_filter import NetworkFilter
from graphsvc.model.period import period_of
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store import edges as store_edges
from graphsvc.store.database import Database
from graphsvc.store.rows import RelationshipRow, fact_rows
from graphsvc.usecases.loading.load import load
from graphsvc.usecases.networks.analyse import analyse
from graphsvc.usecases.networks.network import read_network
from graphsvc.usecases.networks.request import AnalysisRequest
from tests.directions import Case as Directions
from tests.directions import directions
from tests.store.conftest import with_fact

DAY = date(2024, 6, 1)
Keep = Callable[[RelationshipRow], bool]


class Case(NamedTuple):
    """A filter, and what it keeps of the relationships that the seed makes."""

    wanted: NetworkFilter
    keep: Keep


def holds(row: RelationshipRow) -> bool:
    return period_of(row.properties.get("period")).holds_on(DAY) is not None


CASES = {
    "all": Case(NetworkFilter(), lambda row: True),
    "types": Case(
        NetworkFilter(types=("SUPPORTS", "FUNDS")), lambda row: row.type in ("FUNDS", "SUPPORTS")
    ),
    "a type that is not analysed": Case(
        NetworkFilter(types=("POSSIBLY_SAME",)), lambda row: row.type == "POSSIBLY_SAME"
    ),
    "as_of": Case(NetworkFilter(as_of=DAY), holds),
    "certain_only": Case(
        NetworkFilter(certain_only=True),
        lambda row: period_of(row.properties.get("period")).certain,
    ),
    "as_of, certainly": Case(
        NetworkFilter(as_of=DAY, certain_only=True),
        lambda row: holds(row) and period_of(row.properties.get("period")).certain,
    ),
    "basis": Case(
        NetworkFilter(basis="implied"), lambda row: row.properties["basis"] == Basis.IMPLIED
    ),
    "modality": Case(
        NetworkFilter(modality="planned"),
        lambda row: row.properties["modality"] == Modality.PLANNED,
    ),
    "stage": Case(
        NetworkFilter(stage="budgeted"), lambda row: row.properties.get("stage") == "budgeted"
    ),
    "min_amount_krw": Case(
        NetworkFilter(min_amount_krw=4_000_000_000),
        lambda row: row.properties.get("amount_krw", -1) >= 4_000_000_000,
    ),
}


def network_of_seed(seed: Seed, case: Case, kinds: tuple[str, ...] = (), **options: Any) -> Network:
    """The network that the seed's facts make, without any database."""
    vocabulary = seed.vocabulary
    of_kinds = {
        id_
        for id_, entity in seed.entities.items()
        if not kinds or vocabulary.is_a(entity.kind, *kinds)
    }
    types = case.wanted.types or [n for n, joined in vocabulary.types.items() if joined.analysed]
    rows = [
        row
        for fact in seed.facts.values()
        for row in fact_rows(fact, "then")[1]
        if row.type in types
        and {row.start[1], row.end[1]} <= of_kinds
        and row.start[0] == row.end[0]
        and case.keep(row)
    ]
    ids = sorted(of_kinds)
    entities = [seed.entities[id_] for id_ in ids]
    nodes = Nodes(ids, [e.kind for e in entities], [e.name for e in entities], ids)
    names, facts = sorted(types), sorted({row.properties["fact_id"] for row in rows})
    first = {row.properties["fact_id"]: row.properties["documents"][0] for row in rows}
    documents = sorted(set(first.values()))
    edges = Edges(
        source=np.array([ids.index(row.start[1]) for row in rows], np.int32),
        target=np.array([ids.index(row.end[1]) for row in rows], np.int32),
        type=np.array([names.index(row.type) for row in rows], np.int16),
        amount_krw=np.array([row.properties.get("amount_krw", np.nan) for row in rows], float),
        first_day=days(rows, "valid_from"),
        last_day=days(rows, "valid_to"),
        fact=np.array([facts.index(row.properties["fact_id"]) for row in rows], np.int32),
        types=names,
        facts=facts,
        symmetric=frozenset(name for name in names if vocabulary.types[name].symmetric),
        document=np.array([documents.index(first[fact]) for fact in facts], np.int32),
        documents=documents,
    )
    return network_of(nodes, edges, **options)


def days(rows: list[RelationshipRow], name: str) -> np.ndarray:
    return np.array([row.properties.get(name, "NaT") for row in rows], "datetime64[D]")


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[Database]:
    async with await Database.open(settings) as database:
        yield database


@pytest.mark.anyio
@pytest.mark.parametrize("name", CASES)
async def test_a_network_is_what_the_facts_of_the_seed_make(
    seed: Seed, opened: Database, name: str
) -> None:
    case = CASES[name]
    for directed in (True, False):
        found = await read_network(opened, seed.vocabulary, replace(case.wanted, directed=directed))
        expected = network_of_seed(seed, case, directed=directed)

        assert found.graph.node_list == expected.graph.node_list
        assert graphsvc.graph_hash(found) == graphsvc.graph_hash(expected)
        assert found.graph.graph["hash"] == graphsvc.graph_hash(expected.graph)


@pytest.mark.anyio
@pytest.mark.parametrize("kinds", [("Company",), ("Organization",), ("Center", "Company")])
async def test_kinds_are_those_of_both_ends_and_of_their_descendants(
    seed: Seed, opened: Database, kinds: tuple[str, ...]
) -> None:
    found = await read_network(opened, seed.vocabulary, NetworkFilter(kinds=kinds))

    expected = network_of_seed(seed, CASES["all"], kinds)
    assert graphsvc.graph_hash(found) == graphsvc.graph_hash(expected)


@pytest.mark.anyio
@pytest.mark.parametrize("weight", ["amount_krw", "log_amount"])
async def test_weights_are_sums_that_relationships_state_themselves(
    seed: Seed, opened: Database, weight: Any
) -> None:
    found = await read_network(opened, seed.vocabulary, NetworkFilter(weight=weight))

    expected = network_of_seed(seed, CASES["all"], weight=weight)
    assert graphsvc.graph_hash(found) == graphsvc.graph_hash(expected)
    assert found.left_out == expected.left_out
    fundings = {fact.id for fact in seed.facts.values() if isinstance(fact, FundingFact)}
    assert fundings.isdisjoint(found.edges.facts)


@pytest.mark.anyio
async def test_isolates_are_all_things_of_the_kinds(seed: Seed, opened: Database) -> None:
    wanted = NetworkFilter(kinds=("Company",), types=("FUNDS",), isolates=True)
    found = await read_network(opened, seed.vocabulary, wanted)

    companies = sorted(id_ for id_, one in seed.entities.items() if one.kind == "Company")
    assert found.graph.node_list == companies
    assert found.names == [seed.entities[id_].name for id_ in companies]
    assert found.graph.nodes[companies[0]] == {
        "kind": "Company",
        "name": seed.entities[companies[0]].name,
        "name_en": seed.entities[companies[0]].name_en or "",
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("project", "through"),
    [("Company", "Center"), ("Organization", "Event"), ("Organization", "Center")],
)
async def test_a_projection_is_that_of_networkx(
    seed: Seed, opened: Database, project: str, through: str
) -> None:
    wanted = NetworkFilter(project=project, through=through)
    found = await read_network(opened, seed.vocabulary, wanted)

    both = nx.Graph()
    is_a = {id_: partial_is_a(seed, id_) for id_ in seed.entities}
    members = {i for i in is_a if is_a[i](project) and not is_a[i](through)}
    things = {i for i in is_a if is_a[i](through)}
    everything = network_of_seed(seed, CASES["all"], directed=False).graph
    both.add_nodes_from(members | things | {"nothing"})
    both.add_edges_from((s, t) for s, t in everything.edges if {s, t} & members and {s, t} & things)
    oracle = nx.bipartite.collaboration_weighted_projected_graph(both, members)
    assert set(found.graph) == {node for node in oracle if oracle.degree[node]}
    assert len(found.graph) > 1 or (project, through) != ("Organization", "Center")
    weights = {frozenset((s, t)): w for s, t, w in found.graph.edges(data="weight")}
    assert weights == pytest.approx(
        {frozenset((s, t)): w for s, t, w in oracle.edges(data="weight")}
    )


def partial_is_a(seed: Seed, id_: str) -> Callable[[str], bool]:
    return lambda kind: seed.vocabulary.is_a(seed.entities[id_].kind, kind)


@pytest.mark.anyio
async def test_where_one_kind_holds_the_other_the_narrower_goes_first(
    seed: Seed, opened: Database
) -> None:
    narrow = NetworkFilter(project="Center", through="Organization", isolates=True)
    wide = NetworkFilter(project="Organization", through="Center", isolates=True)
    centers = await read_network(opened, seed.vocabulary, narrow)
    others = await read_network(opened, seed.vocabulary, wide)

    assert set(centers.kinds) == {"Center"}
    assert "Center" not in others.kinds
    assert {"Company", "Ministry"} <= set(others.kinds)


@pytest.mark.anyio
async def test_many_parts_are_one_network(
    seed: Seed, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_edges, "_STARTS", 3)
    monkeypatch.setattr(store_edges, "_IDS", 2)
    with Progress() as progress:
        found = await read_network(opened, seed.vocabulary, NetworkFilter())

    assert graphsvc.graph_hash(found) == graphsvc.graph_hash(network_of_seed(seed, CASES["all"]))
    assert progress.fraction == 1


@pytest.mark.anyio
async def test_reading_can_be_cancelled(
    seed: Seed, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_edges, "_STARTS", 3)
    add = store_edges.Gathering.add
    with Progress() as progress:

        def add_and_cancel(self: Any, part: Any) -> None:
            add(self, part)
            progress.cancel()

        monkeypatch.setattr(store_edges.Gathering, "add", add_and_cancel)
        with pytest.raises(CancelledError):
            await read_network(opened, seed.vocabulary, NetworkFilter())


@pytest.mark.anyio
async def test_a_filter_that_leaves_nothing_is_an_empty_network(
    seed: Seed, opened: Database
) -> None:
    for wanted in (
        NetworkFilter(min_amount_krw=2**63 - 1),
        NetworkFilter(kinds=("Report",), types=("FUNDS",)),
        NetworkFilter(project="Market", through="Report"),
    ):
        found = await read_network(opened, seed.vocabulary, wanted)
        assert (len(found.graph), found.graph.number_of_edges(), len(found.edges)) == (0, 0, 0)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        (NetworkFilter(types=("FUND",)), "types", "Did you mean FUNDS"),
        (NetworkFilter(types=("MENTIONS",)), "types", "no relationship type 'MENTIONS'"),
        (NetworkFilter(types=()), "types", "names none"),
        (NetworkFilter(kinds=("Compny",)), "kinds", "Did you mean Company"),
        (NetworkFilter(kinds=("Company`) //",)), "kinds", "no kind"),
        (NetworkFilter(kinds=("Funding",)), "kinds", "no kind 'Funding'"),
        (NetworkFilter(basis="said"), "basis", "Did you mean stated"),
        (NetworkFilter(modality="target"), "modality", "Known: actual, planned"),
        (NetworkFilter(stage="paid"), "stage", "no stage 'paid'"),
        (NetworkFilter(weight="amount"), "weight", "log_amount or amount_krw"),  # type: ignore[arg-type]
        (NetworkFilter(min_amount_krw=-1), "min_amount_krw", "min_amount_krw is -1"),
        (NetworkFilter(min_amount_krw=2**63), "min_amount_krw", "whole number"),
        (NetworkFilter(project="Company"), "through", "through is not given"),
        (NetworkFilter(through="Center"), "project", "project is not given"),
        (NetworkFilter(project="Compny", through="Center"), "project", "Did you mean Company"),
        (NetworkFilter(project="Center", through="Center"), "through", "both Center"),
        (
            NetworkFilter(project="Company", through="Center", weight="amount_krw"),
            "weight",
            "cannot go by amount_krw",
        ),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(
    seed: Seed, opened: Database, wanted: NetworkFilter, field: str, said: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await read_network(opened, seed.vocabulary, wanted)

    assert refused.value.field == field
    assert said in str(refused.value)


@pytest.mark.anyio
async def test_a_load_in_between_is_a_conflict_and_no_half_network(
    database: Database, harbor: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(database, harbor)
    read_columns = store_edges.entity_columns

    async def load_first(*arguments: Any) -> Any:
        monkeypatch.undo()
        await load(database, with_fact(harbor, "wave-funds-pier", note="checked"))
        return await read_columns(*arguments)

    monkeypatch.setattr("graphsvc.usecases.networks.network.entity_columns", load_first)
    with pytest.raises(StoreConflictError):
        await read_network(database, harbor.vocabulary, NetworkFilter())


@pytest.mark.anyio
async def test_things_that_came_or_went_in_between_are_a_conflict(
    database: Database, harbor: Seed
) -> None:
    await load(database, harbor)
    wanted = NetworkFilter(types=("FUNDS", "SUPPORTS"))
    parts = [part async for part in store_edges.edge_parts(database, wanted, ["wave-ministry"])]

    with pytest.raises(StoreConflictError):
        store_edges.Gathering(["wave-ministry"], wanted.types).add(parts[0][1])
    with pytest.raises(StoreConflictError):
        await store_edges.entity_columns(database, ["wave-ministry", "gone"])


# --- graphsvc.graph -------------------------------------------------------------------------------


def server_of(settings: Settings) -> dict[str, Any]:
    """What `graphsvc.graph` takes to find the database under test."""
    if settings.uri is None:
        return {"where": settings.data_dir}
    return {
        "where": settings.uri,
        "user": settings.user,
        "password": settings.neo4j_password(),
        "database": settings.database,
    }


def test_networkx_computes_on_the_graph_of_a_database(seed: Seed, settings: Settings) -> None:
    graph = graphsvc.graph(**server_of(settings), types="FUNDS", as_of="2024-06-01")

    assert nx.pagerank(graph) == pytest.approx(nx.pagerank(graphsvc.to_networkx(graph)), abs=1e-9)
    assert graph.graph["filter"]["types"] == ["FUNDS"]
    assert graph.graph["filter"]["as_of"] == "2024-06-01"
    assert graph.graph["graph_version"] >= 1
    assert graph.graph["graph_hash"] == graph.graph["hash"] == graphsvc.graph_hash(graph)


def test_what_a_graph_was_made_from_has_the_hash_that_results_name(
    seed: Seed, settings: Settings
) -> None:
    wanted = NetworkFilter(types=("FUNDS",))
    question = AnalysisRequest.of("degree", {}, wanted)

    async def analysed() -> Result:
        async with await Database.open(settings) as database:
            return await analyse(database, question)

    named = asyncio.run(analysed()).graph
    graph = graphsvc.graph(**server_of(settings), types="FUNDS").graph
    assert named["network_hash"] == named["hash"] == graph["network_hash"]
    assert graph["network_hash"] != graph["graph_hash"]


@directions
def test_symmetric_types_alone_make_a_graph_without_directions(
    seed: Seed, settings: Settings, case: Directions
) -> None:
    graph = graphsvc.graph(**server_of(settings), **case.filter)

    assert graph.is_directed() == case.directed
    assert graph.graph["filter"]["directed"] == case.directed


def test_a_graph_can_be_read_while_an_event_loop_runs(seed: Seed, settings: Settings) -> None:
    async def in_a_notebook() -> graphsvc.Graph:
        return graphsvc.graph(**server_of(settings), kinds=["Organization"], directed=False)

    graph = asyncio.run(in_a_notebook())

    assert len(graph) > 5
    assert not graph.is_directed()


def test_without_a_place_the_settings_say_where(
    seed: Seed, settings: Settings, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        if name.startswith("GRAPHSVC_"):
            monkeypatch.setenv(name, value)

    assert graphsvc.graph().graph["hash"] == graphsvc.graph(**server_of(settings)).graph["hash"]


def test_a_folder_wins_over_an_address_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHSVC_URI", "bolt://localhost:1")
    monkeypatch.setenv("GRAPHSVC_PASSWORD", "secret")

    with pytest.raises(StoreUnavailableError, match=r"The graph is empty.*graphsvc load"):
        graphsvc.graph(tmp_path)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"where": "/no/such/folder"}, "where"),
        ({"where": ".", "password": "secret"}, "password"),
        ({"as_of": "yesterday"}, "as_of"),
    ],
)
def test_what_graph_cannot_use_is_refused_before_it_asks(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        graphsvc.graph(**given)

    assert refused.value.field == field


def test_an_empty_database_says_what_to_do(settings: Settings, empty_database: None) -> None:
    with pytest.raises(StoreUnavailableError, match=r"The graph is empty.*graphsvc load"):
        graphsvc.graph(**server_of(settings))
