"""Did-you-mean: the likeliest word that somebody had in mind. Must not know where the words come from."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to `word`, or None if nothing is near enough to be worth saying.

    Near means: one slip in three letters or fewer, or one word being the start of the other, case aside.
    """
    choices = sorted({candidate for candidate in candidates if candidate and candidate != word})
    if not word or not choices:
        return None
    folded = {choice: _folded(choice) for choice in choices}
    wanted = _folded(word)
    same = [choice for choice in choices if folded[choice] == wanted]
    if same:
        return same[0]
    ranked = process.extract(
        wanted, [folded[choice] for choice in choices], scorer=JaroWinkler.similarity, limit=5
    )
    best: tuple[int, float, str] | None = None
    for text, similarity, index in ranked:
        slips = DamerauLevenshtein.distance(wanted, text)
        allowed = max(1, max(len(wanted), len(text)) // 3)
        extends = len(wanted) >= 4 and (text.startswith(wanted) or wanted.startswith(text)) and len(text) >= 4
        if slips <= allowed or extends:
            rank = (slips, -similarity, choices[index])
            best = rank if best is None or rank < best else best
    return best[2] if best else None


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
