"""Workflows for tests, from YAML in a test's own file: a small pack around what the test writes.

The pack is real and goes through the real loader. Must not know what any test expects.
"""

from __future__ import annotations

from textwrap import dedent

import engine
from engine.packs import Pack
from engine.workflow import Machine

PACK = """
pack: test
title: Test pack
version: 1.0.0
nation: england
"""

ACCESS = """
access: test
roles: {worker: Social worker, manager: Team manager, visitor: Visitor}
sensitivities: [guarded]
rules:
  - {id: workers, role: worker, record: any, may: [view, edit, submit, create, link, note, decide]}
  - {id: managers, role: manager, record: any, may: [view, edit, submit, create, link, note, decide]}
"""

RECORDS = """
record: child
title: Child
fields:
  - {id: first_name, type: text, label: First name}
  - {id: date_of_birth, type: date, label: Date of birth}
  - {id: risk, type: choose_one, label: Level of risk, options: levels}
name: "{first_name}"
---
record: place
title: Place
context: yes
fields:
  - {id: area, type: text, label: Area}
name: "{area}, {season} {year}, {sequence}"
---
list: levels
title: Levels
options:
  - {id: low, label: Low}
  - {id: medium, label: Medium}
  - {id: high, label: High}
---
list: harms
title: Harms
lifecycle: dated
options:
  - {id: exploitation, label: Exploitation}
  - {id: violence, label: Violence}
---
list: social_fields
title: Social fields
options:
  - {id: home, label: Home}
  - {id: peers, label: Friends}
---
list: progress
title: Progress
options:
  - {id: open, label: Open}
  - {id: done, label: Done}
"""

FORMS = """
form: request
title: Request
about: child
sections:
  - id: main
    title: Request
    questions:
      - {id: why, type: long_text, label: Why?}
      - {id: urgent, type: yes_no, label: Is it urgent?}
      - {id: asked_on, type: date, label: When was it asked?}
---
form: checking
title: Check
about: child
sections:
  - id: main
    title: Check
    questions:
      - {id: outcome, type: choose_one, label: What next?, options: levels}
      - {id: sure, type: yes_no, label: Are you sure?}
      - {id: score, type: number, label: Score}
      - {id: harms_found, type: choose_many, label: Harm found, options: harms}
      - {id: harms_ended, type: choose_many, label: Harm that ended, options: harms}
      - {id: places, type: record_link, to: [place], many: yes, label: Places}
      - {id: colleague, type: staff, label: Colleague}
      - id: actions
        type: repeat
        label: Actions
        row_label: Action
        questions:
          - {id: what, type: text, label: What?}
          - {id: owner, type: text, label: Who?}
          - {id: due, type: date, label: By when?}
"""


def pack(definitions: str) -> Pack:
    """The test pack with these definitions of forms, lists and workflows in it. Raises engine.DefinitionError."""
    return engine.load_texts(texts(definitions)).pack("test")


def texts(definitions: str) -> dict[str, str]:
    """The files of the test pack; what the test wrote stands in workflows/test/own.yaml."""
    base = "form_definitions/test"
    return {
        f"{base}/pack.yaml": PACK.lstrip(),
        f"{base}/access.yaml": ACCESS.lstrip(),
        f"{base}/records/records.yaml": RECORDS.lstrip(),
        f"{base}/forms/forms.yaml": FORMS.lstrip(),
        "workflows/test/own.yaml": dedent(definitions).lstrip(),
    }


def machine(definitions: str) -> Machine:
    """The machine of the one workflow among these definitions."""
    whole = pack(definitions)
    (workflow_id,) = whole.stack.workflows
    return whole.workflow(workflow_id)
