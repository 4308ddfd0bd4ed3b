"""What was said. A Transcriber turns stretches of sound into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coaching.errors import BadInput
from coaching.spans import Span
from coaching.transcript import Heard
from pipelines.audio import Audio
from pipelines.progress import Progress

MOST_TERMS = 500
"""Names and terms of one lesson that are listened for; a longer list is a dictionary, and favours what nobody said."""

LONGEST_TERM = 60
"""Characters of one term: a whole name or a short phrase."""


def check_vocabulary(terms: Sequence[str]) -> None:
    """Raises BadInput where there are too many terms, or one is too long."""
    if len(terms) > MOST_TERMS:
        raise BadInput(
            f"The vocabulary has {len(terms)} terms, and at most {MOST_TERMS} can be listened for; "
            "keep the names and terms of this lesson."
        )
    for term in terms:
        if len(term) > LONGEST_TERM:
            raise BadInput(
                f"The vocabulary's term {term[:20] + '…'!r} has {len(term)} characters, and at most {LONGEST_TERM} "
                "can be used; write one name or term a line."
            )


class Transcriber(Protocol):
    """Every adapter passes tests/contract/test_transcribers.py."""

    name: str
    version: str

    def speaks(self, language: str) -> bool:
        """Whether this engine recognizes `language` (ISO 639-1, as `en`)."""
        ...

    def transcribe(
        self,
        audio: Audio,
        spans: Sequence[Span],
        *,
        language: str,
        vocabulary: Sequence[str],
        progress: Progress,
    ) -> list[Heard]:
        """What was heard in each of `spans`, one for one, in the same order; never words where there were none.

        `vocabulary` are names and terms of this lesson, which an engine may favour; it has passed `check_vocabulary`.
        """
        ...


def joined(parts: Sequence[Heard]) -> Heard:
    """One Heard of several pieces: texts in order, confidence weighted by their length."""
    spoken = [p for p in parts if p.text]
    if not spoken:
        return Heard()
    weight = sum(len(p.text) for p in spoken)
    sure = sum((p.confidence or 0.0) * len(p.text) for p in spoken) / weight
    return Heard(" ".join(p.text for p in spoken), sure, tuple(w for p in spoken for w in p.words))
