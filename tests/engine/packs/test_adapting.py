"""docs/adapting.md quotes the shipped packs word for word, and what it says of them is so."""

from __future__ import annotations

import re
from pathlib import Path

import engine
from engine.packs import finding

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "adapting.md").read_text("utf-8")
QUOTED = re.findall(r"```yaml from=(\S+)\n(.*?)```", PAGE, flags=re.DOTALL)


def test_every_quotation_stands_in_its_file() -> None:
    assert len(QUOTED) >= 10
    assert len(QUOTED) == PAGE.count("```yaml")
    for path, text in QUOTED:
        assert text in (ROOT / path).read_text("utf-8"), path


def test_the_explanation_is_as_printed() -> None:
    texts = {
        path: text for name in ("core", "thamesbank") for path, text in finding.find(ROOT).packs[name].items()
    }
    given = engine.load_texts(texts).pack("thamesbank").explain("referral.harm_types").given
    width = max(len(one.setting) for one in given)
    # A list is told word by word; the page says of each setting once whose it is.
    printed = "\n".join(dict.fromkeys(f"{one.setting:<{width}}  {one.pack}" for one in given))
    assert f"```\n{printed}\n```" in PAGE


def test_every_pack_it_names_ships() -> None:
    shipped = set(finding.find(ROOT).packs)
    assert {"thamesbank", "marlshire", "dyffryn", "provider_safeguarding"} <= shipped
