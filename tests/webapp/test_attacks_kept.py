"""What is kept when a session has ended cannot be used to fill the disk, or to crowd out what others typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from webapp.kept import MOST_EACH, KeptPosts

NOW = datetime.now(UTC)


def test_one_who_posts_without_end_keeps_their_newest_and_leaves_others_theirs(tmp_path: Path) -> None:
    kept = KeptPosts(tmp_path / "kept", b"k" * 32, 60)
    theirs = kept.keep("bob", "/forms/x/y", {"a.story": ["Words"]}, NOW)
    mine = [
        kept.keep("mallory", "/x", {"a.n": [str(number)]}, NOW + timedelta(seconds=number))
        for number in range(MOST_EACH + 5)
    ]
    later = NOW + timedelta(minutes=1)
    assert len(kept.of("mallory", later)) == MOST_EACH
    assert kept.find(str(mine[-1]), "mallory", later) and not kept.find(str(mine[0]), "mallory", later)
    assert kept.find(str(theirs), "bob", later)


def test_a_file_is_opened_for_its_writer_alone_and_names_nobody(tmp_path: Path) -> None:
    kept = KeptPosts(tmp_path / "kept", b"k" * 32, 60)
    token = str(kept.keep("bob", "/forms/x/y", {"a.story": ["Words"]}, NOW))
    elsewhere = KeptPosts(tmp_path / "other", b"k" * 32, 60)
    other = str(elsewhere.keep("mallory", "/forms/x/y", {"a.story": ["Lies"]}, NOW))
    [mine], [false] = (list((tmp_path / one).iterdir()) for one in ("kept", "other"))
    assert "bob" not in mine.name and kept.of("mallory", NOW) == []
    assert kept.find(token, "mallory", NOW) is None
    # Carried under mallory's own name, or put in the place of bob's, it does not open.
    (tmp_path / "kept" / false.name.replace(other, token)).write_bytes(mine.read_bytes())
    assert kept.find(token, "mallory", NOW) is None and kept.of("mallory", NOW) == []
    mine.write_bytes(false.read_bytes())
    assert kept.find(token, "bob", NOW) is None
    kept.forget(token, "mallory")
    assert mine.exists()
    kept.forget(token, "bob")
    assert not mine.exists()
