"""Two people in one form, and a session that ends while somebody types: nothing typed is lost or shown to others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.journeys import Person
from tests.support.servers import Server

pytestmark = pytest.mark.timeout(300)

SECTION = "What you are worried about"
NOWHERE = "6f1f1f4e-0000-4000-8000-000000000000"


def draft_of(worker: Person, script: str, last: str) -> str:
    """A referral begun: the address of its draft."""
    first = "Robin" if script == "script on" else "Wren"
    worker.begin(
        "child_referral",
        "Young person",
        {"first_name": first, "last_name": last, "date_of_birth": ("1", "5", "2011")},
    )
    worker.open_form("Referral")
    return worker.page.url


def typed(person: Person, name: str) -> str:
    return str(person.page.locator(f'[name="a.{name}"]').input_value())


@pytest.mark.ux("conflict")
def test_what_two_people_write_at_once_is_shown_side_by_side(
    person: Callable[[str], Person], script: str
) -> None:
    first, second = person("priya"), person("marta")
    draft = draft_of(first, script, "Sidebyside")
    start = {"what_worries": "Seen at the gate", "danger_now": "yes", "danger_detail": "Seen last week"}
    first.follow(SECTION)
    first.answer_section(start)
    for one in (first, second):
        one.open(draft)
        one.follow(SECTION)
    second.answer(
        {
            "what_worries": "Marta on the gate",
            "danger_detail": "Marta on danger",
            "going_well": "Marta: football",
        }
    )
    second.press("Save and come back later")
    mine = {"what_worries": "Priya on the gate", "danger_detail": "Priya on danger", "danger_now": "no"}
    first.answer({**mine, "danger_now": "yes"})
    first.press("Save and come back later")

    assert first.page.inner_text("h1") == "Two people changed the same answers"
    shown = first.page.locator(".trefoil-version").all_inner_texts()
    both = [shown[at : at + 2] for at in range(0, len(shown), 2)]
    assert len(both) == 2
    for (theirs, own), words in zip(both, ("the gate", "danger"), strict=True):
        assert "Marta Quill" in theirs and f"Marta on {words}" in theirs and "Priya" not in theirs
        assert f"Priya on {words}" in own and "Marta" not in own
    first.page.locator('[name="choice.what_worries"][value="theirs"]').check()
    first.page.locator('[name="choice.danger_detail"][value="anew"]').check()
    first.page.locator('[name="anew.danger_detail"]').fill("Both on danger, written together")
    first.press("Save these choices")

    for one in (first, second):
        one.open(draft)
        one.follow(SECTION)
        assert typed(one, "what_worries") == "Marta on the gate"
        assert typed(one, "danger_detail") == "Both on danger, written together"
        assert typed(one, "going_well") == "Marta: football"


def test_what_a_person_leaves_unchosen_waits_for_them(person: Callable[[str], Person], script: str) -> None:
    """Closing the page on which to choose loses nothing: the text waits, for its writer alone."""
    first, second = person("priya"), person("marta")
    draft = draft_of(first, script, "Setaside")
    for one in (first, second):
        one.open(draft)
        one.follow(SECTION)
    second.answer({"what_worries": "Marta was first"})
    second.press("Save and come back later")
    first.answer({"what_worries": "Priya was second"})
    first.press("Save and come back later")
    first.open(draft)
    first.page.locator("main").get_by_role("link").filter(has_text="hoose").first.click()
    first.look()
    first.expect("Priya was second", "Marta was first")
    second.open(draft)
    assert "Priya was second" not in second.page.content()
    first.press("Save these choices")
    first.open(draft)
    first.follow(SECTION)
    assert typed(first, "what_worries") == "Priya was second"
    first.open(f"{draft}/read?revision=2")
    first.expect("Marta was first")


@pytest.mark.ux("conflict")
def test_what_does_not_overlap_merges_by_itself(person: Callable[[str], Person], script: str) -> None:
    first, second = person("priya"), person("marta")
    draft = draft_of(first, script, "Merging")
    for one in (first, second):
        one.open(draft)
        one.follow(SECTION)
    second.answer({"what_worries": "Only Marta wrote here"})
    second.press("Save and come back later")
    first.answer({"going_well": "Only Priya wrote here"})
    first.press("Save and come back later")
    assert first.page.inner_text("h1") == "Referral"
    for one in (first, second):
        one.open(draft)
        one.follow(SECTION)
        assert (typed(one, "what_worries"), typed(one, "going_well")) == (
            "Only Marta wrote here",
            "Only Priya wrote here",
        )


def sign_in(one: Person, name: str) -> None:
    from tests.support.journeys import PASSWORD

    one.page.get_by_label("Name to sign in with").fill(name)
    one.page.get_by_label("Password", exact=True).fill(PASSWORD)
    one.page.get_by_role("button", name="Sign in").click()
    one.look()


def ended_elsewhere(one: Person) -> None:
    """The session ends in another window of the same browser, while the page with what is typed stays open."""
    other = one.page.context.new_page()
    other.goto(one.base + "/")
    other.get_by_role("button", name="Sign out").click()
    other.close()


def test_what_was_typed_when_a_session_ended_comes_back_to_its_writer(
    person: Callable[[str], Person], script: str
) -> None:
    worker = person("priya")
    draft = draft_of(worker, script, "Ended")
    worker.follow(SECTION)
    words = "Typed while the session ended\non two lines"
    worker.answer({"what_worries": words, "going_well": "This too"})
    ended_elsewhere(worker)
    if script == "script on":
        # The page's own script offers to sign in where one is (test_saving.py); here the post goes past it.
        with worker.page.expect_navigation():
            worker.page.evaluate("document.getElementById('section-form').submit()")
    else:
        worker.press("Save and continue")
    worker.expect("What you typed is kept")
    assert "Typed while" not in worker.page.content()
    token_page = worker.page.url

    # Somebody else signs in on this machine first: they see nothing of it, by whatever address.
    sign_in(worker, "owen")
    assert "Typed while" not in worker.page.content()
    kept = token_page.partition("kept=")[2].partition("&")[0]
    for path in (f"/kept/{kept}", f"{draft}/worry?kept={kept}"):
        worker.open(path)
        assert "Typed while" not in worker.page.content(), path
    worker.page.get_by_role("button", name="Sign out").click()

    worker.open(token_page)
    sign_in(worker, "priya")
    worker.expect("It is not saved yet")
    assert typed(worker, "what_worries") == words and typed(worker, "going_well") == "This too"
    worker.press("Save and come back later")
    worker.open(draft)
    worker.follow(SECTION)
    assert typed(worker, "what_worries") == words


def test_what_is_not_there_and_what_is_not_theirs_is_one_plain_page(
    person: Callable[[str], Person], script: str
) -> None:
    worker, other = person("priya"), person("joel")
    draft = draft_of(worker, script, "Elsewhere")
    read = draft.removesuffix("/")
    pages = []
    for address in (read, f"{read}/worry", f"/forms/{NOWHERE}", "/records/no-such-id", "/nowhere/at/all"):
        other.open(address)
        assert other.page.inner_text("h1") == "Page not found", address
        pages.append(other.page.inner_text("main"))
    assert len(set(pages)) == 1


FORGED = ("a.referral_date.year", "a.place_count", "a.decision", "a.nothing_such")


def test_forged_fields_are_ignored_and_logged_by_name(
    demo: Server, person: Callable[[str], Person], script: str
) -> None:
    """A field of another part, one that works itself out, another form's question, one that no form has."""
    worker = person("priya")
    draft = draft_of(worker, script, "Forged")
    worker.follow(SECTION)
    secret = "forgedvalue"
    before = len(demo.output())
    worker.answer({"what_worries": "Honest words"})
    for name in FORGED:
        forge(worker, name, secret)
    worker.press("Save and come back later")
    assert secret not in worker.page.content()
    worker.open(f"{draft}/check")
    assert secret not in worker.page.content()
    worker.expect("Honest words")
    said = demo.output()[before:]
    assert "forged_fields" in said and all(name in said for name in FORGED), said
    assert secret not in said and "Honest words" not in said


def forge(worker: Person, name: str, value: str) -> None:
    """Puts a field into the page's form that the page never offered, as a tampering browser would."""
    worker.page.evaluate(
        """([name, value]) => {
            const field = document.createElement("input");
            field.type = "hidden"; field.name = name; field.value = value;
            document.getElementById("section-form").append(field);
        }""",
        [name, value],
    )
