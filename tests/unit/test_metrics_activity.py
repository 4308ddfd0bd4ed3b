"""Stretches of a lesson, drawn. One character is five seconds, so two are a bar and six a window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from drawn import lesson
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import CLEAR

from coaching.metrics.activity import Activity, activity
from coaching.quality import NO_TEACHER, STUDENTS_TOO_FAR, AudioQuality
from coaching.transcript import Role, Transcript

WHOLE, SEVERAL, QUIET, OPEN = (
    Activity.WHOLE_CLASS,
    Activity.SEVERAL_AT_ONCE,
    Activity.QUIET,
    Activity.CANNOT_TELL,
)


def kinds(drawing: str, step: float = 5.0) -> list[tuple[Activity, float, float]]:
    return [(s.kind, s.span.start, s.span.end) for s in activity(lesson(drawing, step=step), CLEAR)]


def test_a_lesson_of_three_parts() -> None:
    found = kinds(
        """
            0         50        100       150       200       250
        T  |----------          ------                              |
        S1 |          --------  --------- ---------                 |
        S2 |                    ---- -------- ------               -|
        """
    )
    # One voice up to 90 s, two at once from 100 to 200 s, nobody from 200 to 275 s; an edge is off by a bar or two
    assert [kind for kind, _, _ in found] == [WHOLE, SEVERAL, QUIET]
    assert found[0][1:] == (0, pytest.approx(100, abs=10))
    assert found[1][2] == pytest.approx(210, abs=20)
    assert found[-1][2] == 280


def test_the_numbers_that_decided_are_those_of_the_stretch() -> None:
    # 30 s: 20 s of talk, of which 5 s are two at once: 10 / 30 silent, 5 / 20 at once, 10 / 20 the teacher alone
    (only,) = activity(lesson("T |------      |\nS1|    ----    |", step=2.5), CLEAR)
    assert only.shares.silence == pytest.approx(1 / 3)
    assert only.shares.at_once == pytest.approx(5 / 20)
    assert only.shares.teacher == pytest.approx(10 / 20)


def track(share_at_once: float, silent: float = 0.1, bars: int = 6) -> tuple[str, str]:
    """Bars of ten seconds, a character a fifth of a second: the teacher's talk, and so much of it a student's too."""
    speech = round(50 * (1 - silent))
    both = round(speech * share_at_once)
    teacher, student = "-" * speech + " " * (50 - speech), "-" * both + " " * (50 - both)
    return teacher * bars, student * bars


def of_tracks(*parts: tuple[str, str]) -> list[tuple[Activity, float, float]]:
    return kinds(f"T |{''.join(t for t, _ in parts)}|\nS1|{''.join(s for _, s in parts)}|", 0.2)


def test_between_is_cannot_tell_with_its_numbers() -> None:
    # 45 of 50 characters are talk, 5 of them of two: 11%, over 10% and under 15%
    teacher, student = track(0.11)
    (only,) = activity(lesson(f"T |{teacher}|\nS1|{student}|", step=0.2), CLEAR)
    assert only.kind is OPEN
    assert only.why == (
        "It lies between the others: nobody spoke in 10% of it, and in 11% of the talk two or more spoke at once."
    )


def test_what_has_begun_stays_longer_than_it_could_begin() -> None:
    # 5 of 45 is 11%: after several at once it is still that, after one at a time still one
    assert of_tracks(track(0.5, bars=4), track(0.11)) == [(SEVERAL, 0, 100)]
    assert of_tracks(track(0.0, bars=4), track(0.11)) == [(WHOLE, 0, 100)]


def test_where_no_pause_is_left_less_is_enough_for_several() -> None:
    # 50 of 50 characters are talk; 3 of them at once are 6%, 1 is 2%
    assert of_tracks(track(0.06, silent=0.0)) == [(SEVERAL, 0, 60)]
    assert of_tracks(track(0.06)) == [(WHOLE, 0, 60)]
    assert of_tracks(track(0.0, silent=0.0)) == [(WHOLE, 0, 60)]


def test_a_pause_within_talk_is_not_quiet_work() -> None:
    assert kinds("T |----------  ----------|") == [(WHOLE, 0, 110)]


def test_a_short_run_inside_another_is_part_of_it_and_a_transition_is_not_told() -> None:
    # One bar of nobody: its window is 10 / 30 + 2 / 30 = 40% silent. Three bars: the middle window alone is all silent
    # (100%), those beside it 70%: quiet stays in the one after it, so quiet is two bars, inside one voice.
    assert of_tracks(track(0.0), track(0.0, silent=1.0, bars=1), track(0.0)) == [(WHOLE, 0, 130)]
    assert of_tracks(track(0.0), track(0.0, silent=1.0, bars=3), track(0.0)) == [(WHOLE, 0, 150)]
    # The same between one voice and several: nobody's
    found = of_tracks(track(0.0), track(0.0, silent=1.0, bars=3), track(0.5))
    assert [kind for kind, _, _ in found] == [WHOLE, OPEN, SEVERAL]


def test_without_a_teacher_one_at_a_time_may_be_one_table() -> None:
    (only,) = activity(lesson("S1|------      |\nS2|      ------|", step=5.0), CLEAR)
    assert (only.kind, only.why) == (OPEN, NO_TEACHER)
    (quiet,) = activity(lesson("S1|-           |", step=5.0), CLEAR)
    assert quiet.kind is QUIET, "silence is silence, whoever is the teacher"


def test_what_the_recording_does_not_carry_is_not_told() -> None:
    faint = AudioQuality(-24, -52, student_db=-58)
    (only,) = activity(lesson("T |------------|", step=5.0), faint)
    assert (only.kind, only.why) == (OPEN, STUDENTS_TOO_FAR)


def test_a_recording_under_half_a_minute_has_none() -> None:
    assert activity(lesson("T |--|", step=5.0), CLEAR) == ()
    assert activity(Transcript(0.0, (), ()), CLEAR) == ()


tracks = st.text(st.sampled_from("  -"), min_size=12, max_size=60)


@settings(deadline=None)
@given(tracks, tracks, tracks)
def test_stretches_fill_the_lesson_in_order_and_none_told_is_short(t: str, a: str, b: str) -> None:
    transcript = lesson(f"T |{t}|\nS1|{a}|\nU |{b}|", step=3.0)
    found = activity(transcript, CLEAR)
    assert bool(found) == (transcript.duration > 20)  # three bars, the last one shorter
    if not found:
        return
    assert (found[0].span.start, found[-1].span.end) == (0, transcript.duration)
    for one, other in pairwise(found):
        assert one.span.end == other.span.start
        assert (one.kind, one.why) != (other.kind, other.why)
    for s in found:
        assert s.why.endswith(".")
        assert 0 <= s.shares.silence <= 1 + 1e-9
        assert s.kind is OPEN or s.span.duration > 30
    # Who is a student and who is not known makes no difference
    known = transcript.with_roles({"U": Role.STUDENT})
    assert [s.kind for s in activity(known, CLEAR)] == [s.kind for s in found]
