"""Double quotes that a recognizer sets by mistake: around a whole utterance, or without their other half."""

from __future__ import annotations

from collections.abc import Iterator

_EITHER, _OPENS, _CLOSES = '"', "“„", "”"
_BEFORE_OPENING = "([{-–—/'‘" + _EITHER + _OPENS


def without_stray_quotes(text: str) -> str:
    """`text` without double quotes that stand alone or wrap all of it; matched ones within it and apostrophes stay."""
    matched = dict(_pairs(text))
    while (last := len(text.rstrip(".,!?…")) - 1) > 0 and matched.get(0) == last:
        text = text[1:last] + text[last + 1 :]
        matched = dict(_pairs(text))
    keep = {*matched, *matched.values()}
    kept = "".join(c for i, c in enumerate(text) if i in keep or c not in _EITHER + _OPENS + _CLOSES)
    return " ".join(kept.split())


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Where each matched quote opens and closes; a straight one opens where a word begins."""
    opened: list[int] = []
    for i, c in enumerate(text):
        if c in _OPENS or (c == _EITHER and _begins_a_word(text, i)):
            opened.append(i)
        elif c in _EITHER + _CLOSES and opened:
            yield opened.pop(), i


def _begins_a_word(text: str, i: int) -> bool:
    before, after = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    return bool(after.strip()) and (not before.strip() or before in _BEFORE_OPENING)
