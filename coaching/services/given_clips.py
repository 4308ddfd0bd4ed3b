"""A clip that somebody was given: what was said in it, and nothing of what was said before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from coaching.corrections import apply
from coaching.given_clips import GivenClip
from coaching.ports import Lessons
from coaching.spans import Span
from coaching.transcript import Transcript, Utterance, Word

SLACK_S = 0.5
"""An utterance that begins before the clip or ends after it by less is all in it. What else reaches beyond gives its
words only where each has its time: which of them lie outside is not known otherwise, and those were not given."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`transcript` has the utterances of the clip alone; its times are the recording's."""

    clip: GivenClip
    transcript: Transcript


def see(lessons: Lessons, viewer: str, clip: str) -> Seen:
    """Raises NotThere."""
    given = lessons.given_clip(viewer, clip)
    heard, corrections = lessons.heard_in(viewer, clip)
    return Seen(given, within(apply(heard, corrections).transcript, given.span))


def within(transcript: Transcript, span: Span) -> Transcript:
    """The utterances that lie in the span, cut at its ends, and the speakers who speak in it."""
    kept = tuple(_cut(transcript.utterances, span))
    speak = {u.speaker for u in kept}
    return replace(
        transcript, utterances=kept, speakers=tuple(s for s in transcript.speakers if s.id in speak), told=()
    )


def _cut(utterances: tuple[Utterance, ...], span: Span) -> Iterator[Utterance]:
    for u in utterances:
        part = u.span & span
        if part is None:
            continue
        if u.span.duration - part.duration < SLACK_S:
            yield replace(u, span=part)
        elif u.words and all(word.span for word in u.words):
            words = tuple(word for word in u.words if _inside(word, span))
            yield replace(u, span=part, words=words, text=" ".join(word.text.strip() for word in words))
        else:
            yield replace(u, span=part, words=(), text="")


def _inside(word: Word, span: Span) -> bool:
    """By its middle."""
    assert word.span is not None  # noqa: S101 - the caller looked
    return span.start <= (word.span.start + word.span.end) / 2 < span.end
