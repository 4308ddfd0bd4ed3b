"""A worker's hands with the real stages: the same lesson as `secondlook analyse` makes, and no life after its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from fleet import cut_lesson
from workers import lives

from coaching.exports import document
from coaching.lesson import Lesson
from coaching.quality import limits
from coaching.recordings import LISTENING, Stage
from coaching.services.lessons import measured_again
from coaching.transcript import Role
from pipelines.media import ffmpeg_path
from pipelines.work.child import LACKING
from pipelines.work.hand import CHILD, TURN_S, Ended, Hand, Hands, Stopped
from pipelines.work.perform import REPORT_S
from pipelines.work.stages import LESSON, NO_SPEAKERS

ROOT = Path(__file__).parents[2]

ENCODING_S = 60.0
"""The long film takes longer than that where a machine has no time: what is stopped must end long before."""


def order(
    stage: Stage, folder: Path, file: Path, *, failed: dict[str, str] | None = None, **options: Any
) -> dict[str, Any]:
    """A task on `file` in `folder`/<stage>, whose artefacts are those of the stages that lie beside it."""
    (folder / stage).mkdir(parents=True)
    there = {s: str(folder / s) for s in Stage if s != stage and (folder / s).is_dir() and s not in (failed or {})}
    return {
        "stage": stage,
        "folder": str(folder / stage),
        "data": str(folder),
        "files": [str(file)],
        "names": ["fractions.mp4"],
        "options": options,
        "artefacts": there,
        "failed": failed or {},
        "threads": 2,
        "nice": 0,
    }


def on(_share: float | None) -> bool:
    return True


@pytest.fixture
def hand():
    hand = Hand()
    yield hand
    hand.end()


def read(folder: Path) -> Lesson:
    return document.from_json((folder / Stage.MEASURES / LESSON).read_text())


@pytest.mark.xdist_group("sample")
def test_stage_by_stage_it_is_the_lesson_of_analyse(tmp_path, sample, analysed, hand):
    file = sample / "sample-lesson.mp4"
    shares: list[float] = []
    for stage in LISTENING:
        assert hand.do(order(stage, tmp_path, file), lambda s: shares.append(s or 0) or True) == Ended(), stage
    found = read(tmp_path)
    whole = document.from_json((analysed / "results" / "lesson.json").read_text())
    assert found.transcript == whole.transcript
    assert found.measures == whole.measures
    assert (found.quality, found.roles, found.engines, found.limits) == (
        whole.quality, whole.roles, whole.engines, whole.limits,
    )  # fmt: skip
    assert found.recording.name == "fractions"
    assert max(shares) > 0.5


def test_without_speakers_the_words_stay_and_nothing_is_measured(tmp_path, hand):
    file = cut_lesson(tmp_path, seconds=60)
    failed = {"speakers": "The GPU is gone."}
    assert hand.do(order(Stage.SOUND, tmp_path, file), on) == Ended()
    assert hand.do(order(Stage.WORDS, tmp_path, file, failed=failed), on) == Ended()
    assert hand.do(order(Stage.MEASURES, tmp_path, file, failed=failed), on) == Ended()
    lesson = read(tmp_path)
    assert "board" in " ".join(u.text for u in lesson.transcript.utterances).lower()
    assert len(lesson.transcript.speakers) == 1
    assert lesson.roles.teacher is None
    assert {m.reason for m in lesson.measures} == {NO_SPEAKERS}
    assert all(m.value is None for m in lesson.measures)
    assert [e.part for e in lesson.engines] == ["words"]
    teacher = lesson.transcript.with_roles({lesson.transcript.speakers[0].id: Role.TEACHER})
    assert measured_again(lesson, teacher, told=True).measures == lesson.measures  # whoever says so


def test_without_words_the_talk_is_measured(tmp_path, hand):
    file = cut_lesson(tmp_path, seconds=60)
    failed = {"words": "The model is missing."}
    for stage in (Stage.SOUND, Stage.SPEAKERS):
        assert hand.do(order(stage, tmp_path, file), on) == Ended()
    assert hand.do(order(Stage.MEASURES, tmp_path, file, failed=failed), on) == Ended()
    lesson = read(tmp_path)
    assert not any(u.text for u in lesson.transcript.utterances)
    talk, questions = lesson.measure("teacher_talk"), lesson.measure("questions")
    assert talk is not None
    assert talk.value is not None
    assert questions is not None
    assert questions.value is None
    assert set(limits(lesson.quality, lesson.transcript).values()) == set(lesson.limits)


def test_without_either_there_is_no_lesson(tmp_path, sample, hand):
    failed = {"speakers": "No speech was heard.", "words": "No speech was heard."}
    ended = hand.do(order(Stage.MEASURES, tmp_path, sample / "sample-lesson.mp4", failed=failed), on)
    assert ended == Ended("BadRecording", "No speech was heard.", again=False)


def test_pictures_of_a_worker_that_gives_way_more_than_they_would(tmp_path, sample):
    hand = Hand(("nice", "-n", "15", *CHILD))
    try:
        task = order(Stage.POSTER, tmp_path, sample / "sample-lesson.mp4") | {"nice": 10}
        assert hand.do(task, on) == Ended()
        assert psutil.Process(hand._process.pid).nice() == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 15)
    finally:
        hand.end()


def test_a_file_that_is_no_recording_is_one_sentence_and_not_tried_again(tmp_path, hand):
    file = tmp_path / "notes.mp4"
    file.write_text("This is not a film.")
    ended = hand.do(order(Stage.SOUND, tmp_path, file), on)
    assert ended.error == "BadRecording"
    assert "notes.mp4" in ended.reason
    assert not ended.again
    assert hand.do(order(Stage.WEB, tmp_path, file), on).error == "BadRecording"  # and the hand lives on


def test_a_child_that_breaks_down_is_told_and_replaced(tmp_path, sample):
    hands = Hands()
    try:
        with hands.take("cpu") as first:

            def kill(_share: float | None) -> bool:
                os.kill(first._process.pid, signal.SIGSEGV)
                return True

            ended = first.do(order(Stage.SPEAKERS, tmp_path, sample / "sample-lesson.mp4"), kill)
        assert ended.error in ("Crashed", "KeyError")
        with hands.take("cpu") as second:
            assert second is not first or second.alive
    finally:
        hands.close()


@pytest.fixture(scope="module")
def long_film(tmp_path_factory) -> Path:
    """A film that takes a while to encode."""
    film = tmp_path_factory.mktemp("film") / "long.mkv"
    sources = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30", "-f", "lavfi", "-i", "sine=440"]
    subprocess.run(
        [ffmpeg_path(), "-v", "error", *sources, "-t", "60", "-c:v", "mpeg4", "-q:v", "8", "-c:a", "flac", str(film)],
        check=True,
    )
    return film


def ffmpegs(pid: int) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            found += [process] if "ffmpeg" in process.name() else []
    return found


def at_work(pid: int) -> list[psutil.Process]:
    """What this process has started to encode with, once it has."""
    deadline = time.monotonic() + 60
    while not (found := ffmpegs(pid)):
        assert time.monotonic() < deadline, "nothing is encoded"
        time.sleep(0.05)
    return found


def test_a_cancel_is_heard_within_a_second():
    """How long it takes on a machine that has time: these two, and a kill."""
    assert TURN_S + REPORT_S < 1


def test_told_to_stop_it_and_its_ffmpeg_are_gone_at_once(tmp_path, long_film):
    hand = Hand()
    seen: list[psutil.Process] = []
    asked = 0.0

    def go_on(_share: float | None) -> bool:
        nonlocal asked
        seen.extend(p for p in ffmpegs(hand._process.pid) if p not in seen)
        if seen:
            asked = time.monotonic()
        return not seen

    with pytest.raises(Stopped):
        hand.do(order(Stage.WEB, tmp_path, long_film), go_on)
    assert time.monotonic() - asked < ENCODING_S / 2
    assert seen
    assert not any(map(lives, seen))
    assert not hand.alive


WORKER = """
import json, sys
from pipelines.work.hand import Hand
hand = Hand()
print(hand._process.pid, flush=True)
hand.do(json.loads(sys.argv[1]), lambda share: True)
"""


def test_when_the_worker_is_killed_its_hand_and_ffmpeg_die_too(tmp_path, long_film):
    command = [sys.executable, "-c", WORKER, json.dumps(order(Stage.WEB, tmp_path, long_film))]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert worker.stdout is not None
    hand = psutil.Process(int(worker.stdout.readline()))
    children = at_work(hand.pid)
    worker.kill()
    worker.wait()
    gone, alive = psutil.wait_procs([hand, *children], timeout=60)
    assert not alive
    assert len(gone) == 1 + len(children)


def test_closing_ends_a_hand_that_is_at_work(tmp_path, long_film):
    hands, results = Hands(), []

    def work() -> None:
        with hands.take("cpu") as hand:
            results.append(hand.do(order(Stage.WEB, tmp_path, long_film), on))

    thread = threading.Thread(target=work)
    thread.start()
    at_work(os.getpid())
    hands.close()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert [r.error for r in results] == ["Crashed"]
    with pytest.raises(Stopped), hands.take("cpu"):
        pass


def test_a_process_in_which_something_went_wrong_is_not_used_again(tmp_path, sample):
    """What CUDA calls an error stays one until its process ends."""
    hands, task = Hands(), order(Stage.MEASURES, tmp_path, sample / "sample-lesson.mp4")
    try:
        with hands.take("cpu") as first:
            ended = first.do(task, on)  # there is nothing to measure: a mistake of whoever ordered it
            assert (ended.error, ended.again) == ("KeyError", True)
        assert not first.alive
        with hands.take("cpu") as second:
            assert second is not first
    finally:
        hands.close()


def test_what_an_engine_lacks_is_for_the_log_and_names_no_folder_to_people(tmp_path, sample, hand):
    file = sample / "sample-lesson.mp4"
    assert hand.do(order(Stage.SOUND, tmp_path, file), on) == Ended()
    ended = hand.do(order(Stage.SPEAKERS, tmp_path, file, engine="gpu"), on)
    assert ended == Ended("MissingEngine", LACKING, detail=ended.detail)
    assert "no NVIDIA GPU was found" in ended.detail
    assert "/" not in ended.reason
