"""Pictures of results: ranks with intervals, degree distributions, flows of kinds, communities.

A picture is drawn from a result alone. matplotlib comes with the extra `analysis`. Korean names
need a font that has them: one of the known families that is installed is taken, and where there is
none the picture is refused with advice, as boxes in place of names are of no use. `en` draws
English names and needs none.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError
from graphsvc.model.choices import Language, PictureFormat

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_RANKED = 30
"""So many of the first nodes are drawn with their names."""

_KOREAN = (
    *("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Nanum Gothic", "NanumBarunGothic"),
    *("Malgun Gothic", "Apple SD Gothic Neo", "AppleGothic", "UnDotum", "Baekmuk Dotum"),
)
_MOST_NAMED = 15
_DPI = 150
_LONGEST_NAME = 48
_PLAIN = "{x:g}"
_WEIGHT: dict[str, dict[str, str]] = {
    "count": {"en": "relationships", "ko": "관계 수"},
    "amount_krw": {"en": "KRW", "ko": "원"},
    "log_amount": {"en": "log10(1 + KRW)", "ko": "log10(1 + 원)"},
    "strength": {"en": "tie strength", "ko": "연결의 세기"},
}


def drawn(
    result: Result,
    form: PictureFormat,
    language: Language = Language.EN,
    *,
    kinds: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
    top: int | None = None,
) -> bytes:
    """The picture of a measure: that which its `picture` in the catalog names.

    Parameters
    ----------
    kinds
        The names of kinds, for flows between them.
    only, top
        The kinds whose nodes alone are drawn, and how many nodes of highest degree, of communities;
        others are drawn of the rows that the result has.

    Raises
    ------
    InvalidInputError
        When matplotlib or a font is missing, or the measure has no picture.
    """
    match METRICS[result.metric].picture:
        case "ranks":
            return _ranks(result, form, language)
        case "degrees":
            return _degrees(result, form, language)
        case "kinds":
            return _kind_flow(result, kinds or {}, form, language)
        case "communities":
            return _communities(result, only, top, form, language)
    drawable = [name for name, metric in METRICS.items() if metric.picture]
    raise InvalidInputError(
        f"There is no picture of {result.metric}.",
        mend=f"Draw one of: {', '.join(drawable)}.",
        field="format",
    )


def _ranks(result: Result, form: PictureFormat, language: Language) -> bytes:
    """The first nodes: values, or ranks with their intervals (of `rank_stability`)."""
    rows = result.rows(0, MOST_RANKED)[::-1]
    names = "name_en" if language == "en" else "name"
    named = [_short(str(row[names] or row["node"])) for row in rows]
    metric = METRICS[result.metric]
    title = metric.title_ko if language == "ko" else metric.title
    places = np.arange(len(rows))

    def draw(axes: Axes) -> None:
        if "rank_low" in result.columns:
            _draw_intervals(axes, rows, places, language)
        else:
            value = metric.sorted_by or "value"
            axes.barh(places, [row[value] or 0 for row in rows])
            axes.set_xlabel(title if value == "value" else f"{title} ({value})")
        axes.set_yticks(places, named)

    return _picture(draw, form, language, height=1.5 + 0.27 * len(rows))


def _draw_intervals(
    axes: Axes, rows: list[dict[str, Any]], places: np.ndarray, language: Language
) -> None:
    median = np.array([row["rank_median"] for row in rows])
    low, high = (
        np.array([row[name] for row in rows], np.float64) for name in ("rank_low", "rank_high")
    )
    there = np.isfinite(low)  # few documents have no intervals
    english = ("median of resamples", "resampling interval", "all facts")
    labels = ("재표본 중앙값", "재표집 구간", "전체") if language == "ko" else english
    # Its own middle is marked by nothing; the median need not lie within.
    middle, half = (low + high)[there] / 2, (high - low)[there] / 2
    if there.any():
        axes.errorbar(middle, places[there], xerr=half, fmt="none", capsize=3, label=labels[1])
    axes.plot(median, places, "o", label=labels[0])
    axes.plot([row["rank"] for row in rows], places, "x", label=labels[2])
    axes.legend()
    axes.invert_xaxis()
    axes.set_xlabel("순위 (재표집 구간)" if language == "ko" else "rank (resampling interval)")


def _degrees(result: Result, form: PictureFormat, language: Language) -> bytes:
    """The share of nodes with each degree, and with at least it (CCDF); both log-log."""
    drawable = np.array(result.columns["degree"]) > 0
    degree, share, at_least = (
        np.array(result.columns[name])[drawable] for name in ("degree", "share", "share_at_least")
    )

    def draw(axes: Axes) -> None:
        axes.loglog(degree, share, "o", label="P(k)")
        axes.loglog(degree, at_least, drawstyle="steps-pre", label="P(K ≥ k)")
        axes.set_xlabel("연결도" if language == "ko" else "degree")
        axes.set_ylabel("노드 비율" if language == "ko" else "share of nodes")
        for axis in (axes.xaxis, axes.yaxis):  # 10^-2 has a minus sign that Korean fonts lack
            axis.set_major_formatter(_PLAIN)
            axis.set_minor_formatter("")
        axes.legend()

    return _picture(draw, form, language)


def _kind_flow(
    result: Result, names: Mapping[str, str], form: PictureFormat, language: Language
) -> bytes:
    """The weight of edges from each kind (row) to each kind (column)."""
    pairs = list(zip(result.columns["source_kind"], result.columns["target_kind"], strict=True))
    kinds = sorted({kind for pair in pairs for kind in pair})
    place = {kind: position for position, kind in enumerate(kinds)}
    sums = np.full((len(kinds), len(kinds)), np.nan)
    for (source, target), weight in zip(pairs, result.columns["weight"], strict=True):
        if weight > 0:  # of a logarithm
            sums[place[source], place[target]] = weight
            if not result.filter["directed"]:
                sums[place[target], place[source]] = weight

    def draw(axes: Axes) -> None:
        norm = "log" if np.isfinite(sums).any() else None
        shown = axes.imshow(sums, cmap="viridis", norm=norm)
        named = [names.get(kind, kind) for kind in kinds]
        axes.set_xticks(range(len(kinds)), named, rotation=90)
        axes.set_yticks(range(len(kinds)), named)
        if result.filter["directed"]:
            axes.set_xlabel("받는 쪽" if language == "ko" else "to")
            axes.set_ylabel("주는 쪽" if language == "ko" else "from")
        rule = "strength" if result.filter["project"] else result.filter["weight"]
        label = _WEIGHT[rule][language]
        bar = axes.figure.colorbar(shown, ax=axes, label=label, format=_PLAIN)
        bar.ax.yaxis.set_minor_formatter("")

    return _picture(draw, form, language, height=2 + 0.25 * len(kinds), width=4 + 0.25 * len(kinds))


def _communities(
    result: Result,
    only: Collection[str] | None,
    top: int | None,
    form: PictureFormat,
    language: Language,
) -> bytes:
    """Nodes as the result has laid them out, coloured by their group."""
    if result.layout is None:
        raise InvalidInputError(
            f"This result of {result.metric} says nowhere where its nodes stand in a picture.",
            mend="Have it computed again.",
            field="format",
        )
    nodes = result.layout.nodes
    wanted = [place for place, kind in enumerate(nodes["kind"]) if only is None or kind in only]
    shown = sorted(wanted, key=lambda place: -nodes["degree"][place])[:top]
    at = np.stack((nodes["x"], nodes["y"]), axis=1)
    there = set(shown)
    lines = [at[list(ends)] for ends in result.layout.edges if there.issuperset(ends)]
    names = nodes["name_en" if language == "en" else "name"]

    def draw(axes: Axes) -> None:
        from matplotlib.collections import LineCollection

        axes.add_collection(LineCollection(lines, colors="0.85", linewidths=0.6))
        colours = [nodes["group"][place] % 20 for place in shown]
        sizes = [20 + 12 * nodes["degree"][place] ** 0.5 for place in shown]
        axes.scatter(at[shown, 0], at[shown, 1], c=colours, s=sizes, cmap="tab20", zorder=2)
        for place in shown[:_MOST_NAMED]:
            axes.annotate(names[place] or nodes["node"][place], at[place], fontsize=7, zorder=3)
        axes.set_axis_off()

    return _picture(draw, form, language, height=8, width=9)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


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
