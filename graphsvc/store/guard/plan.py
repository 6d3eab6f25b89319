"""Decide from Neo4j's plan of a statement whether it only reads.

The second wall on Neo4j, for what the text alone may have hidden. Not for the embedded engine:
there EXPLAIN executes schema commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from graphsvc.errors import AccessError
from graphsvc.store.guard import words

# Operators that read, of Neo4j 5.26 to 2026.07, without the database (`@neo4j`), the variant
# (`Expand(All)`) and the prefixes of `_PREFIX`. Source: the operator summary of the Cypher manual
# and the plan descriptions of the servers. Left out besides the writing ones: LoadCSV, Show*,
# Terminate*, the index searches of procedures, and those that only accompany a write.
_READING = words.names(
    """
    AllNodesScan AllRelationshipsScan IntersectionNodeByLabelsScan NodeByElementIdSeek NodeByIdSeek
    NodeByLabelScan NodeCountFromCountStore NodeIndexContainsScan NodeIndexEndsWithScan
    NodeIndexScan NodeIndexSeek NodeIndexSeekByRange NodeUniqueIndexSeek NodeUniqueIndexSeekByRange
    MultiNodeIndexSeek SubtractionNodeByLabelsScan UnionNodeByLabelsScan
    RelationshipByElementIdSeek RelationshipByIdSeek RelationshipCountFromCountStore
    RelationshipIndexContainsScan RelationshipIndexEndsWithScan RelationshipIndexScan
    RelationshipIndexSeek RelationshipIndexSeekByRange RelationshipTypeScan RelationshipTypesScan
    RelationshipUniqueIndexSeek RelationshipUniqueIndexSeekByRange UnionRelationshipTypesScan
    BidirectionalRepeat Expand OptionalExpand NullifyMetadata PathPropagatingBFS ProjectEndpoints
    Repeat ShortestPath StatefulShortestPath VarLengthExpand
    Anti AntiConditionalApply AntiSemiApply Apply CartesianProduct ConditionalApply LetAntiSemiApply
    LetSelectOrAntiSemiApply LetSelectOrSemiApply LetSemiApply NodeHashJoin NodeLeftOuterHashJoin
    NodeRightOuterHashJoin RollUpApply SelectOrAntiSemiApply SelectOrSemiApply SemiApply
    TriadicBuild TriadicFilter TriadicSelection ValueHashJoin ValueMergeJoin
    Distinct Eager EagerAggregation Filter Limit Optional OrderedAggregation OrderedDistinct
    OrderedUnion PartialSort PartialTop PreserveOrder Skip Sort Top Top1WithTies Union
    Argument CacheProperties EmptyRow ProcedureCall ProduceResults Projection Unwind
    """
)
_PREFIX = re.compile(r"^(?:Partitioned)?(?:Directed|Undirected)?")

# A subquery inside a comprehension is no operator of its own: it stands in the details of the
# operator that evaluates it, and only there; 5.26 writes CALL p() as ResolvedCall(p()).
_SUBQUERY = re.compile(r"\b(?:COLLECT|COUNT|EXISTS)\s*\{", re.IGNORECASE)
_NESTED_CALL = re.compile(r"\b(?:CALL\s+|ResolvedCall\()([\w.`]+)\s*\(", re.IGNORECASE)


def check_plan(plan: Mapping[str, Any]) -> None:
    """Let a plan pass that does nothing but read.

    Parameters
    ----------
    plan
        `ResultSummary.plan` of the statement behind EXPLAIN: `operatorType`, `args`, `children`.

    Raises
    ------
    AccessError
        An operator or a procedure is not on the list; `offence` names it, without a place.

    Notes
    -----
    Linear in the number of operators.
    """
    for operator in _operators(plan):
        name = str(operator.get("operatorType", "")).partition("@")[0]
        base, _, variant = name.partition("(")
        if _PREFIX.sub("", base) not in _READING or "Locking" in variant:
            _refuse(name or "an unnamed operator", "operator")
        details = str(operator.get("args", {}).get("Details", ""))
        if base == "ProcedureCall":
            _check_procedure(details.partition("(")[0])
        if _SUBQUERY.search(details):
            for procedure in _NESTED_CALL.findall(details):
                _check_procedure(procedure)


def _operators(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the operators of a plan; a deep plan must not exhaust Python's stack."""
    waiting = [plan]
    while waiting:
        operator = waiting.pop()
        yield operator
        waiting.extend(operator.get("children", ()))


def _check_procedure(name: str) -> None:
    if name.strip().lower() not in words.PROCEDURES:
        _refuse(name.strip() or "an unnamed procedure", "procedure")


def _refuse(name: str, what: str) -> NoReturn:
    raise AccessError(
        f"{name}: the plan has the {what} {name}, which is not on the list of reading ones.",
        offence=name,
    )
