"""Advice on a misspelt word, where the words it may be are few."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words that a misspelt one may have meant, best first; case does not matter.

    Costs milliseconds for a few hundred words; only a word's first hundred characters count.
    """
    folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    close = difflib.get_close_matches(word.casefold()[:100], folded, n=most, cutoff=0.6)
    return [folded[match] for match in close]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names what a misspelt word may have meant; empty when nothing is near."""
    words = near(word, known)
    return f"Did you mean {' or '.join(words)}?" if words else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Advice that names what a misspelt word may have meant, or everything it may be."""
    words = sorted(known)
    return did_you_mean(word, words) or f"Known: {', '.join(words)}."
