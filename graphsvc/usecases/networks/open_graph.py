"""The graph of a database, for notebooks and scripts: one call, and networkx computes on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr, TypeAdapter, ValidationError

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernel_cache import keep_kernels_by
from graphsvc.analysis.network import Network
from graphsvc.errors import InvalidInputError
from graphsvc.model.choices import Weight
from graphsvc.model.entity import Day
from graphsvc.model.network_filter import NetworkFilter
from graphsvc.settings import Settings, load_settings
from graphsvc.store.database import Database
from graphsvc.store.state import require_ready
from graphsvc.usecases.networks.network import read_network

_DAY: TypeAdapter[date] = TypeAdapter(Day)


def graph(
    where: str | Path | None = None,
    *,
    types: str | Iterable[str] | None = None,
    kinds: str | Iterable[str] | None = None,
    as_of: date | str | None = None,
    certain_only: bool = False,
    basis: str | None = None,
    modality: str | None = None,
    stage: str | None = None,
    min_amount_krw: int | None = None,
    directed: bool | None = None,
    project: str | None = None,
    through: str | None = None,
    weight: str = Weight.COUNT,
    isolates: bool = False,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
) -> Graph:
    """The network of a database, or a part of it, as a graph that networkx computes on.

    >>> G = graphsvc.graph(types="FUNDS", weight="amount_krw")
    >>> networkx.pagerank(G)

    Parameters
    ----------
    where
        A `bolt://` or `neo4j://` address, or the data folder of an embedded database; without it,
        what `GRAPHSVC_*` settings say, as for the command `graphsvc`.
    types, kinds, as_of, certain_only, basis, modality, stage, min_amount_krw, directed
        Which relationships are edges; see `graphsvc.model.network_filter.NetworkFilter`.
    project, through
        Join nodes of the one kind by what of the other kind they share.
    weight
        What an edge weighs: `count`, `amount_krw` or `log_amount`.
    isolates
        Keep nodes that no edge joins.
    user, password, database
        Of a server.

    Returns
    -------
    Graph
        Its nodes are ids, with `kind`, `name` and `name_en`; its edges have `weight` and
        `distance`. `G.graph` says the `graph_version`, the `filter`, the `graph_hash` of what it
        consists of and the `network_hash` of what it was made from, which results name.

    Raises
    ------
    InvalidInputError
        When there is no such folder, or the filter names what the vocabulary does not have.
    StoreUnavailableError
        When the database is not there, or nothing was loaded into it.
    SettingsError
        When an address or a setting cannot be used.

    Notes
    -----
    It waits for the database in a thread of its own, so it can be called where an event loop runs,
    as in a notebook. About twenty microseconds a relationship.
    """
    wanted = NetworkFilter.of(
        types=_names(types),
        kinds=_names(kinds),
        as_of=_day(as_of),
        certain_only=certain_only,
        basis=basis,
        modality=modality,
        stage=stage,
        min_amount_krw=min_amount_krw,
        directed=directed,
        project=project,
        through=through,
        weight=weight,
        isolates=isolates,
    )
    return network(where, wanted, user=user, password=password, database=database).graph


def network(
    where: str | Path | None = None,
    wanted: NetworkFilter | None = None,
    *,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
) -> Network:
    """The same with the kinds of nodes and the relationships as rows, for measures of this field.

    >>> rank_stability(graphsvc.network(), networkx.pagerank)

    Takes and raises what `graph` does.
    """
    settings = _settings(where, user=user, password=password, database=database)
    keep_kernels_by(settings)
    with start_blocking_portal() as portal:
        return portal.call(_read, settings, wanted or NetworkFilter())


async def _read(settings: Settings, wanted: NetworkFilter) -> Network:
    async with await Database.open(settings) as opened:
        vocabulary = (await require_ready(opened)).vocabulary()
        return await read_network(opened, vocabulary, wanted)


def _settings(where: str | Path | None, **server: str | None) -> Settings:
    secret = {"password": SecretStr(server["password"])} if server["password"] else {}
    chosen = {**server, **secret}
    if where is None:
        return load_settings(**chosen)
    if "://" in str(where):
        return load_settings(uri=str(where), **chosen)
    for name, value in server.items():
        if value is not None:
            raise InvalidInputError(
                f"{name} is of a server, and {str(where)!r} is a folder.",
                mend="Leave it out, or give a bolt:// or neo4j:// address.",
                field=name,
            )
    folder = Path(where).expanduser()
    if not folder.is_dir():
        # The engine would make it, and then say that it is empty.
        raise InvalidInputError(
            f"There is no folder {str(where)!r}.",
            mend="Give the data folder of an embedded database, or a bolt:// or neo4j:// address.",
            field="where",
        )
    return load_settings(data_dir=folder).model_copy(update={"uri": None})


def _names(names: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return (names,) if isinstance(names, str) else tuple(names)


def _day(day: date | str | None) -> date | None:
    if day is None:
        return None
    try:
        return _DAY.validate_python(day)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise InvalidInputError(f"as_of: {reason}.", field="as_of") from None
