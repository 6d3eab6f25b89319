"""Advice on a misspelt word, where the words it may be are few."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names what a misspelt word may have meant; empty when nothing is near.

    Costs milliseconds for a few hundred words, and more than in proportion to the word's length,
    of which only the first hundred characters are looked at.
    """
    folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    close = difflib.get_close_matches(word.casefold()[:100], folded, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(folded[match] for match in close)}?" if close else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Advice that names what a misspelt word may have meant, or everything it may be."""
    words = sorted(known)
    return did_you_mean(word, words) or f"Known: {', '.join(words)}."
