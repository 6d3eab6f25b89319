"""Over whole graphs: components, bridges, articulation points, cores.

Depth first without recursion, by a stack of nodes and where each has got to in its row.
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel


def connected(indptr: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes component by component, and where each begins; in the order of their first nodes.

    Rows of one direction are enough. Each node leads to one before it in its component, its first
    node to itself; R. E. Tarjan, Efficiency of a Good But Not Linear Set Union Algorithm, J. of the
    ACM 22 (1975).
    """
    n = indptr.size - 1
    order, begins = np.empty(n, np.int32), np.zeros(n + 1, np.int32)
    components = _connected(indptr, indices, np.arange(n, dtype=np.int32), order, begins)
    return order, begins[: components + 1].copy()


@kernel
def _connected(indptr, indices, before, order, begins):
    n = indptr.size - 1
    for node in range(n):
        for i in range(indptr[node], indptr[node + 1]):
            if before[node] != before[indices[i]]:
                _join(before, node, indices[i])
    components = 0
    for node in range(n):  # what is before it has its component's number already
        if before[node] == node:
            before[node] = components
            components += 1
        else:
            before[node] = before[before[node]]
        begins[before[node] + 1] += 1
    for component in range(components):
        begins[component + 1] += begins[component]
    for node in range(n):
        order[begins[before[node]]] = node
        begins[before[node]] += 1
    for component in range(components, 0, -1):  # each stands where the next one begins
        begins[component] = begins[component - 1]
    begins[0] = 0
    return components


@inner
def _join(before, one, other):
    """Lead both to the earlier of their first nodes; on the way each skips one."""
    while before[one] != before[other]:
        if before[one] < before[other]:
            one, other = other, one
        if before[one] == one:
            before[one] = before[other]
            return
        before[one], one = before[before[one]], before[one]


@kernel
def strongly_connected(indptr, indices):
    """The same of strongly connected components, in networkx's order.

    E. Nuutila, E. Soisalon-Soinen, On Finding the Strongly Connected Components in a Directed
    Graph, Information Processing Letters 49 (1994), after Tarjan.
    """
    n = indptr.size - 1
    # A node whose component is found has a number above all others, which lowers nobody's.
    number, low, found = np.zeros(n, np.int32), np.empty(n, np.int32), n + 1
    stack, waiting = np.empty(n, np.int32), np.empty(n, np.int32)
    at = indptr[:-1].copy()
    order, begins = np.empty(n, np.int32), np.empty(n + 1, np.int32)
    components, count, held, last = 0, 0, 0, 0
    for first in range(n):
        if number[first]:
            continue
        stack[0], depth = first, 1
        last += 1
        number[first] = low[first] = last
        while depth:
            node = stack[depth - 1]
            if at[node] < indptr[node + 1]:
                neighbour = indices[at[node]]
                at[node] += 1
                if number[neighbour] == 0:
                    last += 1
                    number[neighbour] = low[neighbour] = last
                    stack[depth] = neighbour
                    depth += 1
                elif number[neighbour] < low[node]:
                    low[node] = number[neighbour]
                continue
            depth -= 1
            if depth and low[node] < low[stack[depth - 1]]:
                low[stack[depth - 1]] = low[node]
            if low[node] != number[node]:
                waiting[held] = node
                held += 1
                continue
            begins[components] = count
            components += 1
            order[count] = node
            count += 1
            while held and number[waiting[held - 1]] > number[node]:
                held -= 1
                order[count], number[waiting[held]] = waiting[held], found
                count += 1
            number[node] = found
    begins[components] = n
    return order, begins[: components + 1]


@kernel
def cuts(indptr, indices):
    """Which nodes are articulation points, and the parent of each node that a bridge leads to.

    The latter is -1 elsewhere. J. Hopcroft, R. Tarjan, Efficient Algorithms for Graph
    Manipulation, CACM 16 (1973).
    """
    n = indptr.size - 1
    number, low = np.zeros(n, np.int32), np.zeros(n, np.int32)
    parent, bridge_from = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    cut, stack, at = np.zeros(n, np.bool_), np.empty(n, np.int32), indptr[:-1].copy()
    last = 0
    for first in range(n):
        if number[first]:
            continue
        children, stack[0], depth = 0, first, 1
        last += 1
        number[first] = low[first] = last
        while depth:
            node = stack[depth - 1]
            if at[node] < indptr[node + 1]:
                neighbour = indices[at[node]]
                at[node] += 1
                if number[neighbour] == 0:
                    last += 1
                    number[neighbour] = low[neighbour] = last
                    parent[neighbour] = node
                    stack[depth] = neighbour
                    depth += 1
                elif neighbour not in (parent[node], node):
                    low[node] = min(low[node], number[neighbour])
                continue
            depth -= 1
            above = parent[node]
            if above < 0:
                continue
            low[above] = min(low[above], low[node])
            if low[node] > number[above]:
                bridge_from[node] = above
            if above == first:
                children += 1
                cut[first] = cut[first] or children > 1
            elif low[node] >= number[above]:
                cut[above] = True
    return cut, bridge_from


@kernel
def biconnected(indptr, indices):
    """The edges of biconnected components, in networkx's order: both ends, and where each begins.

    Edges lie on a stack from when they are met; a component is what lies above the edge that led
    to it (Hopcroft and Tarjan, as in `cuts`). A loop lies where it is met; one of a first node, in
    none.
    """
    n = indptr.size - 1
    number, low = np.zeros(n, np.int32), np.zeros(n, np.int32)
    parent, led = np.full(n, -1, np.int32), np.empty(n, np.int32)
    stack, at = np.empty(n, np.int32), indptr[:-1].copy()
    held = np.empty((indices.size, 2), np.int32)
    ends = np.empty((indices.size, 2), np.int32)
    begins, components, count, waiting, last = np.empty(n + 1, np.int32), 0, 0, 0, 0
    for first in range(n):
        if number[first]:
            continue
        stack[0], depth = first, 1
        last += 1
        number[first] = low[first] = last
        while depth:
            node = stack[depth - 1]
            if at[node] < indptr[node + 1]:
                neighbour = indices[at[node]]
                at[node] += 1
                if number[neighbour] == 0:
                    last += 1
                    number[neighbour] = low[neighbour] = last
                    parent[neighbour], led[neighbour] = node, waiting
                    stack[depth] = neighbour
                    depth += 1
                elif number[neighbour] > number[node] or neighbour == parent[node] or node == first:
                    continue
                else:
                    low[node] = min(low[node], number[neighbour])
                held[waiting, 0], held[waiting, 1] = node, neighbour
                waiting += 1
                continue
            depth -= 1
            above = parent[node]
            if above < 0:
                continue
            low[above] = min(low[above], low[node])
            if low[node] < number[above]:
                continue
            begins[components] = count
            components += 1
            for i in range(led[node], waiting):
                ends[count, 0], ends[count, 1] = held[i, 0], held[i, 1]
                count += 1
            waiting = led[node]
    begins[components] = count
    return ends[:count], begins[: components + 1]


def cores(
    out_indptr: np.ndarray, out_indices: np.ndarray, in_indptr: np.ndarray, in_indices: np.ndarray
) -> np.ndarray:
    """The core number of each node; an edge counts at both of its ends, loops are not allowed.

    Level by level, looking at what is left in each: as often, all in all, as the cores add up to,
    which is no more than the degrees. H. Kabir, K. Madduri, Parallel k-core Decomposition on
    Multicore Platforms, IPDPSW 2017. For undirected rows the second pair has no entries.

    Its time is waiting for memory. So nothing is decided by a branch that a processor would guess
    wrong: what is not to be kept is written and overwritten. And the rows of the next nodes are
    looked for together.
    """
    n = out_indptr.size - 1
    core: np.ndarray = np.diff(out_indptr) + np.diff(in_indptr)
    _peel_all(
        *(out_indptr, out_indices, in_indptr, in_indices, core),
        *(np.arange(n, dtype=np.int32), np.empty(n + 1, np.int32)),
        np.empty((2, _TOGETHER), np.int32),
    )
    return core


_TOGETHER = 32
_ZERO = np.int64(0)


@kernel
def _peel_all(out_indptr, out_indices, in_indptr, in_indices, core, left, queue, rows):
    remaining, level = left.size, _ZERO
    while remaining:
        kept, count, least = _ZERO, _ZERO, np.int64(2**31 - 1)
        for at in range(remaining):
            node = left[at]
            degree = core[node]
            left[kept] = queue[count] = node
            more = degree > level
            kept += more
            count += degree == level
            least = min(least, np.int64(degree) if more else least)
        whole, remaining = kept + count, kept
        if count == 0:
            level = level + 1 if level >= least else least
            continue
        at = 0
        while at < count < whole:  # when all that was left waits, no more is to be found out
            together = queue[at : min(at + _TOGETHER, count)]
            at += together.size
            count = _peel(together, out_indptr, out_indices, rows, core, level, queue, count)
            count = _peel(together, in_indptr, in_indices, rows, core, level, queue, count)
        level += 1


@inner
def _peel(nodes, indptr, indices, rows, core, level, queue, count):
    """Take one from the degree of each neighbour; it waits in the queue once at the level."""
    if indices.size == 0:
        return count
    nearest = 0
    for j, node in enumerate(nodes):
        rows[0, j], rows[1, j] = indptr[node], indptr[node + 1]
    for j in range(nodes.size):
        nearest ^= indices[min(rows[0, j], indices.size - 1)]
    queue[-1] = nearest  # so that the rows are looked for now; nobody reads it
    for j in range(nodes.size):
        for i in range(rows[0, j], rows[1, j]):
            node = indices[i]
            degree = core[node]
            lower = degree - (degree > level)
            core[node] = lower
            queue[count] = node
            count += (degree > level) & (lower == level)
    return count
