"""The plan guard: which of Neo4j's plans it lets pass."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.errors import AccessError
from graphsvc.store.guard import check_plan


def plan(operator: str, *children: dict[str, Any], details: str = "") -> dict[str, Any]:
    """Build an operator as the driver gives it; a leaf has no `children` at all."""
    built: dict[str, Any] = {"operatorType": f"{operator}@neo4j", "args": {}, "identifiers": []}
    if details:
        built["args"] = {"Details": details}
    if children:
        built["children"] = list(children)
    return built


@pytest.mark.parametrize(
    "operator",
    [
        "AllNodesScan",
        "NodeByLabelScan",
        "NodeUniqueIndexSeek",
        "NodeIndexSeekByRange",
        "DirectedRelationshipTypeScan",
        "UndirectedAllRelationshipsScan",
        "PartitionedUndirectedRelationshipIndexSeek",
        "Expand(All)",
        "OptionalExpand(Into)",
        "VarLengthExpand(Pruning,BFS,All)",
        "Repeat(Trail)",
        "StatefulShortestPath(Into)",
        "RollUpApply",
        "EagerAggregation",
        "Top1WithTies",
    ],
)
def test_a_reading_operator_passes(operator: str) -> None:
    check_plan(plan("ProduceResults", plan("Projection", plan(operator))))


@pytest.mark.parametrize(
    "operator",
    [
        "Create",
        "SetProperty",
        "SetNodePropertiesFromMap",
        "RemoveLabels",
        "Delete",
        "DetachDelete",
        "Merge",
        "LockingMerge",
        "Foreach",
        "SubqueryForeach",
        "TransactionForeach",
        "TransactionApply",
        "LoadCSV",
        "CreateIndex",
        "DropConstraint",
        "AdministrationCommand",
        "ShowSettings",
        "ShowTransactions",
        "TerminateTransactions",
        "DoNothingIfExists(INDEX)",
        "NodeUniqueIndexSeek(Locking)",
        "NodeVectorIndexSearch",
        "AnOperatorOfTomorrow",
    ],
)
def test_any_other_operator_is_refused_by_name(operator: str) -> None:
    with pytest.raises(AccessError) as caught:
        check_plan(plan("ProduceResults", plan("Apply", plan("Argument"), plan(operator))))
    assert caught.value.offence == operator
    assert operator in str(caught.value)


@pytest.mark.parametrize("procedure", ["db.labels", "db.relationshipTypes", "db.propertyKeys"])
def test_a_listed_procedure_passes(procedure: str) -> None:
    call = plan("ProcedureCall", details=f"{procedure}() :: (label :: STRING)")
    check_plan(plan("ProduceResults", call))


@pytest.mark.parametrize(
    ("details", "offence"),
    [
        ("apoc.load.json($autostring_0) :: (value :: MAP)", "apoc.load.json"),
        ("dbms.listConfig() :: (name :: STRING)", "dbms.listConfig"),
        ("db.labels.x() :: (label :: STRING)", "db.labels.x"),
        ("", "an unnamed procedure"),
    ],
)
def test_any_other_procedure_is_refused_by_name(details: str, offence: str) -> None:
    with pytest.raises(AccessError) as caught:
        check_plan(plan("ProduceResults", plan("ProcedureCall", details=details)))
    assert caught.value.offence == offence


@pytest.mark.parametrize(
    "call",
    [
        "CALL dbms.listConfig() YIELD name RETURN name",
        "ResolvedCall(dbms.listConfig(searchString  =  '' :: STRING) RETURN name",
    ],
)
def test_a_procedure_inside_a_comprehension_is_found_in_the_details(call: str) -> None:
    hidden = f"[x IN $autolist_0 | COLLECT {{ {call} }}] AS x"
    with pytest.raises(AccessError) as caught:
        check_plan(plan("ProduceResults", plan("Projection", details=hidden)))
    assert caught.value.offence == "dbms.listConfig"


def test_text_that_only_reads_like_a_call_passes() -> None:
    check_plan(plan("ProduceResults", details="`'CALL me(now)'`"))
    check_plan(
        plan("Projection", details="COUNT { CALL db.labels() YIELD label RETURN label } AS n")
    )


def test_a_plan_a_hundred_thousand_operators_deep_is_checked() -> None:
    deep = plan("Create")
    for _ in range(100_000):
        deep = plan("Apply", deep)
    with pytest.raises(AccessError):
        check_plan(deep)


def test_an_operator_without_a_name_is_refused() -> None:
    with pytest.raises(AccessError):
        check_plan({"args": {}})
