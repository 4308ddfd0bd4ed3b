"""Who speaks when. A Diarizer turns sound into segments of anonymous speakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from coaching.transcript import Segment
from pipelines.audio import Audio
from pipelines.progress import Progress


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """The least and most speakers there can be, where the person who asks knows; None is unknown."""

    least: int | None = None
    most: int | None = None


class Diarizer(Protocol):
    """Every adapter passes tests/contract/test_diarizers.py."""

    name: str
    version: str

    def diarize(self, audio: Audio, *, speakers: SpeakerCount, progress: Progress) -> list[Segment]:
        """Segments in order of start, within the recording; those of one speaker never overlap; labels hold no spaces.

        An empty list where nobody speaks.
        """
        ...
