"""What is true of the sample lesson because it was made so: who spoke when, the words, the questions, the waits.

Counted here from the play itself, not by `coaching.metrics`: it is what the measures are checked against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coaching.spans import Span, cover, gaps, overlap, total

from .script import Line
from .sound import SNR_DB, VOICES, Spoken

PAUSE_S = 0.5
"""Quiet of one speaker this long or longer ends an utterance (docs/measures.md)."""

QUIET_WORK_S = 8.0
"""Silence this long or longer is quiet work (docs/measures.md)."""

COUNTED = {"open", "reason", "relating", "wh-fact", "yes/no", "checking"}
"""Kinds after which wait time is measured."""


@dataclass(frozen=True)
class Said:
    """An utterance: one line or several of one speaker, less than PAUSE_S apart."""

    span: Span
    who: str
    spoken: tuple[Spoken, ...]

    @property
    def text(self) -> str:
        return " ".join(s.line.words for s in self.spoken)


def utterances(spoken: list[Spoken]) -> list[Said]:
    """In order of start. Somebody who cuts in does not end the other's utterance."""
    said: dict[str, list[Said]] = {who: [] for who in VOICES}
    for s in spoken:
        theirs, span = said[s.line.who], Span(round(s.start, 3), round(s.end, 3))
        if theirs and span.start - theirs[-1].span.end < PAUSE_S:
            theirs[-1] = Said(theirs[-1].span | span, s.line.who, (*theirs[-1].spoken, s))
        else:
            theirs.append(Said(span, s.line.who, (s,)))
    return sorted((u for theirs in said.values() for u in theirs), key=lambda u: u.span)


def rttm(said: list[Said], name: str) -> str:
    return "".join(
        f"SPEAKER {name} 1 {u.span.start:.3f} {u.span.duration:.3f} <NA> <NA> {u.who} <NA> <NA>\n" for u in said
    )


def document(said: list[Said], duration: float) -> dict[str, Any]:
    """Everything as JSON. All times in seconds of the recording."""
    whole = Span(0, duration)
    of = {who: [u.span for u in said if u.who == who] for who in VOICES}
    students = cover(span for who in VOICES if who != "teacher" for span in of[who])
    speech = cover(u.span for u in said)
    teacher_s, student_s = total(cover(of["teacher"])), total(students)
    questions = [_question(said, u, s.line, s) for u in said for s in u.spoken if s.line.kind]
    counted = [q for q in questions if q["speaker"] == "teacher" and q["kind"] in COUNTED]
    return {
        "title": "Comparing fractions",
        "made_by": "scripts/make_sample.py",
        "about": "Four synthetic voices (flite) in a drawn classroom; nobody in it is real. "
        "Spans are of the voices themselves, without their echo; pauses under 0.5 s of one speaker are filled.",
        "language": "en",
        "duration_s": duration,
        "snr_db": SNR_DB,
        "speakers": [
            {
                "id": who,
                "role": "teacher" if who == "teacher" else "student",
                "voice": voice.flite,
                "down_db": voice.down_db,
                "seconds": _s(total(of[who])),
                "words": sum(len(u.text.split()) for u in said if u.who == who),
            }
            for who, voice in VOICES.items()
        ],
        "utterances": [{"speaker": u.who, **_span(u.span), "text": u.text} for u in said],
        "questions": questions,
        "talk": {
            "teacher_s": _s(teacher_s),
            "student_s": _s(student_s),
            "teacher_share": round(100 * teacher_s / (teacher_s + student_s), 2),
            "several_s": _s(total(overlap(u.span for u in said))),
            "silence_s": _s(duration - total(speech)),
            "silence_share": round(100 * (duration - total(speech)) / duration, 2),
        },
        "waits": {
            "counted_questions": len(counted),
            "answered_s": sorted(q["wait_s"] for q in counted if q["then"] == "student"),
            "went_on": sum(q["then"] != "student" for q in counted),
        },
        "overlapping_talk": [_span(span) for span in overlap(u.span for u in said)],
        "quiet_work": [_span(gap) for gap in gaps(speech, whole) if gap.duration >= QUIET_WORK_S],
        "longest_teacher_talk": _span(_longest_teacher_run(said)),
    }


def _question(said: list[Said], u: Said, line: Line, s: Spoken) -> dict[str, Any]:
    """A question and what came then: `student`, `teacher` (who went on), or `inside` its own utterance."""
    ends = s is u.spoken[-1]
    following = min((v for v in said if v.span.start >= u.span.end), key=lambda v: v.span, default=None)
    asked = {
        "speaker": u.who,
        **_span(Span(s.start, s.end)),
        "text": line.words.rsplit(". ", 1)[-1],
        "kind": line.kind,
        "ends_utterance": ends,
        "wait_s": None,
        "then": "inside",
    }
    if ends and following:
        asked["wait_s"] = _s(following.span.start - u.span.end)
        asked["then"] = "teacher" if following.who == "teacher" else "student"
    return asked


def _longest_teacher_run(said: list[Said]) -> Span:
    """From the first to the last of the teacher's utterances in a row. Student turns under 1 s do not interrupt it."""
    runs: list[Span] = []
    open_run = False
    for u in said:
        if u.who == "teacher":
            if open_run:
                runs[-1] |= u.span
            else:
                runs.append(u.span)
            open_run = True
        elif u.span.duration >= 1.0:
            open_run = False
    return max(runs, key=lambda r: r.duration)


def _span(span: Span) -> dict[str, float]:
    return {"start": _s(span.start), "end": _s(span.end)}


def _s(seconds: float) -> float:
    return round(seconds, 3)
