"""What networkx loads when it meets one of our graphs: its functions, and the ways in and out.

See https://networkx.org/documentation/stable/reference/backends.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from graphsvc.analysis import algorithms as algorithms  # registers them
from graphsvc.analysis import conversion, registry
from graphsvc.analysis.graph import Graph


class Backend:
    """The object that networkx calls: a method for each function of the registry."""

    def __getattr__(self, name: str) -> Any:
        try:
            return registry.functions[name]
        except KeyError:
            raise AttributeError(name) from None

    def can_run(self, name: str, args: Any, kwargs: Any) -> bool | str:
        """Whether these arguments can be computed here; else why not."""
        if name not in registry.functions:
            return f"{name} is not computed by graphsvc"
        refusal = registry.refusals.get(name)
        return (refusal and refusal(*args, **kwargs)) or True

    def convert_from_nx(
        self,
        graph: Any,
        *,
        edge_attrs: Mapping[str, Any] | None = None,
        preserve_edge_attrs: bool = False,
        **_: Any,
    ) -> Graph:
        """A networkx graph as ours, with the attributes that the function to come looks at."""
        if isinstance(graph, Graph):
            return graph
        if not isinstance(graph, nx.Graph):
            raise NotImplementedError(f"{type(graph).__name__} is no graph of networkx.")
        return conversion.from_networkx(graph, None if preserve_edge_attrs else edge_attrs or {})

    def convert_to_nx(self, obj: Any, **_: Any) -> Any:
        """A graph of ours as networkx's; what is no graph, as it is."""
        return conversion.to_networkx(obj) if isinstance(obj, Graph) else obj


backend = Backend()
