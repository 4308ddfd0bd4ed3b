"""What an owner heard is kept for the voices that it was about, corrects the numbers, and goes with the lesson."""

from __future__ import annotations

import pytest
from lessons import lesson, long_lesson
from sqlalchemy import func, select
from stores import OTHERS, School

from coaching.access import Grant, NotThere
from coaching.by_ear import Clip
from coaching.calibration import FEWEST, Who
from coaching.corrections import Correction, Kind
from coaching.exports.document import from_json
from coaching.handouts import Errand, Made, Order
from coaching.recordings import new_id
from coaching.services.calibrating import OtherVoices, answer, calibrating
from coaching.services.handouts import gathered, text_file
from coaching.services.lessons import corrected
from coaching.transcript import Role
from models.tables import CalibrationRow
from pipelines.report import render_report

MACHINE = long_lesson(4)


@pytest.fixture
def ready(there: School) -> tuple[School, str]:
    return there, there.ready(found=MACHINE)[0]


def hear(there: School, recording: str, said: list[Who | None], first: int = 0) -> None:
    of = calibrating(there.lessons, there.owner, recording).of
    for number, who in enumerate(said, first):
        answer(there.lessons, there.owner, recording, of, number, who)


def rows(there: School) -> int:
    with there.database.read() as session:
        return session.scalar(select(func.count()).select_from(CalibrationRow))


def test_it_goes_on_with_the_same_clips_and_the_last_word_counts(ready):
    there, recording = ready
    before = calibrating(there.lessons, there.owner, recording)
    assert (len(before.clips), before.said, before.after) == (40, {}, MACHINE)
    hear(there, recording, [Who.TEACHER, None, Who.NOBODY])
    hear(there, recording, [Who.SEVERAL], 1)
    again = calibrating(there.lessons, there.owner, recording)
    assert (again.of, again.clips) == (before.of, before.clips)
    assert again.said == {0: Who.TEACHER, 1: Who.SEVERAL, 2: Who.NOBODY}
    assert rows(there) == 3
    kept = there.lessons.heard(there.owner, recording)
    assert {(h.of, h.clip, h.said) for h in kept} == {
        (before.of, before.clips[n], who) for n, who in again.said.items()
    }


def test_from_twenty_on_the_numbers_are_corrected_for_whoever_may_see_them(ready):
    there, recording = ready
    clips = calibrating(there.lessons, there.owner, recording).clips
    # All that the machine took for the teacher was a student, and silence was silence.
    ear = {Who.TEACHER: Who.STUDENT, Who.SEVERAL: None}
    said = [ear.get(clip.machine, clip.machine) for clip in clips]
    enough = next(n for n in range(len(said)) if sum(who is not None for who in said[:n]) == FEWEST)
    hear(there, recording, said[: enough - 1])
    assert corrected(there.lessons, there.owner, recording).lesson == MACHINE
    hear(there, recording, said[enough - 1 : enough], enough - 1)
    shown = corrected(there.lessons, there.owner, recording)
    assert shown.machine == MACHINE
    talk, machines = shown.lesson.measure("teacher_talk"), MACHINE.measure("teacher_talk")
    assert talk.value == machines.value > 60
    assert talk.interval.low <= talk.corrected < 20 < talk.interval.high
    assert talk.interval.source == f"a person’s ear: {FEWEST} clips of this lesson"
    now = calibrating(there.lessons, there.owner, recording)
    assert (now.before, now.after) == (MACHINE, shown.lesson)
    assert now.after.checked.answers.cannot_tell == enough - FEWEST
    there.lessons.grant(there.owner, recording, "coach@school.org", [Grant.MEASURES])
    assert corrected(there.lessons, there.cast["coach"], recording).lesson == shown.lesson
    there.lessons.forget_heard(there.owner, recording)
    assert corrected(there.lessons, there.owner, recording).lesson == MACHINE
    assert rows(there) == 0


def test_answers_sleep_while_the_voices_are_others_and_count_again(ready):
    there, recording = ready
    asked = calibrating(there.lessons, there.owner, recording)
    hear(there, recording, [clip.machine for clip in asked.clips[:FEWEST]])
    first = corrected(there.lessons, there.owner, recording).lesson
    assert first.checked.answers.agreed == FEWEST
    student = MACHINE.transcript.of(Role.STUDENT)
    spans = tuple(u.span for u in student if u.speaker == student[0].speaker)
    made = there.lessons.correct(there.owner, recording, Correction(Kind.ROLE, spans, Role.TEACHER))
    other = calibrating(there.lessons, there.owner, recording)
    assert corrected(there.lessons, there.owner, recording).lesson.checked is None
    assert (other.said, other.asleep, other.of == asked.of) == ({}, FEWEST, False)
    with pytest.raises(OtherVoices):
        answer(there.lessons, there.owner, recording, asked.of, 0, Who.TEACHER)
    there.lessons.take_back(there.owner, recording, made)
    assert corrected(there.lessons, there.owner, recording).lesson == first
    there.lessons.reprocess(there.owner, recording)
    run = there.listen(recording, lesson())  # another machine hears other voices
    other = calibrating(there.lessons, there.owner, recording)
    assert (other.said, other.asleep) == ({}, FEWEST)
    there.lessons.reprocess(there.owner, recording)
    there.listen(recording, MACHINE)
    there.lessons.delete_run(there.owner, run)
    assert corrected(there.lessons, there.owner, recording).lesson == first
    there.lessons.delete(there.owner, recording, 0, 0)
    assert rows(there) == 0


def test_what_cannot_be_checked_says_why_and_takes_no_answer(there):
    recording, _ = there.ready(found=long_lesson(0.9))
    now = calibrating(there.lessons, there.owner, recording)
    assert (now.unfit.startswith("This lesson is too short"), now.clips) == (True, ())
    with pytest.raises(OtherVoices):
        answer(there.lessons, there.owner, recording, "", 0, Who.TEACHER)


def test_files_that_others_keep_have_what_it_changed_and_neither_answers_nor_names_of_files(ready):
    there, recording = ready
    clips = calibrating(there.lessons, there.owner, recording).clips
    hear(there, recording, [clip.machine for clip in clips])
    there.lessons.grant(there.owner, recording, "coach@school.org", [Grant.MEASURES, Grant.DOWNLOAD])
    (file,) = MACHINE.recording.files
    there.lessons.rename(there.owner, recording, "Fractions")

    def kept(who: str) -> list[str]:
        errand = Errand(new_id(), recording, who, Order(Made.REPORT), "report.html", new_id(), 1)
        report = gathered(there.lessons, errand)["lesson"]
        texts = [text_file(there.lessons, who, recording, name)[0] for name in ("lesson.json", "lesson.eaf")]
        return [report, *texts, render_report(from_json(report))]

    owners, coachs = kept(there.owner), kept(there.cast["coach"])
    assert all(file.replace(" ", sign) in text for text, sign in zip(owners, (" ", " ", "%20", " "), strict=True))
    assert not any(file in text or file.replace(" ", "%20") in text for text in coachs)
    mine, others = from_json(owners[0]), from_json(coachs[0])
    assert mine.checked is not None
    assert others.checked is None
    assert others.measures == mine.measures
    assert others.measure("teacher_talk").corrected is not None


def test_it_is_for_the_owner_alone(ready):
    there, recording = ready
    of = calibrating(there.lessons, there.owner, recording).of
    clip = Clip(5.0, Who.TEACHER)
    there.lessons.grant(there.owner, recording, "coach@school.org", list(Grant))
    for who in OTHERS:
        viewer = there.cast[who]
        for ask in (
            lambda viewer=viewer: calibrating(there.lessons, viewer, recording),
            lambda viewer=viewer: answer(there.lessons, viewer, recording, of, 0, Who.TEACHER),
            lambda viewer=viewer: there.lessons.hear(viewer, recording, of, clip, None),
            lambda viewer=viewer: there.lessons.forget_heard(viewer, recording),
        ):
            with pytest.raises(NotThere):
                ask()
        if who != "coach":
            with pytest.raises(NotThere):
                there.lessons.heard(viewer, recording)
    assert there.lessons.heard(there.cast["coach"], recording) == []
