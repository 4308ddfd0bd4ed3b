"""Whether a sentence is a question though the recognizer wrote no question mark, by the rules of its language.

Every rule is a name and a pattern over *plain* text: lower case, straight apostrophes, no punctuation. They are written
by hand from the grammar of questions (`coaching/languages`); scripts/bench_measures.py says how often they are right.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from coaching.languages import Language, rules

LONG_WORDS = 12
"""A sentence of more words than this, without a question mark, may hold several: it is cut before it is asked."""

FEWEST_WORDS = 3
"""Nothing shorter is cut off: "now" and "so" also stand inside a sentence."""


class Hit(NamedTuple):
    """A rule that found a question: its name, the word at which the question starts, whether it is sure, and the
    words that decided."""

    rule: str
    word: int
    sure: bool
    words: str = ""


def plain(text: str) -> str:
    """`text` in lower case with straight apostrophes and single spaces, without punctuation, for the rules to read."""
    return " ".join(_WORD.findall(text.lower().translate(_STRAIGHT)))


def word_starts(text: str) -> list[int]:
    """Where each word of `plain(text)` begins in `text`; all at 0 where letters changed their number."""
    lower = text.lower().translate(_STRAIGHT)
    return [m.start() if len(lower) == len(text) else 0 for m in _WORD.finditer(lower)]


_WORD = re.compile(r"[^\W_]+(?:[./][0-9]+)?(?:'[^\W_]+)*")
_STRAIGHT = str.maketrans("’‘", "''")


def after_openers(text: str, language: str | None = None) -> int:
    """Where `text` (plain) begins to say something: the character after "okay, so" and the like; 0 if that is all."""
    opener = rules(language).openers.match(text)
    return opener.end() if opener else 0


def asks(text: str, language: str | None = None) -> Hit | None:
    """How `text` (plain) is a question though it has no mark. None where no rule matches."""
    known = rules(language)
    start = after_openers(text, language)
    for rule in known.asks:
        found = rule.pattern.match(text, start) if rule.at == "start" else rule.pattern.search(text)
        if found:
            word = text.count(" ", 0, found.start()) if rule.at == "inside" else 0
            return Hit(rule.rule, word, rule.sure, deciding(rule.pattern, text, found))
    return None


def deciding(pattern: re.Pattern[str], text: str, found: re.Match[str]) -> str:
    """The words of `text` (plain) that made `pattern` match: the match without what it only passed over."""
    starts = [found.start(), *(m.end() for m in re.finditer(" ", text) if found.start() < m.end() < found.end())]
    for start in reversed(starts):
        shorter = pattern.match(text, start)
        if shorter and shorter.end() > start:
            return shorter[0].strip()
    return found[0].strip()


def clauses(text: str, language: str | None = None) -> list[int]:
    """The words (from 0) at which `text` (plain), spoken without punctuation, may begin anew; 0 is always among them.

    Cut are only texts of more than `LONG_WORDS` words: before words such as "okay" and "now", and where a question's
    own word order begins.
    """
    total = text.count(" ") + 1
    if total <= LONG_WORDS:
        return [0]
    known = rules(language)
    cuts = {text.count(" ", 0, m.start()) for m in known.breaks.finditer(text)}
    cuts |= _inside(text, known)
    kept = [0]
    for cut in sorted(cuts):
        if cut - kept[-1] >= FEWEST_WORDS and total - cut >= FEWEST_WORDS:
            kept.append(cut)
    return kept


def _inside(text: str, known: Language) -> set[int]:
    inside = (rule.pattern for rule in known.asks if rule.at == "inside")
    return {text.count(" ", 0, m.start()) for pattern in inside for m in pattern.finditer(text)}
