"""Calls every operation of a client that openapi-python-client made.

    PYTHONPATH=CLIENT'S FOLDER python call_openapi_python_client.py URL ARGUMENTS.json

Each answer has to come back from its model as it was sent: a member that a model does not know, or
leaves out, is lost to whoever uses the client. Prints one line an operation.
"""

import inspect
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import graphsvc_client
from graphsvc_client import Client, api
from graphsvc_client.api.analysis import start_run
from graphsvc_client.models import AnalysisRunDetail, RunFilter, RunRequest, RunRequestMetric
from graphsvc_client.models.type_name import TypeName


def main(url: str, arguments: dict[str, dict[str, Any]]) -> None:
    client = Client(base_url=url, raise_on_unexpected_status=True)
    check_run(client)
    calls = dict(operations())
    for name in [*(calls.keys() - arguments.keys()), *arguments]:
        answer = calls[name](client=client, **taken(calls[name], arguments.get(name, {})))
        assert 200 <= answer.status_code < 300, (name, answer)
        if answer.headers["content-type"] == "application/json":
            assert answer.parsed.to_dict() == json.loads(answer.content), name
        assert answer.content, name
        sys.stdout.write(f"{name}\n")


def check_run(client: Client) -> None:
    """A client's developer would write it so; nothing of it may be lost on the way."""
    asked = RunRequest(
        metric=RunRequestMetric.DEGREE,
        filter_=RunFilter(types=[TypeName.FUNDS], directed=False),
        seed=11,
    )
    run = start_run.sync(client=client, body=asked)
    assert isinstance(run, AnalysisRunDetail), run
    told = run.filter_.to_dict()
    assert (told["types"], told["directed"], run.seed) == (["FUNDS"], False, 11), run


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation by its id, and what calls it."""
    for module in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        if not module.ispkg:
            yield module.name.rpartition(".")[2], import_module(module.name).sync_detailed


def taken(call: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Plain values under the names, and in the types, that the client has for them."""
    hints = get_type_hints(call, vars(sys.modules[call.__module__]))
    names = {name.strip("_"): name for name in inspect.signature(call).parameters}
    return {names[name]: typed(hints[names[name]], value) for name, value in given.items()}


def typed(hint: Any, value: Any) -> Any:
    choices = get_args(hint) or (hint,)
    if isinstance(value, list):
        (item,) = next(get_args(choice) for choice in choices if get_args(choice))
        return [typed(item, each) for each in value]
    for choice in choices:
        if hasattr(choice, "from_dict"):
            return choice.from_dict(value)
        if isinstance(choice, type) and issubclass(choice, str) and choice is not str:
            return choice(value)
    return value


if __name__ == "__main__":
    assert graphsvc_client.__file__
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text("utf-8")))
