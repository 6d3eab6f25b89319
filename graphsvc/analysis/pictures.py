"""Pictures: ranks with intervals, degree distributions, flows between kinds, communities.

matplotlib comes with the extra `analysis`. Korean names need a font that has them: one of the known
families that is installed is taken, and where there is none the picture is refused with advice, as
boxes in place of names are of no use. `en` draws English names and needs none.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from graphsvc.analysis.network import Network
from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PictureFormat = Literal["svg", "png"]
Language = Literal["en", "ko"]

_KOREAN = (
    *("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Nanum Gothic", "NanumBarunGothic"),
    *("Malgun Gothic", "Apple SD Gothic Neo", "AppleGothic", "UnDotum", "Baekmuk Dotum"),
)
_MOST_ROWS = 30
_MOST_DRAWN = 400
_DPI = 150
_LONGEST_NAME = 48
_PLAIN = "{x:g}"
_PULL_BETWEEN = 0.1
_WEIGHT: dict[str, dict[Language, str]] = {
    "count": {"en": "relationships", "ko": "관계 수"},
    "amount_krw": {"en": "KRW", "ko": "원"},
    "log_amount": {"en": "log10(1 + KRW)", "ko": "log10(1 + 원)"},
}


def ranks(result: Result, form: PictureFormat, language: Language = "en") -> bytes:
    """The first nodes of a result: values, or ranks with their intervals (of `rank_stability`).

    Raises
    ------
    InvalidInputError
        When matplotlib or a font is missing, or the result has no value for each node.
    """
    columns = result.columns
    names = "name_en" if language == "en" else "name"
    if "node" not in columns or not {"value", "rank"} & columns.keys():
        raise InvalidInputError(
            f"A result of {result.metric} has no value for each node to rank.",
            mend="Draw a measure of nodes, or rank_stability.",
            field="metric",
        )
    rows = result.rows(0, _MOST_ROWS)[::-1]
    named = [_short(str(row[names] or row["node"])) for row in rows]
    places = np.arange(len(rows))

    def draw(axes: Axes) -> None:
        if "rank_low" in columns:
            median = np.array([row["rank_median"] for row in rows])
            low = median - np.array([row["rank_low"] for row in rows])
            high = np.array([row["rank_high"] for row in rows]) - median
            labels = (
                ("중앙값과 구간", "전체") if language == "ko" else ("median, interval", "all facts")
            )
            spans = np.stack((low, high))
            axes.errorbar(median, places, xerr=spans, fmt="o", capsize=3, label=labels[0])
            axes.plot([row["rank"] for row in rows], places, "x", label=labels[1])
            axes.legend()
            axes.invert_xaxis()
            axes.set_xlabel("순위 (구간)" if language == "ko" else "rank (interval)")
        else:
            axes.barh(places, [row["value"] or 0 for row in rows])
            axes.set_xlabel(result.metric)
        axes.set_yticks(places, named)

    return _picture(draw, form, language, height=1.5 + 0.27 * len(rows))


def degree_distribution(network: Network, form: PictureFormat, language: Language = "en") -> bytes:
    """How many nodes have each degree, and the share with at least so many (CCDF); both log-log."""
    degrees = np.array([degree for _, degree in network.graph.degree])
    degrees = degrees[degrees > 0]
    values, counts = np.unique(degrees, return_counts=True)
    at_least = counts[::-1].cumsum()[::-1] / max(counts.sum(), 1)

    def draw(axes: Axes) -> None:
        axes.loglog(values, counts / max(counts.sum(), 1), "o", label="P(k)")
        axes.loglog(values, at_least, drawstyle="steps-post", label="P(K ≥ k)")
        axes.set_xlabel("연결도" if language == "ko" else "degree")
        axes.set_ylabel("노드 비율" if language == "ko" else "share of nodes")
        for axis in (axes.xaxis, axes.yaxis):  # 10^-2 has a minus sign that Korean fonts lack
            axis.set_major_formatter(_PLAIN)
            axis.set_minor_formatter("")
        axes.legend()

    return _picture(draw, form, language)


def kind_flow(
    network: Network, names: Mapping[str, str], form: PictureFormat, language: Language = "en"
) -> bytes:
    """The weight of edges from each kind (row) to each kind (column); kinds by their `names`."""
    kinds = sorted(set(network.kinds))
    place = {kind: position for position, kind in enumerate(kinds)}
    of_node = np.array([place[kind] for kind in network.kinds], np.int64)
    out = network.graph.out
    weights = network.graph.values("weight")
    sums = np.zeros((len(kinds), len(kinds)))
    each = np.ones(out.entries) if weights is None else weights
    np.add.at(sums, (of_node[out.sources], of_node[out.indices]), each)

    def draw(axes: Axes) -> None:
        shown = axes.imshow(np.where(sums > 0, sums, np.nan), cmap="viridis", norm="log")
        named = [names[kind] for kind in kinds]
        axes.set_xticks(range(len(kinds)), named, rotation=90)
        axes.set_yticks(range(len(kinds)), named)
        axes.set_xlabel("받는 쪽" if language == "ko" else "to")
        axes.set_ylabel("주는 쪽" if language == "ko" else "from")
        label = _WEIGHT[network.weight][language]
        bar = axes.figure.colorbar(shown, ax=axes, label=label, format=_PLAIN)
        bar.ax.yaxis.set_minor_formatter("")

    return _picture(draw, form, language, height=2 + 0.25 * len(kinds), width=4 + 0.25 * len(kinds))


def community_map(
    network: Network, result: Result, form: PictureFormat, language: Language = "en"
) -> bytes:
    """Nodes by a spring layout (seeded), coloured by the group that a result puts them in.

    Edges within a group pull harder, and each group starts at a place of its own on a circle. Only
    the nodes of highest degree are drawn where there are many.
    """
    import networkx as nx

    if "group" not in result.columns:
        raise InvalidInputError(
            f"A result of {result.metric} has no groups.",
            mend="Draw louvain or components.",
            field="metric",
        )
    group = dict(zip(result.columns["node"], result.columns["group"], strict=True))
    names = dict(
        zip(
            result.columns["node"],
            result.columns["name_en" if language == "en" else "name"],
            strict=True,
        )
    )
    degrees = dict(network.graph.degree)
    drawn = sorted(degrees, key=lambda node: (-degrees[node], str(node)))[:_MOST_DRAWN]
    part = _as_networkx(network.graph.subgraph(drawn))
    start = _by_group([group[str(node)] for node in part], result.seed)
    for source, target, held in part.edges(data=True):
        held["pull"] = 1.0 if group[str(source)] == group[str(target)] else _PULL_BETWEEN
    at = nx.spring_layout(
        part, pos=dict(zip(part, start, strict=True)), weight="pull", seed=result.seed
    )

    def draw(axes: Axes) -> None:
        for source, target in part.edges:
            axes.plot(*zip(at[source], at[target], strict=True), color="0.85", linewidth=0.6)
        points = np.array([at[node] for node in part])
        colours = [group[str(node)] % 20 for node in part]
        sizes = [20 + 12 * degrees[node] ** 0.5 for node in part]
        axes.scatter(points[:, 0], points[:, 1], c=colours, s=sizes, cmap="tab20", zorder=2)
        for node in drawn[:15]:
            axes.annotate(str(names[str(node)] or node), at[node], fontsize=7, zorder=3)
        axes.set_axis_off()

    return _picture(draw, form, language, height=8, width=9)


def _by_group(groups: list[int], seed: int) -> np.ndarray:
    """Places around those of the groups, which stand on a circle."""
    _, place = np.unique(groups, return_inverse=True)
    angle = 2 * np.pi * place / (place.max() + 1)
    around = np.random.default_rng(seed).normal(0, 0.1, (len(groups), 2))
    return np.stack((np.cos(angle), np.sin(angle)), axis=1) + around


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _as_networkx(graph: Any) -> Any:
    from graphsvc.analysis.conversion import to_networkx

    return to_networkx(graph)


def _picture(
    draw: Callable[[Axes], None],
    form: PictureFormat,
    language: Language,
    *,
    width: float = 8,
    height: float = 5,
) -> bytes:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise InvalidInputError(
            "Pictures cannot be drawn: matplotlib is not installed.",
            mend="pip install 'graphsvc[analysis]'",
            field="format",
        ) from None
    # The same picture for the same result: no date, and ids that do not change.
    settings: Any = {"svg.hashsalt": "graphsvc", "axes.unicode_minus": False}
    if language == "ko":
        settings["font.family"] = [_korean_font(), "DejaVu Sans"]
    with rc_context(settings):
        figure: Figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.add_subplot())
        sink = io.BytesIO()
        metadata: dict[str, Any] = {"Date": None} if form == "svg" else {}
        figure.savefig(sink, format=form, dpi=_DPI, metadata=metadata)
    return sink.getvalue()


def _korean_font() -> str:
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    for family in _KOREAN:
        if family in installed:
            return family
    raise InvalidInputError(
        "No font with Korean letters is installed.",
        mend="Install one (Debian: apt-get install fonts-nanum), or draw with lang=en.",
        field="lang",
    )
