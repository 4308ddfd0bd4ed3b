"""What is kept of a listening and of a room, and which lessons a room's answers count for."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import lessons
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import said

from coaching.by_ear import answers, draw
from coaching.calibration import Answers, Who
from coaching.errors import BadInput
from coaching.lesson import Engine, Lesson
from coaching.spans import Span
from pipelines.audio import RATE, Audio
from pipelines.calibrating import listening, rooms, sound
from pipelines.media.wav import WavFile

TODAY = date(2026, 11, 26)
TALK = (said(0, 50, "S1", "Good morning."), said(60, 65, "S1"), said(50, 70, "S2", "Yes."), said(71, 80, "S3"))


def a_lesson(recorded: str | None = "2026-11-19") -> Lesson:
    made = lessons.lesson(TALK, duration=100.0)
    return replace(made, recording=replace(made.recording, recorded=recorded))


def agreed(lesson: Lesson, day: str, usable: int = 40) -> Answers:
    clips = draw(lesson.transcript, 1)
    return answers(clips, [c.machine if i < usable else None for i, c in enumerate(clips)], day)


# ---- a listening ----


@given(st.lists(st.tuples(st.sampled_from(["answer", "undo"]), st.integers(0, 12), st.sampled_from([*Who, None]))))
@settings(deadline=None)
def test_only_the_clip_that_is_due_is_answered_and_only_the_last_answer_is_taken_back(steps):
    begun = listening.begin(a_lesson(), 3)
    now, expected = replace(begun, clips=begun.clips[:8]), []
    for what, number, who in steps:
        if what == "answer":
            now = now.with_answer(number, who)
            expected += [who] if number == len(expected) < 8 else []
        else:
            now = now.without_last(number)
            expected = expected[:-1] if expected and number == len(expected) - 1 else expected
    assert list(now.said) == expected
    assert now.done == (len(expected) == 8)


def test_what_was_answered_is_read_back(tmp_path: Path):
    begun = listening.begin(a_lesson(), 3)
    for number, who in enumerate((Who.TEACHER, None, Who.NOBODY)):
        begun = begun.with_answer(number, who)
    assert listening.load(tmp_path) is None
    listening.save(tmp_path, begun)
    assert listening.load(tmp_path) == begun
    assert [p.name for p in tmp_path.iterdir()] == [listening.NAME]


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"answers": ["me"]},
        {"answers": ["nobody"] * 50},
        {"clips": [{"at": float("nan"), "machine": "nobody"}]},
    ],
)
def test_a_listening_that_was_spoiled_is_refused(tmp_path: Path, change):
    listening.save(tmp_path, listening.begin(a_lesson(), 3))
    path = tmp_path / listening.NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(BadInput, match="--anew"):
        listening.load(tmp_path)


# ---- rooms ----


def test_the_answers_of_a_room_correct_its_later_lessons(tmp_path: Path):
    first = a_lesson("2026-11-19")
    rooms.keep(tmp_path, "Room 12", first, agreed(first, "2026-11-19"))
    correct = rooms.corrector(tmp_path, "  ROOM  12 ", TODAY)
    new = correct(a_lesson("2026-12-19"))
    assert new.checked is not None
    assert (new.checked.room, new.checked.age_days) == ("Room 12", 30)
    assert new.measure("teacher_talk").interval.source.endswith("in “Room 12”, 30 days away, and wider for that")
    assert correct(a_lesson(None)).checked.age_days == 7  # no day in its file: today
    assert correct(a_lesson("2026-11-18")).checked.age_days == 1  # a lesson from before


def test_the_nearest_in_time_counts(tmp_path: Path):
    first, other = a_lesson(), replace(a_lesson(), engines=(Engine("speakers", "pyannote", "4"),))
    rooms.keep(tmp_path, "12", first, agreed(first, "2026-01-10"))
    rooms.keep(tmp_path, "12", other, agreed(other, "2026-11-01"))
    assert len(list((tmp_path / "rooms").iterdir())) == 2
    assert rooms.corrector(tmp_path, "12", TODAY)(first).checked.answers.day == "2026-01-10"
    rooms.keep(tmp_path, "12", first, agreed(first, "2026-10-10"))
    assert rooms.corrector(tmp_path, "12", TODAY)(first).checked.answers.day == "2026-10-10"
    rooms.keep(tmp_path, "12", first, agreed(first, "2026-02-01"))  # an older lesson, heard later, hides no newer one
    rooms.keep(tmp_path, "12", first, agreed(first, "2026-02-01"))  # and the same again takes its own place
    assert len(list((tmp_path / "rooms").iterdir())) == 4
    assert rooms.corrector(tmp_path, "12", TODAY)(first).checked.answers.day == "2026-10-10"


@pytest.mark.parametrize(
    ("lesson", "day", "usable", "says"),
    [
        (a_lesson(), "2025-11-01", 40, "it is 383 days away, and after 365 days it no longer counts."),
        (a_lesson(), "2026-11-19", 19, "it has too few answers."),
        (
            replace(a_lesson(), engines=(Engine("speakers", "pyannote", "4"),)),
            "2026-11-19",
            40,
            "voices were told apart by local community-1 then, and by pyannote 4 now.",
        ),
        (
            replace(a_lesson(), recording=replace(a_lesson().recording, audio="pcm", tracks=2)),
            "2026-11-19",
            40,
            "that was another kind of recording (mov,mp4,m4a, aac, 1 track; this is mov,mp4,m4a, pcm, 2 tracks)",
        ),
        (replace(a_lesson(), roles=replace(a_lesson().roles, teacher=None)), "2026-11-19", 40, "--teacher"),
    ],
    ids=["a year", "few", "engine", "recorder", "no teacher"],
)
def test_where_a_room_says_nothing_the_lesson_says_why(tmp_path: Path, lesson, day, usable, says):
    rooms.keep(tmp_path, "12", a_lesson(), agreed(a_lesson(), day, usable))
    new = rooms.corrector(tmp_path, "12", TODAY)(lesson)
    assert new.checked is None
    assert new.measures == lesson.measures
    assert new.recording.notes[-1].startswith("The calibration of “12” does not count here: ")
    assert says in new.recording.notes[-1]


def test_rooms_that_cannot_be_used_are_named(tmp_path: Path):
    with pytest.raises(BadInput, match=r"No room “12” was calibrated here\. None is known yet"):
        rooms.corrector(tmp_path, "12", TODAY)
    rooms.keep(tmp_path, "12", a_lesson(), agreed(a_lesson(), "2026-11-19"))
    [path] = (tmp_path / "rooms").iterdir()
    path.write_text(path.read_text().replace('"cannot_tell": 0', '"cannot_tell": -1'))
    with pytest.raises(BadInput, match=r"is damaged\. Delete it"):
        rooms.corrector(tmp_path, "12", TODAY)


# ---- sound ----


def test_a_clip_is_the_stretch_of_sound_and_louder_where_it_is_quiet(tmp_path: Path):
    ramp = np.linspace(0, 0.02, 20 * RATE, dtype=np.float32)
    with WavFile(tmp_path / "a.wav") as wav:
        wav.write((ramp * 32768).astype("<i2").tobytes())
    with wave.open(BytesIO(sound.clip(Audio(tmp_path / "a.wav"), Span(5, 10)))) as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getnframes()) == (RATE, 1, 5 * RATE)
        heard = np.frombuffer(clip.readframes(5 * RATE), "<i2")
    assert heard[0] == pytest.approx(8 * 0.005 * 32767, abs=16)
    assert heard[-1] == pytest.approx(8 * 0.01 * 32767, abs=16)


@pytest.mark.parametrize("name", ["../secret.mp4", "/etc/passwd", "..", ""])
def test_a_name_in_lesson_json_leads_into_no_other_folder(tmp_path: Path, name):
    (tmp_path / "secret.mp4").write_bytes(b"x")
    folder = tmp_path / "a" / "results"
    folder.mkdir(parents=True)
    lesson = replace(a_lesson(), recording=replace(a_lesson().recording, files=(name,)))
    with pytest.raises(BadInput, match="--recording FILE"):
        sound.find(lesson, folder, ())


def test_the_recording_is_found_beside_the_results_or_in_the_folder_above(tmp_path: Path):
    lesson = a_lesson()
    [name] = lesson.recording.files
    folder = tmp_path / "results"
    folder.mkdir()
    (tmp_path / name).write_bytes(b"x")
    assert sound.find(lesson, folder, ()) == [tmp_path / name]
    (folder / name).write_bytes(b"x")
    assert sound.find(lesson, folder, ()) == [folder / name]
    assert sound.find(lesson, folder, [Path("other.mp4")]) == [Path("other.mp4")]
