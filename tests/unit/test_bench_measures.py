"""The scorer of the measures of words, before any score is believed."""

from __future__ import annotations

import bench_measures_text as bench
import fit_uptake
import numpy as np
import pytest
from bench_measures_text import Found, Line, counts_off, found, misheard

from coaching.metrics.question_kinds import Kind


def line(text: str, before: str = "", move: str = "none", row: str = "0", lesson: str = "a") -> Line:
    return Line(lesson, row, text, before, move)


def test_hits_false_alarms_and_misses() -> None:
    truth, guess = "yyyynn", "yyyn" + "yn"
    score = found((t == "y", g == "y") for t, g in zip(truth, guess, strict=True))
    assert score == Found(hits=3, wrong=1, missed=1)
    assert (score.precision, score.recall, score.f1) == (0.75, 0.75, 0.75)
    assert found([(True, False)]).f1 == 0
    assert found([(False, False)]).f1 is None, "nothing to find and nothing found is no score"
    assert found([]).precision is None


def test_how_far_off_a_lesson_s_count_is() -> None:
    # a: 20 questions, 15 of them found and 2 false alarms: 3 of 20 off. b: 19 questions, too few to be judged
    a = [("a", True, i < 15) for i in range(20)] + [("a", False, True)] * 2
    b = [("b", True, False)] * 19
    assert counts_off(a + b) == [0.15]


def test_words_are_wrong_at_the_rate_and_mostly_missing() -> None:
    text = " ".join(["word"] * 20_000)
    heard = misheard(text, 0.3, ["other"], "seed").split()
    # of 30%: .6 deleted -> 18% gone; .3 another word -> 9%; .1 one more -> 3%
    assert heard.count("other") / 20_000 == pytest.approx(0.12, abs=0.01)
    assert heard.count("word") / 20_000 == pytest.approx(0.73, abs=0.01)
    assert misheard(text, 0.3, ["other"], "seed").split() == heard, "the same draw every time"
    assert misheard("as it was", 0.0, [], "seed") == "as it was"


def test_the_split_is_by_the_name_alone_and_stays() -> None:
    # sha256("a") ends in ...bb (odd), sha256("c") in ...b6 (even)
    assert bench.held_out("a")
    assert not bench.held_out("c")


def test_the_peer_sees_the_mark_alone_and_ours_the_words_too() -> None:
    lines = [line("What is it?"), line("Is it wider?", row="1"), line("Look here.", row="2"), line("Six?", row="3")]
    marked = bench.questions(lines, "all marks", 0.0, [])
    assert (marked["f1"], marked["peer_f1"]) == (1, 1)
    bare = bench.questions(lines, "no punctuation", 0.0, [])
    assert (bare["recall"], bare["precision"]) == (pytest.approx(2 / 3, abs=1e-4), 1)
    assert bare["peer_f1"] == 0
    assert bare["missed_small"] == 1, "the one that was missed is a single word"


def test_kinds_and_open_questions() -> None:
    asked = {"What do you notice?": "open", "Is it wider?": "open", "Who wrote this?": "yesno", "Okay?": "tag"}
    rows = [{"id": str(n), "sentence": t, "label": k, "prev1": "T: Look."} for n, (t, k) in enumerate(asked.items())]
    score = bench.kinds(rows, 0.0, [])
    assert score["four_kinds"] == 0.75, "who and yes/no are both closed"
    assert score["nine_kinds"] == 0.5
    assert (score["open_precision"], score["open_recall"]) == (1, 0.5)
    assert (score["open_share"], score["open_share_true"]) == (
        pytest.approx(1 / 3, abs=1e-4),
        pytest.approx(2 / 3, abs=1e-4),
    )
    assert [bench.group(kind) for kind in (Kind.REASON, Kind.YES_NO, Kind.CHECKING, Kind.ECHO)] == [
        "open",
        "closed",
        "checking",
        "other",
    ]


def test_restating_is_scored_over_all_sentences() -> None:
    lines = [
        line("The stone sinks.", "I think the stone sinks.", "restating"),
        line("Two piles.", "Two piles.", "none", "1"),
        line("It floats.", "", "restating", "2"),
        line("Good.", "It floats.", "none", "3"),
    ]
    score = bench.restating(lines, 0.0, [])
    assert (score["precision"], score["recall"], score["moments"]) == (0.5, 0.5, 2)


def test_ridge_is_what_the_hand_says() -> None:
    # one feature with spread 1 and mean 0 in two points: w = sum(xy) / (sum(xx) + ridge) = 2 / (2 + 2)
    weights = fit_uptake.fit(np.array([[-1.0], [1.0]]), np.array([-1.0, 1.0]), ridge=2.0)
    assert weights == pytest.approx([0.5])


def test_no_lesson_is_on_both_sides_of_a_fold() -> None:
    # the feature is the rating itself, so that every fold must put its own lessons in their order
    exchanges = [(str(lesson), "a", "b", float(z)) for lesson in range(40) for z in range(3)]
    ratings = np.array([[e[3]] for e in exchanges])
    assert fit_uptake.by_folds(exchanges, ratings) == pytest.approx([1.0] * fit_uptake.FOLDS)
    assert {fit_uptake.fold("7") for _ in range(3)} == {fit_uptake.fold("7")}
