"""What was said. A Transcriber turns stretches of sound into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coaching.spans import Span
from coaching.transcript import Heard
from pipelines.audio import Audio
from pipelines.progress import Progress


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

        `vocabulary` are names and terms of this lesson, which an engine may favour.
        """
        ...
