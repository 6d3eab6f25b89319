"""A binary heap in two arrays: the least key first, and of equal keys the one pushed first.

Items move as in Python's heapq, so that even keys that are no numbers come out in its order.
Whole numbers are to be int64 and no constants, for which the compiler makes each function anew.
"""

from __future__ import annotations

from graphsvc.analysis.kernels import inner


@inner
def _rise(keys, items, place, key, number, item):
    """Put an item at a place or, while its parent is to come later, above it."""
    while place > 0:
        parent = (place - 1) // 2
        if not (key < keys[parent] or (key == keys[parent] and number < items[parent, 0])):
            break
        keys[place] = keys[parent]
        items[place, 0], items[place, 1] = items[parent, 0], items[parent, 1]
        place = parent
    keys[place], items[place, 0], items[place, 1] = key, number, item


@inner
def push(keys, items, size, key, number, item):
    """Add an item with its key and running number; returns the new size."""
    _rise(keys, items, size, key, number, item)
    return size + 1


@inner
def pop(keys, items, size):
    """Take the first item away; returns the new size."""
    last = size - 1
    key, number, item = keys[last], items[last, 0], items[last, 1]
    place, child = 0, 1
    while child < last:
        other = child + 1
        if other < last and not (
            keys[child] < keys[other]
            or (keys[child] == keys[other] and items[child, 0] < items[other, 0])
        ):
            child = other
        keys[place] = keys[child]
        items[place, 0], items[place, 1] = items[child, 0], items[child, 1]
        place, child = child, 2 * child + 1
    _rise(keys, items, place, key, number, item)
    return last
