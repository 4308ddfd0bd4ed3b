"""Captions, RTTM, ELAN and tables of a lesson, as text; other people's parsers read them in tests/integration."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import lessons
import pytest

from coaching.exports import captions, elan, rttm, tables
from coaching.exports.text import names, plain
from coaching.metrics.wait import tenths
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance, Word


def test_voices_are_called_by_their_role_and_never_alike() -> None:
    speakers = (
        Speaker("a", Role.TEACHER),
        Speaker("b", Role.STUDENT),
        Speaker("c", Role.STUDENT),
        Speaker("d", Role.UNKNOWN),
        Speaker("e", Role.TEACHER),
        Speaker("f", Role.STUDENT, "Student 1"),
    )
    assert names(Transcript(1.0, speakers, ())) == {
        "a": "Teacher",
        "b": "Student 1",
        "c": "Student 2",
        "d": "Voice 1",
        "e": "Teacher 2",
        "f": "Student 1 (f)",
    }


def test_plain_text_has_no_line_breaks_and_no_control_characters() -> None:
    assert plain(" a\r\n\r\nb\x00\x1b\tc\udcff\x85 d ") == "a b c d"


def test_no_two_voices_share_a_name_that_looks_like_the_way_out() -> None:
    speakers = (Speaker("a", Role.TEACHER, "Ms B (c)"), Speaker("b", Role.STUDENT, "Ms B"), Speaker("c", name="Ms B"))
    assert len(set(names(Transcript(1.0, speakers, ())).values())) == 3


#       0    5    10   15
#  S1   said ---- said        "ask not" was not recognized
LOST = (
    lessons.said(0, 3, "S1", "And so my fellow Americans."),
    lessons.said(5, 6, "S1"),
    lessons.said(7, 8, "S1"),
    lessons.said(10, 14, "S1", "What your country can do for you?"),
)


def test_words_that_are_missing_inside_a_turn_are_marked_once() -> None:
    made = lessons.lesson(LOST)
    text = "And so my fellow Americans. (no clear words) What your country can do for you?"
    assert captions.txt(made).splitlines()[-1] == f"[0:00] Teacher: {text}"
    assert [row["text"] for row in rows(tables.turns_csv(made))] == [text]
    assert rows(tables.turns_csv(made))[0]["words"] == "12"


def test_a_wait_is_rounded_but_not_over_the_line() -> None:
    assert [tenths(s) for s in (0.0, 0.54, 2.94, 2.96, 2.9999, 3.0, 3.98)] == [
        "0.0", "0.5", "2.9", "2.9", "2.9", "3.0", "4.0",
    ]  # fmt: skip


# ---- captions ----


def test_vtt_has_a_cue_for_each_utterance_with_words() -> None:
    cues = captions.vtt(lessons.lesson()).split("\n\n")
    assert cues[0] == "WEBVTT"
    assert cues[3] == "u2\n00:00:08.500 --> 00:00:10.000\n<v Student 1>They have the same top number.</v>"
    # u12, the student's last, has no words.
    assert [c.split("\n")[0] for c in cues[2:]] == [f"u{n}" for n in range(1, 12)]


def test_vtt_escapes_what_could_be_markup() -> None:
    assert "I don’t agree with “five” &amp; &lt;b&gt;eight&lt;/b&gt;.</v>" in captions.vtt(lessons.lesson())


def test_srt_numbers_its_cues_and_names_the_speaker() -> None:
    cues = captions.srt(lessons.lesson()).split("\n\n")
    assert cues[1] == "2\n00:00:08,500 --> 00:00:10,000\nStudent 1: They have the same top number."
    assert "Student 2: I don’t agree with “five” & ‹b›eight‹/b›." in cues[9]


#   80 letters, 40 letters: 10 s of the 15 s belong to the first caption.
#   0         10   15
#   |=========|====|
TWO_CLAUSES = "a" * 39 + " " + "b" * 39 + ". " + "c" * 39 + "."


def test_a_long_utterance_is_cut_at_a_clause_and_its_time_shared_by_letters() -> None:
    made = lessons.lesson([lessons.said(0.0, 15.0, "S1", TWO_CLAUSES)])
    # "aaa bbb." and the blank behind it are 81 of 122 (121 letters and the end): 15 x 81 / 122 = 9.959
    assert "u1.1\n00:00:00.000 --> 00:00:09.959\n" in captions.vtt(made)
    assert "u1.2\n00:00:09.959 --> 00:00:15.000\n" in captions.vtt(made)


def test_captions_are_in_order_of_start_where_voices_overlap() -> None:
    #   0         10        20
    #   u1.1======u1.2======     two captions of one utterance
    #     u2=                    another voice, between their starts
    made = lessons.lesson([lessons.said(0, 20, "S1", TWO_CLAUSES), lessons.said(2, 3, "S2", "Oh!")])
    vtt, srt = captions.vtt(made), captions.srt(made)
    assert re.findall(r"^u\S+$", vtt, re.M) == ["u1.1", "u2", "u1.2"]
    for text in (vtt, srt):
        starts = re.findall(r"^(\S+) --> ", text, re.M)
        assert len(starts) == 3
        assert starts == sorted(starts)
    assert re.findall(r"^\d$", srt, re.M) == ["1", "2", "3"]


def test_a_long_utterance_with_word_times_is_cut_by_them() -> None:
    spans = (Span(0, 4), Span(4, 8), Span(11, 15))
    words = tuple(Word(text, span) for text, span in zip(TWO_CLAUSES.split(), spans, strict=True))
    made = lessons.lesson([Utterance(Span(0, 15), "S1", TWO_CLAUSES, None, words)])
    assert "u1.2\n00:00:11.000 --> 00:00:15.000\n" in captions.vtt(made)


def test_captions_keep_every_word_and_fit_the_screen() -> None:
    said = " ".join(f"word{n}" + (", and" if n % 5 == 0 else "") for n in range(200))
    cues = captions.vtt(lessons.lesson([lessons.said(1.0, 50.0, "S1", said)])).split("\n\n")[2:]
    texts = [re.sub("<[^>]+>", "", c.split("\n")[2]) for c in cues]
    assert " ".join(texts).split() == said.split()
    assert max(len(t) for t in texts) <= captions.CAPTION_CHARACTERS


def test_a_cue_never_ends_before_it_starts() -> None:
    made = lessons.lesson([lessons.said(3599.9999, 3599.9999, "S1", "Oh.")], duration=3600.0)
    assert "01:00:00.000 --> 01:00:00.001" in captions.vtt(made)


def test_srt_text_that_looks_like_times_stays_text() -> None:
    made = lessons.lesson([lessons.said(1.0, 2.0, "S1", "00:00:01,000 --> 00:00:02,000")])
    assert captions.srt(made) == "1\n00:00:01,000 --> 00:00:02,000\nTeacher: 00.00.01,000 --› 00.00.02,000\n"


def test_txt_keeps_a_turn_without_words() -> None:
    lines = captions.txt(lessons.lesson()).splitlines()
    assert lines[0] == "Comparing fractions (1:00)"
    assert lines[-1] == "[0:52] Student 2: (no clear words)"
    assert "[0:18] Teacher: Is it wider?" in lines


def test_a_lesson_without_words_has_empty_captions() -> None:
    silent = lessons.lesson([lessons.said(1, 2, "S1")], language=None)
    assert captions.vtt(silent).startswith("WEBVTT\n")
    assert "-->" not in captions.vtt(silent)
    assert captions.srt(silent) == ""


# ---- RTTM ----


def test_rttm_has_a_line_for_each_utterance() -> None:
    lines = rttm.rttm(lessons.lesson()).splitlines()
    assert lines[1] == "SPEAKER Comparing_fractions 1 8.500 1.500 <NA> <NA> S2 <NA> <NA>"
    assert len(lines) == 12
    assert {len(line.split()) for line in lines} == {10}


# ---- ELAN ----


def test_elan_has_a_tier_for_each_voice_and_the_questions_with_their_kinds() -> None:
    root = ElementTree.fromstring(elan.eaf(lessons.lesson()))  # noqa: S314 - our own text
    tiers = {t.attrib["TIER_ID"]: t for t in root.iter("TIER")}
    assert list(tiers) == [
        "Teacher", "Student 1", "Student 2", "Questions", "Question kind", "Wait time I", "Wait time II",
    ]  # fmt: skip
    assert tiers["Student 1"].attrib["PARTICIPANT"] == "S2"
    asked = [v.text for v in tiers["Questions"].iter("ANNOTATION_VALUE")]
    kinds = [v.text for v in tiers["Question kind"].iter("ANNOTATION_VALUE")]
    assert (asked[0], kinds[0]) == ("What do you notice?", "open")
    assert len(asked) == len(kinds)


def test_elan_has_no_kinds_where_the_words_do_not_carry_them() -> None:
    text = elan.eaf(lessons.lesson(quality=replace(lessons.CLEAR, unsure=0.9)))
    tiers = {t.attrib["TIER_ID"]: t for t in ElementTree.fromstring(text).iter("TIER")}  # noqa: S314 - our own text
    assert len(tiers["Questions"]) > 3
    assert len(tiers["Question kind"]) == 0


def test_elan_finds_a_file_of_any_name() -> None:
    made = lessons.lesson()
    files = ("Period  4\t.mp4", "caf\udce9 ü#?.mp4", "\ud800.mp4")
    text = elan.eaf(replace(made, recording=replace(made.recording, files=files)))
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    assert [m.attrib["MEDIA_URL"] for m in root.iter("MEDIA_DESCRIPTOR")] == [
        "./Period%20%204%09.mp4", "./caf%E9%20%C3%BC%23%3F.mp4", "./%3F.mp4",
    ]  # fmt: skip


def test_elan_has_no_tier_twice_whatever_a_voice_is_called() -> None:
    called = [replace(s, name=name) for s, name in zip(lessons.SPEAKERS, ("Questions", "Wait time I", ""), strict=True)]
    root = ElementTree.fromstring(elan.eaf(lessons.lesson(speakers=called)))  # noqa: S314 - our own text
    tiers = [t.attrib["TIER_ID"] for t in root.iter("TIER")]
    assert tiers[:2] == ["Questions (S1)", "Wait time I (S2)"]
    assert len(tiers) == len(set(tiers))


def test_elan_times_are_in_order_and_every_reference_is_there() -> None:
    root = ElementTree.fromstring(elan.eaf(lessons.long_lesson(10)))  # noqa: S314 - our own text
    times = [int(s.attrib["TIME_VALUE"]) for s in root.iter("TIME_SLOT")]
    assert times == sorted(times)
    slots = {s.attrib["TIME_SLOT_ID"] for s in root.iter("TIME_SLOT")}
    annotations = {
        a.attrib["ANNOTATION_ID"] for a in (*root.iter("ALIGNABLE_ANNOTATION"), *root.iter("REF_ANNOTATION"))
    }
    for a in root.iter("ALIGNABLE_ANNOTATION"):
        assert {a.attrib["TIME_SLOT_REF1"], a.attrib["TIME_SLOT_REF2"]} <= slots
    for a in root.iter("REF_ANNOTATION"):
        assert a.attrib["ANNOTATION_REF"] in annotations
    assert [child.tag for child in root if child.tag != "TIER"] == [
        "HEADER", "TIME_ORDER", "LINGUISTIC_TYPE", "LINGUISTIC_TYPE", *["CONSTRAINT"] * 4,
    ]  # fmt: skip


# ---- tables ----


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_turns_csv_has_a_row_for_each_turn() -> None:
    text = tables.turns_csv(lessons.lesson())
    assert text.count("\r\n") == text.count("\n") == 13
    assert rows(text)[1] == {
        "turn": "2", "start_s": "8.500", "end_s": "10.000", "time": "0:08", "speech_s": "1.500", "speaker": "S2",
        "name": "Student 1", "role": "student", "words": "6", "text": "They have the same top number.",
    }  # fmt: skip


def test_measures_csv_gives_the_value_or_the_reason() -> None:
    made = lessons.lesson()
    found = {row["name"]: row for row in rows(tables.measures_csv(made))}
    assert set(found) == {m.name for m in made.measures}
    for m in made.measures:
        row = found[m.name]
        assert (row["value"] == "") == (m.value is None)
        assert row["reason"] == (m.reason or "")
        assert row["range_from"] == (m.interval.source if m.interval else "")
        assert m.value is None or float(row["value"]) == pytest.approx(m.value, rel=1e-5)
    # S1 6 + 2 + 1.5 + 4 + 4 + 8 = 25.5; of the students 0.7 s and 2 s lie over it and count for both.
    assert "teacher_s=25.5" in found["teacher_talk"]["components"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝", " ="])
def test_no_cell_is_a_formula(start: str) -> None:
    made = lessons.lesson([lessons.said(0, 1, "S1", f"{start}1+1")])
    text = rows(tables.turns_csv(made))[0]["text"]
    assert text.startswith("'")
    assert text.endswith("1+1")


# ---- harm ----


def test_hostile_text_breaks_no_format() -> None:
    made = lessons.hostile()
    spoken = len(made.transcript.utterances)
    vtt = captions.vtt(made)
    assert len(re.findall(r"^\d\d:\d\d:\d\d\.\d{3} --> ", vtt, re.M)) == vtt.count("-->")
    assert captions.srt(made).count("-->") == len(re.findall(r"^\d\d:\d\d:\d\d,\d{3} --> ", captions.srt(made), re.M))
    assert {len(line.split()) for line in rttm.rttm(made).splitlines()} == {10}
    ElementTree.fromstring(elan.eaf(made))  # noqa: S314 - our own text
    table = rows(tables.turns_csv(made))
    assert len(table) == spoken
    assert not [c for row in table for c in row.values() if c.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    for text in (vtt, captions.srt(made), captions.txt(made), elan.eaf(made), tables.turns_csv(made)):
        text.encode("utf-8")
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)


def test_exports_of_a_lesson_in_which_nobody_is_the_teacher() -> None:
    unknown = [replace(s, role=Role.UNKNOWN) for s in lessons.SPEAKERS]
    made = lessons.lesson(speakers=unknown)
    assert "<v Voice 1>" in captions.vtt(made)
    assert "Questions" in elan.eaf(made)
    assert rows(tables.measures_csv(made))[0]["reason"]
