"""The styles and scripts that we serve: neutral, whole, and current with their lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.assets import (
    BUNDLED,
    SCRIPTS,
    TARGET,
    TEMPLATES,
    AssetsError,
    current,
    entries,
    fingerprint,
    neutral_css,
    of_scripts,
    quiet_script,
    write_assets,
)
from webapp.app import bundled

CSS = (
    '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/light.woff2)}'
    'body{font-family:"GDS Transport",arial,sans-serif}'
    ".crest{background-image:url(/assets/images/govuk-crest.svg)}"
    ".tick{background:url(data:image/svg+xml;x)}/*# sourceMappingURL=x.map */"
)


def test_the_stylesheet_becomes_neutral() -> None:
    assert neutral_css(CSS) == (
        "body{font-family:arial,sans-serif}.crest{background-image:none}"
        ".tick{background:url(data:image/svg+xml;x)}"
    )


@pytest.mark.parametrize("extra", [".a{background:url(/assets/new.svg)}", ".a{font-family:GDS Transport}"])
def test_a_newer_stylesheet_that_asks_for_more_is_refused(extra: str) -> None:
    with pytest.raises(AssetsError):
        neutral_css(CSS + extra)


def test_the_script_does_not_point_at_a_map() -> None:
    assert quiet_script("let x = 1;\n//# sourceMappingURL=x.js.map\n") == "let x = 1;\n"


def test_assets_are_swapped_in_whole(tmp_path: Path) -> None:
    built = tmp_path / "package" / "dist" / "govuk"
    built.mkdir(parents=True)
    (built / "govuk-frontend.min.css").write_text(CSS)
    (built / "govuk-frontend.min.js").write_text("let x = 1;")
    target = tmp_path / "static" / "govuk"
    target.mkdir(parents=True)
    (target / "old.css").write_text("")
    assert not current(target, "one")
    write_assets(tmp_path / "package", target, "one")
    assert current(target, "one")
    assert not current(target, "two")
    assert sorted(path.name for path in target.iterdir()) == [
        ".stamp",
        "LICENCE.txt",
        "govuk-frontend.min.css",
        "govuk-frontend.min.js",
    ]
    assert [path.name for path in target.parent.iterdir()] == ["govuk"]


def test_what_is_served_is_what_the_lock_names() -> None:
    assert current(TARGET, fingerprint())


def test_every_script_that_a_page_names_is_there() -> None:
    assert {"form.js", "start.js"} <= {one.name for one in entries()}


def test_a_page_asks_for_one_script_so_that_nothing_is_there_twice() -> None:
    """Two bundles on a page would each hold what both import: two clocks of one session, say."""
    asking = {
        page.name: page.read_text(encoding="utf-8").count('<script type="module"')
        for page in TEMPLATES.rglob("*.html")
    }
    assert {name: count for name, count in asking.items() if count} == {"base.html": 1}
    assert [one.name for one in entries() if not one.is_file()] == []


def test_pages_take_one_file_for_many_modules_only_while_it_is_made_of_them(tmp_path: Path) -> None:
    library, scripts, made = (tmp_path / name for name in ("vendor/govuk", "js", "vendor/bundled"))
    for folder in (library, scripts, made):
        folder.mkdir(parents=True)
    (library / "govuk-frontend.min.js").write_text("let x = 1;")
    (scripts / "form.js").write_text("let y = 2;")
    (made / "form.js").write_text("let x=1,y=2;")
    assert bundled(tmp_path) == {}
    (made / ".stamp").write_text(of_scripts(scripts, library) + "\n")
    assert bundled(tmp_path) == {"js/form.js": "vendor/bundled/form.js"}
    (scripts / "form.js").write_text("let y = 3;")
    assert bundled(tmp_path) == {}


def test_what_was_put_together_at_set_up_holds_each_page_s_scripts() -> None:
    made = {one.name for one in BUNDLED.glob("*.js")}
    if current(BUNDLED, of_scripts(SCRIPTS, TARGET)):
        assert made == {one.name for one in entries()}
    else:
        assert bundled(SCRIPTS.parent) == {}
