"""What the report shows of a lesson, before it is a page: the ribbon, the waits, the questions, the transcript."""

from __future__ import annotations

from dataclasses import replace

import lessons
import pytest

from coaching.metrics.measure import Moment
from coaching.ribbon import Mark, ribbon
from coaching.spans import Span
from pipelines.report import charts
from pipelines.report.transcript import chapters
from pipelines.report.view import View


def view_of(*args, **kwargs) -> View:
    return View(lessons.lesson(*args, **kwargs))


# ---- the ribbon ----

#        0         10        20 s of 40
# S1     ==========
# S2          ==========
RIBBON = (lessons.said(0, 10, "S1", "One."), lessons.said(5, 15, "S2", "Two."))


def test_the_ribbon_shows_each_voice_alone_and_several_at_once() -> None:
    found = ribbon(lessons.lesson(RIBBON, duration=40.0).transcript)
    assert found.teacher == (Mark(0.0, 12.5),)  # 0 to 5 of 40
    assert found.several == (Mark(12.5, 12.5),)  # 5 to 10
    assert found.student == (Mark(25.0, 12.5),)  # 10 to 15
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("minutes", "labels"),
    [
        (1, ["0:00", "0:15", "0:30", "0:45"]),
        (41.6, ["0:00", "10:00", "20:00", "30:00"]),
        (90, ["0:00", "15:00", "30:00", "45:00", "1:00:00", "1:15:00"]),
    ],
)
def test_the_times_below_the_ribbon_are_round(minutes: float, labels: list[str]) -> None:
    assert [label for _, _, label in charts.ticks(minutes * 60)] == labels


# ---- waits ----


def test_waits_fall_into_half_seconds_and_the_long_ones_into_one_bar() -> None:
    waits = [Moment(Span(0, value), "", value) for value in (0.0, 0.49, 0.5, 2.99, 3.0, 6.0, 14.0)]
    bars = charts.histogram(waits)
    assert [(bar.low, len(bar.moments)) for bar in bars if bar.moments] == [
        (0.0, 2), (0.5, 1), (2.5, 1), (3.0, 1), (6.0, 2),
    ]  # fmt: skip
    assert next(bar.low for bar in bars if bar.long) == 3.0
    assert (bars[0].height, bars[1].height, bars[2].height) == (100, 50, 0)
    assert (bars[6].label, bars[-1].label) == ("3.0 to 3.5 seconds", "6 seconds and longer")


def test_a_histogram_is_drawn_only_where_the_usual_wait_is_shown() -> None:
    few, many = view_of(), View(lessons.long_lesson(45))
    assert (few.bars, len(few.single_waits)) == ([], 4)
    assert many.single_waits == ()
    waits = many.measures["wait_time_1"]
    assert sum(len(bar.moments) for bar in many.bars) == waits.components["waits"]
    went_on = int(waits.components["went_on"])
    assert f"{went_on} questions after which you went on yourself" in many.censored


def test_the_note_speaks_of_the_first_bar_only_where_there_is_one() -> None:
    def censored(wait: float) -> str:
        """The note for a dozen questions, each answered after `wait` seconds."""
        asked = [lessons.said(20 * n, 20 * n + 4, "S1", "What do you notice here?") for n in range(12)]
        answers = [lessons.said(20 * n + 4 + wait, 20 * n + 8, "S2", "A fifth.") for n in range(12)]
        view = view_of([*asked, *answers], duration=240.0)
        assert view.bars
        return view.censored

    assert censored(0.2).endswith("Waits under half a second are often missed, so the first bar is uncertain.")
    assert censored(2.0).endswith("Waits under half a second are often missed.")


# ---- questions and transcript ----


def test_all_questions_are_listed_with_their_kinds() -> None:
    view = view_of()
    assert [(q.time, q.text, q.kind) for q in view.questions.rows][:2] == [
        ("0:04", "What do you notice?", "Open"),
        ("0:11", "How do you know which one is bigger?", "Asks for a reason"),
    ]
    assert sum(kind.count for kind in view.questions.kinds) == len(view.questions.rows)


def rows_of(view: View):
    return [row for chapter in view.chapters for row in chapter.rows]


def test_a_question_is_marked_where_it_is_in_the_turn() -> None:
    first = rows_of(view_of())[0]
    pieces = first.paragraphs[0].said[0].pieces
    assert [(p.runs[0][0], p.kind) for p in pieces] == [
        ("Good morning. Look at these two fractions. ", ""),
        ("What do you notice?", "Open"),
    ]


def test_waits_stand_after_the_turn_they_follow() -> None:
    rows = rows_of(view_of())
    assert rows[0].waits == [(2.5, "s wait")]  # 6.0 to 8.5
    assert rows[1].waits == [(1.0, "s, then the teacher")]  # 10.0 to 11.0
    assert rows[2].waits == [(3.5, "s wait")]  # 13.0 to 16.5


def test_unsure_words_are_marked_one_by_one_where_the_recognizer_rates_words() -> None:
    rows = rows_of(view_of())
    sense = rows[8].paragraphs[0].said[0].pieces[0]
    assert sense.runs == (("Does ", False), ("that", True), (" ", False), ("make", True), (" sense?", False))


def test_an_utterance_without_rated_words_is_marked_as_a_whole_and_not_underlined() -> None:
    said = {s.id: s for row in rows_of(view_of()) for p in row.paragraphs for s in p.said}
    # 0.66, 0.31 and 0.4; 0.7 and 0.71 are sure enough, and u12 has no words to be unsure of.
    assert [i for i, s in said.items() if s.unsure] == ["u4", "u6", "u8"]
    assert said["u4"].pieces[0].runs == (("Fifths.", False),)
    never = lessons.lesson([lessons.said(0, 2, "S1", "Hm?", 0.0)])
    assert rows_of(View(never))[0].paragraphs[0].said[0].unsure


def test_talk_at_the_same_time_is_marked() -> None:
    said = {s.id: s for row in rows_of(view_of()) for p in row.paragraphs for s in p.said}
    assert [i for i, s in said.items() if s.at_once] == ["u7", "u8", "u11", "u12"]


def test_every_utterance_is_in_the_transcript_once() -> None:
    made = lessons.long_lesson(30)
    said = [s.id for row in rows_of(View(made)) for p in row.paragraphs for s in p.said]
    assert said == [f"u{n}" for n in range(1, len(made.transcript.utterances) + 1)]


def test_a_long_turn_gets_paragraphs_and_a_long_lesson_chapters() -> None:
    # One turn: 0, 20, 40 and 60 s; a new paragraph where 40 s have passed since the last began.
    spoken = [lessons.said(t, t + 15, "S1", "Word.") for t in (0, 20, 40, 60, 320)]
    transcript = lessons.lesson(
        [*spoken[:4], lessons.said(301, 302, "S2", "Yes."), spoken[4]], duration=400.0
    ).transcript
    found = chapters(transcript, {"S1": "Teacher", "S2": "Student 1"}, [], [])
    assert [c.time for c in found] == ["0:00", "5:00"]
    assert [p.time for p in found[0].rows[0].paragraphs] == ["0:00", "0:40"]
    assert [row.name for row in found[1].rows] == ["Student 1", "Teacher"]


def test_a_link_to_a_wait_goes_to_its_question() -> None:
    view = view_of()
    assert view.at(6.0) == "q1"  # the end of "What do you notice?"
    assert view.at(8.6) == "u2"
    assert view.at(0.0) == "u1"


def test_stretches_stand_below_the_ribbon_in_words_and_not_where_nothing_can_be_told() -> None:
    made = lessons.long_lesson(20)
    bands = View(made).activity
    assert sum(b.mark.width for b in bands) == pytest.approx(100, abs=0.1)
    assert {b.name for b in bands} <= {"One at a time", "Several at once", "Quiet", "Cannot tell"}
    assert all(b.why.endswith(".") for b in bands)
    faint = replace(made, quality=replace(made.quality, student_db=-58.0))
    assert View(faint).activity == []
    assert View(replace(made, engines=made.engines[1:])).activity == [], "the voices were not told apart"
