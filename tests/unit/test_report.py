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

from coaching.lesson import RoleGuess
from coaching.metrics import sentences
from coaching.metrics.measure import Measure, undefined
from coaching.quality import AudioQuality
from coaching.transcript import Role
from pipelines.report import render_report
from pipelines.report.builder import stand_out
from pipelines.report.view import View
from pipelines.report.wording import KINDS

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
    "unsure": lessons.long_lesson(15, quality=replace(lessons.CLEAR, unsure=0.9)),
    "no length": lessons.lesson([lessons.said(0, 0, "S1", "Hello?")], duration=0.0),
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
    made = lessons.lesson()
    text = page(made).text
    # Teacher 25.5 s, students 1.5 + 1 + 4 + 0.7 + 3 + 2.5 = 12.7 s: 25.5 / 38.2 = 66.8%
    for start, name in (("You spoke 67%", "teacher_talk"), ("Students spoke 33%", "student_talk")):
        interval = made.measure(name).interval
        assert f"{start} of the talk time ({interval.low:.0f}–{interval.high:.0f}%) ." in text


def test_measures_without_a_number_share_the_reason() -> None:
    lines = view_of().lines("waits")
    assert [line.about for line in lines] == [
        "Wait time after a question and waits of three seconds or more after a question"
    ]
    assert lines[0].text.startswith("Only 5 questions could be timed")


def test_numbers_stand_out_and_ranges_step_back() -> None:
    assert stand_out("You spoke 62% of <it> (58–66%), from 1:12.") == (
        'You spoke <b>62%</b> of &lt;it&gt; <span class="r">(58–66%)</span>, from 1:12.'
    )
    assert stand_out("2 of a student's words & 3") == "<b>2</b> of a student&#39;s words &amp; <b>3</b>"
    assert stand_out("1.8 seconds (1.5–2.2)") == '<b>1.8 seconds</b> <span class="r">(1.5–2.2)</span>'


def test_it_says_who_is_taken_for_the_teacher_before_any_number() -> None:
    text = page(lessons.lesson()).text
    said = "You are taken to be the voice that begins at 0:00: “Good morning. Look at these two fractions."
    assert text.index(said) < text.index("Who spoke")
    assert "CC BY 4.0" in text


def test_every_voice_is_listed_with_its_first_words_from_the_very_start() -> None:
    html = render_report(lessons.lesson())
    assert 'aria-label="Go to 0:00">0:00</a><p dir="auto"><code>S1</code>' in html
    assert [(v.id, v.words_at, v.words) for v in view_of().you.voices][1:] == [
        ("S2", 8.5, "They have the same top number."),
        ("S3", 16.5, "Fifths."),
    ]


def test_a_teacher_whose_first_words_were_lost() -> None:
    you = view_of([lessons.said(3, 4, "S1"), lessons.said(10, 12, "S1", "Good morning.")]).you
    assert you.sentence == "You are taken to be the voice that begins at 0:03 and says at 0:10: “Good morning.”"
    assert view_of([lessons.said(3, 4, "S1")]).you.sentence == "You are taken to be the voice that begins at 0:03."
    assert view_of([lessons.said(3, 4, "S2")]).you.sentence == "You are taken to be the voice S1, which is never heard."


def test_a_lesson_without_a_teacher_says_that_nobody_is_you() -> None:
    nobody = replace(MADE["no teacher"], roles=RoleGuess(None, 0.5, "no voice stands out"))
    assert "It is not known which of the voices is yours" in page(nobody).text
    assert View(nobody).you.guess == "No voice could be told to be yours: no voice stands out."


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.99, "S1 is surely the"), (0.7, "S1 is probably the"), (0.69, "S1 is perhaps the"), (1.0, "S1 is the")],
)
def test_how_sure_the_guess_is_stands_in_words(confidence: float, words: str) -> None:
    made = replace(lessons.lesson(), roles=RoleGuess("S1", confidence, "spoke most"))
    assert View(made).you.guess == f"{words} teacher: spoke most."
    assert "% sure" not in page(made).text


@pytest.mark.parametrize(
    ("files", "language", "command"),
    [
        (("a b.mp4",), "en", "secondlook analyse 'a b.mp4' --out FOLDER --teacher S2"),
        (("1.mp4", "2.mp4"), "en", "secondlook analyse 1.mp4 2.mp4 --join --out FOLDER --teacher S2"),
        (("-x.mp4",), None, "secondlook analyse ./-x.mp4 --out FOLDER --teacher S2"),
        ((), "de", "secondlook analyse FILE --out FOLDER --teacher S2 --language de"),
    ],
)
def test_the_teacher_can_be_corrected(files: tuple[str, ...], language: str | None, command: str) -> None:
    made = lessons.lesson(language=language)
    assert View(replace(made, recording=replace(made.recording, files=files))).you.command == command


def test_the_voices_are_called_clear_only_where_nothing_is_amiss() -> None:
    clear = "The voices came through clearly enough"
    assert clear in page(lessons.lesson()).text
    assert clear not in page(MADE["no words"]).text
    assert clear not in page(MADE["far"]).text


def test_how_it_was_made_reads_well() -> None:
    why = "it runs on any machine"
    engines = tuple(replace(e, why=why) for e in lessons.ENGINES)
    text = page(replace(lessons.lesson(), engines=engines)).text
    assert text.count("t runs on any machine") == 1
    assert "your voice −22 dB, students −30 dB" in text
    # 0.01 s of measures read as nothing.
    assert "Time it took: sound 1 s, speakers 4 s, words 5 s" in text.replace(" :", ":")
    assert "measures 0 s" not in text
    # Engines taken for reasons of their own keep them.
    assert "the only one that runs on this machine" in page(lessons.lesson()).text


def test_a_measure_that_no_section_names_is_shown_all_the_same(monkeypatch) -> None:
    assert "Also measured" not in page(lessons.lesson()).text
    new = Measure("calm_share", 12.5, "%")
    made = replace(lessons.lesson(), measures=(*lessons.lesson().measures, new, undefined("calm", "s", "Too loud.")))
    # One that this version has no words for, as in a document of a newer one.
    text = page(made).text
    assert "Also measured Calm share: 12.5 %" in text
    assert "Calm: Too loud." in text
    monkeypatch.setitem(sentences.TITLES, "calm_share", "Calm")
    monkeypatch.setitem(sentences._SENTENCES, "calm_share", lambda m: f"It was calm for {m.value}% of the lesson.")
    assert "It was calm for 12.5% of the lesson." in page(made).text


def test_every_measure_has_its_place() -> None:
    assert View(lessons.lesson()).lines("rest") == []


def test_withheld_kinds_do_not_come_back_by_the_side_door() -> None:
    made = lessons.lesson(quality=replace(lessons.CLEAR, unsure=0.9))
    found, html = page(made), render_report(made)
    assert View(made).questions.kinds == []
    assert "How do you know which one is bigger?" in found.text
    assert not [kind for kind in KINDS.values() if f">{kind}<" in html]
    assert not [c for c in found.attributes("class") if c.startswith("k-")]
    assert "q2" in found.attributes("id")
    # Who spoke when does not hang on words.
    assert "and no more than that" not in found.text
    assert "and no more than that" in page(MADE["far"]).text
