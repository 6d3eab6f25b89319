"""How concentrated funding is: one payer's money among its recipients, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from graphsvc.analysis.network import Network
from graphsvc.analysis.table import Table

Side = Literal["funder", "recipient"]


def herfindahl(amounts: np.ndarray) -> float:
    """The Herfindahl-Hirschman index: the sum of squared shares, from 1/n to 1.

    NaN where nothing is shared out. Times 10,000 it is the index of competition law.

    References
    ----------
    .. [1] A. O. Hirschman, The Paternity of an Index, American Economic Review 54 (1964).
    """
    total = amounts.sum()
    return float(np.square(amounts / total).sum()) if total > 0 else float("nan")


def gini(amounts: np.ndarray) -> float:
    """The Gini coefficient: half the relative mean difference, from 0 (equal) to 1 - 1/n.

    NaN where nothing is shared out.

    References
    ----------
    .. [1] C. Gini, Variabilita e mutabilita, 1912; the formula by ranks is that of A. Sen, On
       Economic Inequality, 1973.
    """
    n, total = amounts.size, amounts.sum()
    if total <= 0:
        return float("nan")
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float((weights * np.sort(amounts)).sum() / (n * total))


def top_share(amounts: np.ndarray, k: int) -> float:
    """What part of all the `k` largest have; NaN where nothing is shared out."""
    total = amounts.sum()
    return float(np.sort(amounts)[-k:].sum() / total) if total > 0 else float("nan")


def concentration(network: Network, side: Side = "funder", k: int = 3) -> Table:
    """For each funder how its money is spread over recipients, or for each recipient over funders.

    Amounts are those in won that relationships state themselves; parallel ones add up. Who has
    none is left out, and `without_amount` counts the relationships of each that state none: the
    more there are, the less the rest says.

    Parameters
    ----------
    side
        Whose money is looked at. With `recipient`, `largest_share` is the dependence of a
        recipient on one funder, which `largest` names.
    k
        How many of the largest `top_share` takes together.

    Returns
    -------
    Table
        `funder` or `recipient`, `partners`, `amount_krw`, `herfindahl`, `gini`, `top_share`,
        `largest`, `largest_share`, `without_amount`; largest sum first.

    References
    ----------
    .. [1] J. Pfeffer, G. Salancik, The External Control of Organizations: A Resource Dependence
       Perspective, 1978, on dependence.
    """
    edges = network.edges
    ends = (edges.source, edges.target)
    own, other = ends if side == "funder" else ends[::-1]
    nodes = [str(node) for node in network.graph.node_list]
    missing = np.bincount(own[np.isnan(edges.amount_krw)], minlength=len(nodes))
    (owners, partners), sums = _sums_by_pair(own, other, edges.amount_krw)
    spread = [
        _Spread(nodes[owners[i]], sums[i:end], partners[i:end], int(missing[owners[i]]))
        for i, end in _groups(owners)
    ]
    spread.sort(key=lambda one: (-one.amounts.sum(), one.owner))
    return Table(
        {
            side: [one.owner for one in spread],
            "partners": np.array([one.amounts.size for one in spread], np.int64),
            "amount_krw": _column(spread, np.sum),
            "herfindahl": _column(spread, herfindahl),
            "gini": _column(spread, gini),
            "top_share": _column(spread, lambda amounts: top_share(amounts, k)),
            "largest": [nodes[one.partners[np.argmax(one.amounts)]] for one in spread],
            "largest_share": _column(spread, lambda amounts: top_share(amounts, 1)),
            "without_amount": np.array([one.without_amount for one in spread], np.int64),
        }
    )


class _Spread(NamedTuple):
    """What one end of the money has, and with whom."""

    owner: str
    amounts: np.ndarray
    partners: np.ndarray
    without_amount: int


def _column(spread: list[_Spread], measure: Callable[[np.ndarray], float]) -> np.ndarray:
    return np.array([measure(one.amounts) for one in spread], np.float64)


def _groups(owners: np.ndarray) -> Iterator[tuple[int, int]]:
    """Where the rows of each owner begin and end."""
    begins = np.flatnonzero(np.diff(owners, prepend=-1)).tolist()
    return pairwise([*begins, owners.size])


def _sums_by_pair(
    own: np.ndarray, other: np.ndarray, amounts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Distinct pairs with a stated sum, in the order of the first and then the second, and sums."""
    stated = ~np.isnan(amounts)
    both = np.stack((own[stated], other[stated]))
    if not stated.any():
        return both, np.empty(0)
    pairs, which = np.unique(both, axis=1, return_inverse=True)
    return pairs, np.bincount(which.ravel(), weights=amounts[stated], minlength=pairs.shape[1])
