"""What holds for every lesson, whoever speaks when: checked on lessons that Hypothesis makes up."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.metrics import measure_lesson, talk_ribbon
from coaching.metrics.measure import Measure
from coaching.metrics.question_kinds import kind_of
from coaching.metrics.question_rules import asks, plain
from coaching.metrics.questions import find_questions, sentences
from coaching.metrics.sentences import sentence
from coaching.metrics.talk import heard
from coaching.quality import AudioQuality
from coaching.spans import Span, cover, gaps, intersect, overlap, subtract, total
from coaching.transcript import FLOOR_GAP_S, PAUSE_S, Role, Segment, Speaker, Transcript, Utterance, utterance_spans

# No deadline: it would be a test of how busy the machine is.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

VOICES = ("A", "B", "C", "D")
TEXTS = (
    "",
    "Okay.",
    "Okay?",
    "What do you notice?",
    "Why is that?",
    "Is it wider? Look at it.",
    "so how many legs does it have",
    "Any questions?",
    "The heavy stone sinks to the ground at once.",
    "The heavy stone sinks?",
    "Can you sit down please?",
)
QUALITY = AudioQuality(speech_db=-20, noise_db=-45, student_db=-30)

tenths = st.integers(0, 900).map(lambda n: n / 10)
spans = st.builds(lambda start, length: Span(start, start + length), tenths, st.integers(0, 200).map(lambda n: n / 10))
some_spans = st.lists(spans, max_size=12)
segments = st.lists(st.builds(Segment, spans, st.sampled_from(VOICES)), max_size=24)
roles = st.fixed_dictionaries({v: st.sampled_from(list(Role)) for v in VOICES})


def transcript_of(said: list[Segment], roles: dict[str, Role], texts: list[str] | None = None) -> Transcript:
    """The transcript that the pipeline makes of a diarizer's segments."""
    ids = sorted(roles)
    utterances = tuple(
        Utterance(s.span, s.speaker, texts[i % len(texts)] if texts else "")
        for i, s in enumerate(utterance_spans(said))
    )
    return Transcript(100.0, tuple(Speaker(i, roles[i]) for i in ids), utterances)


lessons = st.builds(transcript_of, segments, roles, st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8))


def by_name(transcript: Transcript) -> dict[str, Measure]:
    return {m.name: m for m in measure_lesson(transcript, QUALITY)}


@given(some_spans, some_spans)
def test_spans_are_a_set_of_moments(one: list[Span], other: list[Span]) -> None:
    both, left = intersect(one, other), subtract(one, other)
    assert total(both) + total(left) == pytest.approx(total(cover(one)))
    assert total(cover([*one, *other])) == pytest.approx(total(cover(one)) + total(cover(other)) - total(both))
    for found in (both, left, cover(one), overlap(one)):
        assert all(a.end < b.start or a.end == b.start for a, b in pairwise(found))
        assert all(s.duration > 0 for s in found)


@given(some_spans)
def test_gaps_and_speech_fill_the_lesson(one: list[Span]) -> None:
    whole = Span(0, 60)
    assert total(gaps(one, whole)) + total(intersect(one, [whole])) == pytest.approx(60)


@given(segments)
def test_utterances_of_one_speaker_never_overlap_and_pauses_lie_between(said: list[Segment]) -> None:
    of: dict[str, list[Span]] = defaultdict(list)
    for s in utterance_spans(said):
        of[s.speaker].append(s.span)
    for theirs in of.values():
        assert all(b.start - a.end >= PAUSE_S for a, b in pairwise(theirs))


@given(lessons)
def test_turns_and_floors_hold_every_utterance_once_and_never_overlap_within_a_speaker(transcript: Transcript) -> None:
    assert [u for t in transcript.turns for u in t.utterances] == list(transcript.utterances)
    in_floors = [u for f in transcript.floors for u in f.utterances]
    assert Counter(map(id, in_floors)) == Counter(map(id, transcript.utterances))
    for floor in transcript.floors:
        assert {transcript.role(u.speaker) for u in floor.utterances} == {floor.role}
        spans = cover((u.span for u in floor.utterances), fill=FLOOR_GAP_S)
        assert spans in ([floor.span], []), "no gap of 1.5 s within a floor"
    starts = [f.span.start for f in transcript.floors]
    assert starts == sorted(starts)
    of: dict[str, list[Span]] = defaultdict(list)
    for turn in transcript.turns:
        of[turn.speaker].append(turn.span)
    for theirs in of.values():
        assert all(a.end <= b.start for a, b in pairwise(theirs))
    assert all(a.speaker != b.speaker for a, b in pairwise(transcript.turns))


@given(lessons)
def test_shares_add_up_to_100_and_stay_in_their_ranges(transcript: Transcript) -> None:
    measures = by_name(transcript)
    teacher, student = measures["teacher_talk"], measures["student_talk"]
    assert (teacher.value is None) == (student.value is None)
    if teacher.value is not None:
        assert teacher.value + student.value == pytest.approx(100)
    for m in measures.values():
        if m.value is not None and m.interval is not None:
            assert m.interval.low - 1e-9 <= m.value <= m.interval.high + 1e-9
        if m.value is not None and m.unit == "%":
            assert -1e-9 <= m.value <= 100 + 1e-9


@given(lessons, st.sampled_from([1.0, 7.3, 10.0, 250.0]))
def test_the_ribbon_s_bars_add_up_to_the_lesson(transcript: Transcript, step: float) -> None:
    bars = talk_ribbon(transcript, step)
    assert total(b.span for b in bars) == pytest.approx(transcript.duration)
    for b in bars:
        parts = (b.teacher, b.student, b.several, b.silence, b.unknown)
        assert min(parts) >= 0
        assert sum(parts) == pytest.approx(b.span.duration)
    measures = by_name(transcript)
    assert sum(b.several for b in bars) == pytest.approx(measures["several_voices"].value)
    assert sum(b.silence for b in bars) == pytest.approx(measures["silence"].components["silence_s"], abs=1e-6)


@given(lessons)
def test_silence_and_speech_are_the_whole_lesson(transcript: Transcript) -> None:
    parts = by_name(transcript)["silence"].components
    assert parts["silence_s"] + total(heard(transcript)) == pytest.approx(transcript.duration)
    assert parts["quiet_work_s"] + parts["pauses_s"] == pytest.approx(parts["silence_s"])


@given(lessons)
def test_every_question_is_counted_once_and_said_in_its_utterance(transcript: Transcript) -> None:
    found = find_questions(transcript)
    for q in found:
        assert q.utterance.span.start <= q.span.start <= q.span.end <= q.utterance.span.end
        assert q.text in q.utterance.text
        assert not q.ends_utterance or q.span.end == q.utterance.span.end
    measure = by_name(transcript)["questions"]
    if measure.value is not None:
        kinds = Counter(q.kind.value for q in found)
        assert {k: measure.components[k] for k in kinds} == kinds
        assert measure.components["questions"] == len(found) - kinds["tag"] - kinds["echo"]


@given(lessons)
def test_a_measure_has_a_value_or_a_reason_and_reads_as_a_sentence(transcript: Transcript) -> None:
    for m in measure_lesson(transcript, QUALITY):
        assert (m.value is None) != (m.reason is None)
        assert sentence(m).endswith(".")
        for moment in m.evidence:
            assert moment.span.start >= 0


@given(lessons, roles)
def test_saying_who_is_who_equals_a_transcript_that_knew_it(transcript: Transcript, told: dict[str, Role]) -> None:
    knew = Transcript(
        transcript.duration, tuple(Speaker(s.id, told[s.id]) for s in transcript.speakers), transcript.utterances
    )
    assert measure_lesson(transcript.with_roles(told), QUALITY) == measure_lesson(knew, QUALITY)


@given(segments, roles)
def test_merging_then_measuring_equals_measuring_merged_segments(said: list[Segment], known: dict[str, Role]) -> None:
    merged = transcript_of(said, known).with_merged("A", "B")
    relabelled = [Segment(s.span, "A" if s.speaker == "B" else s.speaker) for s in said]
    from_segments = transcript_of(relabelled, {v: r for v, r in known.items() if v != "B"})
    assert merged.utterances == from_segments.utterances
    assert measure_lesson(merged, QUALITY) == measure_lesson(from_segments, QUALITY)


@given(lessons, st.sampled_from(list(Role)))
def test_the_order_of_a_merge_and_a_role_does_not_matter(transcript: Transcript, role: Role) -> None:
    one = transcript.with_merged("A", "B").with_roles({"A": role, "C": Role.STUDENT})
    other = transcript.with_roles({"A": role, "C": Role.STUDENT}).with_merged("A", "B")
    assert measure_lesson(one, QUALITY) == measure_lesson(other, QUALITY)


@given(segments, roles)
def test_the_order_of_two_merges_does_not_matter(said: list[Segment], known: dict[str, Role]) -> None:
    transcript = transcript_of(said, known)
    one = transcript.with_merged("A", "B").with_merged("A", "C")
    other = transcript.with_merged("A", "C").with_merged("A", "B")
    assert one.utterances == other.utterances
    assert measure_lesson(one, QUALITY) == measure_lesson(other, QUALITY)


@given(st.text(max_size=200))
def test_any_text_is_cut_into_sentences_that_hold_all_of_it(text: str) -> None:
    cut = list(sentences(text))
    assert all(a < b for a, b in cut)
    assert all(before[1] <= after[0] for before, after in pairwise(cut))
    assert plain(" ".join(text[a:b] for a, b in cut)) == plain(text)
    asks(plain(text))
    assert kind_of(plain(text))[1]
