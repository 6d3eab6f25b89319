"""Every format opens in the programs it is for, and holds the graph: no more, no less."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import networkx as nx
import pytest
import rdflib
from hypothesis import strategies as st

from graphsvc.errors import InvalidInputError, LimitError, NotFoundError, StoreConflictError
from graphsvc.model.choices import ExportFormat
from graphsvc.model.seed import Seed
from graphsvc.model.time_question import TimeQuestion
from graphsvc.settings import Settings
from graphsvc.store import walking
from graphsvc.store.cypher_files import Statement, read_statement
from graphsvc.store.database import Database
from graphsvc.store.rows import fact_rows
from graphsvc.store.state import read_state
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.usecases.about.named_queries import find_query, named_queries
from graphsvc.usecases.exporting import files
from graphsvc.usecases.exporting.files import Wanted, export
from graphsvc.usecases.exporting.script import literal
from graphsvc.usecases.loading.dump import dump
from graphsvc.usecases.loading.load import load
from tests.conftest import Cypher
from tests.store.conftest import with_entity, with_fact, without

pytestmark = pytest.mark.anyio

WHOLE = [ExportFormat.GRAPHML, ExportFormat.GEXF, ExportFormat.JSON]


async def exported(database: Database, chosen: ExportFormat, **wanted: Any) -> bytes:
    async with StatementExecutor(database) as statements:
        file = await export(database, statements, Wanted(chosen, **wanted))
    return b"".join([chunk async for chunk in file.chunks])


async def received(chunks: AsyncIterator[bytes], into: bytearray) -> None:
    async for chunk in chunks:
        into += chunk


async def graph_of(database: Database, chosen: ExportFormat, **wanted: Any) -> nx.MultiDiGraph:
    """What networkx reads of an export."""
    data = await exported(database, chosen, **wanted)
    if chosen is ExportFormat.JSON:
        return nx.node_link_graph(json.loads(data), edges="edges")
    read = nx.read_graphml if chosen is ExportFormat.GRAPHML else nx.read_gexf
    options = {"force_multigraph": True} if chosen is ExportFormat.GRAPHML else {}
    return read(io.BytesIO(data), **options)


async def tables(database: Database, **wanted: Any) -> dict[str, list[dict[str, str]]]:
    data = await exported(database, ExportFormat.CSV, **wanted)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def facts_of(graph: nx.MultiDiGraph) -> set[str]:
    return {data["fact_id"] for *_, data in graph.edges(data=True)}


_left_by_load: list[str] = []


@pytest.fixture
async def harbor_graph(settings: Settings, harbor: Seed, cypher: Cypher) -> AsyncIterator[Database]:
    """The graph holds the harbor seed and nothing else; loaded anew where it does not."""
    async with await Database.open(settings) as database:
        state = await read_state(database)
        if state is None or [state.loaded_at] != _left_by_load:
            cypher("MATCH (n) DETACH DELETE n")
            await load(database, harbor)
            state = await read_state(database)
            assert state is not None
            _left_by_load[:] = [state.loaded_at]
        yield database


# --- GraphML, GEXF and JSON ---------------------------------------------------------------------


@pytest.mark.smoke
@pytest.mark.parametrize("chosen", WHOLE)
async def test_networkx_reads_every_thing_funding_and_relationship(
    harbor_graph: Database, harbor: Seed, chosen: ExportFormat
) -> None:
    graph = await graph_of(harbor_graph, chosen)

    fundings = {id_ for id_, fact in harbor.facts.items() if fact.form == "funding"}
    assert set(graph.nodes) == {*harbor.entities, *fundings}
    wanted = {
        link.properties["id"]: (link.start[1], link.end[1], link.type)
        for fact in harbor.facts.values()
        for link in fact_rows(fact, "")[1]
        if fact.form != "observation"
    }
    found = {
        key if isinstance(key, str) else data["id"]: (start, end, data["type"])
        for start, end, key, data in graph.edges(keys=True, data=True)
    }
    assert graph.is_directed()
    # A program's own sum goes from its funding and to it, each by one id.
    assert found == wanted
    assert graph.number_of_edges() == len(wanted)


@pytest.mark.parametrize("chosen", WHOLE)
async def test_attributes_have_types_and_sums_are_exact(
    harbor_graph: Database, chosen: ExportFormat
) -> None:
    graph = await graph_of(harbor_graph, chosen)

    tide = graph.nodes["tide-center"]
    assert (tide["label"], tide["kind"]) == ("밀물센터", "Center")
    assert tide["name_en_translated"] is False
    (funds,) = (data for *_, data in graph.edges(data=True) if data["fact_id"] == "wave-funds-pier")
    assert (funds["label"], funds["type"]) == ("FUNDS", "FUNDS")
    assert (funds["amount"], funds["amount_krw"]) == ("10000000000", 10_000_000_000)
    assert (funds["stage"], funds["money_source"]) == ("disbursed", "national")
    assert funds["valid_from"] == "2030-04-01"
    regrants = {
        data["fact_id"] for *_, data in graph.edges(data=True) if data.get("regrant") is True
    }
    assert regrants == {"pier-funds-tide", "tide-funds-anchor"}


@pytest.mark.parametrize("chosen", WHOLE)
async def test_a_common_sum_stands_once_on_its_funding(
    harbor_graph: Database, chosen: ExportFormat
) -> None:
    graph = await graph_of(harbor_graph, chosen)

    funding = graph.nodes["two-centers-sum"]
    assert (funding["kind"], funding["label"]) == ("Funding", "25,000,000,000 KRW")
    assert funding["amount_krw"] == 25_000_000_000
    made = [data for *_, data in graph.edges(data=True) if data["fact_id"] == "two-centers-sum"]
    assert sorted(data["type"] for data in made) == [
        *["CONTRIBUTES"] * 2,
        *["FUNDS"] * 4,
        *["GOES_TO"] * 2,
    ]
    assert all("amount" not in data and "amount_krw" not in data for data in made)
    assert {data["funding_id"] for data in made if data["type"] == "FUNDS"} == {"two-centers-sum"}


async def test_every_attribute_of_graphml_and_gexf_is_that_of_json(harbor_graph: Database) -> None:
    by_json = await graph_of(harbor_graph, ExportFormat.JSON)
    for chosen in (ExportFormat.GRAPHML, ExportFormat.GEXF):
        graph = await graph_of(harbor_graph, chosen)
        for id_, node in by_json.nodes(data=True):
            flat = {name: value for name, value in node.items() if not isinstance(value, list)}
            assert flat.items() <= graph.nodes[id_].items()
            assert node.keys() == graph.nodes[id_].keys()


async def test_gexf_dates_an_edge_only_as_far_as_nobody_doubts_it(harbor_graph: Database) -> None:
    graph = await graph_of(harbor_graph, ExportFormat.GEXF)
    dates = {
        data["fact_id"]: (data.get("start"), data.get("end")) for *_, data in graph.edges(data=True)
    }

    assert graph.graph["mode"] == "dynamic"
    assert dates["wave-funds-pier"] == ("2030-04-01", "2030-04-30")
    assert dates["gull-builds-ebb"] == (None, "2032-12-31")
    assert dates["seo-at-gull"] == dates["han-leads-tide"] == (None, None)


async def test_json_has_evidence_observations_and_documents(harbor_graph: Database) -> None:
    data = json.loads(await exported(harbor_graph, ExportFormat.JSON))

    (funds,) = (edge for edge in data["edges"] if edge["key"] == "wave-funds-pier")
    assert funds["evidence"][0] == {
        "document": "harbor-001",
        "paragraph": 3,
        "start": 16,
        "end": 35,
        "digest": "e6b0916117d03e7e",
    }
    seen = {item["id"]: item for item in data["observations"]}
    assert (seen["forum-attendees"]["value"], seen["forum-attendees"]["unit"]) == (87, "persons")
    assert seen["tide-equipment"]["stated_by"] == "sailors-association"
    assert [item["id"] for item in data["documents"]] == ["harbor-001", "harbor-002", "harbor-003"]
    assert data["graph"]["seed"] == "harbor"
    assert data["graph"]["graph_version"] == 1
    assert "licence" in data["graph"]


@pytest.mark.parametrize("chosen", list(ExportFormat))
async def test_what_is_no_xml_no_formula_and_no_literal_passes_through_every_format(
    database: Database, harbor: Seed, chosen: ExportFormat
) -> None:
    name = "=1+1 <&\"'\\u0027 ]]> \x01\x0b\ufffe `x` */ // 끝"
    await load(database, with_entity(harbor, "tide-center", name=name, note="one\r\ntwo\ttabs"))

    if chosen in WHOLE:
        tide = (await graph_of(database, chosen)).nodes["tide-center"]
        hidden = (
            name
            if chosen is ExportFormat.JSON
            else name.translate({1: "\ufffd", 11: "\ufffd", 0xFFFE: "\ufffd"})
        )
        assert (tide["name"], tide["note"]) == (hidden, "one\r\ntwo\ttabs")
    elif chosen is ExportFormat.CSV:
        (row,) = (
            row for row in (await tables(database))["nodes.csv"] if row["id"] == "tide-center"
        )
        assert row["name"] == "'" + name
    elif chosen is ExportFormat.JSONLD:
        graph = await linked(database)
        names = graph.objects(predicate=rdflib.SDO.name)
        assert name in {str(found) for found in names}
    else:
        assert b"\x01" not in await exported(database, chosen)


# --- CSV ----------------------------------------------------------------------------------------


@pytest.mark.smoke
async def test_the_tables_hold_every_fact_with_its_evidence(
    harbor_graph: Database, harbor: Seed
) -> None:
    found = await tables(harbor_graph)

    assert list(found) == ["nodes.csv", "relationships.csv", "facts.csv", "documents.csv"]
    facts = {row["fact_id"]: row for row in found["facts.csv"]}
    assert facts.keys() == harbor.facts.keys()
    for id_, fact in harbor.facts.items():
        assert json.loads(facts[id_]["evidence"]) == [str(item) for item in fact.evidence]
        assert facts[id_]["form"] == fact.form
    assert facts["two-centers-sum"]["funders"] == '["wave-ministry","gull-city"]'
    assert facts["dry-dock-cost"]["amount"] == "1250000.50"
    assert facts["ebb-opening"]["value"] == "XXXX-09"
    ids = {row["id"] for row in found["nodes.csv"]}
    assert all({row["source"], row["target"]} <= ids for row in found["relationships.csv"])
    assert {row["id"] for row in found["documents.csv"]} == set(harbor.documents)


async def test_the_zip_says_how_to_read_it_and_begins_tables_with_a_byte_order_mark(
    harbor_graph: Database,
) -> None:
    archive = zipfile.ZipFile(io.BytesIO(await exported(harbor_graph, ExportFormat.CSV)))

    readme = archive.read("README.txt").decode()
    assert "seed: harbor" in readme
    assert "licence" in readme
    assert archive.read("nodes.csv").startswith(b"\xef\xbb\xbfid,label,kind,")


# --- JSON-LD ------------------------------------------------------------------------------------


async def linked(database: Database, **wanted: Any) -> rdflib.Graph:
    data = await exported(database, ExportFormat.JSONLD, **wanted)
    return rdflib.Graph().parse(data=data, format="json-ld")


@pytest.mark.smoke
async def test_sparql_says_who_funds_whom_with_how_much_and_by_which_evidence(
    harbor_graph: Database,
) -> None:
    graph = await linked(harbor_graph)

    rows = graph.query(
        """
        PREFIX schema: <https://schema.org/>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX gs: <urn:graphsvc:term:>
        SELECT ?funder ?item ?amount ?currency ?document ?paragraph WHERE {
          ?grant a schema:MonetaryGrant ; schema:funder ?f ; schema:fundedItem ?i ;
                 schema:amount [ schema:value ?amount ; schema:currency ?currency ] ;
                 prov:qualifiedDerivation [ prov:entity ?document ; gs:paragraph ?paragraph ] .
          ?f schema:name ?funder . ?i schema:name ?item .
          FILTER (lang(?funder) = "ko" && lang(?item) = "en")
          FILTER (?amount > 9000000000 && ?paragraph = 3)
        }
        """
    )
    assert [tuple(map(str, row)) for row in rows] == [
        (
            *("물결부", "Pier Promotion Agency", "10000000000", "KRW"),
            *("urn:graphsvc:harbor:document:harbor-001", "3"),
        )
    ]


async def test_json_ld_uses_terms_that_others_know(harbor_graph: Database, harbor: Seed) -> None:
    graph = await linked(harbor_graph)
    org = rdflib.Namespace("http://www.w3.org/ns/org#")

    def thing(id_: str) -> rdflib.URIRef:
        return rdflib.URIRef(f"urn:graphsvc:harbor:entity:{id_}")

    def fact(id_: str) -> rdflib.URIRef:
        return rdflib.URIRef(f"urn:graphsvc:harbor:fact:{id_}")

    assert (thing("coral-university"), rdflib.RDF.type, rdflib.SDO.CollegeOrUniversity) in graph
    assert (thing("tide-center"), rdflib.RDF.type, org.Organization) in graph
    assert (fact("han-leads-tide"), org.member, thing("han-bada")) in graph
    assert (fact("han-leads-tide"), org.organization, thing("tide-center")) in graph
    amount = graph.value(fact("dry-dock-cost"), rdflib.SDO.amount)
    assert graph.value(amount, rdflib.SDO.value) == rdflib.Literal(
        "1250000.50", datatype=rdflib.XSD.decimal
    )
    name = rdflib.Literal("밀물센터", lang="ko")
    assert (thing("tide-center"), rdflib.SDO.name, name) in graph
    facts = set(graph.subjects(rdflib.PROV.qualifiedDerivation))
    assert facts == {fact(id_) for id_ in harbor.facts}


async def test_only_what_has_come_about_is_a_triple_of_its_own(harbor_graph: Database) -> None:
    graph = await linked(harbor_graph)
    supports = rdflib.URIRef("urn:graphsvc:harbor:rel:SUPPORTS")

    pairs = {(str(s).split(":")[-1], str(o).split(":")[-1]) for s, o in graph[:supports]}
    assert ("tide-center", "anchor-works") in pairs
    assert ("ebb-center", "net-makers") not in pairs


# --- Cypher -------------------------------------------------------------------------------------


@pytest.mark.neo4j_only
@pytest.mark.smoke
async def test_the_script_makes_the_same_graph_again_history_and_all(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    await load(database, without(harbor, "wave-funds-pier"))
    await load(database, with_fact(harbor, "two-centers-sum", note="it's \\u0041\n; `so`"))
    before = io.BytesIO()
    await dump(database, before)
    script = (await exported(database, ExportFormat.CYPHER)).decode()
    cypher("MATCH (n) DETACH DELETE n")

    for statement in script.split(";\n")[:-1]:
        cypher(statement)  # type: ignore[arg-type]

    after = io.BytesIO()
    await dump(database, after)
    assert after.getvalue() == before.getvalue()


async def test_the_script_says_when_it_is_whole(harbor_graph: Database) -> None:
    script = (await exported(harbor_graph, ExportFormat.CYPHER)).decode()

    assert script.splitlines()[-1] == "// end of the script: 45 nodes, 90 relationships"
    assert "GraphState" in script
    part = (await exported(harbor_graph, ExportFormat.CYPHER, entity="tide-center")).decode()
    assert "CREATE (g:GraphState" not in part


TEXTS = [
    *("", "'", '"', "\\", "\\\\", "\\'", "\\u0027", "\\\\u0027", "\\u", "\n", "\r\n", "\t", "`"),
    *("*/", "//", "/*", ";", ";\n", "$rows", "{x}", "한글", "\U0001f41f", "\x01", "\x7f", "\x85"),
    *("\u2028", "\ufeff", "a\\", "\\\\\\", "\\n", "'; MATCH (n) DETACH DELETE n; //"),
]


@pytest.mark.neo4j_only
@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(texts=st.lists(st.text("\\'u0027\"`\n\r;/*x한$") | st.text(), max_size=20))
@hypothesis.example(texts=TEXTS)
def test_every_text_is_the_same_after_it_was_a_literal(cypher: Cypher, texts: list[str]) -> None:
    text = f"RETURN {literal(texts)} AS texts"

    assert "\n" not in text
    assert cypher(text) == [{"texts": texts}]  # type: ignore[arg-type]


# --- parts --------------------------------------------------------------------------------------


async def test_a_neighbourhood_has_what_is_near_and_the_facts_between(
    harbor_graph: Database,
) -> None:
    graph = await graph_of(harbor_graph, ExportFormat.JSON, entity="anchor-works")

    assert set(graph.nodes) == {"anchor-works", "tide-center"}
    assert facts_of(graph) == {"tide-funds-anchor", "tide-supports-anchor"}
    wider = await graph_of(harbor_graph, ExportFormat.JSON, entity="anchor-works", depth=2)
    assert {"wave-ministry", "two-centers-sum", "gull-city"} <= set(wider.nodes)
    assert "buoy-signed-accord" not in facts_of(wider)
    assert "buoy-signed-accord" in facts_of(
        await graph_of(harbor_graph, ExportFormat.JSON, entity="anchor-works", depth=3)
    )


async def test_a_funding_belongs_to_a_part_with_one_payer_and_one_recipient(
    harbor_graph: Database,
) -> None:
    graph = await graph_of(harbor_graph, ExportFormat.JSON, entity="gull-city")

    assert "ebb-center" in graph
    assert graph.nodes["two-centers-sum"]["funders"] == ["wave-ministry", "gull-city"]
    assert "wave-ministry" not in graph
    assert graph.has_edge("gull-city", "two-centers-sum")
    alone = await graph_of(harbor_graph, ExportFormat.JSON, entity="dry-dock")
    assert alone.has_edge("dry-dock-cost", "dry-dock")


async def test_a_part_has_the_observations_and_documents_of_its_things(
    harbor_graph: Database,
) -> None:
    found = await tables(harbor_graph, entity="gull-hotel")

    assert {row["fact_id"] for row in found["facts.csv"]} == {"forum-at-hotel", "forum-attendees"}
    assert [row["id"] for row in found["documents.csv"]] == ["harbor-003"]


async def test_only_facts_that_hold_lead_on(harbor_graph: Database) -> None:
    time = TimeQuestion(as_of=date(2029, 1, 1), certain_only=True)
    graph = await graph_of(harbor_graph, ExportFormat.JSON, entity="wave-ministry", time=time)

    assert set(graph.nodes) == {"wave-ministry"}


async def test_an_unknown_thing_is_refused_with_the_near_ones(harbor_graph: Database) -> None:
    with pytest.raises(NotFoundError, match="tide-center"):
        await exported(harbor_graph, ExportFormat.JSON, entity="tide-centre")


def query(folder: Path, text: str) -> Statement:
    path = folder / "mine.cypher"
    path.write_text(f"// name: mine\n// why: For a test.\n{text}\n", "utf-8")
    return read_statement(path)


async def test_a_query_that_names_facts_gives_them_and_what_they_join(
    harbor_graph: Database, settings: Settings
) -> None:
    chosen = find_query(named_queries(settings), "funding_by_ministry")
    graph = await graph_of(
        harbor_graph, ExportFormat.JSON, query=chosen, parameters={"ministry": "wave-ministry"}
    )

    assert facts_of(graph) == {"wave-funds-pier", "wave-funds-deep-project", "two-centers-sum"}
    assert set(graph.nodes) == {
        *("wave-ministry", "pier-agency", "deep-water-project"),
        *("gull-city", "tide-center", "ebb-center", "two-centers-sum"),
    }


@pytest.mark.parametrize(
    ("text", "nodes", "facts"),
    [
        (
            "// returns: id string It.\nMATCH (n:Company) RETURN n.id AS id",
            {"anchor-works", "buoy-labs", "lantern-trading", "rope-and-sail"},
            set(),
        ),
        (
            "// returns: center node It.\n// returns: how relationship It.\n"
            "MATCH (c:Center)-[how:SUPPORTS {modality: 'planned'}]->() RETURN c AS center, how",
            {"ebb-center", "net-makers"},
            {"ebb-supports-nets"},
        ),
        (
            "// returns: way path It.\nMATCH way = (:Person)-[:ATTENDED]->(:Event) RETURN way",
            {"han-bada", "tide-forum"},
            {"han-attended"},
        ),
        (
            "// returns: all_ids list of string It.\n"
            "MATCH (n:Center) WITH n ORDER BY n.id RETURN collect(n.id) AS all_ids",
            {"tide-center", "ebb-center", "tidal-center"},
            {"tide-maybe-tidal"},
        ),
        ("// returns: n integer It.\nRETURN 1 AS n", set(), set()),
        ("// returns: id string It.\nRETURN 'no-such-thing' AS id", set(), set()),
    ],
    ids=["things", "a relationship", "a path", "lists", "nothing", "unknown"],
)
async def test_what_a_query_names_is_found_in_its_columns(
    harbor_graph: Database, tmp_path: Path, text: str, nodes: set[str], facts: set[str]
) -> None:
    graph = await graph_of(harbor_graph, ExportFormat.JSON, query=query(tmp_path, text))

    assert set(graph.nodes) == nodes
    assert facts_of(graph) == facts


async def test_a_query_with_wrong_parameters_or_too_many_rows_is_refused(
    harbor_graph: Database, settings: Settings, tmp_path: Path
) -> None:
    chosen = find_query(named_queries(settings), "funding_by_ministry")
    with pytest.raises(InvalidInputError, match="payer"):
        await exported(harbor_graph, ExportFormat.JSON, query=chosen, parameters={"payer": "x"})
    many = query(tmp_path, "// returns: n integer It.\nUNWIND range(1, 100) AS n RETURN n")
    harbor_graph.settings = harbor_graph.settings.model_copy(update={"max_rows": 10})
    with pytest.raises(LimitError, match="more than 10 rows"):
        await exported(harbor_graph, ExportFormat.JSON, query=many)


# --- time ---------------------------------------------------------------------------------------


async def test_a_day_leaves_out_what_it_rules_out_and_says_what_is_possible(
    harbor_graph: Database,
) -> None:
    graph = await graph_of(
        harbor_graph, ExportFormat.GRAPHML, time=TimeQuestion(as_of=date(2030, 4, 15))
    )
    holds = {data["fact_id"]: data["holds"] for *_, data in graph.edges(data=True)}

    assert holds["wave-funds-pier"] == "yes"
    assert holds["tide-supports-anchor"] == "possibly"
    assert graph.nodes["two-centers-sum"]["holds"] == "yes"
    later = await graph_of(
        harbor_graph, ExportFormat.GRAPHML, time=TimeQuestion(as_of=date(2031, 1, 1))
    )
    assert "wave-funds-pier" not in facts_of(later)
    assert "two-centers-sum" not in later
    certain = await graph_of(
        harbor_graph, ExportFormat.GRAPHML, time=TimeQuestion(certain_only=True)
    )
    assert "tide-supports-anchor" not in facts_of(certain)


@pytest.mark.parametrize("part", [{}, {"entity": "tide-center", "depth": 2}], ids=["whole", "part"])
async def test_an_instant_shows_facts_names_and_kinds_as_they_were(
    database: Database, harbor: Seed, part: dict[str, Any]
) -> None:
    await load(database, harbor)
    before = await graph_of(database, ExportFormat.JSON, **part)
    state = await read_state(database)
    assert state is not None
    changed = without(harbor, "pier-operates-tide")
    changed = with_fact(changed, "two-centers-sum", note="as corrected", period="2040")
    changed = with_entity(changed, "tide-center", name="새물결센터", kind="Unit")
    corrected = harbor.documents["harbor-001"].model_copy(update={"description": "As corrected."})
    changed = replace(changed, documents={**harbor.documents, "harbor-001": corrected})
    await load(database, changed)
    now = await graph_of(database, ExportFormat.JSON, **part)

    then = await graph_of(
        database, ExportFormat.JSON, time=TimeQuestion(known_at=state.loaded_at), **part
    )

    assert now.nodes["tide-center"]["name"] == "새물결센터"
    assert "pier-operates-tide" not in facts_of(now)
    assert dict(then.nodes(data=True)) == dict(before.nodes(data=True))
    assert sorted(then.edges(keys=True)) == sorted(before.edges(keys=True))
    assert then.nodes["two-centers-sum"].get("note") is None
    data = json.loads(
        await exported(
            database, ExportFormat.JSON, time=TimeQuestion(known_at=state.loaded_at), **part
        )
    )
    described = {item["id"]: item["description"] for item in data["documents"]}
    assert described["harbor-001"] == harbor.documents["harbor-001"].description
    long_ago = TimeQuestion(known_at="2001-01-01T00:00:00.000000Z")
    assert not await graph_of(database, ExportFormat.JSON, time=long_ago)


# --- whole or not at all ------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", list(ExportFormat))
async def test_an_export_that_a_load_ran_into_has_no_end(
    harbor_graph: Database, harbor: Seed, chosen: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK", 1)
    whole = await exported(harbor_graph, chosen)
    file = await export(harbor_graph, StatementExecutor(harbor_graph), Wanted(chosen))
    got = bytearray(await anext(file.chunks))
    await load(harbor_graph, with_fact(harbor, "tide-supports-rope", note="as corrected"))

    with pytest.raises(StoreConflictError):
        await received(file.chunks, got)

    assert len(got) > len(whole) / 2
    assert got[-10:] != whole[-10:]


@pytest.mark.parametrize("chosen", list(ExportFormat))
async def test_equal_graphs_give_equal_bytes(harbor_graph: Database, chosen: ExportFormat) -> None:
    assert await exported(harbor_graph, chosen) == await exported(harbor_graph, chosen)


@pytest.mark.parametrize("part", [{}, {"entity": "tide-center", "depth": 2}], ids=["whole", "part"])
async def test_nothing_is_lost_or_told_twice_between_two_batches(
    harbor_graph: Database, part: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = json.loads(await exported(harbor_graph, ExportFormat.JSON, **part))
    monkeypatch.setattr(walking, "STEP", 2)
    in_batches = json.loads(await exported(harbor_graph, ExportFormat.JSON, **part))

    for name in ("nodes", "observations", "documents"):
        ids = [item["id"] for item in in_batches[name]]
        assert sorted(ids) == sorted(item["id"] for item in at_once[name])
    keys = sorted(edge["key"] + edge["type"] for edge in in_batches["edges"])
    assert keys == sorted(edge["key"] + edge["type"] for edge in at_once["edges"])
