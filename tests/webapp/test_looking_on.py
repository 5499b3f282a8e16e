"""Pages that people only look at are drawn by looking, once: nobody who saves waits for them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.casework import Store
from tests.webapp.conftest import Place
from tests.webapp.test_constant_queries import about, children


def test_main_pages_are_drawn_by_looking_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    record, case, draft = place.started()
    children(place, 2)
    about(place, record, case, 2)
    real, asked = Store.desk, []

    def noting(self: Store, *who: Any, looks: bool = False, **when: Any) -> Any:
        asked.append(looks)
        return real(self, *who, looks=looks, **when)

    alice, mary = place.browser("alice"), place.browser("mary")
    monkeypatch.setattr(Store, "desk", noting)
    written = []
    for browser, pages in (
        (alice, ("/", "/open-cases", f"/records/{record}", f"/cases/{case}", f"/records/{record}/chronology",
                 "/search?q=number", "/told", "/start/", f"/forms/{draft}", f"/forms/{draft}/what",
                 f"/forms/{draft}/whole", f"/forms/{draft}/check")),
        (mary, ("/?who=all", "/team", f"/cases/{case}")),
    ):  # fmt: skip
        for page in pages:
            asked.clear()
            browser.get(page)
            if asked != [True]:
                written.append((page, list(asked)))
    assert written == []
