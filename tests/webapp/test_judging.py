"""Pages judge by all answers and tell nothing of those kept from their reader, in the browser too."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import product
from typing import Any

import pytest

import engine
from engine import packs
from engine.casework import NotReady, cases, paths, records, stacks, submissions
from engine.casework.judging import Judge
from tests.engine.forms.test_agreement import EVALUATE
from tests.support.forms import in_node
from tests.webapp.conftest import LITTLE, Place

CANARY = "kept-apart-canary"
TODAY = date(2026, 1, 6)
NOTE = """
form: place_note
title: Note on a place
about: place
sections:
  - id: known
    title: What is known
    questions:
      - {id: open_talk, type: yes_no, label: Is it talked about?}
      - {id: secret, type: yes_no, label: Something guarded?, sensitive: guarded}
      - {id: secret_words, type: text, label: Guarded words, sensitive: guarded, valid_if: secret_words is not "wrong"}
      - {id: after, type: text, label: What now?, show_if: secret}
      - {id: later, type: text, label: And then?, show_if: after is answered and open_talk, advised_if: secret}
      - {id: how_many, type: number, label: How many in all, calculate: count(rows)}
      - {id: seen_words, type: text, label: Words counted, calculate: secret_words, show_if: open_talk}
      - id: rows
        type: repeat
        label: Rows
        questions:
          - {id: kept, type: yes_no, label: Guarded in a row?, sensitive: guarded}
          - {id: told, type: text, label: Told, show_if: kept, advised_if: open_talk}
  - id: more
    title: More
    show_if: secret is no
    questions: [{id: rest, type: text, label: The rest}]
---
"""
FLOW = """
workflow: noting
title: Noting
about: place
start: {by: [worker, manager], label: Note}
initial: noting_now
states:
  - {id: noting_now, title: Being noted, forms: [place_note]}
  - {id: noted, title: Noted, final: yes}
transitions:
  - {id: sent, from: noting_now, to: noted, automatic: yes, when: place_note is submitted}
"""
HIDDEN = frozenset({"secret", "secret_words", "rows.kept"})


def pack() -> packs.Pack:
    texts = dict(engine.load(LITTLE).pack("little").texts)
    texts["form_definitions/little/note.yaml"] = NOTE.strip()
    texts["workflows/little/note.yaml"] = FLOW.strip()
    return packs.load_texts(texts).pack("little")


def blind(name: str) -> bool:
    return name in HIDDEN or name == "rows"


def test_the_browser_comes_to_what_the_server_tells_without_a_hidden_answer() -> None:
    form = pack().form("place_note")
    wanted, given = [], []
    for secret, talk, after, kept in product((True, False, None), (True, False), ("x", None), (True, False)):
        answers: dict[str, Any] = {
            "secret": secret, "open_talk": talk, "after": after, "secret_words": CANARY,
            "rows": [{"_row": "r1", "kept": kept, "told": "y"}, {"_row": "r2", "told": "z"}],
        }  # fmt: skip
        answers = {name: one for name, one in answers.items() if one is not None}
        judge = Judge(form, HIDDEN, TODAY, answers, {}, {}, blind)
        found = judge.evaluate()
        seen = paths.cut(answers, HIDDEN)
        facts = judge.browser_facts()
        assert "kept" not in str(seen) and "secret" not in str(found.shown)
        wanted.append([list(found.shown), list(found.required), list(found.advised)])
        given.append({"form": "note", "answers": seen, "today": TODAY.isoformat(), "facts": facts})
    told = in_node(
        EVALUATE, {"forms": {"note": Judge(form, HIDDEN, TODAY, {}, {}, {}, blind).browser()}, "cases": given}
    )
    came = [
        [
            [path for path in one[kind] if path in set(right[0])] if kind == "shown" else one[kind]
            for kind in kinds
        ]
        for one, right, kinds in zip(
            told, wanted, [("shown", "required", "advised")] * len(told), strict=True
        )
    ]
    assert came == wanted
    # What the browser shows besides are the hidden questions themselves, which no page draws.
    beyond = {
        path for one, right in zip(told, wanted, strict=True) for path in set(one["shown"]) - set(right[0])
    }
    assert beyond <= {"secret", "secret_words", "rows[0].kept", "rows[1].kept"}
    assert any("after" in one[0] for one in wanted) and any("after" not in one[0] for one in wanted)


def test_a_page_asks_by_what_its_reader_may_not_see_and_sends_none_of_it(place: Place) -> None:
    with place.desk() as desk:
        stacks.publish(desk, pack())
    with place.desk("mary") as desk:
        spot = records.create(desk, "place", {"place_name": "The pier"}).id
        case = cases.start(desk, "noting", record=spot).id
        draft = submissions.open_draft(desk, "place_note", record=spot, case=case)
        answers = {"secret": True, "secret_words": CANARY, "open_talk": True}
        saved = submissions.save(desk, draft.id, answers, revision=1)
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft.id}/known")
    assert "What now?" in page.text and CANARY not in re.sub(
        r"<output.*?</output>", "", page.html.split("form-descr")[0]
    )
    [box] = [one for one in page.root.all("div") if one.attributes.get("data-path") == "after"]
    assert "hidden" not in box.attributes
    sent = json.loads(re.findall(r'id="form-description">(.*?)</script>', page.html, re.DOTALL)[0])
    assert "secret" not in sent["answers"] and sent["facts"]["decided"]["show"]["after"] is True
    [shown] = [item for item in sent["form"]["sections"][0]["items"] if item["id"] == "after"]
    assert shown["show"] == ["decided"]
    # What is wrong with an answer kept from her is told without naming it.
    with place.desk("mary") as desk:
        submissions.save(desk, draft.id, {**answers, "secret_words": "wrong"}, revision=saved.revision)
    with pytest.raises(NotReady) as refused, place.desk("alice") as desk:
        submissions.submit(desk, draft.id, revision=saved.revision + 1)
    assert [one.code for one in refused.value.problems] == ["hidden"]
    page = browser.submit(browser.get(f"/forms/{draft.id}/check"), action=f"/forms/{draft.id}/submit")
    assert len(page.problems) == 1 and "you may not see" in page.problems[0]
    assert "Guarded words" not in page.html
