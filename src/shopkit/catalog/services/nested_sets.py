"""Nested sets worked out in memory, from parents and the order of siblings; no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """Where a node stands: its tree, its two edges there, and how deep."""

    tree_id: int
    lft: int
    rght: int
    level: int


class Node(NamedTuple):
    """A node as the numbering sees it; ``key`` is any number that names it."""

    key: int
    parent: int | None
    place: Place
    position: int
    name: str


def number_tree(nodes: Sequence[Node]) -> dict[int, Place]:
    """Return the right place of every node that hangs on a root.

    Roots keep their tree's number where it is in order: gaps between trees are harmless.
    """
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        below[node.parent].append(node)
    places: dict[int, Place] = {}
    tree_id = 0
    for root in below[None]:
        tree_id = max(tree_id + 1, root.place.tree_id)
        _number_branch(root, tree_id, below, places)
    return places


def _number_branch(
    root: Node,
    tree_id: int,
    below: Mapping[int | None, Sequence[Node]],
    places: dict[int, Place],
) -> None:
    # A walk with its own stack: a chain of categories may be deeper than Python's.
    count, opened = 1, {root.key: (1, 0)}
    walk = [(root.key, iter(below.get(root.key, ())))]
    while walk:
        key, children = walk[-1]
        count += 1
        child = next(children, None)
        if child is None:
            walk.pop()
            lft, level = opened.pop(key)
            places[key] = Place(tree_id, lft, count, level)
        else:
            opened[child.key] = (count, len(walk))
            walk.append((child.key, iter(below.get(child.key, ()))))


def differences(is_now: Place, should_be: Place) -> list[str]:
    """Return, for each number that is wrong, what it is and should be."""
    return [
        f"{name} {now} should be {should}"
        for name, now, should in zip(Place._fields, is_now, should_be, strict=True)
        if now != should
    ]


def heads_of_circles(nodes: Sequence[Node]) -> set[int]:
    """Return, for each circle of parents, its lowest key."""
    parents = {node.key: node.parent for node in nodes}
    settled: set[int] = set()
    heads: set[int] = set()
    for start in parents:
        path: list[int] = []
        key: int | None = start
        while key is not None and key not in settled:
            settled.add(key)
            path.append(key)
            key = parents[key]
        if key in path:
            heads.add(min(path[path.index(key) :]))
    return heads
