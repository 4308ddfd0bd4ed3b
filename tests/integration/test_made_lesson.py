"""One made lesson from its sound to its measures, and the ranges that they are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_lessons import SETS, Recipe, hear, recipes, voices
from made_measures import score, usual_waits

from coaching.metrics.prior import MEASURED, shipped
from coaching.transcript import Role


def test_the_two_sets_share_no_voice_seed_noise_or_room(shared: Path) -> None:
    one, other = (list(recipes(kind, 60)) for kind in SETS)
    assert not {r.seed for r in one} & {r.seed for r in other}
    assert not {r.noise for r in one} & {r.noise for r in other}
    assert not {r.room for r in one} & {r.room for r in other}
    people = {p.stem.split("-")[0] for group in voices("one", shared.parent) for p in group}
    others = {p.stem.split("-")[0] for group in voices("other", shared.parent) for p in group}
    assert len(people) == len(others) == 43
    assert not people & others
    for levels in ("snr", "far", "overlap", "students"):
        assert len({getattr(r, levels) for r in other}) > 10, "spread over all levels"


@pytest.mark.slow
def test_a_made_lesson_s_measures_lie_in_their_ranges(shared: Path, tmp_path: Path) -> None:
    recipe = Recipe("other", 9001, students=6, snr=18, far=10, overlap=0.1, noise="brown", room=(0.4, 8.0), minutes=3)
    lesson = hear(recipe, shared.parent, tmp_path)
    assert lesson.truth.of(Role.TEACHER)
    assert lesson.found.of(Role.TEACHER)
    assert lesson.found.duration == 180
    for name, scored in score(lesson, shipped().of("one")).items():
        if name in MEASURED:
            assert scored.heard.interval.low <= scored.true.value <= scored.heard.interval.high, name
    talk = score(lesson)["teacher_talk"]
    assert talk.heard.value == pytest.approx(talk.true.value, abs=6)
    kept = next(tmp_path.glob("other-9001-*.json"))
    before = kept.stat().st_mtime_ns
    assert hear(recipe, shared.parent, tmp_path) == lesson
    assert kept.stat().st_mtime_ns == before, "what was heard once is not listened to again"


def test_what_the_maker_s_waits_tend_to() -> None:
    # Without cutting in: a third of the questions wait 3.2 or 4.7 s and more; of those that wait 2.2 s more, the draw
    # from 0.15 to 0.9 s must be .8 or more: 100 (1/3 + 1/6 x .1/.75) = 35.6. The middle of the six lies between 1 s
    # and 2.2 s more: 1.9 to 2.35.
    usual = usual_waits(Recipe("other", 1, 6, 18, 10, 0.0, "brown", None))
    assert usual["wait_time_1_long"] == pytest.approx(35.6, abs=1)
    assert 1.8 < usual["wait_time_1"] < 2.4
    assert usual_waits(Recipe("other", 1, 6, 18, 10, 0.3, "brown", None))["wait_time_1"] < usual["wait_time_1"]
