"""A paragraph for the methods section of a paper: what was computed, on what, and with what."""

from __future__ import annotations

from typing import Any

from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.result import Result
from graphsvc.model.choices import Language


def methods(result: Result, language: Language = Language.EN) -> str:
    """The paragraph, and the reference of the measure."""
    metric = METRICS[result.metric]
    graph, versions = result.graph, result.versions
    values = {
        "title": metric.title if language == "en" else f"{metric.title_ko}({metric.title})",
        "definition": metric.definition,
        "parameters": _listed(result.parameters) or ("none" if language == "en" else "없음"),
        "filter": _listed(result.filter) or ("none" if language == "en" else "없음"),
        "nodes": f"{graph['nodes']:,}",
        "edges": f"{graph['edges']:,}",
        "version": graph["version"],
        "hash": graph["hash"],
        "seed": result.seed,
        "software": ", ".join(f"{name} {number}" for name, number in versions.items()),
        "method": result.method,
        "warnings": "".join(f" {warning[language]}" for warning in result.warnings),
        "reference": metric.reference,
    }
    return _TEXT[language].format(**values)


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} = {_text(value)}" for name, value in values.items() if value is not None
    )


def _text(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


_TEXT = {
    "en": (
        "We computed {title} on a network of {nodes} nodes and {edges} edges, read from the"
        " graphsvc knowledge graph (version {version}; SHA-256 of the network {hash})."
        " {definition} Filter: {filter}. Parameters: {parameters}; seed {seed}."
        " Software: {software}; version {method} of the method.{warnings}\n\n"
        "Reference: {reference}\n"
    ),
    "ko": (
        "graphsvc 지식 그래프(버전 {version}, 네트워크 SHA-256 {hash})에서 읽은 노드 {nodes}개,"
        " 간선 {edges}개의 네트워크에서 {title} 값을 계산하였다. 정의: {definition} 필터: {filter}."
        " 매개변수: {parameters}, 시드 {seed}. 소프트웨어: {software},"
        " 계산 방법 버전 {method}.{warnings}\n\n참고문헌: {reference}\n"
    ),
}
