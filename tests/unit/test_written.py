"""Transcripts from elsewhere: what words and times allow is measured, and the rest is withheld with a reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from lessons import long_lesson

from coaching.errors import BadInput
from coaching.exports.utterances import formulas, utterances_csv
from coaching.metrics import Measure
from coaching.metrics.question_kinds import Kind
from coaching.metrics.sentences import TITLES, sentence
from coaching.quality import NO_TEACHER, SPEECH_MEASURES, WAIT_MEASURES
from coaching.readers.lines import Line
from coaching.readers.roles import roles
from coaching.transcript import Role
from coaching.written import (
    NO_PAUSES,
    NO_TIMES,
    TELLING,
    Marks,
    Written,
    marks,
    measure_written,
    without_recording,
    written,
)

TALK = (
    ("teacher", "Good morning. What do you notice?"),
    ("student", "The pieces are bigger when you cut it in fewer."),
    ("teacher", "The pieces are bigger."),
    ("teacher", "Any questions? How do you know? Okay?"),
    ("s", ""),
    ("observer", "Nice."),
    ("student", "Three fourths."),
    ("teacher", "Three fourths?"),
)


def rows(*talk: tuple[str, str], times: Sequence[tuple[float, float]] = (), speaker: str = "") -> list[Line]:
    at = times or [(None, None)] * len(talk)
    return [
        Line(f"row {n}", who, speaker, text, *t) for n, ((who, text), t) in enumerate(zip(talk, at, strict=True), 2)
    ]


def made(lines: list[Line], language: str = "en") -> Written:
    return written(lines, roles(lines, "a.csv", rest=False), language)


def measured(transcript: Written) -> dict[str, Measure]:
    return {m.name: m for m in measure_written(transcript)}


def test_each_row_has_what_the_rules_say():
    found = marks(made(rows(*TALK)))
    assert [(m.question, m.kind) for m in found] == [
        (True, Kind.OPEN), (False, None), (False, None), (True, Kind.REASON), (False, None), (False, None),
        (False, None), (True, Kind.ECHO),
    ]  # fmt: skip
    assert [m.restating for m in found] == [False, False, True, *[False] * 5]  # a question hands the words back
    assert [m.uptake is not None for m in found] == [False, False, True, False, False, False, False, True]
    assert found[3].decided_by
    assert not found[4].decided_by


def test_every_kind_has_its_place_among_the_telling():
    assert sorted(TELLING) == sorted(Kind)


def test_without_times_nothing_is_said_of_time():
    found = measured(made(rows(*TALK)))
    for name in (*SPEECH_MEASURES, *WAIT_MEASURES, "student_response"):
        assert (found[name].value, found[name].reason, dict(found[name].components)) == (None, NO_TIMES, {})
        assert not found[name].evidence
    assert found["reason_questions"].value == 1
    assert found["restating"].value == 1
    asked = found["questions"]
    assert asked.value is asked.interval is None
    assert "duration_s" not in asked.components
    assert asked.components["questions"] == 3  # notice, any questions, know; the tag and the echo are left out
    assert asked.reason is not None
    assert asked.reason.startswith("3 questions were found. How many in ten minutes is not known: the transcript")


#   0123456789012345678901234
# T ==       ===       ==
# S     ==        ===
TIMES = ((100, 102), (104, 106), (109, 112), (115, 118), (120, 122))
TIMED = (
    TALK[0], TALK[1], ("teacher", "Bigger. How do you know? Any questions?"), ("student", "Because I cut it."),
    ("teacher", "Right. Okay."),
)  # fmt: skip


def test_with_times_talk_is_measured_from_its_first_to_its_last_sound():
    transcript = made(rows(*TIMED, times=TIMES))
    found = measured(transcript)
    assert found["teacher_talk"].value == pytest.approx(100 * 7 / 12)
    assert found["silence"].components["duration_s"] == 22
    assert found["silence"].value == pytest.approx(100 * 10 / 22)
    assert found["questions"].value == pytest.approx(3 * 600 / 22)
    assert found["wait_time_1"].components["seconds"] == 2 + 3
    assert found["wait_time_2"].components["seconds"] == 3 + 2
    assert any("first row" in note for note in transcript.notes)
    assert any("whole seconds" in note for note in transcript.notes)


def test_rows_of_one_voice_under_half_a_second_apart_are_one_utterance_where_time_counts():
    talk = (("teacher", "So look at this."), ("teacher", "What do you notice?"), ("student", "Hm."))
    transcript = made(rows(*talk, times=((0.5, 2), (2.4, 4), (6, 7))))
    assert measured(transcript)["teacher_talk"].components["teacher_s"] == pytest.approx(3.5)
    assert [m.question for m in marks(transcript)] == [False, True, False]
    assert not any("whole seconds" in note for note in transcript.notes)


def test_rows_out_of_order_are_measured_in_the_order_of_time_and_stay_in_theirs():
    order = (2, 0, 4, 3, 1)
    lines = rows(*TIMED, times=TIMES)
    mixed = made([lines[n] for n in order])
    straight = made(lines)
    assert measure_written(mixed) == measure_written(straight)
    assert marks(mixed) == [marks(straight)[n] for n in order]


def test_students_without_names_may_overlap():
    talk = (("teacher", "Why?"), ("student", "It is."), ("student", "No."), ("student", "Yes."))
    found = measured(made(rows(*talk, times=((0, 1), (2, 5), (3, 4), (5, 6)))))
    assert found["several_voices"].value == 1
    assert found["teacher_talk"].components["student_s"] == 4


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (((0, 4), (5, 6), (3, 7)), "By its times row 4 begins before row 2 of the same voice has ended"),
        (((0, 4), (5, None), (6, 7)), "Not every row has a start and an end of its own (row 3 has not)"),
        (((0, None), (5, None), (6, None)), "Not every row has a start and an end of its own (row 2 has not)"),
    ],
)
def test_times_that_cannot_be_are_not_used(times, says):
    transcript = made(rows(("teacher", "Why?"), ("student", "So."), ("teacher", "I see."), times=times))
    found = measured(transcript)
    assert says in (found["silence"].reason or "")
    assert found["reason_questions"].value == 1


def test_times_of_captions_give_no_pauses():
    talk = [TALK[n % 2] for n in range(12)]
    found = measured(made(rows(*talk, times=[(2.5 * n, 2.5 * n + 2.5) for n in range(12)])))
    for name in ("silence", *WAIT_MEASURES):
        assert (found[name].value, found[name].reason) == (None, NO_PAUSES)
    assert found["teacher_talk"].value == 50
    assert found["questions"].value == pytest.approx(6 * 600 / 30)


@pytest.mark.parametrize(
    ("talk", "language", "reason"),
    [
        ((("Anna", "Why?"), ("Ben", "Because.")), "en", NO_TEACHER),
        ((("teacher", "Warum ist das so?"), ("student", "Weil.")), "xx", "this lesson is in another language"),
    ],
)
def test_what_cannot_be_known_is_empty_and_not_no(talk, language, reason):
    transcript = made(rows(*talk), language)
    assert marks(transcript) == [Marks(None)] * 2
    assert reason in (measured(transcript)["open_share"].reason or "")
    assert reason in (measured(transcript)["questions"].reason or "")


def test_a_text_that_is_no_talk_is_refused():
    with pytest.raises(BadInput, match="row 3 has a word of more than 2,000 characters"):
        made(rows(("teacher", "Hello."), ("teacher", "a" * 2001)))


def test_the_words_come_back_as_they_were():
    texts = ["=2+5", "'=1", "\t x ", 'say "no", please', "two\nlines", "lone\rreturn", "\r\n", "", "＝1", "naïve…"]
    lines = rows(*(("teacher", text) for text in texts))
    made_rows = marks(made(lines))
    out = utterances_csv(lines, [Role.TEACHER] * len(lines), made_rows)
    read = list(csv.DictReader(io.StringIO(out, newline="")))
    assert list(read[0]) == ["role", "text", "question", "kind", "decided_by", "restating", "uptake"]
    assert [row["text"] for row in read] == texts
    assert [line.text for line in formulas(lines)] == ["=2+5", "\t x ", "\r\n", "＝1"]


def test_a_lesson_with_times_is_measured_as_the_pipeline_does():
    """The utterances of a long made lesson, as rows: the same values, but for what lies before its first word."""
    made_lesson = long_lesson(45)
    transcript = made_lesson.transcript
    lines = [
        Line(f"row {n}", transcript.role(u.speaker), u.speaker, u.text, u.span.start, u.span.end)
        for n, u in enumerate(transcript.utterances, 2)
    ]
    first, last = transcript.utterances[0].span.start, max(u.span.end for u in transcript.utterances)
    found = {m.name: m.value for m in measure_written(made(lines))}
    for m in made_lesson.measures:
        if m.name not in ("silence", "questions"):
            assert found[m.name] == pytest.approx(m.value), m.name
    asked = made_lesson.measure("questions")
    assert asked is not None
    assert found["questions"] == pytest.approx(600 * asked.components["questions"] / (last - first))


def test_no_sentence_speaks_of_microphones_or_recognizers():
    for m in measure_written(made(rows(*TIMED, times=TIMES))):
        for value in (
            m,
            *([replace(m, value=0.0, components=dict.fromkeys(m.components, 0))] if m.reason is None else []),
        ):
            if m.name in TITLES and not (value.value == 0 and m.name in ("turns", "questions", "open_share")):
                assert not {"microphone", "recognizer"} & set(without_recording(sentence(value)).lower().split())


def test_a_class_may_speak_at_once_and_a_crowd_may_not():
    def at_once(many: int) -> Measure:
        talk = (("teacher", "Why?"), *[("student", "So.")] * many)
        return measured(made(rows(*talk, times=((0, 1), *[(2, 3)] * many))))["several_voices"]

    assert at_once(40).value == 1
    assert "of the same voice" in (at_once(41).reason or "")
