"""All measures of a lesson together: their order, what a recording takes away, and how they read."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from types import FrameType

import pytest
from drawn import lesson
from lessons import long_lesson

from coaching.metrics import WITHOUT_RANGE, measure_lesson
from coaching.metrics.measure import Interval, Measure, Moment
from coaching.metrics.sentences import TITLES, sentence
from coaching.quality import (
    KIND_MEASURES,
    NO_LANGUAGE,
    NO_TEACHER,
    NO_WORDS,
    ONE_VOICE,
    STUDENT_MEASURES,
    STUDENTS_TOO_FAR,
    TEACHER_MEASURES,
    TOO_LOUD,
    TOO_UNSURE,
    UPTAKE_MEASURES,
    WORD_MEASURES,
    AudioQuality,
    limits,
    no_rules,
    quality_notes,
)
from coaching.spans import Span
from coaching.transcript import Role, Transcript

NAMES = [
    "teacher_talk",
    "student_talk",
    "several_voices",
    "silence",
    "turns",
    "longest_teacher_talk",
    "student_response",
    "questions",
    "open_share",
    "reason_questions",
    "wait_time_1",
    "wait_time_1_long",
    "wait_time_2",
    "wait_time_2_long",
    "uptake",
    "restating",
    "follow_up",
]
CLEAR = AudioQuality(speech_db=-20, noise_db=-50, teacher_db=-18, student_db=-28)
WORDS = {"q": "What do you notice?", "r": "The heavy stone sinks to the ground.", "u": "The stone sinks. Why?"}
FULL = lesson("T |" + "qq   uu  " * 12 + "|\nS1|" + "   r    r" * 12 + "|", WORDS)


def by_name(transcript: Transcript, quality: AudioQuality = CLEAR) -> dict[str, Measure]:
    return {m.name: m for m in measure_lesson(transcript, quality)}


def test_always_all_measures_in_one_order() -> None:
    for transcript in (FULL, lesson("S1|--|"), Transcript(0, (), ())):
        assert [m.name for m in measure_lesson(transcript, CLEAR)] == NAMES
    assert list(TITLES) == NAMES


def test_a_full_lesson_has_every_value() -> None:
    missing = {m.name: m.reason for m in measure_lesson(FULL, CLEAR) if m.value is None}
    assert missing == {}


def test_a_clear_recording_withholds_nothing() -> None:
    assert limits(CLEAR, FULL) == {}
    assert limits(AudioQuality(None, None), FULL) == {}, "what the microphone does not say withholds nothing"
    assert quality_notes(CLEAR, FULL) == ()


@pytest.mark.parametrize(
    ("quality", "names", "reason"),
    [
        (AudioQuality(-20, -13.9), STUDENT_MEASURES, TOO_LOUD),
        (AudioQuality(-20, -40, student_db=-43.1), STUDENT_MEASURES, STUDENTS_TOO_FAR),
        (AudioQuality(-20, -40, unsure=0.51), (*KIND_MEASURES, *UPTAKE_MEASURES), TOO_UNSURE),
    ],
)
def test_what_a_poor_recording_takes_away(quality: AudioQuality, names: tuple[str, ...], reason: str) -> None:
    assert limits(quality, FULL) == dict.fromkeys(names, reason)
    for name, measure in by_name(FULL, quality).items():
        if name in names:
            assert measure.reason == reason
            assert (measure.components, measure.evidence) == ({}, ()), "nothing adds up or plays what is not trusted"
        else:
            assert measure.value is not None


def test_at_the_floor_everything_is_shown() -> None:
    assert limits(AudioQuality(-20, -14, student_db=-17, unsure=0.50), FULL) == {}


def test_without_words_the_acoustic_measures_stay() -> None:
    silent = lesson("T |-- --|\nS1|  -  |")
    assert limits(CLEAR, silent) == dict.fromkeys(WORD_MEASURES, NO_WORDS)
    measures = by_name(silent)
    assert measures["teacher_talk"].value == 80
    assert measures["wait_time_2"].reason.startswith("After a student you spoke next only once")


def test_a_language_that_nothing_recognizes_is_named_as_the_reason() -> None:
    silent = lesson("T |-- --|\nS1|  -  |")
    unknown = Transcript(silent.duration, silent.speakers, silent.utterances, None)
    assert limits(CLEAR, unknown) == dict.fromkeys(WORD_MEASURES, NO_LANGUAGE)
    assert "(only English is)" in NO_LANGUAGE


@pytest.mark.parametrize(("minutes", "reason"), [(9.9, ONE_VOICE), (10, None)])
def test_one_voice_alone_has_no_share_in_a_short_recording(minutes: float, reason: str | None) -> None:
    alone = lesson(f"T |{'q' * round(minutes * 10)}|", WORDS, step=6.0)
    measures = by_name(alone)
    assert [measures[name].reason for name in ("teacher_talk", "student_talk")] == [reason] * 2
    assert measures["silence"].value == 0, "silence is known all the same"
    nobody_s = alone.with_roles({"T": Role.UNKNOWN})
    assert by_name(nobody_s)["teacher_talk"].reason == NO_TEACHER


def test_where_kinds_are_withheld_the_number_of_questions_does_not_tell_them() -> None:
    unsure = AudioQuality(-20, -40, unsure=0.51)
    assert set(by_name(FULL)["questions"].components) > {"questions", "duration_s", "marked", "open", "reason"}
    assert set(by_name(FULL, unsure)["questions"].components) == {"questions", "duration_s", "marked"}


def test_reasons_stand_alone() -> None:
    for reason in (NO_TEACHER, NO_WORDS, NO_LANGUAGE, no_rules(), ONE_VOICE, TOO_LOUD, STUDENTS_TOO_FAR, TOO_UNSURE):
        assert not re.search(r"\bthis (needs|number|would|measure)\b|\bneeds them\b|say this", reason), reason


def test_without_a_teacher_only_what_needs_none_stays() -> None:
    transcript = lesson("S1|-- --|\nS2|  -  |")
    assert limits(CLEAR, transcript) == dict.fromkeys(TEACHER_MEASURES, NO_TEACHER)
    assert {n for n, m in by_name(transcript).items() if m.value is not None} == {"several_voices", "silence", "turns"}


def test_a_language_without_rules_has_no_questions() -> None:
    french = Transcript(FULL.duration, FULL.speakers, FULL.utterances, "fr")
    assert limits(CLEAR, french) == dict.fromkeys(WORD_MEASURES, no_rules())
    assert no_rules() == (
        "Questions and taken-up words are found by rules for English and German, and this lesson is in another "
        "language."
    )
    assert {name for name, m in by_name(french).items() if m.value is not None} >= {"teacher_talk", "silence", "turns"}
    assert limits(CLEAR, Transcript(FULL.duration, FULL.speakers, FULL.utterances, None)) == {}, "taken for English"
    assert limits(CLEAR, Transcript(FULL.duration, FULL.speakers, FULL.utterances, "en-GB")) == {}


def test_the_first_reason_is_the_one_that_is_given() -> None:
    poor = AudioQuality(-20, -12, student_db=-21, unsure=0.9)
    found = limits(poor, lesson("S1|-- --|"))
    assert found["teacher_talk"] == TOO_LOUD
    assert found["questions"] == NO_TEACHER


def test_notes_come_before_the_numbers_with_what_to_do_last() -> None:
    poor = AudioQuality(-20, -26, clipped=0.031, teacher_db=-15, student_db=-22, unsure=0.3)
    notes = quality_notes(poor, FULL)
    assert notes[0].startswith("Student speech is probably undercounted.")
    assert "only 6 dB louder" in notes[1]
    assert "in 3% of the speech" in notes[2]
    assert notes[3].startswith("In 30% of the speech the recognizer was unsure or found no words.")
    assert notes[-1].startswith("Next time, put the phone")


def test_notes_on_who_was_heard() -> None:
    assert quality_notes(CLEAR, lesson("S1|--|"))[0].startswith("It is not known which voice is yours")
    assert quality_notes(CLEAR, lesson("T |--|"))[0].startswith("No student was heard.")


def test_a_correction_of_the_teacher_measures_anew() -> None:
    wrong = FULL.with_roles({"T": Role.STUDENT, "S1": Role.TEACHER})
    right = wrong.with_roles({"T": Role.TEACHER, "S1": Role.STUDENT})
    assert measure_lesson(right, CLEAR) == measure_lesson(FULL, CLEAR)
    assert by_name(wrong)["teacher_talk"].value == pytest.approx(by_name(FULL)["student_talk"].value)


@pytest.mark.parametrize("transcript", [FULL, lesson("S1|--|"), lesson("T |-- --|\nS1|  -  |"), Transcript(0, (), ())])
def test_every_measure_reads_as_plain_sentences_that_judge_nobody(transcript: Transcript) -> None:
    for measure in measure_lesson(transcript, CLEAR):
        text = sentence(measure)
        assert text.endswith(".")
        assert "\n" not in text
        assert not re.search(r"\b(too much|too little|good|bad|poor|score|should|low|high|insufficient)\b", text, re.I)
        assert not re.search(r"\d\.\d\d", text), "no false precision"


def test_sentences_as_people_read_them() -> None:
    interval = Interval(57.6, 66.4, "tests")
    assert sentence(Measure("teacher_talk", 62.2, "%", interval)) == "You spoke 62% of the talk time (58–66%)."
    wait = Measure("wait_time_1", 1.84, "s", Interval(1.5, 2.2, ""), {"went_on": 1})
    assert sentence(wait) == (
        "After a question you usually waited 1.8 seconds (1.5–2.2) before someone spoke. After 1 more question you went"
        " on yourself."
    )
    short = Measure("wait_time_2", 0.3, "s", Interval(0.0, 0.6, ""))
    assert sentence(short) == "After a student you usually waited under half a second (0.0–0.6) before you spoke."
    long = Measure("wait_time_1_long", 100 * 6 / 27, "%", Interval(10.6, 40.8, ""), {"long": 6, "waits": 27})
    assert sentence(long) == "6 of 27 waits after a question reached three seconds: 22% (11–41%)."
    stretch = Measure("longest_teacher_talk", 125.0, "s", evidence=(Moment(Span(162, 287)),))
    assert sentence(stretch) == "Your longest stretch of talk was about 2:05 minutes, from 2:42."
    stretch = replace(stretch, interval=Interval(83.4, 170, ""))
    assert sentence(stretch) == "Your longest stretch of talk was about 2:05 minutes (1:23–2:50), from 2:42."
    at_once = Measure("several_voices", 12.4, "s", Interval(3.6, 21.2, ""))
    assert sentence(at_once) == (
        "Two or more people spoke at the same time for 12 seconds (4–21), as far as one microphone can tell."
    )
    assert sentence(replace(at_once, value=0.4, interval=Interval(0, 8.8, ""))) == (
        "Hardly ever did two people speak at the same time (at most 9 seconds), as far as one microphone can tell."
    )
    asked = Measure("questions", 6.75, "per 10 minutes", Interval(6, 7.75, ""), {"questions": 27, "duration_s": 2400})
    assert sentence(asked) == "You asked about 27 questions (24–31), which is 6.8 in ten minutes."
    short = Measure("questions", 20, "per 10 minutes", Interval(10, 30, ""), {"questions": 2, "duration_s": 60})
    assert sentence(short) == "You asked about 2 questions (1–3).", "two in a minute are not twenty in ten"
    wide = Measure("open_share", 70, "%", Interval(39.7, 89.2, ""), {"open": 7, "closed": 3})
    assert sentence(wide) == (
        "About 70% of your 10 questions on the matter asked for ideas or reasons (40–89%). Labels are suggestions."
    )
    missing = Measure("student_talk", None, "%", reason=STUDENTS_TOO_FAR)
    assert sentence(missing) == (
        "Students’ talk: The microphone was too far from the students to say how much they spoke."
    )
    with pytest.raises(KeyError):
        sentence(Measure("mood", 1.0, "s"))


def test_silence_in_plain_words() -> None:
    def said(value: float, work: float, times: int) -> str:
        parts = {"quiet_work_s": work, "quiet_work": times}
        return sentence(Measure("silence", value, "%", Interval(max(0, value - 6), value + 6, ""), parts))

    assert said(0.2, 0, 0) == "Somebody spoke almost all the time: there was hardly any silence (0–6%)."
    assert said(20, 0, 0) == (
        "Nobody spoke for 20% of the lesson (14–26%). It was always silent for less than eight seconds at a time."
    )
    assert said(34, 10, 1) == (
        "Nobody spoke for 34% of the lesson (28–40%). Once it was silent for eight seconds or more: for 10 seconds."
    )
    assert said(34, 125, 3) == (
        "Nobody spoke for 34% of the lesson (28–40%). 3 times it was silent for eight seconds or more, for 2:05 minutes"
        " in all."
    )


@pytest.mark.parametrize(
    ("you", "students", "others", "said"),
    [
        (12, 1, 0, "You took the floor about 12 times, students about once."),
        (
            2,
            0,
            3,
            "You took the floor about 2 times, students never, and voices whose role is not known about 3 times.",
        ),
        (0, 0, 7, "People took the floor about 7 times."),
    ],
)
def test_turns_of_voices_whose_role_is_not_known_are_nobody_s(you: int, students: int, others: int, said: str) -> None:
    counts = {"teacher": you, "student": students, "unknown": others}
    assert sentence(Measure("turns", you + students + others, "turns", components=counts)) == said


def test_turns_with_their_range() -> None:
    counts = {"teacher": 12, "student": 9, "unknown": 0}
    measure = Measure("turns", 21, "turns", Interval(17.4, 24.6, ""), counts)
    assert sentence(measure) == (
        "You took the floor about 12 times, students about 9 times, together about 21 times (17–25)."
    )
    nobody_known = replace(measure, components={"teacher": 0, "student": 0, "unknown": 21})
    assert sentence(nobody_known) == "People took the floor about 21 times (17–25)."


def test_nothing_found_is_said_with_the_same_care_as_something() -> None:
    assert sentence(Measure("several_voices", 0.4, "s")).endswith("as far as one microphone can tell.")
    assert sentence(Measure("reason_questions", 0, "questions")).endswith("Labels are suggestions.")


def test_twice_the_lesson_is_twice_the_work() -> None:
    # 8 s a round: 10 and 20 minutes. Work is counted in lines of our code that run, which no other load changes
    once, twice = (_lines_run(rounds) for rounds in (75, 150))
    assert once > 10_000
    assert twice / once < 2.1


def _lines_run(rounds: int) -> int:
    transcript = lesson("T |" + "qq   uu " * rounds + "|\nS1|" + "   r    " * rounds + "|", WORDS)
    count = 0

    def line(frame: FrameType, event: str, _: object) -> object:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        measure_lesson(transcript, CLEAR)
    finally:
        sys.settrace(before)
    return count


def test_every_measure_has_a_range_or_words_why_it_has_none() -> None:
    measures = long_lesson(45).measures
    assert all(m.value is not None for m in measures), "a lesson in which everything can be measured"
    assert {m.name for m in measures if m.interval is None} == set(WITHOUT_RANGE)
    for m in measures:
        if m.interval:
            assert m.interval.low <= m.value <= m.interval.high
            assert m.interval.low < m.interval.high or m.value == 0
            assert re.search("chance|error", m.interval.source), "it says where it comes from"
