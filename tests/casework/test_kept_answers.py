"""What answers of several parts become: markers with their days, actions, and files that are sealed and destroyed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from engine.casework import (
    CaseworkError,
    NotFound,
    NotReady,
    Stale,
    actions,
    cases,
    keeping,
    markers,
    submissions,
    uploads,
)
from engine.casework.store import Store
from engine.casework.tables import upload, upload_piece
from engine.casework.values import Submission
from engine.language.model import Question
from tests.support.casework import Town

PDF = b"%PDF-1.7 The lights at the gate are out. " + bytes(range(256)) * 300


def plan_of(town: Town) -> tuple[str, str, Submission]:
    """A child whose case is at planning, and the draft of the plan."""
    child, case = town.checked()
    town.submitted(child.id, case.id, "decision", {"outcome": "accept"}, by="mia")
    with town.desk("mia") as desk:
        cases.fire(desk, case.id, "decide", revision=cases.get(desk, case.id).revision)
    return child.id, case.id, town.draft(child.id, case.id, "plan")


def finish(town: Town, case: str) -> None:
    with town.desk("mia") as desk:
        cases.fire(desk, case, "finish", revision=cases.get(desk, case).revision)


def test_a_markers_days_and_an_actions_parts_reach_the_record_once(town: Town) -> None:
    child, case, draft = plan_of(town)
    answers = {
        "steps": [
            {"_row": "r1", "step": {"what": "Mend the lights", "owner": "Council", "due": "2026-03-01"}}
        ],
        "signs": {
            "exploited": {"from": "2025-11-05"},
            "missing": {"from": "2025-10-01", "to": "2025-12-01", "why": "Back home"},
        },
        "who_met": {"name": "Dana Sample"},
    }
    with town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=draft.revision, answers=answers)
    finish(town, case)
    with town.desk("mia") as desk:
        [action] = actions.of_record(desk, child)
        assert (action.what, action.owner, action.due) == ("Mend the lights", "Council", date(2026, 3, 1))
        [held] = markers.of_record(desk, child)
        assert (held.option, held.since) == ("exploited", date(2025, 11, 5))
        over = [one for one in markers.of_record(desk, child, ended=True) if one.until]
        assert [(one.option, one.since, one.until) for one in over] == [
            ("missing", date(2025, 10, 1), date(2025, 12, 1))
        ]
        # The same answers again change nothing; an end ends the one that is there.
        markers.put(desk, child, "concerns", "missing", since=date(2025, 10, 1), until=date(2025, 12, 1))
        markers.put(desk, child, "concerns", "exploited", since=date(2025, 11, 5), until=date(2025, 12, 24))
        told = [(one.option, one.until) for one in markers.of_record(desk, child, ended=True)]
        assert sorted(told) == [("exploited", date(2025, 12, 24)), ("missing", date(2025, 12, 1))]


def added(town: Town, draft: Submission, path: str = "papers", by: str = "anna") -> str:
    with town.desk(by) as desk:
        return uploads.add(desk, draft.id, path, "Notes.PDF", PDF).id


def saved(town: Town, draft: Submission, answers: dict[str, Any], by: str = "anna") -> Submission:
    with town.desk(by) as desk:
        return submissions.save(desk, draft.id, answers, revision=draft.revision)


def test_a_file_is_read_by_whoever_may_see_its_answer_and_nobody_else(town: Town) -> None:
    child, case = town.checked()
    draft = town.draft(child.id, case.id, "decision", by="mia")
    file, guarded = added(town, draft, "reasons", "mia"), added(town, draft, "guarded_papers", "mia")
    with pytest.raises(NotFound), town.desk("mia") as desk:
        uploads.read(desk, draft.id, file)
    draft = saved(town, draft, {"reasons": [file], "guarded_papers": [guarded]}, by="mia")
    for who in ("mia", "sam"):
        with town.desk(who) as desk:
            found, content = uploads.read(desk, draft.id, file)
            assert (found.name, found.media, content) == ("Notes.pdf", "application/pdf", PDF)
            assert uploads.names(desk, [file, "x"]) == {file: "Notes.pdf"}
    with town.desk("mia") as desk:
        assert uploads.read(desk, draft.id, guarded)[1] == PDF
    # What is guarded is not the specialist's, even by its id; and ben sees nothing of the child.
    for who, one in (("sam", guarded), ("ben", file)):
        with pytest.raises(NotFound), town.desk(who) as desk:
            uploads.read(desk, draft.id, one)
    with pytest.raises(NotFound), town.desk("sam") as desk:
        uploads.add(desk, draft.id, "guarded_papers", "x.pdf", PDF)
    with town.desk("ben") as desk:
        assert uploads.names(desk, [file]) == {}
    # Taken away again it is seen in the revision that had it.
    saved(town, draft, {"guarded_papers": [guarded]}, by="mia")
    with town.desk("mia") as desk:
        assert uploads.read(desk, draft.id, file, revision=draft.revision)[1] == PDF
    with pytest.raises(NotFound), town.desk("mia") as desk:
        uploads.read(desk, draft.id, file)


def test_an_answer_names_only_files_added_to_its_own_question(town: Town) -> None:
    child, case = town.checked()
    draft = town.draft(child.id, case.id, "decision", by="mia")
    theirs = added(town, plan_of(town)[2])
    beside = added(town, draft, "guarded_papers", "mia")
    for forged in (theirs, beside, "6f1f1f4e-0000-4000-8000-000000000000"):
        with pytest.raises(NotReady) as raised:
            saved(town, draft, {"reasons": [forged]}, by="mia")
        assert [one.question for one in raised.value.problems] == ["reasons"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.pdf", b"MZ\x90\x00", "not what its name says"),
        ("notes.exe", b"MZ\x90\x00", "not a kind of file"),
        ("page.txt", b"<html><script>alert(1)</script>", "not a kind of file"),
        ("photo.png", b"\x89PNG\r\n\x1a\n", "not a kind of file"),
        ("notes.pdf", b"", "is empty"),
        ("notes.pdf", b"%PDF-" + b"x" * 1024 * 1024, "larger than 1 MB"),
    ],
)
def test_what_is_not_taken_says_why(name: str, content: bytes, says: str) -> None:
    papers = Question(
        "papers", type="file", label="Papers", settings={"accept": ["pdf", "text"], "largest": 1}
    )
    with pytest.raises(uploads.NotTaken, match=says):
        uploads.judged(papers, name, content)
    assert uploads.judged(papers, "Notes.PDF", PDF).media == "application/pdf"


def test_a_file_survives_a_save_that_met_another(town: Town) -> None:
    """The text set aside names the file, so the file must be there to be chosen."""
    _, _, draft = plan_of(town)
    saved(town, draft, {"who_met": {"name": "Another"}}, by="mia")
    with pytest.raises(Stale) as raised, town.desk("anna") as desk:
        file = uploads.add(desk, draft.id, "papers", "a.pdf", PDF).id
        mine = {"who_met": {"name": "Mine"}, "papers": [file]}
        submissions.save(desk, draft.id, mine, revision=draft.revision)
    with town.desk("anna") as desk:
        now = submissions.get(desk, draft.id)
        submissions.resolve(
            desk,
            draft.id,
            raised.value.aside or "",
            keep={"who_met": "mine"},
            revision=now.revision,
        )
        assert uploads.read(desk, draft.id, file)[1] == PDF


def test_files_are_sealed_where_they_stand_and_damage_is_noticed(town: Town) -> None:
    _, _, draft = plan_of(town)
    file = added(town, draft)
    saved(town, draft, {"papers": [file]})
    with town.desk(None) as desk:
        pieces = desk.rows(select(upload_piece))
        assert len(pieces) == 2 and all("lights" not in one.content for one in pieces)
        assert "JVBERi" not in pieces[0].content  # how %PDF- would begin
    with town.store.engine.begin() as connection:
        connection.execute(text("UPDATE upload_piece SET number = 7 - number"))
    with pytest.raises(CaseworkError, match="damaged"), town.desk("anna") as desk:
        uploads.read(desk, draft.id, file)


def test_files_come_back_with_a_backup_and_go_with_their_record(
    town: Town, tmp_path: Path, key_file: Path
) -> None:
    child, _, draft = plan_of(town)
    file = added(town, draft)
    saved(town, draft, {"papers": [file]})
    made = keeping.backup(town.store, tmp_path / "all.backup", town.now)
    again = Store(str(tmp_path / "again" / "trefoil.db"), key_file)
    keeping.restore(made.file, again, now=town.now)
    with again.desk(town.authority, town.people["anna"], now=town.now) as desk:
        assert uploads.read(desk, draft.id, file)[1] == PDF
    again.close()
    with town.desk(None) as desk:
        keeping.destroy(desk, child, "Asked for", early=True)
        assert desk.rows(select(upload)) == [] and desk.rows(select(upload_piece)) == []
