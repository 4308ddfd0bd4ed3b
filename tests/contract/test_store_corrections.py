"""What people put right outlives every run, applies to each, and can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lessons import DRAWN, SPEAKERS, lesson
from stores import OTHERS

from coaching.access import NotThere
from coaching.corrections import Correction, Kind
from coaching.services.lessons import SAID, corrected, spoken
from coaching.transcript import Role

OTHER_NAMES = {"S1": "S3", "S2": "S1", "S3": "S2"}


def renumbered():
    """The same lesson in another run: each voice has another's number, and the machine took the wrong teacher."""
    speakers = [replace(s, id=OTHER_NAMES[s.id], role=Role.UNKNOWN) for s in SPEAKERS]
    return lesson([replace(u, speaker=OTHER_NAMES[u.speaker]) for u in DRAWN], speakers)


def spans(speaker):
    return tuple(u.span for u in DRAWN if u.speaker == speaker)


TEACHER = Correction(Kind.ROLE, spans("S2"), Role.TEACHER)
NAME = Correction(Kind.NAME, spans("S3"), text="Ana")


def roles(shown):
    return {s.id: s.role for s in shown.lesson.transcript.speakers}


def test_corrections_apply_on_top_and_both_values_stay(there):
    recording, _ = there.ready()
    there.lessons.correct(there.owner, recording, TEACHER)
    shown = corrected(there.lessons, there.owner, recording)
    assert shown.machine == lesson()
    assert roles(shown) == {"S1": Role.STUDENT, "S2": Role.TEACHER, "S3": Role.STUDENT}
    assert (shown.lesson.roles.teacher, shown.lesson.roles.why) == ("S2", SAID)
    # S2 speaks 1.5 + 4 + 0.7 = 6.2 s of all the talk, S1 speaks 28.5 s: the teacher's share falls.
    before, after = (found.measure("teacher_talk").value for found in (shown.machine, shown.lesson))
    assert before > 60 > 30 > after > 0
    assert spoken(there.lessons, there.owner, recording) == shown.lesson.transcript


def test_they_survive_reprocessing_with_other_numbers_and_the_deletion_of_the_older_run(there):
    recording, first = there.ready()
    made = [there.lessons.correct(there.owner, recording, c) for c in (TEACHER, NAME)]
    there.lessons.reprocess(there.owner, recording)
    there.listen(recording, renumbered())
    there.lessons.delete_run(there.owner, first)
    assert [c.id for c in there.lessons.corrections(there.owner, recording)] == made
    shown = corrected(there.lessons, there.owner, recording)
    assert shown.machine == renumbered()
    assert shown.not_carried == ()
    assert {s.id: (s.role, s.name) for s in shown.lesson.transcript.speakers} == {
        "S3": (Role.UNKNOWN, ""),
        "S1": (Role.TEACHER, ""),
        "S2": (Role.UNKNOWN, "Ana"),
    }


def test_what_is_taken_back_no_longer_applies(there):
    recording, _ = there.ready()
    wrong = there.lessons.correct(there.owner, recording, TEACHER)
    there.lessons.correct(there.owner, recording, NAME)
    there.lessons.take_back(there.owner, recording, wrong)
    there.lessons.take_back(there.owner, recording, wrong)
    assert [c.text for c in there.lessons.corrections(there.owner, recording)] == ["Ana"]
    assert roles(corrected(there.lessons, there.owner, recording))["S1"] is Role.TEACHER


def test_a_correction_is_read_as_it_was_made(there):
    recording, _ = there.ready()
    merge = Correction(Kind.MERGE, spans("S2"), other=spans("S3"))
    text = Correction(Kind.TEXT, (DRAWN[0].span,), text="Wie geht’s?\n\ue000")
    made = [replace(c, id=there.lessons.correct(there.owner, recording, c)) for c in (TEACHER, NAME, merge, text)]
    assert there.lessons.corrections(there.owner, recording) == made


def test_a_lesson_that_does_not_stand_yet_is_not_there_and_anothers_never(there):
    waiting, (recording, _) = there.bring("waiting"), there.ready()
    for service in (corrected, spoken):
        with pytest.raises(NotThere):
            service(there.lessons, there.owner, waiting)
        for who in OTHERS:
            with pytest.raises(NotThere):
                service(there.lessons, there.cast[who], recording)
