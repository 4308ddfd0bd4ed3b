"""What a measure was made of, in words: the sums under its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coaching.metrics.measure import Measure
from coaching.metrics.sentences import counted, length


def made_of(measure: Measure) -> str:
    """A sentence or two on the measure's components; empty where it has none."""
    return _MADE_OF[measure.name](measure.components) if measure.components else ""


def _talk(c: Mapping[str, float]) -> str:
    rest = f", and voices whose role is not known for {length(c['unknown_s'])}" if c["unknown_s"] >= 0.5 else ""
    heard = f"You were heard for {length(c['teacher_s'])}, students for {length(c['student_s'])}{rest}."
    return f"{heard} Talk at the same time counts for both."


def _several(c: Mapping[str, float]) -> str:
    return f"Somebody was heard for {length(c['speech_s'])}, two or more at once for {length(c['several_s'])} of it."


def _silence(c: Mapping[str, float]) -> str:
    return (
        f"Of {length(c['duration_s'])}, {length(c['silence_s'])} were without speech: {length(c['quiet_work_s'])} in "
        f"stretches of eight seconds or more, {length(c['pauses_s'])} in shorter pauses."
    )


def _turns(c: Mapping[str, float]) -> str:
    numbers = ", ".join(
        f"{who} {round(c[role])}"
        for role, who in (("teacher", "yours"), ("student", "students’"), ("unknown", "others’"))
        if c[role]
    )
    return f"Stretches of one side’s talk without a gap of 1.5 seconds: {numbers}." if numbers else ""


def _longest(c: Mapping[str, float]) -> str:
    return f"{counted(round(c['runs']), 'stretch', 'stretches')} of your talk. A word from somebody does not end one."


def _response(c: Mapping[str, float]) -> str:
    return (
        f"{counted(round(c['answers']), 'answer')} within 15 seconds after a question on the matter: "
        f"{length(c['seconds'])} in all, with at least {counted(round(c['words']), 'word')}."
    )


def _questions(c: Mapping[str, float]) -> str:
    found = counted(round(c["questions"]), "question")
    return f"{found} in {length(c['duration_s'])}. Tags (“…, right?”) and repeats of an answer are left out."


def _open(c: Mapping[str, float]) -> str:
    return f"{round(c['open'])} asked for ideas or reasons, {round(c['closed'])} for a fact, or for yes or no."


def _reasons(c: Mapping[str, float]) -> str:
    return f"Of {counted(round(c['content']), 'question')} on the matter."


def _waits(c: Mapping[str, float]) -> str:
    parts = [
        f"{counted(round(c['waits']), 'wait')} timed. Those under half a second, {round(c['under_half_second'])} here, "
        "are often missed."
    ]
    if c["went_on"]:
        parts.append(f"After {counted(round(c['went_on']), 'more question')} you went on yourself.")
    if c["over_15_s"]:
        times = counted(round(c["over_15_s"]), "time")
        parts.append(f"{times} nobody spoke within 15 seconds: that is work, and left out.")
    return " ".join(parts)


def _uptake(c: Mapping[str, float]) -> str:
    return f"Looked for after {counted(round(c['student_turns']), 'student turn')} of five words or more."


def _restating(c: Mapping[str, float]) -> str:
    return f"Looked for in {counted(round(c['exchanges']), 'place')} where you spoke after a student."


def _follow_up(c: Mapping[str, float]) -> str:
    taken = counted(round(c["taken_up"]), "moment")
    return f"Looked for in the {taken} in which you may have taken up a student’s words."


_MADE_OF: dict[str, Callable[[Mapping[str, float]], str]] = {
    "teacher_talk": _talk,
    "student_talk": _talk,
    "several_voices": _several,
    "silence": _silence,
    "turns": _turns,
    "longest_teacher_talk": _longest,
    "student_response": _response,
    "questions": _questions,
    "open_share": _open,
    "reason_questions": _reasons,
    "wait_time_1": _waits,
    "wait_time_1_long": _waits,
    "wait_time_2": _waits,
    "wait_time_2_long": _waits,
    "uptake": _uptake,
    "restating": _restating,
    "follow_up": _follow_up,
}
