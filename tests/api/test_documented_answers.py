"""docs/api.md and OpenAPI keep their word: every curl line prints what is shown."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import jsonschema_rs
import pytest
import uvicorn
from fastapi import FastAPI

from graphsvc.app import create_app
from graphsvc.settings import Settings
from tests.api.conftest import Api
from tests.conftest import require
from tests.documented_answers import (
    Documented,
    content_of,
    differences,
    documented,
    examples,
    run,
    shown,
)

ROWS = documented()
EXAMPLES = examples()


@pytest.fixture(scope="module")
def _port(fresh: Settings) -> Iterator[str]:
    with _listening(create_app(fresh)) as address:
        yield address


@contextmanager
def _listening(app: FastAPI) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[taken])))
        thread.start()
        try:
            yield f"localhost:{taken.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture
def address(packaged: Api, _port: str) -> str:
    """A service on a real port, over the packaged seed."""
    require(shutil.which("curl"), "no curl on this machine")
    return _port


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.endpoint)
def test_a_documented_line_prints_what_is_shown(address: str, row: Documented) -> None:
    assert list(differences(content_of(row.shown), content_of(shown(run(row.curl, address))))) == []


@pytest.mark.parametrize("endpoint", EXAMPLES)
def test_an_example_is_a_real_answer(address: str, packaged: Api, endpoint: str) -> None:
    example = EXAMPLES[endpoint]
    answer = content_of(run(example["curl"], address))

    assert list(differences(example["answer"], answer)) == []


def test_every_endpoint_has_an_example_that_fits_its_schema(packaged: Api) -> None:
    packaged.ok("/v1/vocabulary")  # so that the description knows the kinds
    description = packaged.app.openapi()
    components = description["components"]
    without = []
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            content = operation["responses"]["200"]["content"].get("application/json")
            if content is None or content.keys() == {"example"}:
                continue  # a file, which has no schema
            if "example" not in content:
                without.append(f"{method} {path}")
                continue
            schema = {**content["schema"], "components": components}
            jsonschema_rs.Draft202012Validator(schema).validate(content["example"])
    assert without == []


def test_every_endpoint_stands_in_the_table(api: Api) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in api.app.openapi()["paths"].items()
        for method in operations
        if not path.startswith("/v1/queries/")
    }
    assert {row.endpoint for row in ROWS} == described | {"GET /v1/queries/{name}"}
