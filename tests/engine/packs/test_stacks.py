"""Packs over packs: what a stack holds, where each part came from, words filled in, and what the facade offers."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

import engine
from engine.language.nodes import Scalar
from engine.language.places import NOWHERE
from engine.packs import bases, inspect_texts, scenarios, terms
from engine.packs.facade import UnknownName

VALID = Path(__file__).parents[2] / "definitions" / "valid"


@pytest.fixture(scope="module")
def quayside() -> engine.Pack:
    return engine.load(VALID / "quayside").pack("quayside")


def test_layers_and_hashes(quayside: engine.Pack) -> None:
    base = engine.load(VALID / "quayside").pack("pier")
    assert [one.pack for one in quayside.stack.layers] == ["pier", "quayside"]
    assert quayside.stack.layers[0] == base.stack.layers[0]
    assert quayside.hash != base.hash
    assert len({one.sha256 for one in quayside.stack.layers} | {quayside.hash, base.hash}) == 4


def test_every_file_of_every_layer_is_kept(quayside: engine.Pack) -> None:
    assert {path.split("/")[1] for path in quayside.texts} == {"pier", "quayside"}
    again = engine.load_texts(quayside.texts)
    assert again.pack("quayside").hash == quayside.hash


def test_the_overlay_is_merged(quayside: engine.Pack) -> None:
    form = quayside.stack.forms["check_in"]
    today, later = form.sections
    assert [one.id for one in today.questions] == ["feeling", "slept", "why_unwell", "name_used", "next_day"]
    assert [one.id for one in later.questions] == ["helpers"]
    assert [one.id for one in later.questions[0].questions] == ["helper"]
    assert today.questions[0].label == "How are they today?"
    assert today.questions[0].place.file.startswith("form_definitions/pier/")
    assert today.questions[0].places["label"].file.startswith("form_definitions/quayside/")
    assert quayside.stack.words["crew"]["many"] == "groups"
    finish = quayside.stack.workflows["checking"].transition("finish")
    assert finish is not None
    assert finish.by == ("worker", "lead")
    assert [one.id for one in quayside.list("feelings").options] == ["well", "so_so", "unwell", "sleepy"]


def test_an_overlay_takes_what_it_does_not_say(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "quayside", root)
    pack = root / "form_definitions/pier/pack.yaml"
    pack.write_text(pack.read_text() + "nation: wales\n")
    loaded = engine.load(root)
    assert loaded.pack("quayside").stack.manifest.nation == "wales"
    own = root / "form_definitions/quayside/pack.yaml"
    own.write_text(own.read_text() + "nation: scotland\n")
    assert engine.load(root).pack("quayside").stack.manifest.nation == "scotland"


def test_access_of_layers_adds_up(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "quayside", root)
    (root / "form_definitions/quayside/access.yaml").write_text(
        "access: quayside\nroles: {guest: Guest}\nsensitivities: [guarded]\nmanage: {people: [lead]}\n"
        "rules:\n  - {id: guests, role: guest, record: child, when: allocated, may: [view]}\n"
    )
    access = engine.load(root).pack("quayside").stack.access
    assert list(access.roles) == ["worker", "lead", "guest"]
    assert [one.id for one in access.rules] == ["workers", "leads", "guests"]
    assert access.sensitivities == ("guarded",)
    assert access.manage == {"people": ("lead",)}


def test_a_fault_of_the_base_is_told_once(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "quayside", root)
    form = root / "form_definitions/pier/check_in.yaml"
    form.write_text(form.read_text().replace("options: feelings", "options: felings"))
    report = engine.inspect(root)
    assert [one.code for one in report.diagnostics] == ["R301"]
    assert [one.pack for one in report.packs] == ["pier", "quayside"]


def test_packs_stand_alone(tmp_path: Path) -> None:
    """A fault in one pack does not keep another, which has nothing to do with it, from being checked."""
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "quayside", root)
    for part in ("form_definitions", "workflows"):
        shutil.copytree(VALID / "harbour" / part / "harbour", root / part / "harbour")
    broken = root / "form_definitions/harbour/forms/visit.yaml"
    broken.write_text("form: [")
    report = engine.inspect(root)
    assert {one.place.file for one in report.errors} == {"form_definitions/harbour/forms/visit.yaml"}
    assert {one.pack: bool(one.forms) for one in report.packs} == {
        "harbour": False,
        "pier": True,
        "quayside": True,
    }


def test_a_condition_that_reads_what_was_retired_says_who_and_why(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "quayside", root)
    changes = root / "form_definitions/quayside/changes.yaml"
    changes.write_text("form: check_in\nchanges:\n  - {retire: feeling, why: Nobody wanted to answer it}\n")
    (found,) = engine.inspect(root).diagnostics
    assert found.code == "R331"
    assert "‘quayside’: Nobody wanted to answer it" in found.message
    # Told where it can be mended: nobody alters the files of the base.
    assert (found.place.file, found.element) == (
        "form_definitions/quayside/changes.yaml",
        "check_in.why_unwell",
    )
    assert [one.place.file for one in found.related] == ["form_definitions/pier/check_in.yaml"]


def test_the_facade(quayside: engine.Pack) -> None:
    form = quayside.form("check_in")
    assert quayside.form("check_in") is form
    evaluation = form.evaluate({"feeling": "unwell"}, today=date(2026, 1, 5))
    assert "why_unwell" in evaluation.shown
    assert evaluation.answers == {"feeling": "unwell"}
    machine = quayside.workflow("checking")
    assert quayside.workflow("checking") is machine
    now = datetime(2026, 1, 5, 9)
    case = machine.start(now=now)
    facts = {"check_in": evaluation.answers}
    outcome = machine.fire(
        case, "finish", role="worker", person="p1", reason=None, revision=case.revision, facts=facts, now=now
    )
    assert (outcome.case.state, outcome.refused) == ("closed", ())
    assert quayside.record("child").title == "Young person"


def test_unknown_names_are_told_with_what_was_meant(quayside: engine.Pack) -> None:
    for ask, name in (
        (quayside.form, "chek_in"),
        (quayside.workflow, "cheking"),
        (quayside.list, "feeling"),
        (quayside.record, "chid"),
        (quayside.explain, "check_in.feelin"),
        (engine.load(VALID / "quayside").pack, "quaside"),
    ):
        with pytest.raises(UnknownName, match="Did you mean"):
            ask(name)


def test_a_broken_workspace_raises_with_its_report(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "harbour", root)
    (root / "form_definitions/harbour/forms/visit.yaml").write_text("form: visit\ntitel: Visit\n")
    with pytest.raises(engine.DefinitionError, match="Did you mean ‘title’") as caught:
        engine.load(root)
    assert not caught.value.report.ok
    with pytest.raises(engine.DefinitionError):
        engine.load_texts({"form_definitions/a/pack.yaml": "pack: a"})


SAID = {
    "peer_group": {"one": "peer group", "many": "peer groups", "a": "a peer group", "the": "the peer group"}
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{term.peer_group}", "Peer group"),
        ("{term.peer_group.the} meets", "The peer group meets"),
        ("About {term.peer_group.a}", "About a peer group"),
        ("Who is there? {term.peer_group.many} are.", "Who is there? Peer groups are."),
        ("Of one {term.peer_group} and two {term.peer_group.many}", "Of one peer group and two peer groups"),
        ("- {term.peer_group}\n- {term.peer_group.the}", "- Peer group\n- The peer group"),
        ("“{term.peer_group}” is a word", "“Peer group” is a word"),
        ("In the {area}, {term.peer_group} {sequence}", "In the {area}, peer group {sequence}"),
        ("e.g. nothing to fill in", "e.g. nothing to fill in"),
    ],
)
def test_terms_are_filled_in(text: str, filled: str) -> None:
    findings: list[engine.Report] = []
    node = terms.filled(Scalar(text, False, NOWHERE), SAID, "f", findings)  # type: ignore[arg-type]
    assert isinstance(node, Scalar)
    assert (node.text, findings) == (filled, [])


def test_a_word_needs_only_its_one_form() -> None:
    documents = engine.load_texts(
        {
            "form_definitions/a/pack.yaml": "pack: a\ntitle: A\nversion: 1.0.0\n---\n"
            "terms: a\nwords:\n  aunt: {one: aunt}\n  child: {one: child, many: children}\n"
        }
    )
    words = documents.pack("a").stack.words
    assert words["aunt"] == {"one": "aunt", "many": "aunts", "a": "an aunt", "the": "the aunt"}
    assert words["child"]["many"] == "children"


@pytest.mark.parametrize(
    ("wanted", "engine_is", "holds"),
    [
        (">=1", "1.0.0", True),
        (">=1.1", "1.0.0", False),
        (">=1, <2", "1.4.2", True),
        (">=1, <2", "2.0.0", False),
        ("1", "1.9.0", True),
        ("=1.2", "1.3.0", False),
        ("> 0.9", "1.0.0", True),
        ("<=1.0.0", "1.0.0", True),
    ],
)
def test_the_engine_asked_for(wanted: str, engine_is: str, holds: bool) -> None:
    pack = engine.load(VALID / "harbour").pack("harbour")
    manifest = pack.stack.manifest
    from dataclasses import replace

    from engine.language.nodes import Mapping
    from engine.packs.assembly import Source

    source = Source("harbour", {}, (), replace(manifest, engine=wanted), Mapping((), NOWHERE))
    assert (bases.engine_fits(source, engine_is) == []) is holds


def test_a_section_answered_once_a_record_is_named_like_a_repeat() -> None:
    texts = {
        "form_definitions/a/pack.yaml": "pack: a\ntitle: A\nversion: 1.0.0\n---\n"
        "record: child\ntitle: Child\nname: '{first_name}'\n"
        "fields: [{id: first_name, type: text, label: First name}]\n",
        "form_definitions/a/form.yaml": "form: together\ntitle: Together\nabout: child\nseveral: yes\nsections:\n"
        "  - {id: shared, title: Shared, questions: [{id: home, type: text, label: Home}]}\n"
        "  - {id: child_part, title: Each child, each: yes, questions: [{id: wishes, type: text, label: Wishes}]}\n",
        "form_definitions/a/scenarios.yaml": "scenario: each_is_asked\ntitle: Each child is asked\nform: together\n"
        "facts: {records: [{id: one}, {id: two}]}\n"
        "given: {home: Here, child_part: [{_row: two, wishes: A dog}]}\n"
        "expect: {shown: ['child_part[0].wishes', 'child_part[1].wishes']}\n",
    }
    pack = engine.load_texts(texts).pack("a")
    results = scenarios.run(pack, today=date(2026, 1, 5))
    assert results.ok, results.as_text()
    texts["form_definitions/a/scenarios.yaml"] = texts["form_definitions/a/scenarios.yaml"].replace(
        "[1].wishes", "[1].wish"
    )
    (found,) = inspect_texts(texts).diagnostics
    assert found.code == "R306"
