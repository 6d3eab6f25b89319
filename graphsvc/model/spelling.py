"""Advice on a misspelt word or id: which known ones it may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def near(word: str, known: Iterable[str], most: int = 3, *, parts: bool = False) -> list[str]:
    """The known words that a misspelt one may have meant, best first; case does not matter.

    Words are compared whole, by the share of characters that they have in common in their order
    (rapidfuzz's `ratio`, at least 60 of 100). With `parts` a piece of a longer one counts too
    (`WRatio`), as somebody who knows half an id needs. Only a word's first 200 characters count.
    A request has the time for tens of thousands of known ones.
    """
    from rapidfuzz import fuzz, process  # 30 ms, for nothing where no word is misspelt

    # Sorted, so that equally near ones come in one order, whatever that of `known`.
    folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    found = process.extract(
        word.casefold()[:200],
        list(folded),
        scorer=fuzz.WRatio if parts else fuzz.ratio,
        limit=most,
        score_cutoff=60,
    )
    return [folded[match] for match, _, _ in found]


def did_you_mean(word: str, known: Iterable[str], *, parts: bool = False) -> str:
    """Advice that names what a misspelt word may have meant; empty when nothing is near."""
    words = near(word, known, parts=parts)
    return f"Did you mean {' or '.join(words)}?" if words else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Advice that names what a misspelt word may have meant, or everything it may be."""
    words = sorted(known)
    return did_you_mean(word, words) or f"Known: {', '.join(words)}."
