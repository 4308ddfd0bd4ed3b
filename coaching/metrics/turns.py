"""How talk changes hands: turns, the teacher's longest stretch, and how long students answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from coaching.metrics.measure import Measure, Moment, undefined
from coaching.metrics.medians import median, median_interval
from coaching.metrics.prior import Prior
from coaching.metrics.questions import Question
from coaching.metrics.talk import QUIET_WORK_S
from coaching.quality import why_no_teacher, why_no_words
from coaching.spans import Span, total
from coaching.transcript import FLOOR_GAP_S, Role, Transcript, Turn, Utterance

SHORT_INTERRUPTION_S = 1.0
"""A student utterance shorter than this ("yes", "mhm") does not end the teacher's stretch (docs/measures.md)."""

ANSWER_WITHIN_S = 15.0
"""A student who speaks later than this after a question is not taken to answer it (docs/measures.md)."""

LONGEST_SHOWN = 3
FIRST_WORDS = 12
FEWEST_ANSWERS = 6
"""Under six values no 95% range of a median exists (see medians.py)."""


def turns(transcript: Transcript, prior: Prior | None = None) -> Measure:
    """Number of floors: runs of one role's talk with gaps under 1.5 s in which nobody else came in.

    A "yes" inside somebody's talk is a floor of its own and does not split the other's. Components: `teacher`,
    `student`, `unknown` floors. Always defined: a lesson in which nobody speaks has 0.
    """
    counts = {role.value: 0.0 for role in Role}
    for floor in transcript.floors:
        counts[floor.role.value] += 1
    value = float(len(transcript.floors))
    interval = prior.around(value, value, prior.turns_percent / 100 * value, most=inf) if prior else None
    return Measure("turns", value, "turns", interval, counts)


def longest_teacher_talk(transcript: Transcript, prior: Prior | None = None) -> Measure:
    """Seconds of the longest teacher run, interrupted only by others' utterances of under 1 s.

    From its first to its last sound; a silence of 8 s or more (quiet work) also ends a run, since nobody talks then.
    Components: `longest_s` and `runs`. Evidence: the three longest runs, longest first, with their first words;
    `value` is the run's seconds. Undefined: no known teacher.
    """
    if reason := why_no_teacher(transcript):
        return undefined("longest_teacher_talk", "s", reason)
    found = sorted((_moment(run) for run in _teacher_runs(transcript)), key=lambda m: -m.span.duration)
    longest = found[0].span.duration
    off = prior.longest_percent / 100 * longest if prior else 0.0
    return Measure(
        "longest_teacher_talk",
        longest,
        "s",
        prior.around(longest, longest, off, most=inf) if prior else None,
        {"longest_s": longest, "runs": len(found)},
        tuple(found[:LONGEST_SHOWN]),
    )


def _teacher_runs(transcript: Transcript) -> list[list[Utterance]]:
    """The teacher's utterances, grouped where only short interruptions and pauses under quiet work lie between."""
    runs: list[list[Utterance]] = []
    end, broken = 0.0, True
    for u in transcript.utterances:
        if transcript.role(u.speaker) is not Role.TEACHER:
            broken = broken or u.span.duration >= SHORT_INTERRUPTION_S
            continue
        if broken or u.span.start - end >= QUIET_WORK_S:
            runs.append([])
            end = u.span.end
        runs[-1].append(u)
        end, broken = max(end, u.span.end), False
    return runs


def _moment(run: Sequence[Utterance]) -> Moment:
    span = Span(run[0].span.start, max(u.span.end for u in run))
    words = " ".join(u.text for u in run if u.text).split()
    text = " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else "")
    return Moment(span, text, span.duration)


def student_response(transcript: Transcript, questions: Sequence[Question]) -> Measure:
    """Median seconds of the first student's answer within 15 s after a content question.

    Content questions are the open and the closed ones. An answer is the first utterance of a student that begins after
    the question, or within it and outlasts it, and those of the same student that follow with gaps under 1.5 s in which
    nobody took the floor. It counts once, for the last question before it. Components: `answers`, `seconds` (their
    sum), `words` and `median_words`: lower bounds, because most of what is lost of students is words. Evidence: each
    answer, its words, its seconds. Undefined: no teacher, no words, or fewer than six answers.
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
        many = "1 answer to a question was" if len(answers) == 1 else f"{len(answers)} answers to questions were"
        reason = f"Only {many} heard; six are needed to say how long they usually are."
        if not answers:
            reason = "No student was heard within 15 seconds after a question."
        return Measure("student_response", None, "s", components=components, evidence=evidence, reason=reason)
    return Measure("student_response", median(seconds), "s", median_interval(seconds), components, evidence)


def _answers(transcript: Transcript, asked: Sequence[Span]) -> list[Turn]:
    """The first student's answer to each question, each once, in order."""
    floors = [f.utterances for f in transcript.floors if f.role is Role.STUDENT]
    places = [(floor, i) for floor in floors for i in range(len(floor))]
    found: list[Turn] = []
    at = 0
    for question in asked:
        while at < len(places) and _before(question, places[at][0][places[at][1]].span):
            at += 1
        if at == len(places):
            break
        floor, first = places[at]
        late = floor[first].span.start > question.end + ANSWER_WITHIN_S
        if not late and not (found and floor[first] in found[-1].utterances):
            found.append(_answer(floor[first:]))
    return found


def _before(question: Span, spoken: Span) -> bool:
    """Whether what was spoken began before the question or ended within it, so that it cannot answer."""
    return spoken.start < question.start or spoken.end <= question.end


def _answer(talk: Sequence[Utterance]) -> Turn:
    """What the first speaker of `talk` says until a gap of `FLOOR_GAP_S` or more."""
    said = [talk[0]]
    for u in talk[1:]:
        if u.speaker == said[0].speaker:
            if u.span.start - said[-1].span.end >= FLOOR_GAP_S:
                break
            said.append(u)
    return Turn(said[0].speaker, Role.STUDENT, tuple(said))
