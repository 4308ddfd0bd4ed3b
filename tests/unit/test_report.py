"""The report as text: what is in it, in which order, and that nothing in it can do harm."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import lessons
import pytest

from coaching.metrics.measure import Moment
from coaching.quality import AudioQuality
from coaching.spans import Span
from coaching.transcript import Role
from pipelines.report import charts, render_report
from pipelines.report.builder import stand_out, tenths
from pipelines.report.transcript import chapters
from pipelines.report.view import View

FAR = AudioQuality(speech_db=-30, noise_db=-42, teacher_db=-24, student_db=-46, unsure=0.23)
"""Students 4 dB below the noise: what they said is not to be counted."""


class Page(HTMLParser):
    """The tags of a page, its ids and its links; text that is meant to be read."""

    VOID = frozenset(("meta", "br", "input", "img", "link", "hr", "rect", "path", "circle"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def attributes(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name)) is not None]


def page(lesson) -> Page:
    return Page(render_report(lesson))


def view_of(*args, **kwargs) -> View:
    return View(lessons.lesson(*args, **kwargs))


# ---- the page ----

MADE = {
    "drawn": lessons.lesson(),
    "long": lessons.long_lesson(45),
    "harm": lessons.hostile(),
    "far": lessons.long_lesson(15, quality=FAR),
    "no words": lessons.lesson([replace(u, text="", words=()) for u in lessons.DRAWN], language=None),
    "no teacher": lessons.lesson(speakers=[replace(s, role=Role.UNKNOWN) for s in lessons.SPEAKERS]),
    "one word": lessons.lesson([lessons.said(0, 1, "S1", "Hello.")], duration=5.0),
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_every_page_is_whole(made) -> None:
    found = page(made)
    ids = found.attributes("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in found.attributes("href") if link.startswith("#")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "They aren’t a score, and nobody is ranked." in found.text


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_a_page_loads_nothing(made) -> None:
    found = page(made)
    assert not [tag for tag, _ in found.tags if tag in {"link", "img", "iframe", "object", "form", "video", "base"}]
    assert found.attributes("src") == []
    assert [link for link in found.attributes("href") if not link.startswith("#")] == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    assert "url(" not in render_report(made).replace("url(#hatch)", "")


def test_the_policy_lets_only_the_pages_own_script_run() -> None:
    html = render_report(lessons.hostile())
    scripts = re.findall(r"<script>(.*?)</script>", html, re.S)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = Page(html).tags[3][1]["content"]
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_what_was_said_stays_text() -> None:
    html = render_report(lessons.hostile())
    assert "onerror" in html
    assert not re.search(r"<[^>]*\sonerror", html)
    assert "{{7*7}}" in html
    assert 'document.title="harmed"' not in html


def test_the_same_lesson_gives_the_same_page() -> None:
    assert render_report(lessons.lesson()) == render_report(lessons.lesson())


def test_a_double_lesson_stays_small() -> None:
    made = lessons.long_lesson(180)
    assert len(made.transcript.turns) > 1000
    html = render_report(made)
    assert len(html) < 1_500_000
    assert 'id="turns" class="long"' in html


# ---- order and words ----


def test_the_limits_of_the_recording_come_before_the_numbers() -> None:
    text = page(MADE["far"]).text
    limit = text.index("The microphone was too far from the students to say how much they spoke.")
    assert limit < text.index("Where to put the phone next time") < text.index("Who spoke")
    assert "So this is not shown: your talk, students’ talk" in text
    assert "You spoke" not in text


def test_sentences_with_ranges_are_there() -> None:
    text = page(lessons.lesson()).text
    # Teacher 25.5 s, students 1.5 + 1 + 4 + 0.7 + 3 + 2.5 = 12.7 s: 25.5 / 38.2 = 66.8%
    assert "You spoke 67% of the talk time (64–70%) ." in text
    assert "Students spoke 33% of the talk time (30–36%) ." in text


def test_measures_without_a_number_share_the_reason() -> None:
    lines = view_of().lines(["wait_time_1", "wait_time_1_long"])
    assert [line.about for line in lines] == [
        "Wait time after a question and waits of three seconds or more after a question"
    ]
    assert lines[0].text.startswith("Only 5 questions could be timed")


def test_numbers_stand_out_and_ranges_step_back() -> None:
    assert stand_out("You spoke 62% of <it> (58–66%), from 1:12.") == (
        'You spoke <b>62%</b> of &lt;it&gt; <span class="r">(58–66%)</span>, from 1:12.'
    )
    assert stand_out("1.8 seconds (1.5–2.2)") == '<b>1.8 seconds</b> <span class="r">(1.5–2.2)</span>'


def test_the_teacher_can_be_corrected() -> None:
    text = page(lessons.lesson()).text
    assert "S1 (Teacher) is taken for the teacher (92% sure): spoke most" in text
    assert "secondlook analyse 'Comparing fractions.mp4' --out FOLDER --teacher S1" in text
    assert "CC BY 4.0" in text


# ---- the ribbon ----

#        0         10        20 s of 40
# S1     ==========
# S2          ==========
RIBBON = (lessons.said(0, 10, "S1", "One."), lessons.said(5, 15, "S2", "Two."))


def test_the_ribbon_shows_each_voice_alone_and_several_at_once() -> None:
    found = charts.ribbon(lessons.lesson(RIBBON, duration=40.0).transcript)
    assert found.teacher == (charts.Mark(0.0, 12.5),)  # 0 to 5 of 40
    assert found.several == (charts.Mark(12.5, 12.5),)  # 5 to 10
    assert found.student == (charts.Mark(25.0, 12.5),)  # 10 to 15
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


def test_a_wait_just_under_three_seconds_does_not_read_as_three() -> None:
    assert [tenths(s) for s in (0.0, 0.5, 2.999, 3.0, 3.3, 14.99)] == ["0.0", "0.5", "2.9", "3.0", "3.3", "14.9"]


# ---- questions and transcript ----


def test_all_questions_are_listed_with_their_kinds() -> None:
    view = view_of()
    assert [(q.time, q.text, q.kind) for q in view.questions][:2] == [
        ("0:04", "What do you notice?", "Open"),
        ("0:11", "How do you know which one is bigger?", "Asks for a reason"),
    ]
    assert sum(kind.count for kind in view.kinds) == len(view.questions)


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
    fifths = rows[3].paragraphs[0].said[0].pieces[0]
    assert fifths.runs == (("Fifths.", True),)
    sense = rows[8].paragraphs[0].said[0].pieces[0]
    assert sense.runs == (("Does ", False), ("that", True), (" ", False), ("make", True), (" sense?", False))


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
