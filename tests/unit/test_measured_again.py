"""A correction computes what it touches, and only that; the result is that of computing everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import lesson as drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import CLEAR, ENGINES

from coaching import metrics
from coaching.corrections import Correction, Kind, apply
from coaching.lesson import Lesson, Recording, RoleGuess
from coaching.metrics import measure_lesson
from coaching.metrics.inputs import MADE_OF, Input
from coaching.metrics.prior import Prior
from coaching.quality import UPTAKE_MEASURES, WORD_MEASURES, AudioQuality, limits
from coaching.services.lessons import measured_again
from coaching.spans import Span
from coaching.transcript import Role, Transcript

WORDS = {
    "q": "What do you notice?",
    "f": "Is it wider?",
    "a": "The heavy stone sinks to the ground at once.",
    "b": "The heavy stone sinks? Why is that?",
}
ALL = {m.name for m in measure_lesson(Transcript(0.0, (), ()), CLEAR)}
NO_ROLE = {"several_voices", "silence"}
"""Count voices whoever they are."""


def lesson_of(transcript: Transcript, quality: AudioQuality = CLEAR) -> Lesson:
    teacher = next((s.id for s in transcript.speakers if s.role is Role.TEACHER), None)
    return Lesson(
        Recording("Monday", transcript.duration),
        transcript,
        quality,
        RoleGuess(teacher, 0.5, ""),
        ENGINES,
        measure_lesson(transcript, quality),
        tuple(dict.fromkeys(limits(quality, transcript).values())),
    )


def touched(machine: Lesson, correction: Correction) -> set[str]:
    """The measures that are other objects after the correction."""
    applied = apply(machine.transcript, [correction])
    assert applied.carried
    again = measured_again(machine, applied.transcript, told=False)
    assert again.measures == measure_lesson(applied.transcript, again.quality)
    pairs = zip(machine.measures, again.measures, strict=True)
    return {before.name for before, after in pairs if before is not after}


# 0         1         2         3    S2 and S3 never touch; S1 and S3 overlap
DRAWN = lesson_of(
    drawn(
        """
        T |qq   bb    ff        bb   |
        S1|  aa         aaa          |
        S2|                  aa      |
        S3|              aaa       aa|
        """,
        WORDS,
    )
)
T, S1, S2, S3 = (tuple(u.span for u in DRAWN.transcript.utterances if u.speaker == v) for v in ("T", "S1", "S2", "S3"))


@pytest.mark.parametrize(
    ("correction", "names"),
    [
        (Correction(Kind.NAME, S1, text="Ana"), set()),
        (Correction(Kind.TEXT, T[:1], text="Look."), {*WORD_MEASURES, "longest_teacher_talk", "wait_time_2"}),
        (Correction(Kind.TEXT, T[:1], text=WORDS["q"]), set()),
        (Correction(Kind.ROLE, S1, Role.UNKNOWN), ALL - NO_ROLE),
        (Correction(Kind.ROLE, S1, Role.STUDENT), set()),
        (Correction(Kind.MERGE, S2, other=S3), {"student_response", *UPTAKE_MEASURES}),
        (Correction(Kind.MERGE, S1, other=S3), ALL),
    ],
    ids=["name", "text", "same text", "role", "same role", "merge", "merge of two at once"],
)
def test_what_a_correction_touches(correction: Correction, names: set[str]) -> None:
    if "wait_time_2" in names:
        names = names | {"wait_time_2_long"}
    assert touched(DRAWN, correction) == names


def test_another_teacher_leaves_the_loudness_of_students_unknown_and_so_touches_every_range() -> None:
    # The students were 22 dB over the noise; of the new ones it is not known.
    found = touched(DRAWN, Correction(Kind.ROLE, S1, Role.TEACHER))
    assert found >= ALL - NO_ROLE


def test_a_reason_that_goes_brings_the_number_though_nothing_was_said_anew() -> None:
    # Faint students take the numbers away. Once another is the teacher, nobody knows how faint students are.
    faint = lesson_of(DRAWN.transcript, AudioQuality(-24, -52, teacher_db=-22, student_db=-58))
    assert faint.measure("silence").value is None  # type: ignore[union-attr]
    assert "silence" in touched(faint, Correction(Kind.ROLE, S1, Role.TEACHER))


def test_every_measure_says_what_it_is_made_of() -> None:
    assert set(MADE_OF) == ALL
    for name, inputs in MADE_OF.items():
        if "prior" in getattr(metrics, name).__code__.co_varnames:
            assert Input.ERROR in inputs, f"{name} takes a {Prior.__name__}"


texts = st.sampled_from([*WORDS.values(), "", "Okay."])
tracks = st.text(st.sampled_from("   qfab"), min_size=40, max_size=60)
transcripts = st.builds(
    lambda t, a, b, u: drawn(f"T |{t}|\nS1|{a}|\nS2|{b}|\nU |{u}|", WORDS), *(tracks, tracks, tracks, tracks)
)
places = st.builds(lambda start, length: (Span(start, start + length),), st.integers(0, 55), st.integers(1, 5))
corrections = st.one_of(
    st.builds(lambda where, role: Correction(Kind.ROLE, where, role), places, st.sampled_from(list(Role))),
    st.builds(lambda where, text: Correction(Kind.NAME, where, text=text), places, st.sampled_from(["Ana", ""])),
    st.builds(lambda where, other: Correction(Kind.MERGE, where, other=other), places, places),
    st.builds(lambda where, text: Correction(Kind.TEXT, where, text=text), places, texts),
)
qualities = st.builds(
    lambda student, unsure: AudioQuality(-24, -50, 0.0, -22, student, unsure),
    st.sampled_from([-60.0, -52.0, -30.0, None]),
    st.sampled_from([0.1, 0.6, None]),
)


@settings(deadline=None, max_examples=300)
@given(transcripts, qualities, st.lists(corrections, max_size=6))
def test_whatever_is_corrected_it_is_as_if_all_had_been_computed(
    transcript: Transcript, quality: AudioQuality, found: list[Correction]
) -> None:
    machine = lesson_of(transcript, quality)
    after = apply(transcript, found).transcript
    again = measured_again(machine, after, told=False)
    assert again.measures == measure_lesson(after, again.quality)
    assert again.limits == tuple(dict.fromkeys(limits(again.quality, after).values()))
    if all(c.kind is Kind.NAME for c in found):
        assert all(a is b for a, b in zip(again.measures, machine.measures, strict=True))
    assert machine == lesson_of(transcript, quality), "the machine's values are kept"


def test_measures_of_a_version_before_are_computed_where_they_are_missing() -> None:
    older = replace(DRAWN, measures=DRAWN.measures[:3])
    again = measured_again(older, DRAWN.transcript, told=False)
    assert again.measures == DRAWN.measures
    assert again.measures[0] is older.measures[0]


def test_words_that_a_person_wrote_are_sure():
    made = drawn("T |qqqq    bbbb    |\nS1|    aaaa    aaaa|", WORDS)
    unsure = replace(made, utterances=tuple(replace(u, confidence=0.3) for u in made.utterances))
    machine = lesson_of(unsure, replace(CLEAR, unsure=1.0))
    assert "open_share" in limits(machine.quality, machine.transcript)
    spoken = machine.transcript.utterances
    put_right = [Correction(Kind.TEXT, (u.span,), text=f"{u.text} Yes.") for u in spoken]
    found = measured_again(machine, apply(machine.transcript, put_right).transcript, told=False)
    assert found.quality.unsure == 0.0
    assert "open_share" not in limits(found.quality, found.transcript)
    half = measured_again(machine, apply(machine.transcript, put_right[:2]).transcript, told=False)
    assert half.quality.unsure == pytest.approx(0.5)
