"""Two hundred texts that try to be more than text, and a pack whose every word is one of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import yaml

from engine import packs
from tests.webapp.conftest import LITTLE

SPEC = Path(__file__).resolve().parents[1] / "spec" / "hostile_texts.yaml"
FAMILIES: dict[str, list[str]] = {
    family: [one.replace("HIT", "hit(1)") for one in texts]
    for family, texts in yaml.safe_load(SPEC.read_text(encoding="utf-8")).items()
}
TEXTS = [one for texts in FAMILIES.values() for one in texts]
SAID = {
    "title: Little services": "<img src=x onerror=hit(1)> services",
    "publisher: The Trefoil project": "</p><script>hit(1)</script>",
    "licence: Apache-2.0": '"><svg onload=hit(1)>',
    "hint: From a worry to a decision.": "'><img src=x onerror=hit(1)>",
    "title: Waiting for a decision": "<svg onload=hit(1)> deciding",
    "title: Being written": "<script>hit(1)</script> writing",
    "label: Ring the family": "<img src=x onerror=hit(1)> ring",
    "label: Send back for more": "<input autofocus onfocus=hit(1)> back",
    "many: Places": "<img src=x onerror=hit(1)>places",
}
"""Of the little pack: what it says, and what it says in this one."""
UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def hostile_pack(more: Mapping[str, str] | None = None) -> packs.Pack:
    """The little pack with one more form, whose labels, hints, guidance and options are all hostile, as is what the
    pack says of itself and what its workflow calls its steps; `more` are other files of it."""
    # Letters that nobody sees may stand in no definition: they are refused when it is read.
    seen = [one for one in TEXTS if all(unicodedata.category(letter) not in UNSEEN for letter in one)]
    groups = [seen[at : at + 4] for at in range(0, len(seen) - 3, 4)]
    asked = []
    for number, (label, hint, help, option) in enumerate(groups):
        options = f"[{{id: one, label: {quoted(option)}}}, {{id: other_one, label: Plain {number}}}]"
        asked.append(
            f"      - {{id: q{number}, type: choose_one, label: {quoted(label)}, hint: {quoted(hint)}, "
            f"guidance: {quoted(help)}, options: {options}}}"
        )
    form = (
        f"form: hostile\ntitle: {quoted(TEXTS[0])}\nabout: child\nhint: {quoted(TEXTS[20])}\nsections:\n"
        f"  - id: words\n    title: {quoted(TEXTS[1])}\n    guidance: {quoted(TEXTS[21])}\n    questions:\n"
    )
    texts = {
        f"{folder.name}/little/{file.name}": file.read_text(encoding="utf-8")
        for folder in (LITTLE / "form_definitions", LITTLE / "workflows")
        for file in sorted((folder / "little").glob("*.yaml"))
    }
    for name, text in texts.items():
        for plain, hostile in SAID.items():
            text = text.replace(plain, f"{plain.partition(':')[0]}: {quoted(hostile)}")
        texts[name] = text
    form_file = {"form_definitions/little/hostile.yaml": form + "\n".join(asked) + "\n"}
    return packs.load_texts({**texts, **form_file, **(more or {})}).pack("little")


def quoted(text: str) -> str:
    """In double quotes, as YAML escapes it."""
    plain = " ".join(text.split())
    return str(yaml.safe_dump(plain, default_style='"', width=10**6, allow_unicode=False)).strip()
