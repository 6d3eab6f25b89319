"""Columns that people hand over: ids and weights as they are, or refused; nothing is made another.

numpy makes one type of a list: `1` and `"1"` become one text, `2**63` and `-1` two floats. So lists
are looked at by item, and arrays, which have one type already, are taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np

from graphsvc.errors import InvalidInputError

Ids = list[Any] | np.ndarray
"""An array of integers, or a list of whatever can be a key of a dict."""

_LARGEST = 2**63
_NUMBER = "Give a finite number for each edge."
_SMALLER = "Give smaller weights, or floats."


def read_ids(column: Iterable[Any] | np.ndarray, field: str) -> Ids:
    """Ids as networkx would take them: two are one node where Python holds them equal.

    Raises
    ------
    InvalidInputError
        When the column is no column, or an id is None or cannot be hashed.
    """
    if isinstance(column, (str, bytes)):
        raise InvalidInputError(f"{field} is a text.", mend="Give a column of ids.", field=field)
    ids = _items(column, field)
    if isinstance(ids, np.ndarray):
        return ids
    types = set(map(type, ids))
    if types == {int}:
        try:
            return np.array(ids, np.int64)
        except OverflowError:
            return ids
    if any(issubclass(each, np.generic) for each in types):
        ids = [id_.item() if isinstance(id_, (np.number, np.str_)) else id_ for id_ in ids]
    for place, id_ in enumerate(ids):
        _check_id(id_, place, field)
    return ids


def _items(column: Any, field: str) -> Ids:
    if not hasattr(column, "__array__"):
        return list(column)
    array = np.asarray(column)
    if array.ndim != 1:
        raise InvalidInputError(
            f"{field} has {array.ndim} dimensions.", mend="Give a column of ids.", field=field
        )
    # The items of an array of dates are not what its `tolist` makes of them.
    if array.dtype.kind in "mM":
        return list(array)
    return array if array.dtype.kind in "iu" else array.tolist()


def _check_id(id_: Any, place: int, field: str) -> None:
    if id_ is None:
        raise InvalidInputError(
            f"Id {place} of {field} is None.", mend="Give an id to each end.", field=field
        )
    try:
        hash(id_)
    except TypeError:
        raise InvalidInputError(
            f"Id {place} of {field} is a {type(id_).__name__}, which cannot be a node.",
            mend="Give what can be a key of a dict: numbers, texts, tuples.",
            field=field,
        ) from None


def read_weights(column: Sequence[Any] | np.ndarray, edges: int) -> np.ndarray:
    """Weights as int64, or as float64 where one is no whole number.

    Raises
    ------
    InvalidInputError
        When there are more or fewer than edges, or one is no number, not finite, or beyond 64 bits.
    """
    if isinstance(column, (str, bytes)):
        raise _refused("The weights are a text.")
    array = np.asarray(column) if hasattr(column, "__array__") else None
    if array is None or array.dtype.kind == "O":
        array = _by_item(list(column))
    elif array.dtype.kind not in "biuf":
        raise _refused(f"The weights are {array.dtype}, and no numbers.")
    if array.shape != (edges,):
        raise InvalidInputError(
            f"There are {edges} edges and {array.size} weights.",
            mend="Give one weight for each edge.",
            field="weight",
        )
    if array.dtype.kind == "u" and array.size and int(array.max()) >= _LARGEST:
        raise _refused(f"The weight of edge {int(array.argmax())} is beyond 64 bits.", _SMALLER)
    weights = array.astype(np.float64 if array.dtype.kind == "f" else np.int64)
    bad = np.flatnonzero(~np.isfinite(weights))
    if bad.size:
        raise _refused(f"The weight of edge {int(bad[0])} is {weights[bad[0]]}.")
    return weights


def _by_item(items: list[Any]) -> np.ndarray:
    types = set(map(type, items))
    if types == {float}:
        return np.array(items, np.float64)
    whole = True
    for place, item in enumerate([] if types == {int} else items):
        if not isinstance(item, (Real, Decimal, np.bool_)):
            raise _refused(f"The weight of edge {place} is {item!r:.80}, and no number.")
        whole = whole and isinstance(item, (Integral, np.bool_))
    try:
        if whole:
            return np.array(items if types == {int} else [int(item) for item in items], np.int64)
        return np.array([_float(item, place) for place, item in enumerate(items)], np.float64)
    except OverflowError:
        raise _refused("A weight is beyond 64 bits.", _SMALLER) from None


def _float(item: Any, place: int) -> float:
    number = float(item)
    if isinstance(item, Integral) and number != item:
        raise _refused(f"The weight of edge {place}, {item}, is no float, as others are.")
    return number


def require_sums(weights: np.ndarray, merge: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The weights of parallel edges added up by `merge`.

    Raises
    ------
    InvalidInputError
        When a sum is beyond 64 bits, or, of floats, not finite.
    """
    with np.errstate(over="ignore"):  # looked for below
        merged = merge(weights)
    if weights.dtype.kind == "f":
        beyond = ~np.isfinite(merged)
    elif np.abs(weights.astype(np.float64)).sum() < _LARGEST / 2:
        return merged
    else:
        # In two parts, whose sums fit.
        low = merge(weights & 0xFFFFFFFF)
        high = merge(weights >> 32) + (low >> 32)
        beyond = (high < -(2**31)) | (high >= 2**31)
    if beyond.any():
        raise _refused("The weights of parallel edges add up to more than 64 bits hold.", _SMALLER)
    return merged


def _refused(message: str, mend: str = _NUMBER) -> InvalidInputError:
    return InvalidInputError(message, mend=mend, field="weight")
