"""Corrections follow what they were made on into another run. One character is one second."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import lesson

from coaching.corrections import LONGEST_NAME, Applied, Correction, Kind, apply, check
from coaching.errors import BadInput
from coaching.spans import Span
from coaching.transcript import Role, Transcript, Word

WORDS = {"a": "Good morning.", "b": "It is bigger.", "c": "Why?"}


def of(transcript: Transcript, speaker: str) -> tuple[Span, ...]:
    """Where a voice was when somebody corrected it."""
    return tuple(u.span for u in transcript.utterances if u.speaker == speaker)


def role(transcript: Transcript, speaker: str, role: Role) -> Correction:
    return Correction(Kind.ROLE, of(transcript, speaker), role)


def roles(applied: Applied) -> dict[str, Role]:
    return {s.id: s.role for s in applied.transcript.speakers}


FIRST = lesson(
    """
        0    5    10   15   20
    T1 |aaaaa     --        |
    S2 |      bbb    ccccc  |
    """,
    WORDS,
)


def test_who_becomes_the_teacher_takes_the_place_of_the_teacher_before() -> None:
    applied = apply(FIRST, [role(FIRST, "S2", Role.TEACHER)])
    assert roles(applied) == {"T1": Role.STUDENT, "S2": Role.TEACHER}
    assert applied.not_carried == ()


def test_a_correction_follows_the_voice_and_not_its_number() -> None:
    # S2 spoke 3 + 5 = 8 s. Here U1 has 2 + 5 = 7 of them, and U2 has 1.
    again = lesson(
        """
            0    5    10   15   20
        U2 |----- -   --        |
        U1 |       --    -----  |
        """
    )
    applied = apply(again, [role(FIRST, "S2", Role.TEACHER), Correction(Kind.NAME, of(FIRST, "T1"), text="Ana")])
    assert roles(applied) == {"U2": Role.UNKNOWN, "U1": Role.TEACHER}
    assert {s.id: s.name for s in applied.transcript.speakers} == {"U2": "Ana", "U1": ""}


def test_half_of_the_time_is_not_enough() -> None:
    # S2's 8 s: U1 has 4 of them, U2 has 4.
    again = lesson(
        """
            0    5    10   15   20
        U1 |----- ---      -    |
        U2 |          --    ----|
        """
    )
    correction = role(FIRST, "S2", Role.TEACHER)
    applied = apply(again, [correction])
    assert applied == Applied(again, (), (correction,))


def test_of_two_voices_at_once_the_one_with_more_of_it_is_meant() -> None:
    # U1 speaks in 6 of S2's 8 s, U2 in 7, both at once in 5.
    again = lesson(
        """
            0    5    10   15   20
        U1 |       --    ----   |
        U2 |      ---    ----   |
        """
    )
    assert roles(apply(again, [role(FIRST, "S2", Role.TEACHER)])) == {"U1": Role.UNKNOWN, "U2": Role.TEACHER}


def test_merged_voices_stay_the_teacher_and_keep_a_name() -> None:
    merge = Correction(Kind.MERGE, of(FIRST, "S2"), other=of(FIRST, "T1"))
    named = Correction(Kind.NAME, of(FIRST, "T1"), text="Ana")
    applied = apply(FIRST, [named, merge])
    assert [(s.id, s.role, s.name) for s in applied.transcript.speakers] == [("S2", Role.TEACHER, "Ana")]
    # 0-5 and 6-9 are 1 s apart, more than half a second: they stay two.
    assert [u.span for u in applied.transcript.utterances] == [Span(0, 5), Span(6, 9), Span(10, 12), Span(13, 18)]
    assert apply(applied.transcript, [merge]).transcript == applied.transcript, "they are one voice already"


def test_a_merge_with_a_voice_that_is_not_there_any_more_is_not_carried_over() -> None:
    gone = Correction(Kind.MERGE, of(FIRST, "T1"), other=(Span(19, 20),))
    assert apply(FIRST, [gone]).not_carried == (gone,)


def test_what_was_said_follows_its_utterance() -> None:
    correct = Correction(Kind.TEXT, (Span(13, 18),), text="Why not?")
    applied = apply(FIRST, [correct])
    last = applied.transcript.utterances[-1]
    assert (last.text, last.confidence, last.words) == ("Why not?", 1.0, ())
    # 13-18 is 5 s. U1 shares 4 of its 6 s (12-18 without 13): the bigger share, and more than half of both.
    moved = lesson(
        """
            0    5    10   15   20
        U1 |              ------|
        U2 |             --     |
        """,
        WORDS,
    )
    assert [u.text for u in apply(moved, [correct]).transcript.utterances] == ["", "Why not?"]


def test_what_was_said_is_not_put_over_a_much_longer_utterance() -> None:
    # It shares all 5 s of the correction, and they are 5 of its 18 s.
    longer = lesson("U1 |aaaaaaaaaaaaaaaaaa|", WORDS)
    correct = Correction(Kind.TEXT, (Span(13, 18),), text="Why not?")
    assert apply(longer, [correct]) == Applied(longer, (), (correct,))


def test_nothing_said_is_nothing_certain() -> None:
    noisy = replace(
        FIRST,
        utterances=tuple(replace(u, words=(Word(u.text, u.span, 0.2),), confidence=0.2) for u in FIRST.utterances),
    )
    first = apply(noisy, [Correction(Kind.TEXT, (Span(0, 5),), text="")]).transcript.utterances[0]
    assert (first.text, first.confidence, first.words) == ("", None, ())


def test_corrections_are_applied_one_on_top_of_the_other() -> None:
    first, then = role(FIRST, "S2", Role.TEACHER), role(FIRST, "T1", Role.TEACHER)
    assert roles(apply(FIRST, [first, then])) == {"T1": Role.TEACHER, "S2": Role.STUDENT}
    assert roles(apply(FIRST, [then, first])) == {"T1": Role.STUDENT, "S2": Role.TEACHER}


def test_in_a_transcript_without_speech_nothing_is_carried_over() -> None:
    empty = Transcript(20.0, (), ())
    some = [role(FIRST, "S2", Role.TEACHER), Correction(Kind.TEXT, (Span(0, 1),), text="x")]
    assert apply(empty, some) == Applied(empty, (), tuple(some))
    assert apply(empty, []) == Applied(empty)


@pytest.mark.parametrize(
    "nothing",
    [
        Correction(Kind.ROLE, (), Role.TEACHER),
        Correction(Kind.ROLE, (Span(0, 1),)),
        Correction(Kind.MERGE, (Span(0, 1),)),
        Correction(Kind.NAME, (Span(0, 1),), text="x" * (LONGEST_NAME + 1)),
        Correction(Kind.TEXT, (Span(0, 1),), text="\x1b[0m"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(nothing: Correction) -> None:
    with pytest.raises(BadInput):
        check(nothing)


def voice(*spans: tuple[float, float], other: tuple[Span, ...] = ()) -> Correction:
    return Correction(Kind.VOICE, tuple(Span(*span) for span in spans), other=other)


def test_a_voice_that_is_two_is_parted_and_the_new_one_is_a_students() -> None:
    applied = apply(FIRST, [voice((0, 5))])
    first = applied.transcript.utterances[0]
    assert (first.speaker, first.span.start) == ("speaker_1", 0)
    assert roles(applied) == {"T1": Role.TEACHER, "S2": Role.STUDENT, "speaker_1": Role.STUDENT}
    again = apply(FIRST, [voice((0, 5)), voice((10, 12))])
    assert set(roles(again)) == {"S2", "speaker_1", "speaker_2"}, "nobody is left of whom nothing is heard"


def test_what_another_voice_said_is_theirs_and_joins_what_it_touches() -> None:
    said = lesson(
        """
            0    5    10
        T1 |aaaa      |
        S2 |    bb    |
        """,
        WORDS,
    )
    applied = apply(said, [voice((0, 4), other=of(said, "S2"))])
    (only,) = applied.transcript.utterances
    assert (only.speaker, only.span, only.text) == ("S2", Span(0, 6), "Good morning. It is bigger.")


def test_a_voice_of_moments_in_which_nobody_speaks_is_not_carried_over() -> None:
    wish = voice((6, 10))  # S2 speaks in it for 3 s of 4; in the other run nobody does
    assert apply(FIRST, [wish]).not_carried == ()
    silent = lesson(
        """
            0    5    10
        T1 |aaaaa     |
        """,
        WORDS,
    )
    assert apply(silent, [wish]).not_carried == (wish,)
    assert apply(silent, [voice((0, 5), other=(Span(6, 9),))]).not_carried != ()


def test_what_was_said_of_a_question_is_kept_with_it() -> None:
    told = Correction(Kind.QUESTION, (Span(15, 20),), text="reason")
    assert [(t.span, t.kind) for t in apply(FIRST, [told]).transcript.told] == [(Span(15, 20), "reason")]
    assert apply(FIRST, [replace(told, spans=(Span(18, 20),))]).not_carried != (), "nobody speaks there"
    with pytest.raises(BadInput, match="no such kind"):
        check(replace(told, text="clever"))
    check(replace(told, text=""))
