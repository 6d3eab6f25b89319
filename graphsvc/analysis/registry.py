"""The functions that networkx finds here, by the names that it calls them by."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import isgeneratorfunction
from typing import Any, TypeVar

from graphsvc.analysis.interrupts import interruptible

F = TypeVar("F", bound=Callable[..., Any])
Refusal = Callable[..., str | None]
"""Called as the function is; says why it cannot be computed here, or None."""

functions: dict[str, Callable[..., Any]] = {}
refusals: dict[str, Refusal] = {}


def dispatched(*, unless: Refusal | None = None) -> Callable[[F], F]:
    """Make a function the one that networkx calls for our graphs; its name is networkx's.

    Parameters
    ----------
    unless
        Says of which arguments it cannot take; networkx then falls back, or says so.
    """

    def register(function: F) -> F:
        heard = function if isgeneratorfunction(function) else partial(interruptible, function)
        functions[function.__name__] = wraps(function)(heard)
        if unless is not None:
            refusals[function.__name__] = unless
        return function

    return register


def takes_no_functions(*args: Any, **options: Any) -> str | None:
    """The refusal of what is given as a function: a weight by edge, say."""
    if any(callable(value) for value in (*args[1:], *options.values())):
        return "a function of the caller's cannot be compiled"
    return None
