"""How right the machine was, from a few clips that were heard: by hand, and how often the ranges hold the truth."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import lessons
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import said

from coaching import calibration
from coaching.by_ear import CLIPS, answers, checked, draw, fingerprint, unchecked, unfit
from coaching.calibration import Answers, Who, check, classes, counts_for
from coaching.checked_sentences import notes, right_sentence
from coaching.exports.document import from_document, to_document
from coaching.lesson import Lesson
from coaching.metrics.measure import Interval, Measure
from coaching.metrics.sentences import sentence
from coaching.services.lessons import SAID, measured_again
from coaching.spans import Span, total
from coaching.transcript import Role, Speaker, Transcript

T, S, V, N = Who
DAY = "2026-11-26"

#      0         10        20        30        40        50        60        70        80        90        100
# S1   ==================================================          =====                                        50 + 5
# S2                                                     ====================                                   15 + 5
TALK = [said(0, 50, "S1"), said(60, 65, "S1"), said(50, 60, "S2"), said(60.0, 70.0, "S2")]
# teacher alone 50, student alone 10 + 5, several 5, nobody 30


def hundred() -> Transcript:
    speakers = (Speaker("S1", Role.TEACHER), Speaker("S2", Role.STUDENT))
    return Transcript(100.0, speakers, (said(0, 50, "S1"), said(60, 65, "S1"), said(50, 70, "S2")), "en")


def told(**rows: tuple[int, int, int, int]) -> Answers:
    """The rows of the confusion matrix, by the machine's class; those that are not named are empty."""
    counts = {machine: dict(zip(Who, rows.get(machine, (0, 0, 0, 0)), strict=True)) for machine in Who}
    return Answers(counts, 0, DAY)


def a_lesson(transcript: Transcript | None = None) -> Lesson:
    transcript = transcript or hundred()
    return lessons.lesson(transcript.utterances, transcript.speakers, transcript.duration)


def test_what_the_machine_thinks():
    spans = classes(hundred())
    assert spans == {T: [Span(0, 50)], S: [Span(50, 60), Span(65, 70)], V: [Span(60, 65)], N: [Span(70, 100)]}


def test_the_totals_by_hand():
    # Of the 50% teacher 8 of 10 are, 2 are a student; of the 15% student 9 of 10, 1 nobody; several right; of the 30%
    # silence 8 of 10, 1 a student, 1 several.
    found = check(
        hundred(), told(teacher=(8, 2, 0, 0), student=(0, 9, 0, 1), several=(0, 0, 5, 0), nobody=(0, 1, 1, 8))
    )
    shares = {who: found.share[who].value for who in Who}
    assert shares == pytest.approx({T: 40, S: 10 + 13.5 + 3, V: 5 + 3, N: 1.5 + 24})
    assert found.right.value == pytest.approx(40 + 13.5 + 5 + 24)
    # The teacher is in all of the machine's own overlap (60 to 65), and perhaps in what it took for silence.
    teacher = 40 + 5 + 3 / 2
    assert found.teacher_talk is not None
    assert found.teacher_talk.value == pytest.approx(100 * teacher / (teacher + 26.5 + 8))


def test_who_agrees_on_everything_changes_nothing_and_is_not_certain():
    machine = a_lesson()
    clips = draw(machine.transcript, 3)
    new = checked(machine, answers(clips, [c.machine for c in clips], DAY))
    assert new.checked is not None
    assert new.checked.right.value == pytest.approx(100)
    assert new.checked.right.low < 95
    for name in ("teacher_talk", "student_talk", "silence", "several_voices"):
        m, before = new.measure(name), machine.measure(name)
        assert m.value == before.value
        assert m.corrected == pytest.approx(m.value)
        assert m.interval.low < m.corrected - 0.5
        assert m.components == before.components
    rest = [m for m in new.measures if m.corrected is None]
    assert len(rest) == len(machine.measures) - 4
    assert all(m in machine.measures for m in rest)
    assert unchecked(new) == machine


def test_an_answer_counts_less_in_another_lesson_and_for_nothing_after_a_year():
    given_ = told(teacher=(18, 2, 0, 0), student=(1, 9, 0, 0), several=(1, 0, 2, 0), nobody=(0, 1, 0, 9))
    ranges = [check(hundred(), given_, "12", age).teacher_talk for age in (None, 0, 180, 360)]
    assert len({r.value for r in ranges}) == 1
    widths = [r.high - r.low for r in ranges]
    assert all(b > 1.1 * a for a, b in pairwise(widths))
    assert counts_for(365) == counts_for(-365) == 0


def test_a_class_without_an_answer_is_believed_with_a_wide_range():
    empty = check(hundred(), told(teacher=(20, 0, 0, 0), student=(0, 6, 0, 0), several=(0, 0, 2, 0)))
    heard = check(
        hundred(), told(teacher=(20, 0, 0, 0), student=(0, 6, 0, 0), several=(0, 0, 2, 0), nobody=(0, 0, 0, 9))
    )
    assert empty.share[N].value == heard.share[N].value == pytest.approx(30)
    assert empty.share[N].high - empty.share[N].low > 1.5 * (heard.share[N].high - heard.share[N].low)
    assert empty.unheard == (N,)
    assert "nobody (30.0% of the lesson)" in notes(empty)[0]
    assert "EDM 2025" in notes(empty)[0]


row = st.tuples(*[st.integers(0, 20)] * 4)


@settings(deadline=None, max_examples=30)
@given(row, row, row, row, st.none() | st.integers(0, 400))
def test_any_answers_give_sound_ranges(teacher, student, several, nobody, age):
    found = check(hundred(), told(teacher=teacher, student=student, several=several, nobody=nobody), "12", age)
    estimates = [*found.share.values(), found.right, *([found.teacher_talk] if found.teacher_talk else [])]
    for e in estimates:
        assert -1e-9 <= e.low <= e.value <= e.high <= 100 + 1e-9
        assert e.high - e.low > 0.5  # never without a range
    assert sum(e.value for e in found.share.values()) == pytest.approx(100)


def test_cannot_tell_is_left_out_and_counted():
    clips = draw(hundred(), 1)
    half = answers(clips, [None if i % 2 else c.machine for i, c in enumerate(clips)], DAY)
    assert (half.usable, half.cannot_tell, half.agreed) == (20, 20, 20)
    assert checked(a_lesson(), half).checked is not None
    fewer = answers(clips, [None, None, *(None if i % 2 else c.machine for i, c in enumerate(clips[2:]))], DAY)
    assert fewer.usable == 19
    assert checked(a_lesson(), fewer).checked is None


def test_clips_are_drawn_from_every_class_and_what_the_machine_thinks_is_so():
    spans = classes(hundred())
    for seed in range(30):
        clips = draw(hundred(), seed)
        assert len(clips) == CLIPS
        assert all(any(c.moment in s for s in spans[c.machine]) for c in clips)
        assert all(c.span.start >= 0 and c.span.end <= 100 for c in clips)
        # roots of 47.5, 15, 5 and 27.5 seconds are 6.89, 3.87, 2.24, 5.24: of 40 15.1, 8.49, 4.9, 11.50
        assert Counter(c.machine for c in clips) == {T: 15, S: 8, V: 5, N: 12}
    assert draw(hundred(), 7) == draw(hundred(), 7) != draw(hundred(), 8)


def test_clips_lie_all_over_their_class():
    # The 47.5 s of the teacher in 15 parts of 3.17 s, one clip in each.
    parts = sorted(int((c.moment - 2.5) / (47.5 / 15)) for c in draw(hundred(), 11) if c.machine is T)
    assert parts == list(range(15))


def test_a_class_that_is_hardly_there_gets_what_it_has():
    speakers = (Speaker("S1", Role.TEACHER), Speaker("S2", Role.STUDENT))
    rare = Transcript(600.0, speakers, (said(10, 590, "S1"), said(592, 593.5, "S2")), "en")
    assert Counter(c.machine for c in draw(rare, 1)) == {T: 33, S: 1, N: 5}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"engines": ()}, "not told apart"),
        ({"roles": replace(a_lesson().roles, teacher=None)}, "--teacher"),
        ({"transcript": replace(hundred(), duration=59.0, utterances=(said(0, 50, "S1"),))}, "too short"),
        ({"transcript": hundred().with_roles({"S2": Role.UNKNOWN})}, "--teacher"),
    ],
)
def test_lessons_that_cannot_be_checked(change, says):
    lesson = replace(a_lesson(), **change)
    assert says in (unfit(lesson) or "")
    assert unfit(a_lesson()) is None


def test_it_is_read_back_as_it_was_written():
    clips = draw(hundred(), 5)
    new = checked(a_lesson(), answers(clips, [c.machine for c in clips], DAY), "Room 12", 40)
    assert from_document(to_document(new)) == new
    older = to_document(a_lesson())
    del older["checked"]
    assert from_document(older) == a_lesson()


def test_what_people_read():
    new = checked(
        a_lesson(), told(teacher=(10, 5, 0, 0), student=(0, 9, 0, 0), several=(0, 0, 5, 0), nobody=(0, 0, 0, 11))
    )
    talk = new.measure("teacher_talk")
    # teacher 50 2/3 + 5; student 15 + 50/3 + 5: 38.3 of 75
    assert talk.corrected == pytest.approx(100 * (100 / 3 + 5) / (100 / 3 + 5 + 15 + 50 / 3 + 5))
    assert sentence(talk).startswith("You spoke 51% of the talk time (")
    assert sentence(talk).endswith("Corrected by ear; the machine heard 73%.")
    assert right_sentence(new.checked).startswith("In this room the machine was right 83% of the time (")


def test_almost_always_is_not_always():
    row = told(teacher=(15, 0, 0, 0), student=(0, 9, 0, 0), several=(1, 0, 0, 0), nobody=(0, 0, 0, 11))
    rare = replace(hundred(), duration=2000.0)
    found = check(rare, row)
    assert found.right.value > 99.5
    assert "right 99% of the time" in right_sentence(found)


def test_it_falls_away_when_roles_are_put_right_and_stays_when_words_are():
    clips = draw(hundred(), 5)
    new = checked(a_lesson(), answers(clips, [c.machine for c in clips], DAY))
    other = new.transcript.with_roles({"S1": Role.STUDENT, "S2": Role.TEACHER})
    again = measured_again(new, other, told=True)
    assert again.checked is None
    assert again.roles.why == SAID
    assert all(m.corrected is None for m in again.measures)
    worded = replace(new.transcript, utterances=(said(0, 50, "S1", "Good morning."), *new.transcript.utterances[1:]))
    assert fingerprint(worded) == fingerprint(new.transcript)
    kept = measured_again(new, worded, told=False)
    assert kept.checked == new.checked
    assert kept.measure("teacher_talk").corrected == new.measure("teacher_talk").corrected


# ---- how often the ranges hold the truth ----

MACHINES = {"poor": (0.55, 0.8), "fair": (0.7, 0.95), "good": (0.93, 0.999)}
LESSONS = 150


def simulated(generator: random.Random, right: tuple[float, float], clips: int, drift: float | None, age: int | None):
    """Whether the ranges of one made-up lesson hold its truth: (teacher talk, silence, right).

    The machine's shares and a confusion matrix are drawn; the truth follows from both. The answers are drawn from that
    matrix or, with `drift`, from that of another lesson round which this one's is scattered.
    """
    gamma = generator.gammavariate
    parts = [gamma(k, 1) for k in (6, 3, 0.8, 2)]
    t, s, v, n = (600 * p / sum(parts) for p in parts)
    speakers = (Speaker("S1", Role.TEACHER), Speaker("S2", Role.STUDENT))
    transcript = Transcript(600.0, speakers, (said(0, t + v, "S1"), said(t, t + v + s, "S2")), "en")
    machine = dict(zip(Who, (t, s, v, n), strict=True))

    def matrix_row(who: Who) -> list[float]:
        is_right = generator.uniform(*((0.3, 0.9) if who is V else right))
        others = [gamma(0.7, 1) for _ in range(3)]
        wrong = iter((1 - is_right) * o / sum(others) for o in others)
        return [is_right if w is who else next(wrong) for w in Who]

    there = {who: matrix_row(who) for who in Who}
    here = there
    if drift:
        scattered = {who: [gamma(drift * p + 1e-3, 1) for p in row] for who, row in there.items()}
        here = {who: [g / sum(row) for g in row] for who, row in scattered.items()}
    drawn = draw(transcript, generator.randrange(2**32), clips)
    heard = [generator.choices(list(Who), there[c.machine])[0] for c in drawn]
    found = check(transcript, answers(drawn, heard, DAY), "12", age)
    share = {who: sum(machine[m] * here[m][i] for m in Who) / 6 for i, who in enumerate(Who)}
    among = {T: 1.0, S: generator.random(), V: 1.0, N: generator.random()}  # the teacher, where several speak
    teacher = share[T] + sum(machine[m] / 6 * here[m][2] * among[m] for m in Who)
    truth = 100 * teacher / (teacher + share[S] + share[V])
    was_right = sum(machine[m] * here[m][i] for i, m in enumerate(Who)) / 6
    pairs = ((found.teacher_talk, truth), (found.share[N], share[N]), (found.right, was_right))
    return [e.low <= true <= e.high for e, true in pairs]


@pytest.mark.parametrize("clips", [40, 20])
@pytest.mark.parametrize("machine", MACHINES)
def test_the_ranges_hold_the_truth(machine, clips, monkeypatch):
    monkeypatch.setattr(calibration, "DRAWS", 400)
    generator = random.Random(f"{machine} {clips}")
    held = [simulated(generator, MACHINES[machine], clips, None, None) for _ in range(LESSONS)]
    of_each = [sum(column) / LESSONS for column in zip(*held, strict=True)]
    assert min(of_each) >= 0.87
    assert 0.90 <= sum(of_each) / 3 <= 0.995


@pytest.mark.parametrize("age", [0, 180])
def test_the_ranges_of_another_lesson_hold_the_truth_where_rooms_change_as_assumed(age, monkeypatch):
    monkeypatch.setattr(calibration, "DRAWS", 400)
    generator = random.Random(age)
    held = [simulated(generator, MACHINES["fair"], 40, 20.0, age) for _ in range(LESSONS)]
    assert sum(map(sum, held)) / (3 * LESSONS) >= 0.92


def test_all_of_a_lesson_is_in_some_class():
    made = lessons.lesson()
    assert sum(total(spans) for spans in classes(made.transcript).values()) == pytest.approx(60)


def test_what_the_machine_says_of_long_silence_is_not_told_beside_what_the_ear_found() -> None:
    silence = Measure("silence", 34.0, "%", Interval(1.0, 15.0, "ear"), {"quiet_work": 1, "quiet_work_s": 10.0})
    assert "Once it was silent for eight seconds or more" in sentence(silence)
    assert "eight seconds" not in sentence(replace(silence, corrected=3.0))
