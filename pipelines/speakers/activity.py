"""Where somebody speaks, without telling who: what is left of a lesson whose diarization failed."""

from __future__ import annotations

import math

from coaching.spans import Span, cover
from coaching.transcript import PAUSE_S, Segment
from pipelines.audio import Audio
from pipelines.progress import Progress
from pipelines.speakers.networks import FRAME
from pipelines.speakers.pieces import SHORTEST_S, SPEECH_FROM
from pipelines.speakers.silero import likelihood
from pipelines.speakers.windows import FIRST_FRAME_S, FRAME_S, runs

ANYBODY = "somebody"
"""The one label: it stands for every voice together."""


def speech_only(audio: Audio, progress: Progress) -> list[Segment]:
    """Segments as of a `Diarizer` that cannot tell voices apart, so that words still find their place.

    Talk of one person after another's within half a second is one segment. In noise Silero misses half of the speech,
    so these are not times to measure anybody's talk by.
    """
    likely = likelihood(audio, math.ceil(audio.samples / FRAME), progress)
    speech = likely >= SPEECH_FROM
    spans = [
        Span(*(min(f * FRAME_S + FIRST_FRAME_S, audio.duration) for f in run)) for run in runs(speech) if speech[run[0]]
    ]
    progress(1.0)
    return [Segment(span, ANYBODY) for span in cover(spans, fill=PAUSE_S) if span.duration >= SHORTEST_S]
