"""What depends on what in a form: the order in which its parts are settled, and whom a changed answer concerns.

A node is one thing that is settled: `@SECTION`, a question, a repeat or grid, one of its columns (`places.cost`).
Must not know answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.forms.late import Late
from engine.forms.order import settle
from engine.forms.plan import Condition, Item, Leaf, Rows, SectionPlan, Step


@dataclass(frozen=True)
class Dependence(Late):
    """`steps` holds every node in the order of settling, `needs` what each must come after.

    What only a changed answer asks for is worked out when the first one comes.
    """

    sections: tuple[SectionPlan, ...]
    steps: Mapping[str, Step]
    needs: Mapping[str, frozenset[str]]
    meant: Mapping[str, frozenset[str]]

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each node in the order of settling."""
        return {node: index for index, node in enumerate(self.steps)}

    @cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """By node: the nodes that are settled anew when it changes."""
        found: dict[str, list[str]] = {}
        for node, needs in self.needs.items():
            for need in needs:
                found.setdefault(need, []).append(node)
        return {node: tuple(users) for node, users in found.items()}

    @cached_property
    def askers(self) -> Mapping[str, tuple[str, ...]]:
        """By node: the items that it can make required, advised or refused."""
        found: dict[str, dict[str, None]] = {}
        for item in self.items.values():
            for leaf in (item,) if isinstance(item, Leaf) else (item.leaf, *item.leaves):
                for name in _names(leaf.required_if, leaf.advised_if, leaf.valid_if):
                    for node in self.meant.get(name, (name,)):
                        found.setdefault(node, {})[item.id] = None
        return {node: tuple(items) for node, items in found.items()}

    @cached_property
    def items(self) -> Mapping[str, Item]:
        return {item.id: item for section in self.sections for item in section.items}

    @cached_property
    def section_of(self) -> Mapping[str, SectionPlan]:
        """The section that each item stands in."""
        return {item.id: section for section in self.sections for item in section.items}

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """The nodes of the columns of each repeat, grid and section answered once a record."""
        return {
            item.id: tuple(f"{item.id}.{leaf.id}" for leaf in item.leaves)
            for item in self.items.values()
            if isinstance(item, Rows)
        }

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each section and item in the form; a section answered once a record has that of its rows."""
        found: dict[str, int] = {}
        for section in self.sections:
            for name in (section.id, *(item.id for item in section.items)):
                found.setdefault(name, len(found))
        return found


def dependence(sections: tuple[SectionPlan, ...]) -> tuple[Dependence, tuple[tuple[str, ...], ...]]:
    """What depends on what among these sections, and the circles in it."""
    steps: dict[str, Step] = {}
    needs: dict[str, set[str]] = {}
    for section in sections:
        holder = f"@{section.id}" if section.show is not None else None
        if section.show is not None:
            steps[f"@{section.id}"] = Step(section=section)
            needs[f"@{section.id}"] = _names(section.show)
        for item in section.items:
            held = {holder} if holder else set()
            if isinstance(item, Leaf):
                steps[item.id] = Step(leaf=item)
                needs[item.id] = held | _reads(item)
            else:
                _row_steps(item, held, steps, needs)
    meant = _meant(sections)
    for node, wanted in needs.items():
        rows = node.split(".")[0]
        for name in [name for name in wanted if name in meant]:
            if not (name == rows and node != rows):
                wanted |= meant[name]
    ordered, circles = settle(needs)
    placed = set(ordered)
    found = Dependence(
        sections,
        {node: steps[node] for node in (*ordered, *(node for node in needs if node not in placed))},
        {node: frozenset(wanted) for node, wanted in needs.items()},
        meant,
    )
    return found, tuple(tuple(circle) for circle in circles)


def _row_steps(rows: Rows, held: set[str], steps: dict[str, Step], needs: dict[str, set[str]]) -> None:
    steps[rows.id] = Step(rows=rows)
    needs[rows.id] = held | _names(rows.leaf.show)
    for leaf in rows.leaves:
        node = f"{rows.id}.{leaf.id}"
        steps[node] = Step(rows=rows, leaf=leaf)
        needs[node] = {rows.id} | _reads(leaf)


def _reads(leaf: Leaf) -> set[str]:
    return _names(leaf.show, leaf.calculate, leaf.default)


def _names(*conditions: Condition | None) -> set[str]:
    return {name for one in conditions if one is not None for name in one.reads}


def _meant(sections: Iterable[SectionPlan]) -> dict[str, frozenset[str]]:
    """Names that are no node of their own: a cell by its row, the text of `other`, a grid as a whole."""
    meant: dict[str, frozenset[str]] = {}
    for section in sections:
        for item in section.items:
            if isinstance(item, Leaf):
                meant[f"{item.id}.other"] = frozenset({item.id})
                continue
            for leaf in item.leaves:
                node = frozenset({f"{item.id}.{leaf.id}"})
                meant[f"{item.id}.{leaf.id}.other"] = node
                for row_id, _ in item.fixed or ():
                    meant[f"{item.id}.{row_id}.{leaf.id}"] = node
                    meant[f"{item.id}.{row_id}.{leaf.id}.other"] = node
            if item.fixed is not None:
                meant[item.id] = frozenset({item.id, *(f"{item.id}.{leaf.id}" for leaf in item.leaves)})
    return meant
