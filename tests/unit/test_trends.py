"""Trends: drawn lessons, hand arithmetic, what always holds, and how often chance alone is called a change."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from math import sqrt

import pytest
from drawn import lesson as drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import CLEAR, ENGINES

from coaching.lesson import Engine, Lesson, Recording, RoleGuess
from coaching.metrics import measure_lesson
from coaching.metrics.measure import Interval, Measure, Moment, wilson
from coaching.metrics.medians import median_interval
from coaching.quality import STUDENTS_TOO_FAR, AudioQuality
from coaching.spans import Span
from coaching.transcript import Transcript
from coaching.trend_sentences import (
    FEW,
    change_sentence,
    least_sentence,
    pooled_sentence,
    step,
    trend_notes,
    without_sentences,
)
from coaching.trends import COMPARED, NO_COMPARISON, RATIOS, change, least_change, pooled, student_t, trends

WORDS = {"q": "What do you notice?", "f": "Is it wider?", "s": "It is the same all over."}

tracks = st.text(st.sampled_from("  qf"), min_size=30, max_size=90)
transcripts = st.builds(
    lambda t, s, u: drawn(f"T |{t}|\nS1|{s.replace('q', 's')}|\nU |{u if u.count('f') > 20 else ''}|", WORDS),
    *(tracks, tracks, tracks),
)
"""Lessons in which a teacher asks, a student answers, and now and then a voice is not known."""


def of(*measures: Measure, name: str = "Monday", engines: tuple[Engine, ...] = ENGINES) -> Lesson:
    empty = Transcript(0.0, (), (), "en")
    return Lesson(Recording(name, 600.0), empty, CLEAR, RoleGuess(None, 0.0, ""), engines, measures)


def measured(transcript: Transcript, quality: AudioQuality = CLEAR, name: str = "Monday") -> Lesson:
    return replace(of(*measure_lesson(transcript, quality), name=name), transcript=transcript)


def talk(teacher: float, student: float, points: float = 3.0, name: str = "Monday", source: str = "m") -> Lesson:
    """A lesson with so many seconds of talk, the machine's error `points` either way."""
    value = 100 * teacher / (teacher + student)
    interval = Interval(value - points, value + points, source)
    return of(Measure("teacher_talk", value, "%", interval, {"teacher_s": teacher, "student_s": student}), name=name)


def wide(hits: int, trials: int) -> Lesson:
    components = {"open": hits, "closed": trials - hits}
    return of(Measure("open_share", 100 * hits / trials, "%", wilson(hits, trials), components))


def waits(*seconds: float) -> Lesson:
    evidence = tuple(Moment(Span(0, s), value=s) for s in seconds)
    ordered = sorted(seconds)
    return of(Measure("wait_time_1", ordered[len(ordered) // 2], "s", median_interval(seconds), {}, evidence))


def test_seconds_are_added_and_percentages_are_not() -> None:
    # One character is one second.        T: 8 of 10 s; then 2 of 10 s, but in a lesson ten times as long
    short = measured(drawn("T |--------  |\nS1|        --|"))
    long = measured(drawn("T |--        |\nS1|  --------|", step=10.0))
    # (8 + 20) / (10 + 100) = 25.5%; the mean of 80% and 20% would be 50%
    assert pooled("teacher_talk", [short, long]).measure.value == pytest.approx(100 * 28 / 110)


def test_a_change_does_not_turn_round_because_lessons_are_of_different_length() -> None:
    # Open questions of two classes, before and after: 1 of 2 and 10 of 50; 30 of 50 and 1 of 4.
    # Means of percentages: 35% before, 42.5% after. Added: 11 of 52 (21%) and 31 of 54 (57%).
    before, after = [wide(1, 2), wide(10, 50)], [wide(30, 50), wide(1, 4)]
    found = change("open_share", before, after)
    assert found.value == pytest.approx(100 * (31 / 54 - 11 / 52))
    assert found.before.measure.components == {"open": 11, "closed": 41}


def test_two_machine_errors_are_put_together_by_their_squares() -> None:
    # 60% ± 3 and 50% ± 4: sqrt(9 + 16) = 5, so -10 ± 5
    found = change("teacher_talk", [talk(60, 40)], [talk(50, 50, points=4)])
    assert (found.value, found.low, found.high) == (-10, pytest.approx(-15), pytest.approx(-5))
    assert found.detectable
    assert not found.day_to_day
    assert not change("teacher_talk", [talk(60, 40)], [talk(56, 44, points=4)]).detectable


def test_uneven_ranges_are_put_together_side_by_side() -> None:
    # 40 of 100 is 30.9 to 49.8 by Wilson, 60 of 100 is 50.2 to 69.1: Newcombe's interval of the difference
    found = change("open_share", [wide(40, 100)], [wide(60, 100)])
    a, b = wilson(40, 100), wilson(60, 100)
    assert found.low == pytest.approx(20 - sqrt((60 - b.low) ** 2 + (a.high - 40) ** 2))
    assert found.high == pytest.approx(20 + sqrt((b.high - 60) ** 2 + (40 - a.low) ** 2))


def test_more_lessons_do_not_make_the_machine_surer() -> None:
    # Ranges of 3 and 5 points in lessons of 100 and 300 s of talk: (100 * 3 + 300 * 5) / 400 = 4.5
    interval = pooled("teacher_talk", [talk(60, 40, 3), talk(150, 150, 5)]).measure.interval
    assert (interval.low, interval.high) == (pytest.approx(52.5 - 4.5), pytest.approx(52.5 + 4.5))


def test_from_four_lessons_on_the_days_count_too() -> None:
    # 58, 62 | 48, 52, each of 100 s: residuals ±2, four squares of 4, two degrees of freedom: sd sqrt(8) = 2.83.
    # Student's t with 2 degrees is 4.303: 12.17 for a lesson, 8.61 for a mean of two. With 3 points of the machine:
    # sqrt(9 + 74.07) = 9.11 each side of each, sqrt(2) * 9.11 = 12.89.
    before, after = [talk(58, 42), talk(62, 38)], [talk(48, 52), talk(52, 48)]
    found = change("teacher_talk", before, after)
    assert found.day_to_day
    assert found.value == pytest.approx(-10)
    assert found.high == pytest.approx(-10 + 12.89, abs=0.01)
    assert not found.detectable
    # Of lessons that do not differ within their groups only the machine's error is left: sqrt(2) * 3
    same = change("teacher_talk", [talk(60, 40)] * 2, [talk(50, 50)] * 2)
    assert same.high == pytest.approx(-10 + sqrt(18))


def test_medians_pool_their_moments() -> None:
    one, other = waits(1, 1, 1, 1, 1, 1, 1), waits(3, 3, 3)
    whole = pooled("wait_time_1", [one, other]).measure
    assert (whole.value, whole.components) == (1, {"moments": 10})
    assert pooled("wait_time_1", [other]).measure.interval is None, "three moments have no range"
    assert change("wait_time_1", [one], [other]).reason == NO_COMPARISON


def test_a_withheld_lesson_adds_nothing_and_is_named() -> None:
    withheld = of(Measure("teacher_talk", None, "%", reason=STUDENTS_TOO_FAR), name="Tuesday")
    whole = pooled("teacher_talk", [talk(60, 40), withheld])
    assert whole.measure.value == 60
    assert whole.without == (("Tuesday", STUDENTS_TOO_FAR),)
    assert pooled_sentence(whole) == "1 lesson: 60% (57–63%)."
    assert without_sentences(whole) == (f"Without “Tuesday”. {STUDENTS_TOO_FAR}",)
    found = change("teacher_talk", [talk(60, 40)], [withheld])
    assert (found.value, found.detectable) == (None, False)
    assert change_sentence(found) == f"Whether it changed cannot be said. {STUDENTS_TOO_FAR}"


def test_a_lesson_of_another_version_is_named_and_not_guessed() -> None:
    other = of(Measure("teacher_talk", 50.0, "%", components={"seconds_of_teacher": 3}), name="Old")
    assert pooled("teacher_talk", [talk(60, 40), other]).without[0][0] == "Old"
    assert pooled("teacher_talk", [of(name="None")]).measure.value is None


def test_what_has_no_range_has_no_change() -> None:
    bare = of(Measure("silence", 10.0, "%", components={"silence_s": 1, "duration_s": 10}))
    assert change("silence", [bare], [bare]).reason == NO_COMPARISON
    assert least_change(bare.measure("silence")).reason == NO_COMPARISON


def test_changes_in_words() -> None:
    less = change("teacher_talk", [talk(62, 38)], [talk(54, 46)])
    # sqrt(18) = 4.2
    assert change_sentence(less) == (
        f"A change: 62% before, 54% after. That is 8 points less, plausibly 4 points to 12 points. {FEW}"
    )
    same = change("teacher_talk", [talk(62, 38)], [talk(61, 39)])
    assert change_sentence(same) == (
        "No detectable change: 62% before, 61% after, and anything from 5 points less to 3 points more fits what was "
        "measured."
    )
    # 1.43 * sqrt(2) * 3 = 6.07
    assert least_sentence(least_change(talk(62, 38).measures[0]), "%") == (
        "Between two single lessons, a change of about 6 points or more is likely to be found."
    )
    assert [step(x, "%") for x in (-1, 1.2, 8.4)] == ["1 point", "1.2 points", "8 points"]


def test_no_change_is_large_enough_where_the_range_is_everything() -> None:
    assert least_change(wide(1, 2).measures[0]).value is None
    assert "no change could be told" in (least_change(wide(1, 2).measures[0]).reason or "")


def test_other_engines_and_other_ranges_are_said() -> None:
    same = trend_notes([talk(60, 40), talk(50, 50)], ordered_by_day=True)
    assert len(same) == 3
    assert same[0].endswith("in which they were recorded.")
    other = replace(talk(50, 50, source="calibration"), engines=(Engine("speakers", "pyannote", "4"),))
    notes = trend_notes([talk(60, 40), other], ordered_by_day=False)
    assert "local community-1 in 1 lesson, pyannote 4 in 1 lesson" in notes[3]
    assert notes[4].startswith(
        "Words were recognized by different engines (moonshine tiny-en 0.0.73 in 1 lesson, nothing"
    )
    assert "your talk" in notes[5]


def test_a_lesson_that_was_corrected_by_ear_counts_as_corrected() -> None:
    # 60 of 100 s by the machine, 50% (44 to 58) by ear; and 90 of 300 s, 30% (27 to 33).
    heard = talk(60, 40)
    by_ear = replace(heard.measures[0], corrected=50.0, interval=Interval(44.0, 58.0, "ear"))
    heard = replace(heard, measures=(by_ear,))
    together = pooled("teacher_talk", [heard, talk(90, 210)]).measure
    assert together.value == pytest.approx((100 * 50 + 300 * 30) / 400)
    assert together.interval is not None
    assert together.interval.low == pytest.approx(35 - (100 * 6 + 300 * 3) / 400)
    assert together.interval.high == pytest.approx(35 + (100 * 8 + 300 * 3) / 400)
    found = change("teacher_talk", [talk(50, 50)], [heard])
    assert (found.value, found.detectable) == (pytest.approx(0), False)
    assert trends([talk(50, 50), heard], 1)[0].least.value == least_change(by_ear).value


def test_trends_need_two_groups() -> None:
    found = trends([talk(60, 40), talk(50, 50), talk(51, 49)], 1)
    assert [t.name for t in found] == list(COMPARED)
    assert (found[0].change.value, len(found[0].whole.lessons)) == (pytest.approx(-9.5), 3)
    for earlier in (0, 3):
        with pytest.raises(ValueError, match="cannot be parted"):
            trends([talk(60, 40)] * 3, earlier)


def test_student_s_t_is_that_of_the_tables() -> None:
    # Fisher and Yates, 97.5%
    for free, t in ((1, 12.706), (10, 2.228), (11, 2.201), (20, 2.086), (60, 2.000)):
        assert student_t(free) == pytest.approx(t, abs=0.0006)


@settings(deadline=None)
@given(st.lists(transcripts, min_size=2, max_size=4))
def test_a_lesson_alone_pools_to_itself_and_the_order_does_not_matter(found: list[Transcript]) -> None:
    made = [measured(t) for t in found]
    for name in COMPARED:
        alone, m = pooled(name, made[:1]).measure, made[0].measure(name)
        if m is not None and m.value is not None:
            assert alone.value == pytest.approx(m.value), name
        one, other = pooled(name, made), pooled(name, made[::-1])
        assert one.measure.value == (other.measure.value and pytest.approx(other.measure.value))
        assert len(one.lessons) + len(one.without) == len(made)


@settings(deadline=None)
@given(st.lists(transcripts, min_size=2, max_size=6), st.integers(1, 5))
def test_a_change_backwards_is_the_same_change_the_other_way(found: list[Transcript], earlier: int) -> None:
    made = [measured(t) for t in found]
    for name in COMPARED:
        there, back = change(name, made[:earlier], made[earlier:]), change(name, made[earlier:], made[:earlier])
        assert (there.value is None) == (back.value is None)
        if there.value is not None and back.value is not None:
            assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
            assert there.low <= there.value <= there.high
            assert there.detectable == back.detectable


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1, max_size=8))
def test_components_of_a_lesson_in_pieces_are_those_of_the_whole(parts: list[tuple[int, int]]) -> None:
    # Teacher and students in turn, each piece a lesson of its own, without pauses between them
    track = "".join("t" * t + "s" * s for t, s in parts)
    voices = "T |{}|\nS1|{}|"

    def drawing(track: str) -> Lesson:
        return measured(drawn(voices.format(track.replace("s", " "), track.replace("t", " "))))

    pieces = [drawing("t" * t + "s" * s) for t, s in parts]
    whole, names = drawing(track), ("teacher_talk", "silence")
    for name in names:
        joined, measure = pooled(name, pieces), whole.measure(name)
        if not joined.without and measure is not None and measure.value is not None:
            assert joined.measure.value == pytest.approx(measure.value)
            for component, value in joined.measure.components.items():
                assert value == pytest.approx(measure.components[component])


ROUNDS = 2000


def share_of(detected: list[bool]) -> float:
    return sum(detected) / len(detected)


def noisy_talk(rng: random.Random, truth: float, points: float = 3.0, days: float = 0.0) -> Lesson:
    """A lesson whose true share scatters by `days` and is measured with an error that `points` hold in 95%."""
    value = truth + rng.gauss(0, days) + rng.gauss(0, points / 1.96)
    return talk(value * 20, (100 - value) * 20, points)


def asked(rng: random.Random, truth: float, trials: int) -> Lesson:
    return wide(sum(rng.random() < truth for _ in range(trials)), trials)


def waited(rng: random.Random, typical: float, count: int = 30) -> Lesson:
    return waits(*(rng.lognormvariate(0, 0.7) * typical for _ in range(count)))


@pytest.mark.parametrize(("before", "after"), [(1, 1), (1, 2), (2, 2), (3, 5)])
def test_chance_alone_is_called_a_change_in_about_one_pair_of_twenty(before: int, after: int) -> None:
    rng = random.Random(20)
    days = 4.0 if before + after > 3 else 0.0
    groups = [before, after]

    def found(name: str, make: Callable[[], Lesson]) -> bool:
        a, b = ([make() for _ in range(count)] for count in groups)
        return change(name, a, b).detectable

    called = {
        "teacher_talk": share_of(
            [found("teacher_talk", lambda: noisy_talk(rng, 60, days=days)) for _ in range(ROUNDS)]
        ),
        "open_share": share_of([found("open_share", lambda: asked(rng, 0.3, 30)) for _ in range(ROUNDS)]),
        "wait_time_1": share_of([found("wait_time_1", lambda: waited(rng, 1.2)) for _ in range(ROUNDS // 4)]),
    }
    assert max(called.values()) <= 0.06, called
    assert called["teacher_talk"] > 0.0005, "an interval that never says a change would pass too"


def test_the_least_change_is_found_in_most_pairs_and_half_of_it_is_not() -> None:
    rng = random.Random(8)
    talk_least = least_change(talk(60, 40).measures[0]).value
    open_least = least_change(wide(21, 70).measures[0]).value
    assert talk_least == pytest.approx(6.07, abs=0.01)

    def found(size: float) -> tuple[float, float]:
        of_talk = [
            change("teacher_talk", [noisy_talk(rng, 50)], [noisy_talk(rng, 50 + size * talk_least)]).detectable
            for _ in range(ROUNDS)
        ]
        of_open = [
            change("open_share", [asked(rng, 0.3, 70)], [asked(rng, 0.3 + size * open_least / 100, 70)]).detectable
            for _ in range(ROUNDS)
        ]
        return share_of(of_talk), share_of(of_open)

    assert found(1.0)[0] == pytest.approx(0.80, abs=0.03)
    assert found(1.0)[1] >= 0.75
    assert max(found(0.5)) <= 0.5


def test_every_ratio_is_of_components_that_its_measure_has() -> None:
    whole = measured(drawn("T |qq--   qq--|\nS1|    --     |", {"q": "What do you notice?"}))
    for name, ratio in RATIOS.items():
        components = whole.measure(name).components  # type: ignore[union-attr]
        assert {*ratio.top, *ratio.bottom} <= set(components), name


def test_many_moments_do_not_make_the_machine_hear_better() -> None:
    # 60 waits of .60 s and 60 of .63 s: chance is almost nothing, and the machine hears edges no better than ± 0.2 s
    before, after = waits(*[0.6] * 60), waits(*[0.63] * 60)
    interval = pooled("wait_time_1", [before]).measure.interval
    assert (interval.low, interval.high) == (pytest.approx(0.4), pytest.approx(0.8))
    found = change("wait_time_1", [before], [after])
    assert not found.detectable
    assert found.high == pytest.approx(0.03 + sqrt(2) * 0.2)


def test_a_change_that_knows_nothing_of_the_days_says_so() -> None:
    few = change("open_share", [wide(3, 20)], [wide(15, 20)])
    assert few.detectable
    assert change_sentence(few).endswith(FEW)
    many = change("teacher_talk", [talk(60, 40)] * 2, [talk(40, 60)] * 2)
    assert many.detectable
    assert FEW not in change_sentence(many)
