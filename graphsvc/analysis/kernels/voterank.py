"""VoteRank: elections whose votes are counted anew only where an ability to vote has changed."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel


def elected(
    indptr: np.ndarray,
    indices: np.ndarray,
    in_indptr: np.ndarray,
    in_indices: np.ndarray,
    most: int,
    loss: float,
    state: np.ndarray,
) -> np.ndarray:
    """Positions of the elected, in their order.

    Row `i` are those who vote for node `i`, as often as they do and in the order in which their
    votes are added up; in the rows of `in_indices` are those whom a node votes for.
    """
    n = indptr.size - 1
    half = 1 << max(0, n - 1).bit_length()
    tree = np.full(2 * half, -1, np.int32)  # the best of each half, of each quarter, ...
    chosen = np.empty(min(most, n), np.int32)
    count = _elect(
        *(indptr, indices, in_indptr, in_indices, loss, state),
        *(np.ones(n), np.zeros(n, np.bool_), tree, half, np.zeros(n), chosen),
    )
    return chosen[:count]


@kernel
def _elect(
    indptr, indices, in_indptr, in_indices, loss, state, ability, out, tree, half, votes, chosen
):
    """How many are elected."""
    for node in range(votes.size):
        votes[node] = _votes(indptr, indices, ability, node)
        tree[half + node] = node
    for place in range(half - 1, 0, -1):
        tree[place] = _better(votes, tree[2 * place], tree[2 * place + 1])
    for count in range(chosen.size):
        node = tree[1]
        if votes[node] == 0.0 or state[1]:
            return count
        chosen[count] = node
        state[0] += 1
        out[node] = True
        votes[node] = 0.0
        _settle(tree, votes, half, node)
        _change(in_indptr, in_indices, indptr, indices, ability, out, votes, tree, half, node, 1.0)
        for i in range(indptr[node], indptr[node + 1]):
            voter = indices[i]
            if ability[voter] > 0.0:
                _change(
                    *(in_indptr, in_indices, indptr, indices, ability),
                    *(out, votes, tree, half, voter, loss),
                )
    return chosen.size


@inner
def _change(in_indptr, in_indices, indptr, indices, ability, out, votes, tree, half, voter, loss):
    ability[voter] = max(ability[voter] - loss, 0.0)
    for i in range(in_indptr[voter], in_indptr[voter + 1]):
        node = in_indices[i]
        if not out[node]:
            votes[node] = _votes(indptr, indices, ability, node)
            _settle(tree, votes, half, node)


@inner
def _votes(indptr, indices, ability, node):
    total = 0.0
    for i in range(indptr[node], indptr[node + 1]):
        total += ability[indices[i]]
    return total


@inner
def _settle(tree, votes, half, node):
    place = (half + node) // 2
    while place > 0:
        tree[place] = _better(votes, tree[2 * place], tree[2 * place + 1])
        place //= 2


@inner
def _better(votes, one, other):
    """The one with more votes, the earlier of equal ones; -1 is nobody."""
    return other if one < 0 or (other >= 0 and votes[other] > votes[one]) else one
