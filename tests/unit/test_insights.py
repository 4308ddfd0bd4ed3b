"""What a recording shows: every measure in words or with a reason, and nothing that tells what is to be guessed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from lessons import CLEAR, lesson, long_lesson
from stores import School, school

from coaching.access import Grant
from coaching.corrections import Correction, Kind
from coaching.metrics.measure import Interval
from coaching.metrics.sentences import TITLES, before_it_was_put_right
from coaching.people import Person
from coaching.quality import STUDENTS_TOO_FAR, limits
from coaching.services.insights import NOT_YET, TOO_UNCERTAIN, insight, insights, lately
from coaching.transcript import Role
from models.upgrade import upgrade
from ui.insights import as_object, trend_object

OWNER, COACH = Person("", "", ""), "coach@school.org"


@pytest.fixture(scope="module")
def taught(tmp_path_factory) -> tuple[School, str]:
    """Three lessons of half an hour; the id of the last."""
    url = f"sqlite:///{tmp_path_factory.mktemp('data') / 'secondlook.sqlite'}"
    upgrade(url)
    cast = school(url)
    for n in range(3):
        recording, _ = cast.ready(f"lesson {n}", long_lesson(30, seed=n + 1))
    return cast, recording


def told(cast: School, recording: str, who: str = "owner") -> dict:
    found = insights(cast.lessons, cast.cast[who], recording)
    return json.loads(json.dumps(as_object(found, Person(cast.cast[who], "", "")), allow_nan=False))


def test_every_measure_is_said_or_has_a_reason(taught):
    cast, recording = taught
    for name in ("teacher_talk", "wait_time_1", "open_share"):
        cast.lessons.guess(cast.owner, recording, name, None)
    found = told(cast, recording)
    assert found["measures"].keys() == TITLES.keys()
    assert all(m["said"].endswith(".") and m["made_of"].endswith(".") for m in found["measures"].values())
    assert all(m["shown"] == (m["value"] is not None) for m in found["measures"].values())
    assert found["measures"]["teacher_talk"]["said"].startswith("You spoke ")
    assert found["measures"]["wait_time_1"]["moments"]
    assert found["ribbon"]["teacher"]
    assert found["questions"]
    assert (found["ask"], found["viewer"]["owner"], found["seen_by"]) == (None, True, [])


def test_what_is_withheld_is_given_with_its_reason_and_nothing_else():
    far = lesson(quality=replace(CLEAR, student_db=-60.0))
    for m in far.measures:
        one = insight(m, m, 50.0)
        assert one.title == TITLES[m.name]
        if m.name in limits(far.quality, far.transcript):
            assert (one.shown, one.said, one.guess, one.made_of) == (False, STUDENTS_TOO_FAR, None, "")


def test_a_range_over_half_of_the_scale_shows_no_number():
    found = long_lesson(30).measure("teacher_talk")
    wide = replace(found, interval=Interval(20.0, 71.0, "the machine’s own error"))
    assert insight(wide, wide, 50.0).said == TOO_UNCERTAIN
    assert insight(wide, wide, 50.0).guess is None
    assert insight(replace(wide, interval=Interval(20.0, 69.0, "")), wide, 50.0).guess == 50.0


def test_a_number_that_is_to_be_guessed_is_not_told_and_then_stands_beside_the_guess(tmp_path):
    url = f"sqlite:///{tmp_path / 'secondlook.sqlite'}"
    upgrade(url)
    cast = school(url)
    recording, _ = cast.ready(found=long_lesson(30))
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.MEASURES])
    hidden = {"teacher_talk", "student_talk", "wait_time_1", "wait_time_1_long", "open_share", "reason_questions"}
    found = told(cast, recording)
    assert found["measures"].keys() == TITLES.keys() - hidden
    assert (found["ribbon"], found["questions"]) == (None, None)
    assert (found["ask"]["measure"], found["ask"]["left"]) == ("teacher_talk", 3)
    coachs = told(cast, recording, "coach")
    assert (coachs["ask"], coachs["measures"].keys()) == (None, TITLES.keys())
    cast.lessons.guess(cast.owner, recording, "teacher_talk", 50.0)
    found = told(cast, recording)
    assert found["measures"]["teacher_talk"]["guess"] == 50.0
    assert found["ribbon"]["teacher"]
    assert found["questions"] is None
    assert found["ask"]["measure"] == "wait_time_1"
    cast.lessons.guess(cast.owner, recording, "wait_time_1", None)
    cast.lessons.guess(cast.owner, recording, "open_share", 20.0)
    found = told(cast, recording)
    assert found["measures"].keys() == TITLES.keys()
    assert [found["measures"][n]["guess"] for n in ("teacher_talk", "wait_time_1", "open_share")] == [50.0, None, 20.0]
    assert "50.0" not in json.dumps([m["guess"] for m in told(cast, recording, "coach")["measures"].values()])
    assert found["seen_by"] == [COACH]


def test_what_was_put_right_stands_beside_what_the_machine_had(taught):
    cast, _ = taught
    recording, run = cast.ready("put right", long_lesson(30, seed=9))
    for name in ("teacher_talk", "wait_time_1", "open_share"):
        cast.lessons.guess(cast.owner, recording, name, None)
    transcript = cast.lessons.transcript(cast.owner, run)
    spans = tuple(u.span for u in transcript.utterances if u.speaker == "S02")
    machine = told(cast, recording)["measures"]["teacher_talk"]
    cast.lessons.correct(cast.owner, recording, Correction(Kind.ROLE, spans, role=Role.TEACHER))
    found = told(cast, recording)["measures"]["teacher_talk"]
    assert found["value"] < machine["value"]
    assert found["before"] == f"The machine heard {machine['value']:.0f}% before you put it right."
    asked = told(cast, recording)["measures"]["questions"]
    assert asked["before"].startswith("The machine found ")
    same = long_lesson(30).measure("turns")
    assert before_it_was_put_right(same, same) == ""


def test_the_trend_holds_the_last_lessons_and_no_number_that_was_not_guessed(taught):
    cast, last = taught
    for name in ("teacher_talk", "wait_time_1", "open_share"):
        cast.lessons.guess(cast.owner, last, name, None)
    found = trend_object(lately(cast.lessons, cast.owner, last))
    assert [one["name"] for one in found["lessons"]][:3] == ["lesson 0", "lesson 1", "lesson 2"]
    by_name = {one["name"]: one for one in found["measures"]}
    assert [p is not None for p in by_name["teacher_talk"]["points"][:3]] == [False, False, True]
    assert NOT_YET in by_name["teacher_talk"]["without"][0]
    assert all(by_name["silence"]["points"])
    assert by_name["silence"]["said"][1].startswith(("No detectable change", "A change"))
