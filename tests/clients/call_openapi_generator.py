"""Calls every operation of a Python client that openapi-generator made.

    PYTHONPATH=CLIENT'S FOLDER python call_openapi_generator.py URL ARGUMENTS.json

Prints one line an operation.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import graphsvc_client
from graphsvc_client import AnalysisApi, ApiClient, Configuration
from graphsvc_client.models import RunFilter, RunRequest, TypeName


def main(url: str, arguments: dict[str, dict[str, Any]]) -> None:
    client = ApiClient(Configuration(host=url))
    check_run(client)
    calls = dict(operations(client))
    for name in [*(calls.keys() - arguments.keys()), *arguments]:
        call = calls[name]
        given = taken(call, arguments.get(name, {}))
        answer = call(**given)
        assert 200 <= answer.status_code < 300, (name, answer)
        assert answer.raw_data, name
        sys.stdout.write(f"{name}\n")


def check_run(client: ApiClient) -> None:
    """A client's developer would write it so; nothing of it may be lost on the way."""
    asked = RunRequest(
        metric="degree", filter=RunFilter(types=[TypeName.FUNDS], directed=False), seed=11
    )
    run = AnalysisApi(client).start_run(asked)
    told = run.filter
    assert (told["types"], told["directed"], run.seed) == (["FUNDS"], False, 11), run


def operations(client: ApiClient) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation by its id, and what calls it and answers with status and data."""
    kind: Any
    for name, kind in vars(graphsvc_client).items():
        if name.endswith("Api"):
            for method in vars(kind):
                if method.endswith("_with_http_info"):
                    yield method.removesuffix("_with_http_info"), getattr(kind(client), method)


def taken(call: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The values under the names that the client has for them; a body has its type's name."""
    names = list(inspect.signature(call).parameters)
    return {
        (names[0] if name == "body" else name if name in names else f"var_{name}"): value
        for name, value in given.items()
    }


if __name__ == "__main__":
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text("utf-8")))
