"""The styles and scripts that we serve: neutral, whole, and current with their lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.assets import TARGET, AssetsError, current, fingerprint, neutral_css, quiet_script, write_assets

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
