"""The sample lesson holds what its truth says: the files agree with each other, and the truth with the sound."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from coaching.spans import Span, cover, overlap, total

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "pipelines" / "sample"
MOVIE = SAMPLE / "sample-lesson.mp4"
FRAME_S = 0.01


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return json.loads((SAMPLE / "sample-lesson.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def level() -> npt.NDArray[np.float64]:
    """The sound's level in dB, one value for each 10 ms, as a player hears it (edit list applied)."""
    with av.open(str(MOVIE)) as movie:
        frames = [f for f in movie.decode(audio=0) if f.pts is not None and f.pts >= 0]
        sound = np.concatenate([f.to_ndarray().mean(axis=0) for f in frames])
        hop = round(frames[0].sample_rate * FRAME_S)
    power = (sound[: len(sound) // hop * hop].reshape(-1, hop).astype(np.float64) ** 2).mean(axis=1)
    return 10 * np.log10(power + 1e-12)


def between(level: npt.NDArray[np.float64], start: float, end: float) -> npt.NDArray[np.float64]:
    return level[round(start / FRAME_S) : round(end / FRAME_S)]


def span(of: dict[str, Any]) -> Span:
    return Span(of["start"], of["end"])


def test_everything_together_is_small() -> None:
    assert sum(f.stat().st_size for f in SAMPLE.iterdir() if f.is_file()) < 5_000_000


def test_it_is_what_a_phone_gives(truth: dict[str, Any]) -> None:
    with av.open(str(MOVIE)) as movie:
        video, audio = movie.streams.video[0], movie.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == (1280, 720)
        assert (audio.codec_context.name, audio.rate) == ("aac", 48_000)
        for stream in (video, audio):
            assert float(stream.duration * stream.time_base) == pytest.approx(truth["duration_s"], abs=0.15)
    head = MOVIE.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat"), "a browser must find the index before the media"


def test_the_words_are_those_of_the_play(truth: dict[str, Any]) -> None:
    play = (ROOT / "scripts" / "sample_lesson" / "lesson.txt").read_text("utf-8")
    lines = re.findall(r"^-?[\d.]+ +(teacher|student_\d) +([^{\n]+?) *(?:\{.*)?$", play, re.MULTILINE)
    for who in ("teacher", "student_1", "student_2", "student_3"):
        said = " ".join(u["text"] for u in truth["utterances"] if u["speaker"] == who)
        assert said == " ".join(words for speaker, words in lines if speaker == who)


def test_rttm_and_json_agree(truth: dict[str, Any]) -> None:
    rows = [line.split() for line in (SAMPLE / "sample-lesson.rttm").read_text("utf-8").splitlines()]
    assert [(r[7], float(r[3]), pytest.approx(float(r[4]), abs=0.0011)) for r in rows] == [
        (u["speaker"], u["start"], u["end"] - u["start"]) for u in truth["utterances"]
    ]


def test_pauses_of_a_speaker_end_an_utterance(truth: dict[str, Any]) -> None:
    for who in {u["speaker"] for u in truth["utterances"]}:
        theirs = [span(u) for u in truth["utterances"] if u["speaker"] == who]
        assert all(b.start - a.end >= 0.5 for a, b in pairwise(theirs))


def test_every_question_is_in_its_utterance_and_its_wait_is_what_follows(truth: dict[str, Any]) -> None:
    for q in truth["questions"]:
        home = next(
            u for u in truth["utterances"] if u["speaker"] == q["speaker"] and u["start"] <= q["start"] < u["end"]
        )
        assert q["text"] in home["text"]
        assert q["ends_utterance"] == home["text"].endswith(q["text"])
        if not q["ends_utterance"]:
            assert (q["then"], q["wait_s"]) == ("inside", None)
            continue
        assert q["end"] == home["end"]
        after = min((u for u in truth["utterances"] if u["start"] >= q["end"]), key=lambda u: u["start"])
        assert q["wait_s"] == pytest.approx(after["start"] - q["end"], abs=0.0011)
        assert q["then"] == ("teacher" if after["speaker"] == "teacher" else "student")
    asked = " ".join(q["text"] for q in truth["questions"])
    assert asked.count("?") == " ".join(u["text"] for u in truth["utterances"]).count("?")


def test_it_shows_what_the_measures_can_do(truth: dict[str, Any]) -> None:
    kinds = {q["kind"] for q in truth["questions"] if q["speaker"] == "teacher"}
    assert kinds == {"open", "reason", "relating", "wh-fact", "yes/no", "checking", "management", "tag", "echo"}
    waits = truth["waits"]
    answered = waits["answered_s"]
    assert len(answered) >= 10
    assert waits["went_on"] + len(answered) == waits["counted_questions"]
    assert waits["went_on"] < waits["counted_questions"] / 2
    assert (min(answered), max(answered)) == (0.6, 6.0)
    assert sum(w > 3 for w in answered) >= 4
    assert len(truth["quiet_work"]) == len(truth["overlapping_talk"]) == 1


def test_talk_adds_up(truth: dict[str, Any]) -> None:
    of = {r: [span(u) for u in truth["utterances"] if u["speaker"].startswith(r)] for r in ("teacher", "student")}
    talk, everybody = truth["talk"], of["teacher"] + of["student"]
    assert talk["teacher_s"] == pytest.approx(total(of["teacher"]), abs=0.01)
    assert talk["student_s"] == pytest.approx(total(of["student"]), abs=0.01)
    assert talk["several_s"] == pytest.approx(total(overlap(everybody)), abs=0.01)
    assert talk["silence_s"] == pytest.approx(truth["duration_s"] - total(cover(everybody)), abs=0.01)
    # teacher + student - several + silence is the lesson
    whole = talk["teacher_s"] + talk["student_s"] - talk["several_s"] + talk["silence_s"]
    assert whole == pytest.approx(truth["duration_s"], abs=0.01)


def test_sound_is_where_the_truth_says(truth: dict[str, Any], level: npt.NDArray[np.float64]) -> None:
    """After 0.6 s of quiet (echoes are over) the level is the room's until an utterance starts, and then is not.

          -0.15     0      0.05
    ........|~~~~~~~|#######|####    ~ the room alone      # somebody speaks
    """
    quiet = span(truth["quiet_work"][0])
    room = between(level, quiet.start + 0.5, quiet.end - 0.1)
    floor = np.median(room)
    starts = [b["start"] for a, b in pairwise(truth["utterances"]) if b["start"] - a["end"] >= 0.6]
    assert len(starts) > 20
    for start in starts:
        assert between(level, start - 0.15, start - 0.02).mean() < floor + 3, f"sound before {start}"
        assert between(level, start, start + 0.12).max() > floor + 8, f"no sound at {start}"
    for u in truth["utterances"]:
        assert between(level, u["start"], u["end"]).mean() > floor + 8, f"no speech at {u['start']}"
        assert between(level, u["end"] - 0.12, u["end"]).max() > floor + 5, f"no sound at the end {u['end']}"
