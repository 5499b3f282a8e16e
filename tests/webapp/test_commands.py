"""The trefoil command, as a process of its own against a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.webapp.conftest import LITTLE, Place
from webapp import cli
from webapp.demo.making import fill, make_demo
from webapp.demo.people import PASSWORD, PEOPLE
from webapp.settings import Settings, SettingsError, from_environment, secret_file

ROOT = Path(__file__).resolve().parents[2]


def trefoil(
    place: Place, *arguments: str, typed: str = "", at: Path = ROOT, **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webapp.cli", *arguments],
        cwd=at,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TREFOIL_DATA": str(place.folder / "data"),
            "TREFOIL_DATABASE": place.store.url,
            "TREFOIL_KEY_FILE": str(place.folder / "keys" / "little.key"),
            **settings,
        },
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_users(place: Place) -> None:
    here = ("--authority", "Little Council")
    added = trefoil(
        place,
        "user",
        "add",
        "nia",
        "--name",
        "Nia Noon",
        "--role",
        "worker",
        *here,
        typed="seven slow rivers\n",
    )
    assert added.stdout == "Nia Noon can sign in as nia.\n", added.stderr
    assert place.browser().sign_in("nia", "seven slow rivers").h1 == "My work"
    assert "worker" in trefoil(place, "user", "list", *here).stdout
    assert trefoil(place, "user", "roles", "nia", "auditor", *here).stdout == "Nia Noon: auditor.\n"
    assert trefoil(place, "user", "deactivate", "nia", *here).returncode == 0
    assert place.browser().sign_in("nia", "seven slow rivers").problems


def test_an_authority_is_founded_with_its_first_administrator(place: Place) -> None:
    adding: tuple[str, ...] = (
        "user",
        "add",
        "first",
        "--name",
        "First Admin",
        "--role",
        "administrator",
        "--found",
        "Newtown Council",
        "--pack",
        "core",
    )
    assert "--address" in trefoil(place, *adding, typed="seven slow rivers\n").stderr
    adding = (*adding, "--address", "newtown.localhost")
    done = trefoil(place, *adding, typed="seven slow rivers\n")
    said = done.stdout.splitlines()
    assert said[0].startswith("Newtown Council works with core ") and said[1:] == [
        "First Admin can sign in as first."
    ], done.stderr
    assert place.browser().sign_in("first", "seven slow rivers").problems
    browser = place.browser(host="newtown.localhost")
    browser.sign_in("first", "seven slow rivers")
    assert [one.text for one in browser.get("/people/").root.all("th", scope="row")] == ["First Admin"]
    assert "already" in trefoil(place, *adding, typed="seven slow rivers\n").stderr


def test_nothing_is_founded_for_a_role_that_is_unknown_or_a_pack_that_is_not_named(place: Place) -> None:
    """Standing in a workspace, its own pack is meant; where several could be, they are named."""
    adding: tuple[str, ...] = (
        "user",
        "add",
        "first",
        "--name",
        "First",
        "--role",
        "Worker",
        "--found",
        "Newtown",
        "--address",
    )
    adding = (*adding, "newtown.localhost")
    refused = trefoil(place, *adding, typed="seven slow rivers\n", at=LITTLE)
    assert "The pack little 1.0.0 has no role ‘Worker’. It has: worker (" in refused.stderr
    assert "core, " not in refused.stderr and refused.returncode == 1
    unnamed = trefoil(place, *adding, typed="seven slow rivers\n")
    assert "--pack" in unnamed.stderr and "thamesbank" in unnamed.stderr and " core" not in unnamed.stderr
    assert "weak" not in unnamed.stderr and trefoil(place, *adding, typed="x\n", at=LITTLE).returncode == 1
    assert "Newtown" not in trefoil(place, "authority", "list").stdout
    by_setting = trefoil(place, *adding, typed="seven slow rivers\n", TREFOIL_PACK="thamesbank")
    assert "The pack thamesbank" in by_setting.stderr
    adding = tuple("worker" if one == "Worker" else one for one in adding)
    done = trefoil(place, *adding, typed="seven slow rivers\n", at=LITTLE)
    assert done.stdout.startswith("Newtown works with little 1.0.0.\n"), done.stderr


EVERYTHING = (
    ("user", "list"), ("user", "add", "x", "--name", "X", "--found", "C"), ("authority", "list"), ("backup", "copy"),
    ("authority", "add", "C", "--pack", "core"), ("publish",), ("audit", "verify"), ("audit", "checkpoint", "signed"),
    ("db", "verify"), ("db", "rebuild"), ("db", "scrub"), ("serve",),
)  # fmt: skip


def test_commands_say_when_a_database_was_never_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TREFOIL_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for words in EVERYTHING:
        assert cli.main(words) == 1, words
        said = capsys.readouterr().err
        assert said.startswith("trefoil: ") and "trefoil db upgrade" in said, words


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("TREFOIL_DATABASE", "postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("TREFOIL_DATA", "a_file/data", "a_file"),
        ("TREFOIL_KEY_FILE", "a_file/key", "a_file"),
    ],
)
def test_what_cannot_be_opened_is_told_in_a_line(
    setting: str, value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "a_file").write_text("x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TREFOIL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv(setting, value)
    assert cli.main(["authority", "list"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("trefoil: ") and said in told and told.count("\n") == 1


def test_a_port_that_is_none_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--port", "99999"]) == 2 and "65535" in capsys.readouterr().err


def test_authorities_are_founded_listed_and_given_another_address(place: Place) -> None:
    adding = ("authority", "add", "Far Council", "--pack", "dyffryn", "--address")
    made = trefoil(place, *adding, "far.localhost")
    assert made.stdout == "Far Council works with dyffryn 1.0.0, at far.localhost.\n", made.stderr
    assert "already" in trefoil(place, *adding, "farther.localhost").stderr
    assert (
        "no host name" in trefoil(place, "authority", "address", "Far Council", "https://far.example").stderr
    )
    assert trefoil(place, "authority", "address", "Far Council", "farther.localhost").returncode == 0
    listed = trefoil(place, "authority", "list").stdout
    lines = {line.split("  ")[0]: line.split()[-3:] for line in listed.splitlines()}
    assert lines["Far Council"] == ["farther.localhost", "dyffryn", "1.0.0"]
    assert lines["Little Council"][-2:] == ["little", "1.0.0"]
    assert place.browser(host="farther.localhost").get("/sign-in").text.count("Far Council") == 1


def test_refusals_are_said_in_words(place: Place) -> None:
    for arguments in (("user", "list"), ("user", "password", "nobody", "--authority", "Little Council")):
        done = trefoil(place, *arguments, typed="seven slow rivers\n")
        assert done.returncode == 1 and done.stderr.startswith("trefoil: ") and "Traceback" not in done.stderr


def test_the_trail_verifies_and_is_signed(place: Place, tmp_path: Path) -> None:
    place.started()
    done = trefoil(place, "audit", "verify")
    assert done.returncode == 0 and "nothing was changed" in done.stdout, done.stderr
    file = tmp_path / "checkpoint.json"
    assert trefoil(place, "audit", "checkpoint", str(file)).returncode == 0
    assert trefoil(place, "audit", "verify", "--checkpoint", str(file)).returncode == 0


def test_a_copy_is_made_and_put_back(place: Place, tmp_path: Path) -> None:
    place.started()
    copy = tmp_path / "copy.backup"
    done = trefoil(place, "backup", str(copy))
    assert done.returncode == 0 and copy.exists(), done.stderr
    assert b"Cara" not in copy.read_bytes()
    over = trefoil(place, "restore", str(copy))
    assert over.returncode == 1 and "Traceback" not in over.stderr


def test_wrong_use_is_explained() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "serv"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr and "serve" in done.stderr


@pytest.mark.parametrize(("name", "value"), [("TREFOIL_MODE", "demonstration"), ("TREFOIL_HTTPS", "perhaps")])
def test_settings_that_cannot_be_meant_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        from_environment({name: value})


def test_cookies_are_bound_to_the_host_over_https(tmp_path: Path) -> None:
    found = from_environment({"TREFOIL_HTTPS": "yes", "TREFOIL_DATA": str(tmp_path)})
    assert found.https and found.cookie_name == "__Host-trefoil"


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = secret_file(tmp_path / "keys" / "web.key")
    assert first == secret_file(tmp_path / "keys" / "web.key") and len(first) == 32
    assert (tmp_path / "keys" / "web.key").stat().st_mode & 0o077 == 0


def test_the_demonstration_is_made_once_and_everybody_can_sign_in(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path / "data", database=str(tmp_path / "data" / "trefoil.db"), key_file=tmp_path / "keys" / "t.key",
        workspace=ROOT, mode="demo",
    )  # fmt: skip
    told: list[str] = []
    make_demo(settings, tell=told.append)
    make_demo(settings, tell=told.append)
    assert len(told) == 1

    from tests.webapp.reading import Browser
    from webapp.app import create_app
    from webapp.demo.people import for_sign_in

    app = create_app(settings)
    app.config["DEMO_PEOPLE"] = for_sign_in()
    page = Browser(app).get("/sign-in")
    assert PASSWORD in page.text
    for one in PEOPLE:
        browser = Browser(app)
        assert browser.sign_in(one.sign_in, PASSWORD).h1 == "My work"
        seen = {"/"}
        waiting = links(browser.get("/"))
        # Every page that this person is led to holds what every page must.
        while waiting and len(seen) < 12:
            url = waiting.pop(0)
            if url not in seen:
                seen.add(url)
                waiting += links(browser.get(url))
    app.extensions["trefoil_store"].close()


def links(page: object) -> list[str]:
    # A file that somebody added is no page: nothing leads on from it.
    main = page.root.all("main")[:1]  # type: ignore[attr-defined]
    found = [one.attributes.get("href", "") for part in main for one in part.all("a")]
    return [one.partition("#")[0] for one in found if one.startswith("/")]


@pytest.mark.parametrize("by", ["worker", "nobody"])
def test_a_story_that_does_not_fit_says_where_it_stops(place: Place, by: str) -> None:
    """What the pack does not have is told as much as somebody whom nobody has added."""
    import engine
    from engine.casework import CaseworkError, Store

    store = Store(str(place.folder / "other" / "x.db"), key_file=place.folder / "keys" / "x.key")
    store.upgrade()
    pack = engine.load(LITTLE).pack("little")
    story = [{"by": by, "make": "nothing_such", "fields": {}}]
    try:
        with pytest.raises(CaseworkError, match=r"The story stops at .*nothing_such"):
            fill(store, pack, now=place.clock(), story=story)
    finally:
        store.close()
