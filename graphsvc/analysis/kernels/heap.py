"""A binary heap in two arrays: the least key first, and of equal keys the one pushed first.

Items move as in Python's heapq, so that even keys that are no numbers come out in its order.
"""

from __future__ import annotations

from graphsvc.analysis.kernels import kernel


@kernel
def _before(keys, items, one, other):
    return keys[one] < keys[other] or (keys[one] == keys[other] and items[one, 0] < items[other, 0])


@kernel
def _move(keys, items, origin, to):
    keys[to], items[to, 0], items[to, 1] = keys[origin], items[origin, 0], items[origin, 1]


@kernel
def _rise(keys, items, place, key, number, item):
    """Put an item at a place or, while its parent is to come later, above it."""
    while place > 0:
        parent = (place - 1) // 2
        if not (key < keys[parent] or (key == keys[parent] and number < items[parent, 0])):
            break
        _move(keys, items, parent, place)
        place = parent
    keys[place], items[place, 0], items[place, 1] = key, number, item


@kernel
def push(keys, items, size, key, number, item):
    """Add an item with its key and running number; returns the new size."""
    _rise(keys, items, size, key, number, item)
    return size + 1


@kernel
def pop(keys, items, size):
    """Take the first item away; returns the new size."""
    last = size - 1
    key, number, item = keys[last], items[last, 0], items[last, 1]
    place, child = 0, 1
    while child < last:
        if child + 1 < last and not _before(keys, items, child, child + 1):
            child += 1
        _move(keys, items, child, place)
        place, child = child, 2 * child + 1
    _rise(keys, items, place, key, number, item)
    return last
