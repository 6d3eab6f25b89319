"""Money flows over HTTP: groups, stages, currencies, regrants, time, pages and diagrams."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import networkx as nx
import pytest
from anyio.from_thread import BlockingPortal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc import paths
from graphsvc.api import flows as api_flows
from graphsvc.api.http.cursors import _content, encoded
from graphsvc.model.money import LARGEST_INTEGER
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.queries import read_queries
from graphsvc.usecases.lists.pages import Position
from graphsvc.usecases.loading.load import load
from graphsvc.usecases.money.flows import flows as add_up
from graphsvc.usecases.money.stated_sums import SumFilter
from tests.api.conftest import Api, _over, serving, walk
from tests.conftest import Cypher
from tests.made_seeds import funding, funds, link, only, thing, with_facts, with_things, won

PATH = "/v1/flows"
SAFE_SUM = read_queries(paths.cypher_dir() / "queries").statements["safe_sum"]


@pytest.fixture(scope="module")
def canal_seed(harbor_seed: Seed) -> Seed:
    """A circle of three in won, joint payers and recipients, places, and a bare program."""
    things = [
        *(thing(id_, "Company") for id_ in ("a-works", "b-works", "c-works")),
        thing("sand-ministry", "Ministry"),
        thing("lock-town", "Place"),
        thing("canal-park", "Place"),
        thing("heron-city", "LocalGovernment"),
    ]
    return with_things(
        only(
            harbor_seed,
            funds("a-b", "a-works", "b-works", won(500)),
            funds("b-c", "b-works", "c-works", won(300)),
            funds("c-a", "c-works", "a-works", won(200, regrant=True)),
            funds("c-a-again", "c-works", "a-works", won(50, qualifier="at_least")),
            funds("c-a-unstated", "c-works", "a-works"),
            funds("a-b-paid", "a-works", "b-works", won(499, stage="disbursed")),
            funds("a-b-dollars", "a-works", "b-works", {**won(7), "currency": "USD"}),
            funds("a-to-sand", "a-works", "sand-ministry", won(9, source="private"), period="2030"),
            funding("two-ministries", ["wave-ministry", "sand-ministry"], ["tide-center"],
                    won(70), program="harbor-growth-program"),
            funding("mixed-payers", ["wave-ministry", "gull-city"], ["tide-center", "ebb-center"],
                    won(80, qualifier="at_most")),
            funding("no-payer", [], ["ebb-center"], won(90, qualifier="about")),
            funding("bare-program", [], [], won(40), program="deep-water-program"),
            link("tide-in-park", "tide-center", "LOCATED_IN", "canal-park"),
            link("park-in-gull", "canal-park", "LOCATED_IN", "gull-city"),
            link("ebb-in-town", "ebb-center", "LOCATED_IN", "lock-town"),
            link("a-in-heron", "a-works", "LOCATED_IN", "heron-city", period="2031/.."),
            link("a-in-gull", "a-works", "LOCATED_IN", "gull-city", period="../2030"),
        ),
        *things,
    )  # fmt: skip


@pytest.fixture
def canal(api: Api, canal_seed: Seed, cypher: Cypher) -> Api:
    """The application over the invented canal."""
    return _over(api, canal_seed, cypher)


def flows(api: Api, **parameters: Any) -> dict[tuple[str, str, Any, Any], dict[str, Any]]:
    """Cells by the keys of their groups, their currency and their stage."""
    return {
        (cell["from"]["key"], cell["to"]["key"], cell["currency"], cell["stage"]): cell
        for cell in api.items(PATH, **parameters)
    }


@pytest.mark.smoke
def test_a_cell_has_exact_sums_and_every_fact_that_it_adds_up(canal: Api) -> None:
    cell = flows(canal)["c-works", "a-works", "KRW", "announced"]

    assert cell["facts"] == ["c-a", "c-a-again"]
    figures = ("gross", "regrants", "net", "amount", "least", "most")
    assert [cell[name] for name in figures] == ["250", "200", "50", "250", "250", None]
    assert (cell["at_least"], cell["at_most"], cell["about"]) == (1, 0, 0)
    assert cell["without_amount"] == 1
    assert "holds" not in cell


def test_with_net_the_figure_its_bounds_and_the_order_leave_out_regrants(canal: Api) -> None:
    cell = flows(canal, net="true")["c-works", "a-works", "KRW", "announced"]
    items = canal.items(PATH, net="true", stage="announced", currency="KRW")

    assert (cell["amount"], cell["least"], cell["gross"]) == ("50", "50", "250")
    amounts = [int(item["amount"]) for item in items]
    assert amounts == sorted(amounts, reverse=True)


def test_stages_and_currencies_are_not_added_together(canal: Api) -> None:
    cells = {
        key[2:]: cell["amount"]
        for key, cell in flows(canal).items()
        if key[:2] == ("a-works", "b-works")
    }

    assert cells == {
        ("KRW", "announced"): "500",
        ("KRW", "disbursed"): "499",
        ("USD", "announced"): "7",
    }


def test_a_common_sum_is_charged_to_nobody(canal: Api) -> None:
    found = flows(canal)

    both = found["gull-city+wave-ministry", "ebb-center+tide-center", "KRW", "announced"]
    assert (both["from"]["is"], both["amount"], both["common"]) == ("joint", "80", "80")
    assert [member["id"] for member in both["from"]["members"]] == ["gull-city", "wave-ministry"]
    assert ("gull-city", "ebb-center", "KRW", "announced") not in found
    unnamed = found[":unstated-payer", "ebb-center", "KRW", "announced"]
    assert (unnamed["from"]["is"], unnamed["from"]["members"]) == ("unstated", [])
    assert (unnamed["least"], unnamed["most"]) == ("0", None)


def test_a_sum_without_a_recipient_goes_to_its_program(canal: Api) -> None:
    assert flows(canal)[":unstated-payer", "deep-water-program", "KRW", "announced"]["facts"] == [
        "bare-program"
    ]


def test_by_kind_several_of_one_kind_are_that_kind_and_no_others(canal: Api) -> None:
    found = flows(canal, group_by="kind", stage="announced", currency="KRW")

    assert found["Ministry", "Center", "KRW", "announced"]["facts"] == ["two-ministries"]
    assert found["Ministry", "Center", "KRW", "announced"]["common"] == "70"
    joint = found["LocalGovernment+Ministry", "Center", "KRW", "announced"]
    assert [member["name"] for member in joint["from"]["members"]] == ["지방자치단체", "중앙부처"]
    companies = found["Company", "Company", "KRW", "announced"]
    assert (companies["amount"], companies["facts"]) == ("1050", ["a-b", "b-c", "c-a", "c-a-again"])


def test_by_place_a_thing_is_where_the_nearest_local_government_is(canal: Api) -> None:
    found = flows(canal, group_by="place", stage="announced", currency="KRW")

    assert found[":unknown-payer", "gull-city", "KRW", "announced"]["facts"] == ["two-ministries"]
    assert found[":unstated-payer", "lock-town", "KRW", "announced"]["facts"] == ["no-payer"]
    mixed = found[":unknown-payer+gull-city", "gull-city+lock-town", "KRW", "announced"]
    assert mixed["from"]["members"][0] is None
    moved = found["gull-city+heron-city", ":unknown-recipient", "KRW", "announced"]
    assert moved["facts"] == ["a-b", "a-to-sand"]


@pytest.mark.parametrize(
    ("day", "place"), [("2030-06-01", "gull-city"), ("2031-06-01", "heron-city")]
)
def test_by_place_and_day_a_thing_is_where_it_was_then(canal: Api, day: str, place: str) -> None:
    found = flows(canal, group_by="place", stage="disbursed", as_of=day)

    assert found[place, ":unknown-recipient", "KRW", "disbursed"]["facts"] == ["a-b-paid"]


def test_by_program_money_goes_to_what_it_runs_under(canal: Api) -> None:
    found = flows(canal, group_by="program", stage="announced", currency="KRW")

    joint = found["sand-ministry+wave-ministry", "harbor-growth-program", "KRW", "announced"]
    assert joint["facts"] == ["two-ministries"]
    assert (":unstated-payer", "deep-water-program", "KRW", "announced") in found
    none = found["a-works", ":unstated-program", "KRW", "announced"]
    assert (none["to"]["is"], none["facts"]) == ("unstated", ["a-b", "a-to-sand"])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"from": "a-works"}, {"a-b", "a-b-paid", "a-b-dollars", "a-to-sand"}),
        ({"from": "wave-ministry"}, {"two-ministries", "mixed-payers"}),
        ({"to": "ebb-center"}, {"mixed-payers", "no-payer"}),
        ({"to": "deep-water-program"}, {"bare-program"}),
        ({"from": "c-works", "to": "a-works"}, {"c-a", "c-a-again", "c-a-unstated"}),
        ({"from": "a-works", "stage": "disbursed"}, {"a-b-paid"}),
        ({"currency": "USD"}, {"a-b-dollars"}),
        ({"source": "private"}, {"a-to-sand"}),
        ({"from": "a-works", "undated": "exclude"}, {"a-to-sand"}),
        ({"from": "a-works", "as_of": "2031-01-01"}, {"a-b", "a-b-paid", "a-b-dollars"}),
    ],
)
def test_each_filter_keeps_what_it_says(
    canal: Api, parameters: dict[str, str], expected: set[str]
) -> None:
    found = canal.items(PATH, **parameters)

    assert {fact for cell in found for fact in cell["facts"]} == expected


def test_facts_without_a_sum_come_last_and_are_counted_where_sums_are_asked_for(
    canal: Api,
) -> None:
    last = canal.items(PATH)[-1]

    assert (last["facts"], last["currency"], last["amount"]) == (["c-a-unstated"], None, None)
    page = canal.ok(PATH, params={"currency": "USD"})
    assert [cell["currency"] for cell in page["items"]] == ["USD"]
    assert page["without_amount"] == 1


def test_on_a_day_each_cell_says_how_sure_it_is(canal: Api) -> None:
    found = flows(canal, as_of="2030-06-01")

    assert found["a-works", "sand-ministry", "KRW", "announced"]["holds"] == "yes"
    assert found["a-works", "b-works", "KRW", "announced"]["holds"] == "possibly"


def test_a_page_at_a_time_shows_every_cell_once_and_the_same_totals(canal: Api) -> None:
    whole = canal.ok(PATH)
    pages = list(walk(canal, PATH, limit=2))

    assert [item for page in pages for item in page["items"]] == whole["items"]
    assert all(page["totals"] == whole["totals"] for page in pages)
    assert {page["total"] for page in pages} == {len(whole["items"])}


# --- kept, and of one version ------------------------------------------------------------------


@pytest.fixture
def added_up(monkeypatch: pytest.MonkeyPatch) -> list[SumFilter]:
    """What was added up since the test began."""
    asked: list[SumFilter] = []

    async def noted(database: Any, vocabulary: Any, wanted: SumFilter, *args: Any, **options: Any):
        asked.append(wanted)
        return await add_up(database, vocabulary, wanted, *args, **options)

    monkeypatch.setattr(api_flows, "flows", noted)
    return asked


@pytest.fixture
def canal_again(
    canal: Api, fresh: Settings, portal: BlockingPortal, added_up: list[SumFilter]
) -> Iterator[Api]:
    """Another service over the canal, which has added up nothing and keeps no answers."""
    with serving(fresh.model_copy(update={"cache_bytes": 0}), portal) as api:
        yield api


def test_pages_and_diagrams_of_one_question_are_added_up_once(
    canal_again: Api, added_up: list[SumFilter]
) -> None:
    whole = [item for page in walk(canal_again, PATH, limit=2) for item in page["items"]]
    assert whole == canal_again.items(PATH, limit=500)
    canal_again.ok(PATH, params={"shape": "sankey"})
    assert len(added_up) == 1

    for other in (
        {"net": "true"},
        {"group_by": "kind"},
        {"as_of": "2030-06-01"},
        {"from": "a-works"},
    ):
        canal_again.ok(PATH, params=other)
        canal_again.ok(PATH, params={**other, "limit": 1})
    assert len(added_up) == 5


def test_who_asks_at_once_shares_one_adding_up(canal_again: Api, added_up: list[SumFilter]) -> None:
    async def all_at_once() -> set[bytes]:
        get = partial(canal_again.client.get, PATH)
        return {answer.content for answer in await asyncio.gather(*(get() for _ in range(10)))}

    assert len(canal_again.portal.call(all_at_once)) == 1
    assert len(added_up) == 1


@pytest.fixture
def canal_watched(canal: Api, fresh: Settings, portal: BlockingPortal) -> Iterator[Api]:
    """A service over the canal that looks for another version of it once a minute."""
    with serving(fresh.model_copy(update={"state_max_age_s": 60}), portal) as api:
        canal.holds = None  # the tests load other seeds
        yield api


def _load_before(
    monkeypatch: pytest.MonkeyPatch, read: str, settings: Settings, *seeds: Seed
) -> None:
    """Have another process load one seed after the other, each before the next such read."""
    reads = getattr(api_flows, read)
    left = list(seeds)

    async def loads_and_reads(*args: Any, **options: Any) -> Any:
        if left:
            async with await Database.open(settings) as database:
                await load(database, left.pop(0), allow_retract=True)
        return await reads(*args, **options)

    monkeypatch.setattr(api_flows, read, loads_and_reads)


def _without(seed: Seed, thing_: str) -> Seed:
    facts = {id_: fact for id_, fact in seed.facts.items() if thing_ not in str(fact)}
    things = {id_: thing for id_, thing in seed.entities.items() if id_ != thing_}
    return replace(seed, facts=facts, entities=things)


@pytest.mark.parametrize("read", ["flows", "flow_page"])
def test_where_a_load_comes_between_two_reads_the_answer_is_of_the_version_after(
    canal_watched: Api,
    canal: Api,
    canal_seed: Seed,
    fresh: Settings,
    monkeypatch: pytest.MonkeyPatch,
    read: str,
) -> None:
    before = canal_watched.ok(PATH, params={"net": "true"})
    _load_before(monkeypatch, read, fresh, _without(canal_seed, "c-works"))
    answer = canal_watched.get(PATH)

    assert answer.json() == canal.ok(PATH)
    assert answer.json()["graph_version"] == before["graph_version"] + 1
    assert "c-works" in str(before)
    assert "c-works" not in answer.text
    assert (answer.headers.get("etag"), answer.headers["cache-control"]) == (None, "no-store")
    again = canal_watched.get(PATH)
    assert again.json() == answer.json()
    assert "etag" in again.headers


def test_a_page_of_what_is_kept_is_not_named_by_another_version(
    canal_watched: Api, canal_seed: Seed, fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = canal_watched.ok(PATH, params={"limit": 2})["next_cursor"]
    _load_before(monkeypatch, "flow_page", fresh, _without(canal_seed, "c-works"))
    page = canal_watched.ok(PATH, params={"limit": 2, "cursor": cursor})

    assert page["totals"] == canal_watched.ok(PATH)["totals"]
    assert "c-works" not in str(page)


def test_where_loads_keep_coming_it_is_a_conflict(
    canal_watched: Api, canal_seed: Seed, fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = _without(canal_seed, "c-works")
    _load_before(monkeypatch, "flow_page", fresh, smaller, _without(smaller, "b-works"))

    assert canal_watched.problem(PATH, 409, "store-conflict")["mend"]
    assert "b-works" not in str(canal_watched.items(PATH))


# --- against safe_sum ---------------------------------------------------------------------------


def _safe_sum(api: Api, **parameters: Any) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    async def work() -> list[dict[str, Any]]:
        statements = await api.app.state.graph.statements()
        result = await statements.query(SAFE_SUM.text, SAFE_SUM.bind(parameters))
        return result.objects()

    return _totals(api.portal.call(work))


def _totals(rows: list[dict[str, Any]]) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    counts = ("facts", "at_least", "at_most", "about")
    return {
        (row["currency"], row["stage"]): (
            Decimal(row["gross"]),
            Decimal(row["net"]),
            *(row[name] for name in counts),
        )
        for row in rows
        if row["currency"] is not None
    }


@pytest.mark.parametrize("seed", ["harbor", "packaged", "canal"])
def test_totals_are_those_of_the_safe_sum(request: pytest.FixtureRequest, seed: str) -> None:
    api: Api = request.getfixturevalue(seed)

    for group_by in ("kind", "entity", "place", "program"):
        assert _totals(api.ok(PATH, params={"group_by": group_by})["totals"]) == _safe_sum(api)


def test_what_one_alone_pays_is_the_safe_sum_of_that_payer(canal: Api) -> None:
    found = canal.items(PATH, **{"from": "a-works"})
    alone = [cell for cell in found if cell["from"]["is"] == "one"]

    paid: dict[Any, Decimal] = {}
    for cell in alone:
        key = cell["currency"], cell["stage"]
        paid[key] = paid.get(key, Decimal(0)) + Decimal(cell["gross"])
    assert paid == {key: row[0] for key, row in _safe_sum(canal, funder="a-works").items()}


MADE = st.lists(
    st.tuples(
        st.decimals(0, LARGEST_INTEGER, places=9),
        st.sampled_from(["EUR", "USD"]),
        st.sampled_from(["announced", "disbursed"]),
        st.booleans(),
        st.sampled_from(
            [("wave-ministry", "tide-center"), ("tide-center", "rope-and-sail"),
             ("", "tide-center"), ("wave-ministry+gull-city", "tide-center+ebb-center")]
        ),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=MADE)
def test_whatever_the_sums_are_totals_are_those_of_the_safe_sum(
    harbor: Api, harbor_seed: Seed, made: list[Any]
) -> None:
    _require_totals_of_the_safe_sum(harbor, harbor_seed, made)


def test_totals_beyond_64_bits_are_those_of_the_safe_sum(harbor: Api, harbor_seed: Seed) -> None:
    made = (LARGEST_INTEGER, "EUR", "announced", False, ("wave-ministry", "tide-center"))

    _require_totals_of_the_safe_sum(harbor, harbor_seed, [made] * 3)


def _require_totals_of_the_safe_sum(harbor: Api, harbor_seed: Seed, made: list[Any]) -> None:
    facts = []
    for number, (amount, currency, stage, regrant, (payers, goals)) in enumerate(made):
        money = {"amount": amount, "currency": currency, "stage": stage, "regrant": regrant,
                 "source": "unknown"}  # fmt: skip
        ends = [text.split("+") if text else [] for text in (payers, goals)]
        facts.append(funding(f"made-{number}", *ends, money))
    harbor.load(with_facts(harbor_seed, *facts))

    assert _totals(harbor.ok(PATH)["totals"]) == _safe_sum(harbor)


# --- diagrams -----------------------------------------------------------------------------------


def _diagrams(api: Api, **parameters: Any) -> dict[tuple[str, str], dict[str, Any]]:
    answer = api.ok(PATH, params={"shape": "sankey", **parameters})
    return {(each["currency"], each["stage"]): each for each in answer["diagrams"]}


def test_a_circle_is_broken_at_its_smallest_link_which_is_named(canal: Api) -> None:
    diagram = _diagrams(canal)["KRW", "announced"]

    assert [(each["from"], each["to"], each["because"]) for each in diagram["cut"]] == [
        ("c-works", "a-works", "cycle")
    ]
    assert (diagram["cut"][0]["amount"], diagram["cut"][0]["facts"]) == (
        "250",
        ["c-a", "c-a-again"],
    )


def test_what_flows_within_one_group_is_cut_and_named(canal: Api) -> None:
    diagram = _diagrams(canal, group_by="kind")["KRW", "announced"]

    assert ("Company", "Company", "loop") in [
        (each["from"], each["to"], each["because"]) for each in diagram["cut"]
    ]


@pytest.mark.parametrize("net", ["true", "false"])
@pytest.mark.parametrize("group_by", ["kind", "entity", "place", "program"])
def test_links_and_cuts_are_the_cells_of_the_table_and_links_make_no_circle(
    canal: Api, group_by: str, net: str
) -> None:
    cells = canal.items(PATH, group_by=group_by, net=net)
    table = {cell["id"]: (cell["amount"], cell["facts"]) for cell in cells if cell["currency"]}
    drawn: dict[str, Any] = {}
    for diagram in _diagrams(canal, group_by=group_by, net=net).values():
        links = [*diagram["links"], *diagram["cut"]]
        drawn |= {each["id"]: (each["amount"], each["facts"]) for each in links}
        nodes = Counter(node["key"] for node in diagram["nodes"])
        assert set(nodes) == {end for each in links for end in (each["from"], each["to"])}
        assert set(nodes.values()) == {1}
        left = nx.DiGraph([(each["from"], each["to"]) for each in diagram["links"]])
        assert nx.is_directed_acyclic_graph(left)
        whole = sum(Decimal(each["amount"]) for each in links)
        assert whole == Decimal(diagram["total"]["amount"])
    assert drawn == table


def test_money_from_somewhere_to_somewhere_is_no_circle(canal: Api) -> None:
    diagram = _diagrams(canal, group_by="place")["KRW", "announced"]
    ends = [(each["from"], each["to"]) for each in diagram["links"]]

    assert (":unknown-payer", ":unknown-recipient") in ends


def test_a_diagram_with_fewer_links_says_how_much_is_left_out(canal: Api) -> None:
    diagram = _diagrams(canal, limit=2, stage="announced", currency="KRW")["KRW", "announced"]
    rest = int(diagram["total"]["amount"]) - sum(int(each["amount"]) for each in diagram["links"])

    assert len(diagram["links"]) == 2
    assert diagram["left_out"]["amount"] == str(rest)
    assert diagram["left_out"]["links"] > 0


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("group_by=ministry", "group_by"),
        ("group_by=kind,place", "group_by"),
        ("from=Wave Ministry", "from"),
        ("to=", "to"),
        ("from=tide-center&from=ebb-center", "from"),
        ("payer=tide-center", "payer"),
        ("recipient=tide-center", "recipient"),
        ("stage=paid", "stage"),
        ("source=public", "source"),
        ("currency=krw", "currency"),
        ("currency=XXX", "currency"),
        ("net=1", "net"),
        ("net=TRUE", "net"),
        ("net=yes", "net"),
        ("shape=table2", "shape"),
        ("as_of=2030", "as_of"),
        ("undated=no", "undated"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("cursor=WyJhIl0", "cursor"),
        ("shape=sankey&cursor=WyJhIl0", "cursor"),
        ("known_at=2030-01-01T00:00:00Z", "known_at"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(harbor: Api, query: str, field: str) -> None:
    assert harbor.problem(f"{PATH}?{query}", 422, "invalid-input")["field"] == field


@pytest.mark.parametrize("field", ["from", "to"])
def test_an_unknown_payer_or_recipient_is_not_an_empty_answer(harbor: Api, field: str) -> None:
    problem = harbor.problem(f"{PATH}?{field}=tide-centre", 404, "not-found")

    assert problem["field"] == field
    assert "tide-center" in problem["mend"]
    assert harbor.ok(f"{PATH}?{field}=seo-naru")["items"] == []


@pytest.mark.parametrize("keys", [["KRW", "x", "1e9", "a"], ["KRW", "announced", "-1", "a"]])
def test_a_forged_cursor_is_refused(harbor: Api, keys: list[str]) -> None:
    given = harbor.ok(PATH, params={"limit": 1})["next_cursor"]
    mark = _content(given)[0]  # type: ignore[index]
    forged = encoded(mark, Position(tuple(keys), 3))

    problem = harbor.problem(f"{PATH}?limit=1&cursor={forged}", 422, "invalid-input")
    assert problem["field"] == "cursor"


def test_currencies_stand_in_the_description(api: Api) -> None:
    parameters = api.app.openapi()["paths"][PATH]["get"]["parameters"]
    currency = next(each["schema"] for each in parameters if each["name"] == "currency")

    assert {"KRW", "USD"} <= set(currency["enum"])
    assert {"from", "to"} <= {each["name"] for each in parameters}
