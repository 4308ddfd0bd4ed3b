"""Who spoke when, as the NIST Rich Transcription Time Marked file that diarization tools read."""

from __future__ import annotations

import re

from coaching.exports.text import plain
from coaching.lesson import Lesson


def rttm(lesson: Lesson) -> str:
    """One SPEAKER line an utterance: file, channel, start and duration in seconds, speaker id (as in lesson.json)."""
    uri = re.sub(r"\s+", "_", plain(lesson.recording.name)) or "lesson"
    return "".join(
        f"SPEAKER {uri} 1 {u.span.start:.3f} {u.span.duration:.3f} <NA> <NA> {u.speaker} <NA> <NA>\n"
        for u in lesson.transcript.utterances
        if u.span.duration >= 0.001
    )
