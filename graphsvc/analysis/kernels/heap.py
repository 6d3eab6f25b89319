"""A binary heap in two arrays: the least key first, and of equal keys the one pushed first."""

from __future__ import annotations

from graphsvc.analysis.kernels import kernel


@kernel
def _before(keys, items, one, other):
    return keys[one] < keys[other] or (keys[one] == keys[other] and items[one, 0] < items[other, 0])


@kernel
def _swap(keys, items, one, other):
    keys[one], keys[other] = keys[other], keys[one]
    for column in range(2):
        held = items[one, column]
        items[one, column] = items[other, column]
        items[other, column] = held


@kernel
def push(keys, items, size, key, number, item):
    """Add an item with its key and running number; returns the new size."""
    keys[size], items[size, 0], items[size, 1] = key, number, item
    child = size
    while child > 0 and _before(keys, items, child, (child - 1) // 2):
        _swap(keys, items, child, (child - 1) // 2)
        child = (child - 1) // 2
    return size + 1


@kernel
def pop(keys, items, size):
    """Take the first item away; returns the new size."""
    last = size - 1
    keys[0], items[0, 0], items[0, 1] = keys[last], items[last, 0], items[last, 1]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= last:
            return last
        if child + 1 < last and _before(keys, items, child + 1, child):
            child += 1
        if not _before(keys, items, child, parent):
            return last
        _swap(keys, items, child, parent)
        parent = child
