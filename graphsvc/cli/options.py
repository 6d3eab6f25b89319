"""Options that several commands take: called and read alike in each, and as the API reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from graphsvc.model.choices import Language, Undated, Weight

if TYPE_CHECKING:
    from graphsvc.model.network_filter import NetworkFilter

T = TypeVar("T")

AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="Only facts that this day does not rule out."),
]
UndatedOption = Annotated[
    Undated,
    typer.Option("--undated", help="What to do with facts not dated at both ends, or in doubt."),
]
TypesOption = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="Only this relationship type; repeatable."),
]
LanguageOption = Annotated[
    Language, typer.Option("--lang", help="Language of names and sentences.")
]


def several(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """The values of an option that is repeated, or has commas between its values."""
    return tuple(item for text in given for item in text.split(",")) if given else None


def read_day(text: str | None) -> date | None:
    """The day that `--as-of` names, if it names one."""
    return read_option("--as-of", text, _day)


def read_option(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    """What an option's text stands for; what is wrong with it is told with the option's name."""
    try:
        return None if text is None else parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _day(text: str) -> date:
    from pydantic import TypeAdapter, ValidationError

    from graphsvc.model.entity import Day

    day: TypeAdapter[date] = TypeAdapter(Day)
    try:
        return day.validate_python(text)
    except ValidationError as error:
        message: Any = error.errors()[0]["msg"]
        raise ValueError(message.removeprefix("Value error, ")) from None


def network_filter(
    types: TypesOption = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KIND", help="Only between things of this kind; repeatable."
        ),
    ] = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = Undated.INCLUDE,
    basis: Annotated[str | None, typer.Option(help="stated or implied.")] = None,
    modality: Annotated[str | None, typer.Option(help="actual or planned.")] = None,
    stage: Annotated[str | None, typer.Option(help="Stage of sums.")] = None,
    min_amount_krw: Annotated[
        int | None, typer.Option(min=0, help="Least sum of its own, in won.")
    ] = None,
    undirected: Annotated[
        bool | None,
        typer.Option(
            "--undirected/--directed",
            help="Leave directions out, or not; by default where all types are symmetric.",
        ),
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="With --through: join things of this kind ...")
    ] = None,
    through: Annotated[
        str | None, typer.Option(help="... by what of this kind they share.")
    ] = None,
    weight: Annotated[Weight, typer.Option(help="What an edge weighs.")] = Weight.COUNT,
    isolates: Annotated[
        bool, typer.Option("--isolates", help="Keep things that nothing joins.")
    ] = False,
) -> NetworkFilter:
    """Which relationships make the network, as the options of `takes_network_filter` say."""
    from graphsvc.model.network_filter import NetworkFilter

    return NetworkFilter.of(
        types=several(types),
        kinds=several(kinds),
        as_of=read_day(as_of),
        certain_only=undated is Undated.EXCLUDE,
        basis=basis,
        modality=modality,
        stage=stage,
        min_amount_krw=min_amount_krw,
        directed=None if undirected is None else not undirected,
        project=project,
        through=through,
        weight=weight,
        isolates=isolates,
    )


def takes_network_filter(command: Callable[..., T]) -> Callable[..., T]:
    """Give a command the options of `network_filter`, and it what they say as `wanted`."""
    shared = _parameters(network_filter)

    @wraps(command)
    def run(**given: Any) -> T:
        wanted = network_filter(**{each.name: given.pop(each.name) for each in shared})
        return command(wanted=wanted, **given)

    own = _parameters(command)
    place = list(signature(command).parameters).index("wanted")
    parameters = [*own[:place], *shared, *own[place:]]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    vars(run)["__signature__"] = Signature(parameters)
    return run


@cache
def _parameters(of: Callable[..., Any]) -> list[Parameter]:
    """Those that stand for options, with their annotations read from text."""
    hints = get_type_hints(of, localns={"NetworkFilter": Any}, include_extras=True)
    return [
        each.replace(annotation=hints[name], kind=Parameter.KEYWORD_ONLY)
        for name, each in signature(of).parameters.items()
        if name != "wanted"
    ]
