"""`trefoil render`: a form on paper by command, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.paper_text import docx_text, pdf_text
from tests.webapp.conftest import LITTLE
from webapp import cli


def render(*given: str) -> int:
    return cli.main(["render", *given, "--root", str(LITTLE)])


@pytest.mark.parametrize("ending", ["html", "docx", "pdf"])
def test_a_blank_form_and_one_with_answers(tmp_path: Path, ending: str) -> None:
    read = {"html": lambda data: data.decode(), "docx": docx_text, "pdf": pdf_text}[ending]
    out, answers = tmp_path / f"worry.{ending}", tmp_path / "answers.yaml"
    assert render("worry", "--pack", "little", "--blank", "--guidance", "--out", str(out)) == 0
    words = read(out.read_bytes())
    assert "To fill in by hand" in words and "Say who saw it." in words and "Place" in words
    answers.write_text("story: Seen at the gate\ndanger: no\n")
    assert render("worry", "--pack", "little", "--answers", str(answers), "--out", str(out)) == 0
    words = read(out.read_bytes())
    assert "Seen at the gate" in words and "Not answered" in words and "To fill in by hand" not in words
    assert "OFFICIAL-SENSITIVE" in words or ending == "docx"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["worry", "--out", "worry.odt"], "should end in .html, .docx or .pdf"),
        (["worry", "--out", "worry"], "should end in .html, .docx or .pdf"),
        (["wory", "--out", "w.html"], "There is no form ‘wory’. Did you mean ‘worry’?"),
        (
            ["worry", "--answers", "none.yaml", "--out", "w.html"],
            "the answers file ‘none.yaml’ cannot be read",
        ),
        (["worry", "--blank", "--answers", "x.yaml", "--out", "w.html"], "A blank form has no answers."),
        (
            ["worry", "--out", "nowhere/w.html"],
            "‘nowhere/w.html’ cannot be written: No such file or directory.",
        ),
        (["worry", "--language", "fr", "--out", "w.html"], "has no texts in ‘fr’"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert render(*given, "--pack", "little") == 2
    assert says in capsys.readouterr().err and list(tmp_path.iterdir()) == []
