"""How talk changes hands: turns, the teacher's longest stretch, and how long students answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coaching.metrics.measure import Measure, Moment, undefined
from coaching.metrics.medians import median, median_interval
from coaching.metrics.questions import Question
from coaching.metrics.talk import QUIET_WORK_S
from coaching.quality import why_no_teacher, why_no_words
from coaching.spans import Span, total
from coaching.transcript import Role, Transcript, Turn

SHORT_INTERRUPTION_S = 1.0
"""A student turn shorter than this ("yes", "mhm") does not end the teacher's stretch (METRICS.md)."""

ANSWER_WITHIN_S = 15.0
"""A student who speaks later than this after a question is not taken to answer it (METRICS.md)."""

LONGEST_SHOWN = 3
FIRST_WORDS = 12
FEWEST_ANSWERS = 6
"""Under six values no 95% range of a median exists (see medians.py)."""


def turns(transcript: Transcript) -> Measure:
    """Number of floors: runs of one role's talk with gaps under 1.5 s (METRICS.md: measures count floors).

    Components: `teacher`, `student`, `unknown` floors. Always defined: a lesson in which nobody speaks has 0. A count
    of what the diarizer found, so without a range.
    """
    counts = {role.value: 0.0 for role in Role}
    for floor in transcript.floors:
        counts[floor.role.value] += 1
    return Measure("turns", float(len(transcript.floors)), "turns", components=counts)


def longest_teacher_talk(transcript: Transcript) -> Measure:
    """Seconds of the longest teacher run, interrupted only by others' turns of under 1 s (METRICS.md).

    From its first to its last sound; a silence of 8 s or more (quiet work) also ends a run, since nobody talks then.
    Components: `longest_s` and `runs`. Evidence: the three longest runs, longest first, with their first words;
    `value` is the run's seconds. Undefined: no known teacher.
    """
    if reason := why_no_teacher(transcript):
        return undefined("longest_teacher_talk", "s", reason)
    found = sorted((_moment(run) for run in _teacher_runs(transcript.turns)), key=lambda m: -m.span.duration)
    longest = found[0].span.duration
    return Measure(
        "longest_teacher_talk",
        longest,
        "s",
        components={"longest_s": longest, "runs": len(found)},
        evidence=tuple(found[:LONGEST_SHOWN]),
    )


def _teacher_runs(turns: Iterable[Turn]) -> list[list[Turn]]:
    """The teacher's turns, grouped where only short interruptions and pauses lie between; a turn with quiet work in it
    is cut there."""
    runs: list[list[Turn]] = []
    end = 0.0
    broken = True
    for turn in turns:
        if turn.role is not Role.TEACHER:
            broken = broken or turn.span.duration >= SHORT_INTERRUPTION_S
            continue
        for u in turn.utterances:
            if broken or u.span.start - end >= QUIET_WORK_S:
                runs.append([])
                end = u.span.end
            runs[-1].append(Turn(turn.speaker, turn.role, (u,)))
            end, broken = max(end, u.span.end), False
    return runs


def _moment(run: Sequence[Turn]) -> Moment:
    span = Span(run[0].span.start, max(t.span.end for t in run))
    words = " ".join(t.text for t in run if t.text).split()
    text = " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else "")
    return Moment(span, text, span.duration)


def student_response(transcript: Transcript, questions: Sequence[Question]) -> Measure:
    """Median seconds of speech of the first student turn within 15 s after a content question (METRICS.md).

    Content questions are the open and the closed ones. A turn counts once, for the last question before it; one that
    begins within the question and outlasts it counts too. Components: `answers`, `seconds` (their sum), `words` and
    `median_words`: lower bounds, because most of what is lost of students is words. Evidence: each answer, its words,
    its seconds. Undefined: no teacher, no words, or fewer than six answers.
    """
    if reason := why_no_words(transcript):
        return undefined("student_response", "s", reason)
    answers = _answers(transcript, [q.span for q in questions if q.kind.is_content])
    seconds = [total(u.span for u in turn.utterances) for turn in answers]
    words = [len(turn.text.split()) for turn in answers]
    components = {"answers": len(answers), "seconds": sum(seconds), "words": sum(words)}
    if answers:
        components["median_words"] = median(words)
    evidence = tuple(Moment(t.span, t.text, s) for t, s in zip(answers, seconds, strict=True))
    if len(answers) < FEWEST_ANSWERS:
        reason = (
            f"Only {len(answers)} answers to questions were heard; six are needed to say how long they usually are."
        )
        if not answers:
            reason = "No student was heard within 15 seconds after a question."
        return Measure("student_response", None, "s", components=components, evidence=evidence, reason=reason)
    return Measure("student_response", median(seconds), "s", median_interval(seconds), components, evidence)


def _answers(transcript: Transcript, asked: Sequence[Span]) -> list[Turn]:
    """The first student turn after each question, each turn once, in order."""
    students = [t for t in transcript.turns if t.role is Role.STUDENT]
    found: list[Turn] = []
    i = 0
    for question in asked:
        while i < len(students) and (students[i].span.start < question.start or students[i].span.end <= question.end):
            i += 1
        if i == len(students):
            break
        if students[i].span.start <= question.end + ANSWER_WITHIN_S and (not found or found[-1] is not students[i]):
            found.append(students[i])
    return found
