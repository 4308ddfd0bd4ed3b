"""What was said in a clip of a library of exemplars: cut to its seconds, and without anybody's name."""

from __future__ import annotations

from dataclasses import replace

from coaching.corrections import apply
from coaching.exemplars import Exemplars
from coaching.services.given_clips import within
from coaching.spans import Span
from coaching.transcript import Transcript


def heard(exemplars: Exemplars, viewer: str, exemplar: str) -> tuple[Span, Transcript]:
    """Its seconds of the recording, and what was said in them; speakers are called by their roles. Raises NotThere."""
    span, transcript, corrections = exemplars.heard_in(viewer, exemplar)
    said = within(apply(transcript, corrections).transcript, span)
    return span, replace(said, speakers=tuple(replace(speaker, name="") for speaker in said.speakers))
