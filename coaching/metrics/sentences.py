"""A measure as one plain sentence, in the second person, with its range or the reason why it has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coaching.metrics.measure import Measure
from coaching.metrics.wait import tenths
from coaching.spans import clock

TITLES = {
    "teacher_talk": "Your talk",
    "student_talk": "Students’ talk",
    "several_voices": "Several voices",
    "silence": "Silence",
    "turns": "Turns",
    "longest_teacher_talk": "Your longest stretch",
    "student_response": "Students’ answers",
    "questions": "Questions",
    "open_share": "Open questions",
    "reason_questions": "Asking for reasons",
    "wait_time_1": "Wait time after a question",
    "wait_time_1_long": "Waits of three seconds or more after a question",
    "wait_time_2": "Wait time after a student",
    "wait_time_2_long": "Waits of three seconds or more after a student",
    "uptake": "Taking up students’ words",
    "restating": "Restating students’ words",
    "follow_up": "Following up with a question",
}
"""What people call a measure."""

FEWEST_MINUTES = 5
"""In a shorter recording the number of questions is said as it is: ten minutes of it were never heard."""


def sentence(measure: Measure) -> str:
    """The measure as people read it: "You spoke 62% of the talk time (58–66%)."

    A measure without a value reads as its title and its reason. Raises KeyError for a name that has no sentence.
    """
    if measure.value is None:
        return f"{TITLES[measure.name]}: {measure.reason}"
    said = _SENTENCES[measure.name](replace(measure, value=measure.shown))
    return said if measure.corrected is None else f"{said} Corrected by ear; the machine heard {_heard(measure)}."


def before_it_was_put_right(machine: Measure, now: Measure) -> str:
    """What the machine had, where what people put right made it another number; empty where it did not."""
    if machine.value is None:
        return "" if now.value is None else "The machine could not say before you put it right."
    if now.value is not None and _heard(machine) == _heard(now):
        return ""
    find = machine.unit not in ("%", "s") or machine.name in _FOUND
    return f"The machine {'found' if find else 'heard'} {_heard(machine)} before you put it right."


def _heard(m: Measure) -> str:
    if m.name in _FOUND:
        return counted(int(m.components[_FOUND[m.name]]), "moment")
    if m.name == "questions":
        return counted(round(m.components["questions"]), "question")
    if m.unit == "s" and m.name not in ("several_voices", "longest_teacher_talk"):
        return _seconds(m)
    return _share(m) if m.unit == "%" else length(m.value or 0.0) if m.unit == "s" else f"{m.value:.0f} {m.unit}"


_FOUND = {"uptake": "taken_up", "restating": "restated", "follow_up": "followed_up"}
"""What is a number of moments to look at: the component that counts them."""


def _teacher_talk(m: Measure) -> str:
    return f"You spoke {_share(m)} of the talk time{_range(m)}."


def _student_talk(m: Measure) -> str:
    return f"Students spoke {_share(m)} of the talk time{_range(m)}."


def _several_voices(m: Measure) -> str:
    value = m.value or 0.0
    heard = "as far as one microphone can tell"
    if value < 1:
        most = f" (at most {length(m.interval.high)})" if m.interval else ""
        return f"Hardly ever did two people speak at the same time{most}, {heard}."
    return f"Two or more people spoke at the same time for {length(value)}{_lengths(m)}, {heard}."


def _silence(m: Measure) -> str:
    if round(m.value or 0.0) == 0:
        return f"Somebody spoke almost all the time: there was hardly any silence{_range(m)}."
    times, quiet = int(m.components["quiet_work"]), length(m.components["quiet_work_s"])
    longer = {
        0: "It was always silent for less than eight seconds at a time.",
        1: f"Once it was silent for eight seconds or more: for {quiet}.",
    }.get(times, f"{times} times it was silent for eight seconds or more, for {quiet} in all.")
    # When it was silent only the machine says, and an ear may have found that it was not.
    return f"Nobody spoke for {_share(m)} of the lesson{_range(m)}.{'' if m.corrected is not None else f' {longer}'}"


def _turns(m: Measure) -> str:
    you, students, others = (int(m.components[role]) for role in ("teacher", "student", "unknown"))
    number = f" ({round(m.interval.low)}–{round(m.interval.high)})" if m.interval and m.value else ""
    if not you + students:
        return f"People took the floor {_times(others)}{number}."
    rest = f", and voices whose role is not known {_times(others)}" if others else ""
    in_all = f", together {_times(you + students + others)}{number}" if number else ""
    return f"You took the floor {_times(you)}, students {_times(students)}{rest}{in_all}."


def _longest_teacher_talk(m: Measure) -> str:
    at = f", from {clock(m.evidence[0].span.start)}" if m.evidence else ""
    return f"Your longest stretch of talk was about {length(m.value or 0.0)}{_lengths(m)}{at}."


def _student_response(m: Measure) -> str:
    least = round(m.components.get("median_words", 0))
    words = f", with at least {counted(least, 'word')}" if least else ""
    return f"After a question of yours, a student usually spoke for {_seconds(m)}{_range(m)}{words}."


def _questions(m: Measure) -> str:
    asked, minutes = m.components["questions"], m.components["duration_s"] / 60
    if not asked:
        return "No questions of yours were found in the words that were recognized."
    low, high = (m.interval.low * minutes / 10, m.interval.high * minutes / 10) if m.interval else (asked, asked)
    rate = f", which is {_tenth(m.value or 0.0)} in ten minutes" if minutes >= FEWEST_MINUTES else ""
    return f"You asked about {counted(round(asked), 'question')} ({round(low)}–{round(high)}){rate}."


def _open_share(m: Measure) -> str:
    content = int(m.components["open"] + m.components["closed"])
    return (
        f"About {_share(m)} of your {content} questions on the matter asked for ideas or reasons{_range(m)}. "
        "Labels are suggestions."
    )


def _reason_questions(m: Measure) -> str:
    asked = round(m.value or 0.0)
    if not asked:
        return "No question was found that asked why, or how somebody knows. Labels are suggestions."
    return f"About {counted(asked, 'question')} asked why, or how somebody knows. Labels are suggestions."


def _wait_time_1(m: Measure) -> str:
    went_on = int(m.components["went_on"])
    rest = f" After {counted(went_on, 'more question')} you went on yourself." if went_on else ""
    return f"After a question you usually waited {_seconds(m)}{_range(m)} before someone spoke.{rest}"


def _wait_time_2(m: Measure) -> str:
    return f"After a student you usually waited {_seconds(m)}{_range(m)} before you spoke."


def _long_waits(m: Measure) -> str:
    after = "a question" if m.name == "wait_time_1_long" else "a student"
    reached, waits = int(m.components["long"]), int(m.components["waits"])
    return f"{reached} of {waits} waits after {after} reached three seconds: {_share(m)}{_range(m)}."


def _uptake(m: Measure) -> str:
    return _moments(int(m.components["taken_up"]), "in which you may have taken up a student’s words")


def _restating(m: Measure) -> str:
    return _moments(int(m.components["restated"]), "in which you may have restated a student’s words")


def _follow_up(m: Measure) -> str:
    return _moments(
        int(m.components["followed_up"]), "in which you may have taken up a student’s words with an open question"
    )


_SENTENCES: dict[str, Callable[[Measure], str]] = {
    "teacher_talk": _teacher_talk,
    "student_talk": _student_talk,
    "several_voices": _several_voices,
    "silence": _silence,
    "turns": _turns,
    "longest_teacher_talk": _longest_teacher_talk,
    "student_response": _student_response,
    "questions": _questions,
    "open_share": _open_share,
    "reason_questions": _reason_questions,
    "wait_time_1": _wait_time_1,
    "wait_time_1_long": _long_waits,
    "wait_time_2": _wait_time_2,
    "wait_time_2_long": _long_waits,
    "uptake": _uptake,
    "restating": _restating,
    "follow_up": _follow_up,
}


def _range(m: Measure) -> str:
    """The range in brackets: an en dash between, a unit once."""
    if m.interval is None:
        return ""
    low, high = m.interval.low, m.interval.high
    return f" ({round(low)}–{round(high)}%)" if m.unit == "%" else f" ({tenths(low)}–{tenths(high)})"


def _share(m: Measure) -> str:
    return f"{round(m.value or 0.0)}%"


def _seconds(m: Measure) -> str:
    value = m.value or 0.0
    return "under half a second" if m.name.startswith("wait") and value < 0.5 else f"{tenths(value)} seconds"


def length(seconds: float) -> str:
    """12 seconds, 2:05 minutes."""
    whole = round(seconds)
    if whole < 60:
        return counted(whole, "second")
    return f"{clock(whole)} {'minutes' if whole < 3600 else 'hours'}"


def _lengths(m: Measure) -> str:
    """The range of a length in brackets, in the unit in which `length` says the value."""
    if m.interval is None:
        return ""
    say = clock if round(m.value or 0.0) >= 60 else lambda seconds: str(round(seconds))
    return f" ({say(round(m.interval.low))}–{say(round(m.interval.high))})"


def _tenth(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def counted(number: int, noun: str, many: str = "") -> str:
    """1 question, 2 questions."""
    return f"{number} {noun}" if number == 1 else f"{number} {many or f'{noun}s'}"


def _times(number: int) -> str:
    return {0: "never", 1: "about once"}.get(number, f"about {number} times")


def _moments(number: int, what: str) -> str:
    if not number:
        return f"No moment was found {what}. The recognizer misses many words of students."
    return f"{counted(number, 'moment')} to look at {what}."
