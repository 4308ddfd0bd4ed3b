"""Utterances, turns, floors and corrections. One character is one second unless `step` says otherwise."""

from __future__ import annotations

import pytest
from drawn import lesson

from coaching.spans import Span
from coaching.transcript import Role, Segment, Speaker, Transcript, Utterance, Word, utterance_spans


def test_a_turn_is_a_run_of_one_speaker_and_a_floor_of_one_role() -> None:
    transcript = lesson(
        """
          |0123456789012345|
        T |---  --     -   |   0-3, 5-7 and 12-13: two turns, S1 and S2 lie between; gaps of 2 s and more: three floors
        S1|        --      |
        S2|          -     |   one second after S1: the same floor, another turn
        """
    )
    assert [(t.speaker, t.span) for t in transcript.turns] == [
        ("T", Span(0, 7)),
        ("S1", Span(8, 10)),
        ("S2", Span(10, 11)),
        ("T", Span(12, 13)),
    ]
    assert [(f.role, f.span) for f in transcript.floors] == [
        (Role.TEACHER, Span(0, 3)),
        (Role.TEACHER, Span(5, 7)),
        (Role.STUDENT, Span(8, 11)),
        (Role.TEACHER, Span(12, 13)),
    ]


def floors(transcript: Transcript) -> list[tuple[str, float, float]]:
    return [(f.role.value[0].upper(), f.span.start, f.span.end) for f in transcript.floors]


def test_one_voice_with_gaps_of_a_second_and_a_half_has_several_floors() -> None:
    # step 0.5 s: 0-1, 2-3 (gap 1.0: the same floor), 4.5-5.5 (gap 1.5: another)
    assert floors(lesson("T |--  --   --|", step=0.5)) == [("T", 0, 3), ("T", 4.5, 5.5)]
    assert floors(lesson("S1|--" + " " * 26 + "--|")) == [("S", 0, 2), ("S", 28, 30)]


def test_a_yes_inside_somebody_s_talk_neither_splits_nor_joins() -> None:
    # step 0.5 s. S1 at 1.0-1.5 and 7.5-9.0 lie 6 s apart; T's gap 5.0-5.5 is under 1.5 s, and S1 did not outlast T
    transcript = lesson(
        """
        T |---------- ---      |
        S1|  -            ---  |
        """,
        step=0.5,
    )
    assert floors(transcript) == [("T", 0, 7), ("S", 1, 1.5), ("S", 7.5, 9)]


def test_two_murmurs_inside_one_long_utterance_are_two_floors() -> None:
    assert floors(lesson("T |----------|\nS1| -     -  |")) == [("T", 0, 10), ("S", 1, 2), ("S", 7, 8)]


def test_who_answers_within_a_second_has_had_the_floor() -> None:
    # step 0.5 s: T's gaps of 1 s hold an answer of S1, alone or begun within T's talk: T's next talk is a new floor
    alone = lesson("T |----  ----|\nS1|    -     |", step=0.5)
    early = lesson("T |----  ----|\nS1|   --     |", step=0.5)
    for transcript in (alone, early):
        assert [f.role for f in transcript.floors] == [Role.TEACHER, Role.STUDENT, Role.TEACHER]


def test_talk_under_another_s_long_talk_is_one_floor() -> None:
    # T says two things while S1 reads on: 2-3 and 4-5, gap 1 s
    assert floors(lesson("S1|----------|\nT |  - -     |")) == [("S", 0, 10), ("T", 2, 5)]


def test_students_a_second_and_a_half_apart_are_two_floors() -> None:
    # step 0.5 s: S1 ends at 1.0 s; S2 begins at 2.5 s (gap 1.5) or at 2.0 s (gap 1.0)
    far = lesson("S1|--      |\nS2|     -- |", step=0.5)
    near = lesson("S1|--      |\nS2|    --  |", step=0.5)
    assert (len(far.floors), len(near.floors)) == (2, 1)


def test_speech_of_a_role_is_the_union_of_its_voices() -> None:
    transcript = lesson(
        """
        T |---       |
        S1|    ---   |
        S2|     ---  |
        """
    )
    assert transcript.speech(Role.STUDENT) == [Span(4, 8)]
    assert transcript.speech() == [Span(0, 3), Span(4, 8)]
    assert transcript.seconds("S2") == 3


def test_pauses_under_half_a_second_do_not_end_an_utterance() -> None:
    # A 0.0-1.0, 1.4-2.0 (gap 0.4: filled), 2.5-3.0 (gap 0.5: a pause); B in between is another voice
    segments = [
        Segment(Span(2.5, 3.0), "A"),
        Segment(Span(0.0, 1.0), "A"),
        Segment(Span(1.1, 1.3), "B"),
        Segment(Span(1.4, 2.0), "A"),
    ]
    assert utterance_spans(segments) == [
        Segment(Span(0.0, 2.0), "A"),
        Segment(Span(1.1, 1.3), "B"),
        Segment(Span(2.5, 3.0), "A"),
    ]


def test_a_person_says_who_is_the_teacher() -> None:
    transcript = lesson("S1|---  |\nS2|   --|").with_roles({"S1": Role.TEACHER})
    assert [transcript.role(s.id) for s in transcript.speakers] == [Role.TEACHER, Role.STUDENT]
    assert [f.role for f in transcript.floors] == [Role.TEACHER, Role.STUDENT]


def test_merging_two_voices_joins_utterances_under_half_a_second_apart() -> None:
    # step 0.1 s
    # S1     |----      ----  |   0.0-0.4, 1.0-1.4
    # S2     |      --        |   0.6-0.8: 0.2 s after the first, 0.2 s before the last
    # merged |**************  |   one utterance, texts in order
    before = lesson("S1|aaaa      cccc  |\nS2|      bb        |", {"a": "One", "b": "two", "c": "three."}, 0.1)
    after = before.with_merged("S1", "S2")
    assert [s.id for s in after.speakers] == ["S1"]
    assert [(u.span.start, round(u.span.end, 9), u.text) for u in after.utterances] == [(0.0, 1.4, "One two three.")]
    assert len(before.utterances) == 3, "the transcript it was made from is as it was"


def test_merged_utterances_half_a_second_apart_stay_two() -> None:
    assert len(lesson("S1|-  |\nS2|  -|", step=0.5).with_merged("S1", "S2").utterances) == 2


def test_merging_weighs_confidence_by_the_length_of_the_text() -> None:
    speakers = (Speaker("A"), Speaker("B"))
    a = Utterance(Span(0, 1), "A", "abc", 0.9, (Word("abc", Span(0, 1)),))
    b = Utterance(Span(1, 2), "B", "d", 0.5, (Word("d", Span(1, 2)),))
    silent = Utterance(Span(2, 3), "B", "", None)
    (joined,) = Transcript(3, speakers, (a, b, silent)).with_merged("A", "B").utterances
    assert joined.confidence == pytest.approx((0.9 * 3 + 0.5 * 1) / 4)
    assert [w.text for w in joined.words] == ["abc", "d"]


def test_a_voice_merged_with_itself_stays() -> None:
    transcript = lesson("S1|-- --|")
    assert transcript.with_merged("S1", "S1") == transcript


def test_what_cannot_be_a_transcript() -> None:
    with pytest.raises(ValueError, match="no speaker 'B'"):
        Transcript(3, (Speaker("A"),), (Utterance(Span(0, 1), "B"),))
    with pytest.raises(ValueError, match=r"utterances of A overlap at 0\.50 s"):
        Transcript(3, (Speaker("A"),), (Utterance(Span(0, 1), "A"), Utterance(Span(0.5, 2), "A")))
    with pytest.raises(ValueError, match="must not be empty or hold spaces"):
        Speaker("Student 1")
