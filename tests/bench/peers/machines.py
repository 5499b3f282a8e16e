"""Six states in a row, one guard each, as four workflow libraries have them, behind one small face.

`load` reads the definition, `new` begins a case, `fire` moves it or not, `state` says where it stands. Must not know
how Trefoil works.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

import yaml

from tests.bench.peers import reach

STATES = ("identified", "referred", "triaged", "consulted", "intervening", "closed")
EVENTS = ("refer", "triage", "consult", "intervene", "close")
STEPS = tuple(zip(EVENTS, STATES, STATES[1:], strict=False))


class Subject:
    """What a library moves or asks: its guard is `ok`."""

    state = STATES[0]
    ok = True


class Peer(ABC):
    """A library's own way; `name` is what the table says, `loads_yaml` whether it reads a definition as text."""

    name: ClassVar[str]
    loads_yaml: ClassVar[bool] = True

    @abstractmethod
    def load(self) -> Any:
        """The definition, ready."""

    @abstractmethod
    def new(self, definition: Any) -> Any:
        """A case in its first state."""

    @abstractmethod
    def fire(self, case: Any, event: str, ok: bool) -> None:
        """The event, its guard answering `ok`; a refusal leaves the case where it is."""

    @abstractmethod
    def state(self, case: Any) -> str:
        """The state's name."""


class Transitions(Peer):
    """One shared machine and a model a case: the library's own cheap way."""

    name = "transitions"
    TEXT = f"initial: {STATES[0]}\nstates: [{', '.join(STATES)}]\ntransitions:\n" + "".join(
        f"  - {{trigger: {e}, source: {a}, dest: {b}, conditions: ok}}\n" for e, a, b in STEPS
    )

    def load(self) -> Any:
        from transitions import Machine

        read = yaml.safe_load(self.TEXT)
        return Machine(
            model=None,
            states=read["states"],
            transitions=read["transitions"],
            initial=read["initial"],
            auto_transitions=False,
        )

    def new(self, definition: Any) -> Any:
        case = Subject()
        definition.add_model(case)
        return case

    def fire(self, case: Any, event: str, ok: bool) -> None:
        case.ok = ok
        case.trigger(event)

    def state(self, case: Any) -> str:
        return str(case.state)


class StateMachine(Peer):
    """python-statemachine, from a class."""

    name = "python-statemachine"
    loads_yaml = False

    def load(self) -> Any:
        from statemachine import State, StateMachine

        states = {
            name: State(initial=name == STATES[0], final=name == STATES[-1], value=name) for name in STATES
        }
        events = {event: states[start].to(states[end], cond="ok") for event, start, end in STEPS}
        return type("Pathway", (StateMachine,), {**states, **events})

    def new(self, definition: Any) -> Any:
        return definition(model=Subject())

    def fire(self, case: Any, event: str, ok: bool) -> None:
        from statemachine.exceptions import TransitionNotAllowed

        case.model.ok = ok
        try:
            case.send(event)
        except TransitionNotAllowed:
            return

    def state(self, case: Any) -> str:
        return str(case.model.state)


class Sismic(Peer):
    """sismic, from its YAML."""

    name = "sismic"
    TEXT = (
        "statechart:\n  name: pathway\n  root state:\n    name: root\n"
        f"    initial: {STATES[0]}\n    states:\n"
        + "".join(
            f"      - name: {start}\n        transitions:\n"
            f"          - {{event: {event}, target: {end}, guard: event.ok}}\n"
            for event, start, end in STEPS
        )
        + f"      - {{name: {STATES[-1]}, type: final}}\n"
    )

    def load(self) -> Any:
        from sismic.io import import_from_yaml

        return import_from_yaml(self.TEXT)

    def new(self, definition: Any) -> Any:
        from sismic.interpreter import Interpreter

        case = Interpreter(definition)
        case.execute()
        return case

    def fire(self, case: Any, event: str, ok: bool) -> None:
        case.queue(event, ok=ok).execute()

    def state(self, case: Any) -> str:
        return STATES[-1] if case.final else next(one for one in case.configuration if one != "root")


class Spiff(Peer):
    """SpiffWorkflow, from BPMN; a guard that refuses parks the case off the path, as BPMN's default flow does."""

    name = "SpiffWorkflow"
    loads_yaml = False
    PARKED = "blocked"

    def load(self) -> Any:
        from lxml import etree
        from SpiffWorkflow.bpmn.parser import BpmnParser

        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(_bpmn().encode()))
        return parser.get_spec("pathway")

    def new(self, definition: Any) -> Any:
        from SpiffWorkflow.bpmn import BpmnWorkflow

        case = BpmnWorkflow(definition)
        case.do_engine_steps()
        return case

    def fire(self, case: Any, event: str, ok: bool) -> None:
        from SpiffWorkflow import TaskState

        task = case.get_next_task(state=TaskState.READY, manual=True)
        task.data["ok"] = ok
        task.run()
        case.do_engine_steps()

    def state(self, case: Any) -> str:
        from SpiffWorkflow import TaskState

        if not case.completed:
            return str(case.get_next_task(state=TaskState.READY, manual=True).task_spec.name)
        done = case.get_tasks(state=TaskState.COMPLETED)
        return STATES[-1] if any(task.task_spec.name == STATES[-1] for task in done) else self.PARKED


def _bpmn() -> str:
    def gate(index: int, start: str, end: str) -> str:
        condition = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">ok</bpmn:conditionExpression>'
        )
        return (
            f'<bpmn:manualTask id="{start}" name="{start}"/>'
            f'<bpmn:sequenceFlow id="to{index}" sourceRef="{start}" targetRef="gate{index}"/>'
            f'<bpmn:exclusiveGateway id="gate{index}" default="no{index}"/>'
            f'<bpmn:sequenceFlow id="yes{index}" sourceRef="gate{index}" targetRef="{end}">{condition}'
            f'</bpmn:sequenceFlow><bpmn:sequenceFlow id="no{index}" sourceRef="gate{index}" targetRef="blocked"/>'
        )

    namespaces = (
        'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    steps = "".join(gate(index, start, end) for index, (_, start, end) in enumerate(STEPS))
    return (
        f'<bpmn:definitions {namespaces} id="d" targetNamespace="x">'
        '<bpmn:process id="pathway" isExecutable="true"><bpmn:startEvent id="begin"/>'
        f'<bpmn:sequenceFlow id="first" sourceRef="begin" targetRef="{STATES[0]}"/>{steps}'
        f'<bpmn:endEvent id="{STATES[-1]}"/><bpmn:endEvent id="blocked"/></bpmn:process></bpmn:definitions>'
    )


def peers() -> Iterable[Peer]:
    """All of them, each first shown to refuse a false guard and to reach the end with true ones."""
    reach()
    logging.getLogger("transitions").setLevel(logging.ERROR)
    for peer in (Transitions(), StateMachine(), Sismic(), Spiff()):
        definition = peer.load()
        refused, moved = peer.new(definition), peer.new(definition)
        peer.fire(refused, EVENTS[0], False)
        assert peer.state(refused) in (STATES[0], Spiff.PARKED), (peer.name, peer.state(refused))
        for event, end in zip(EVENTS, STATES[1:], strict=True):
            peer.fire(moved, event, True)
            assert peer.state(moved) == end, (peer.name, peer.state(moved), end)
        yield peer
