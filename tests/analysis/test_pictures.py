"""Pictures are drawn, the same for the same result, or say what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from graphsvc.analysis import pictures
from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.computing import compute
from graphsvc.analysis.metric import Inputs
from graphsvc.analysis.network import Network
from graphsvc.analysis.result import Result, columns_of
from graphsvc.errors import InvalidInputError
from tests.analysis.networks import network

pytest.importorskip("matplotlib")

SMALL = network(
    "m funds a 5", "m funds b 7", "a supports c -", "c supports m -", kinds={"m": "Ministry"}
)
ENGLISH = {"Ministry": "ministry", "Organization": "organization"}
KOREAN = {"Ministry": "부처", "Organization": "기관"}
DRAWN = ["pagerank"] + [
    name for name, metric in METRICS.items() if metric.picture and metric.sorted_by != "value"
]


def result(metric: str, of: Network = SMALL, **chosen: Any) -> Result:
    """What a run of the measure would find."""
    measure = METRICS[metric]
    made = replace(of, graph=of.graph.to_undirected()) if measure.undirected else of
    table = compute(measure, Inputs(made, measure.parameters(**chosen), seed=0))
    described = {
        str(node): {"kind": kind, "name": f"이름 {node}", "name_en": f"Name {node}"}
        for node, kind in zip(of.graph.node_list, of.kinds, strict=True)
    }
    asked = {"directed": made.graph.directed, "project": None, "weight": of.weight}
    columns = columns_of(measure, table, described)
    return Result(
        metric, {}, asked, 0, "process", {}, {}, "", "", "", "", columns, layout=table.layout
    )


def words(picture: bytes) -> set[str]:
    """matplotlib notes each text beside its outlines."""
    return set(re.findall(r"<!-- (.*) -->", picture.decode("utf-8")))


@pytest.mark.parametrize("metric", DRAWN)
def test_a_picture_is_drawn_and_is_the_same_again(metric: str) -> None:
    found = result(metric, **({"resamples": 10} if metric == "rank_stability" else {}))
    picture = pictures.drawn(found, "svg", kinds=ENGLISH)
    assert b"<svg" in picture
    assert pictures.drawn(found, "svg", kinds=ENGLISH) == picture
    assert pictures.drawn(found, "png", kinds=ENGLISH).startswith(b"\x89PNG")


def test_what_is_ranked_is_named_with_its_value() -> None:
    assert {"Name m", "Name a", "PageRank"} <= words(pictures.drawn(result("pagerank"), "svg"))
    assert "Hubs and authorities (authority)" in words(pictures.drawn(result("hits"), "svg"))


@pytest.mark.parametrize(("facts", "interval"), [(2, False), (30, True)])
def test_ranks_have_a_resampling_interval_where_documents_are_not_few(
    facts: int, interval: bool
) -> None:
    of = network(*(f"m{fact} funds a -" for fact in range(facts)))
    drawn = words(pictures.drawn(result("rank_stability", of, resamples=10), "svg"))
    assert {"Name a", "median of resamples", "rank (resampling interval)"} <= drawn
    assert ("resampling interval" in drawn) == interval


def test_no_more_nodes_are_ranked_than_can_be_read() -> None:
    many = network(*(f"hub funds {number} -" for number in range(50)))
    drawn = words(pictures.drawn(result("degree", many), "svg"))
    assert len([word for word in drawn if word.startswith("Name")]) == pictures.MOST_RANKED


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a font that is there had the letters."""
    monkeypatch.setattr(pictures, "_KOREAN", ("DejaVu Sans",))


@pytest.mark.usefixtures("korean")
@pytest.mark.filterwarnings("ignore:Glyph")
def test_korean_pictures_are_korean_throughout() -> None:
    drawn = words(pictures.drawn(result("kind_flow"), "svg", "ko", kinds=KOREAN))
    assert {"부처", "기관", "주는 쪽", "받는 쪽", "관계 수"} <= drawn
    assert not [word for word in drawn if re.search("[a-z]", word)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"weight": "amount_krw"}, "KRW"), ({"project": "Organization"}, "tie strength")],
)
def test_a_flow_says_what_it_is_counted_in(asked: dict[str, str], said: str) -> None:
    flow = result("kind_flow")
    assert said in words(pictures.drawn(replace(flow, filter=flow.filter | asked), "svg"))


def test_a_flow_of_weights_that_a_logarithm_cannot_show_is_empty() -> None:
    flow = result("kind_flow")
    none = replace(flow, columns=flow.columns | {"weight": [0.0] * len(flow)})
    assert "from" in words(pictures.drawn(none, "svg"))


def test_a_flow_without_directions_goes_neither_from_nor_to() -> None:
    of = replace(SMALL, graph=SMALL.graph.to_undirected())
    assert not {"from", "to"} & words(pictures.drawn(result("kind_flow", of), "svg"))


def test_a_share_is_written_without_a_power_whose_sign_fonts_lack() -> None:
    many = network(*(f"hub funds {number} -" for number in range(20)))
    drawn = words(pictures.drawn(result("degree_distribution", many), "svg"))
    assert {"1", "10", "0.1"} <= drawn
    assert not [word for word in drawn if "^" in word]


def test_between_two_degrees_as_many_nodes_have_more_as_have_the_higher() -> None:
    picture = pictures.drawn(result("degree_distribution"), "svg").decode("utf-8")
    line = re.search(r'<path d="M ([\d.]+) ([\d.]+) \nL ([\d.]+) ([\d.]+)[^>]*#ff7f0e', picture)
    assert line is not None
    (begin, high), (end, low) = line.group(1, 2), line.group(3, 4)
    assert begin == end  # it falls as soon as the lower degree is passed
    assert float(low) > float(high)  # pixels are counted from the top


def test_communities_are_drawn_of_some_kinds_or_of_the_largest_nodes() -> None:
    groups = result("louvain")
    assert words(pictures.drawn(groups, "svg")) == {"m", "a", "b", "c"}
    assert words(pictures.drawn(groups, "svg", only=["Ministry"])) == {"m"}
    assert len(words(pictures.drawn(groups, "svg", top=2))) == 2


def test_without_a_korean_font_one_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_KOREAN", ())
    with pytest.raises(InvalidInputError, match="fonts-nanum"):
        pictures.drawn(result("pagerank"), "svg", "ko")


def test_what_has_no_picture_is_refused_with_what_has() -> None:
    with pytest.raises(InvalidInputError, match="no picture of transitivity") as refused:
        pictures.drawn(result("transitivity"), "svg")
    assert "rank_stability" in str(refused.value.mend)


@pytest.mark.parametrize("metric", ["pagerank", "rank_stability", "louvain"])
def test_a_kind_that_no_node_is_of_leaves_an_empty_picture(metric: str) -> None:
    found = result(metric, **({"resamples": 10} if metric == "rank_stability" else {}))
    picture = pictures.drawn(found.first(0), "svg", only=[])
    assert not {word for word in words(picture) if word.startswith("Name")}
