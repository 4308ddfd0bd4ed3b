"""What a person puts right: who is the teacher, names, voices, words, kinds of questions. Kept apart from what a run
found.

A correction is made on a moment of the recording, not on a speaker's number, because numbers change between runs: it
holds the spans that it was made on, and in another run follows the voice that has most of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from coaching.errors import BadInput
from coaching.metrics.question_kinds import Kind as QuestionKind
from coaching.spans import Span, cover, intersect, total
from coaching.transcript import Role, Speaker, Told, Transcript, Utterance, join_utterances

LONGEST_NAME = 100
LONGEST_TEXT = 20_000
"""Characters; nobody says more in one breath."""


class Kind(StrEnum):
    ROLE = "role"
    NAME = "name"
    MERGE = "merge"
    VOICE = "voice"
    TEXT = "text"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Correction:
    """`spans` are where the voice was when it was corrected; for VOICE and TEXT the utterances, for QUESTION it.

    ROLE: `role` of the voice. NAME: `text` is its name. MERGE: the voice of `other` is the voice of `spans`. VOICE: the
    voice of `other` said these, or, where that is empty, one that has none yet. TEXT: `text` is what was said in the
    utterance. QUESTION: `text` is its kind, or empty where it is no question.
    """

    kind: Kind
    spans: tuple[Span, ...]
    role: Role | None = None
    text: str = ""
    other: tuple[Span, ...] = ()
    id: str = ""


def check(correction: Correction) -> None:
    """Raises BadInput for a correction that says nothing that could be applied."""
    longest = LONGEST_NAME if correction.kind is Kind.NAME else LONGEST_TEXT
    if not correction.spans or (correction.kind is Kind.MERGE and not correction.other):
        raise BadInput("A correction needs the moments that it is about.")
    if correction.kind is Kind.ROLE and correction.role is None:
        raise BadInput("Say which role this voice has.")
    if correction.kind is Kind.QUESTION and correction.text and correction.text not in set(QuestionKind):
        raise BadInput("There is no such kind of question.")
    controls = any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in correction.text)
    if len(correction.text) > longest or controls:
        raise BadInput(f"Write at most {longest} characters, and no control characters.")


@dataclass(frozen=True, slots=True)
class Applied:
    """A transcript with what people put right in it, and what of that found its place there."""

    transcript: Transcript
    carried: tuple[Correction, ...] = ()
    not_carried: tuple[Correction, ...] = ()


def apply(transcript: Transcript, corrections: Sequence[Correction]) -> Applied:
    """`transcript` after `corrections`, each on top of those before it.

    A correction of a voice follows the voice that speaks in more than half of the time that it was made on, the one
    with most of it. TEXT follows the utterance that shares more than half of its own time and more than half of the
    correction's, whoever says it: in a longer one, other words would be lost. What follows nothing is not carried over.

    Whoever becomes the teacher takes the place of the teacher before, who becomes a student. Of two voices that are
    merged, the first keeps its name, or takes the other's where it has none; one of them the teacher, both are. A voice
    that is new is a student's, where there is a teacher.
    """
    carried: list[Correction] = []
    lost: list[Correction] = []
    for correction in corrections:
        changed = _apply(transcript, correction)
        (lost if changed is None else carried).append(correction)
        transcript = changed or transcript
    return Applied(transcript, tuple(carried), tuple(lost))


def _apply(transcript: Transcript, correction: Correction) -> Transcript | None:
    if correction.kind is Kind.TEXT:
        found = _utterance(transcript, correction.spans)
        return None if found is None else _with_text(transcript, found, correction.text)
    if correction.kind is Kind.VOICE:
        return _with_another_voice(transcript, correction)
    if correction.kind is Kind.QUESTION:
        return _with_told(transcript, correction)
    voice = _voice(transcript, correction.spans)
    if voice is None:
        return None
    if correction.kind is Kind.MERGE:
        other = _voice(transcript, correction.other)
        return None if other is None else _with_one_voice(transcript, voice, other)
    if correction.kind is Kind.NAME:
        return _with_name(transcript, voice, correction.text)
    roles = {voice: correction.role or Role.UNKNOWN}
    if correction.role is Role.TEACHER:
        roles = {s.id: Role.STUDENT for s in transcript.speakers if s.role is Role.TEACHER} | roles
    return transcript.with_roles(roles)


def _voice(transcript: Transcript, spans: Sequence[Span]) -> str | None:
    """Whose speech covers more than half of `spans`, and most of it."""
    shares = {
        s.id: total(intersect(spans, (u.span for u in transcript.utterances if u.speaker == s.id)))
        for s in transcript.speakers
    }
    best = max(shares, key=lambda speaker: shares[speaker], default=None)
    return best if best is not None and shares[best] > total(cover(spans)) / 2 else None


def _utterance(transcript: Transcript, spans: Sequence[Span]) -> Utterance | None:
    whole = total(cover(spans))

    def shared(u: Utterance) -> float:
        """The smaller of the two shares: of the utterance, and of what was corrected."""
        both = total(intersect(spans, [u.span]))
        return both / max(whole, u.span.duration) if both else 0.0

    best = max(transcript.utterances, key=shared, default=None)
    return best if best is not None and shared(best) > 0.5 else None


def _with_text(transcript: Transcript, utterance: Utterance, text: str) -> Transcript:
    """What a person wrote is certain; the times of the machine's words are not those of the person's."""
    said = replace(utterance, text=text, confidence=1.0 if text else None, words=())
    return replace(transcript, utterances=tuple(said if u is utterance else u for u in transcript.utterances))


def _with_name(transcript: Transcript, voice: str, name: str) -> Transcript:
    return replace(
        transcript, speakers=tuple(replace(s, name=name) if s.id == voice else s for s in transcript.speakers)
    )


def _with_one_voice(transcript: Transcript, keep: str, other: str) -> Transcript:
    names = {s.id: s.name for s in transcript.speakers}
    teaches = Role.TEACHER in (transcript.role(keep), transcript.role(other))
    merged = _with_name(transcript.with_merged(keep, other), keep, names[keep] or names[other])
    return merged.with_roles({keep: Role.TEACHER}) if teaches else merged


def _with_another_voice(transcript: Transcript, correction: Correction) -> Transcript | None:
    def lies_in(u: Utterance) -> bool:
        return total(intersect(correction.spans, [u.span])) > u.span.duration / 2

    moved = [u for u in transcript.utterances if lies_in(u)]
    if total(intersect(correction.spans, (u.span for u in moved))) <= total(cover(correction.spans)) / 2:
        return None
    if correction.other:
        voice = _voice(transcript, correction.other)
        speakers = transcript.speakers
    else:
        ids = {s.id for s in transcript.speakers}
        voice = next(id for n in count(1) if (id := f"speaker_{n}") not in ids)
        teaches = any(s.role is Role.TEACHER for s in transcript.speakers)
        speakers = (*transcript.speakers, Speaker(voice, Role.STUDENT if teaches else Role.UNKNOWN))
    if voice is None:
        return None
    others = [u for u in transcript.utterances if not lies_in(u)]
    theirs = [replace(u, speaker=voice) for u in moved] + [u for u in others if u.speaker == voice]
    rest = [u for u in others if u.speaker != voice]
    utterances = (*rest, *join_utterances(theirs))
    speaking = {u.speaker for u in utterances}
    kept = tuple(s for s in speakers if s.id in speaking)
    return replace(transcript, speakers=kept, utterances=utterances)


def _with_told(transcript: Transcript, correction: Correction) -> Transcript | None:
    """Where nobody speaks any more for most of the question, there is no question to tell of."""
    said = total(intersect(correction.spans, (u.span for u in transcript.utterances if u.text)))
    if said <= total(cover(correction.spans)) / 2:
        return None
    spans = correction.spans
    told = Told(Span(min(s.start for s in spans), max(s.end for s in spans)), correction.text)
    return replace(transcript, told=(*transcript.told, told))
