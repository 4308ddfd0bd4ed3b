"""What each measure is made of: the one place that says which measures a correction can touch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto

from coaching.transcript import Transcript


class Input(Enum):
    """A part of a transcript, or of what is known of its recording."""

    SPEECH = auto()
    """When somebody speaks, and the length of the recording."""
    ROLES = auto()
    """When the teacher speaks, when a student."""
    VOICES = auto()
    """When each voice speaks, whatever it is called."""
    WORDS = auto()
    """What is said, in which language."""
    TOLD = auto()
    """What a person said of its questions."""
    ERROR = auto()
    """How far off the machine is in such a recording (prior.py): it also depends on how loud the students are."""


_S, _R, _V, _W, _T, _E = Input.SPEECH, Input.ROLES, Input.VOICES, Input.WORDS, Input.TOLD, Input.ERROR

MADE_OF: Mapping[str, frozenset[Input]] = {
    name: frozenset(inputs)
    for names, inputs in (
        (("teacher_talk", "student_talk", "turns"), (_S, _R, _E)),
        (("several_voices", "silence"), (_S, _E)),
        # Its evidence begins with the words of the stretch; that of waits II is what the student said.
        (("longest_teacher_talk",), (_S, _R, _W, _E)),
        (("wait_time_2", "wait_time_2_long"), (_S, _R, _W)),
        (("questions", "open_share", "reason_questions", "wait_time_1", "wait_time_1_long"), (_S, _R, _W, _T)),
        # An answer is one student's, and so is a turn.
        (("uptake", "restating"), (_S, _R, _V, _W)),
        (("student_response", "follow_up"), (_S, _R, _V, _W, _T)),
    )
    for name in names
}
"""So a name touches nothing; a text the measures with words in them, or in their evidence; a role all but what counts
voices whoever they are; and a merge of two voices of one role only what tells voices apart, unless they overlap."""

_PARTS: Mapping[Input, Callable[[Transcript], object]] = {
    _S: lambda t: (t.duration, [u.span for u in t.utterances]),
    _R: lambda t: [t.role(u.speaker) for u in t.utterances],
    _V: lambda t: _numbered([u.speaker for u in t.utterances]),
    _W: lambda t: (t.language, [(u.text, u.words) for u in t.utterances]),
    _T: lambda t: t.told,
}


def _numbered(voices: list[str]) -> list[int]:
    """Each voice by the order in which it first speaks, so that another label is no other voice."""
    order = {voice: n for n, voice in enumerate(dict.fromkeys(voices))}
    return [order[voice] for voice in voices]


def differing(before: Transcript, after: Transcript) -> frozenset[Input]:
    """What of the two transcripts is not the same. `Input.ERROR` is not in a transcript, and never among them."""
    return frozenset(i for i, part in _PARTS.items() if part(before) != part(after))
