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
