"""One filter of networks: the API, the command line and notebooks ask for the same."""

from __future__ import annotations

from dataclasses import fields
from inspect import signature

import graphsvc
from graphsvc.api.analysis.requests import RunFilter, RunRequest
from graphsvc.cli.options import network_filter
from graphsvc.model.network_filter import NetworkFilter

DEFAULTS = {each.name: each.default for each in fields(NetworkFilter)}


def test_a_request_takes_its_members_and_the_day_beside_them() -> None:
    body = {name: field.default for name, field in RunFilter.model_fields.items()}
    assert {**body, "as_of": None} == DEFAULTS
    assert NetworkFilter(**RunFilter().model_dump()) == NetworkFilter()


def test_the_schema_of_a_request_has_every_member_of_the_filter() -> None:
    schemas = RunRequest.model_json_schema()["$defs"]
    asked = schemas["RunFilter"]["properties"]
    assert list(asked) == list(DEFAULTS)
    assert schemas["Weight"]["enum"] == ["count", "amount_krw", "log_amount"]
    assert asked["weight"]["default"] == "count"


def test_a_notebook_takes_its_members() -> None:
    taken = signature(graphsvc.graph).parameters
    assert {name: taken[name].default for name in DEFAULTS} == DEFAULTS


def test_a_command_without_options_asks_for_what_the_filter_asks_by_default() -> None:
    renamed = {"certain_only": "undated", "directed": "undirected"}
    assert {renamed.get(name, name) for name in DEFAULTS} == set(
        signature(network_filter).parameters
    )
    assert network_filter() == NetworkFilter()
