"""The order in which a form's parts are settled, and the circles that make it impossible.

Works on bare names: which node needs which. Must not know questions or expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush


def settle(needs: Mapping[str, Iterable[str]]) -> tuple[list[str], list[list[str]]]:
    """All nodes so that each comes after what it needs, else as given; and the circles that prevent it.

    A circle is told as its nodes, each needing the next, from the one that stands first. Needs of nodes that
    are not there are passed over.
    """
    place = {node: index for index, node in enumerate(needs)}
    names = list(needs)
    waiting = {node: {one for one in wanted if one in place} for node, wanted in needs.items()}
    users: dict[str, list[str]] = {node: [] for node in names}
    for node, wanted in waiting.items():
        for one in wanted:
            users[one].append(node)
    ready = [place[node] for node, wanted in waiting.items() if not wanted]
    heapify(ready)
    ordered: list[str] = []
    while ready:
        node = names[heappop(ready)]
        ordered.append(node)
        for user in users[node]:
            waiting[user].discard(node)
            if not waiting[user]:
                heappush(ready, place[user])
    left = [node for node in names if waiting[node]]
    return ordered, _circles(left, {node: sorted(waiting[node], key=place.__getitem__) for node in left})


def _circles(left: list[str], needs: Mapping[str, list[str]]) -> list[list[str]]:
    """One circle for each knot among the nodes that could not be ordered."""
    circles: list[list[str]] = []
    told: set[str] = set()
    for start in left:
        if start in told:
            continue
        path: list[str] = []
        node: str | None = start
        while node is not None and node not in path and node not in told:
            path.append(node)
            node = next((one for one in needs.get(node, ()) if one in needs), None)
        if node is not None and node in path:
            circle = path[path.index(node) :]
            first = min(range(len(circle)), key=lambda index: left.index(circle[index]))
            circles.append(circle[first:] + circle[:first])
        told.update(path)
    return circles
