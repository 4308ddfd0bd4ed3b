"""The sample lesson through the command, as a user runs it, against its truth; and every export in others' parsers."""

from __future__ import annotations

import csv
import json
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pympi
import pysubs2
import pytest
import scoring
import webvtt
from pyannote.database.util import load_rttm

from coaching.spans import Span
from coaching.transcript import Segment, utterance_spans
from pipelines.cli import main

pytestmark = pytest.mark.xdist_group("sample")  # one worker analyses it once

ROOT = Path(__file__).parents[2]
FILES = {
    "lesson.json", "transcript.vtt", "transcript.srt", "transcript.txt", "speakers.rttm", "lesson.eaf", "turns.csv",
    "measures.csv", "report.html",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    out: Path
    events: list[dict[str, Any]]
    lesson: dict[str, Any]
    truth: dict[str, Any]
    rttm: Path


@pytest.fixture(scope="module")
def run(analysed, sample) -> Run:
    out = analysed / "results"
    return Run(
        out,
        [json.loads(line) for line in (analysed / "said").read_text().splitlines()],
        json.loads((out / "lesson.json").read_text()),
        json.loads((sample / "sample-lesson.json").read_text()),
        sample / "sample-lesson.rttm",
    )


def measure(run: Run, name: str) -> dict[str, Any]:
    return next(m for m in run.lesson["measures"] if m["name"] == name)


def test_every_file_is_there_and_nothing_else(run):
    assert {p.name for p in run.out.iterdir()} == FILES


def test_the_folder_it_made_is_for_nobody_else(run):
    assert run.out.stat().st_mode & 0o077 == 0


def test_progress_never_goes_back(run):
    steps = [e for e in run.events if e["event"] == "progress"]
    percents = [e["percent"] for e in steps]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert list(dict.fromkeys(e["stage"] for e in steps)) == [
        "sound",
        "speakers",
        "words",
        "measures",
        "report",
        "done",
    ]
    assert len([e for e in steps if e["seconds_left"] is not None]) > 10
    assert run.events[-1]["event"] == "done"


def test_the_lesson_is_as_long_as_the_recording(run):
    assert run.lesson["recording"]["duration_s"] == pytest.approx(run.truth["duration_s"], abs=0.1)


def test_who_spoke_when(run):
    truth = utterance_spans(scoring.read_rttm(run.rttm))
    found = [Segment(Span(u["start"], u["end"]), u["speaker"]) for u in run.lesson["utterances"]]
    errors = scoring.diarization_errors(truth, found, run.lesson["recording"]["duration_s"])
    assert errors.der < 0.15
    assert len(run.lesson["speakers"]) == 4
    teacher = next(s["id"] for s in run.lesson["speakers"] if s["role"] == "teacher")
    assert scoring.right_role(truth, found, "teacher", teacher) > 0.97


def test_talk_shares_and_silence(run):
    truth = utterance_spans(scoring.read_rttm(run.rttm))
    share = measure(run, "teacher_talk")
    true = scoring.teacher_share(truth, {"teacher"})
    assert share["value"] == pytest.approx(true, abs=3)
    assert share["interval"]["low"] <= true <= share["interval"]["high"]
    silence = measure(run, "silence")
    true = scoring.silence(truth, run.truth["duration_s"])
    assert silence["value"] == pytest.approx(true, abs=3)
    assert silence["components"]["quiet_work_s"] == pytest.approx(10, abs=0.5)


def test_evaluate_says_how_right_it_is(run, tmp_path, capfd):
    """Against the truth, and against its own exports, which are no error."""

    def against(truth: Path) -> dict[str, Any]:
        assert main(["evaluate", str(run.out), "--truth", str(truth), "--json"]) == 0
        said: dict[str, Any] = json.loads(capfd.readouterr().out)
        return said

    found = against(run.rttm)
    truth = utterance_spans(scoring.read_rttm(run.rttm))
    mine = [Segment(Span(u["start"], u["end"]), u["speaker"]) for u in run.lesson["utterances"]]
    errors = scoring.diarization_errors(truth, mine, run.lesson["recording"]["analysed_s"])
    assert found["no_collar"]["der"] == pytest.approx(errors.der)
    assert found["collar_0.25_s"]["der"] < found["no_collar"]["der"] < 0.15
    assert found["roles"]["right"] > 0.97
    talk = next(m for m in found["measures"] if m["name"] == "teacher_talk")
    assert talk["truth"] == pytest.approx(scoring.teacher_share(truth, {"teacher"}))
    assert talk["difference"] == pytest.approx(measure(run, "teacher_talk")["value"] - talk["truth"])
    words = tmp_path / "truth.csv"
    with words.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, ("start", "end", "speaker", "text"))
        table.writeheader()
        table.writerows(run.truth["utterances"])
    questions = next(m for m in against(words)["measures"] if m["name"] == "questions")
    assert questions["ours"] == pytest.approx(measure(run, "questions")["value"])
    asked = [q for q in run.truth["questions"] if q["speaker"] == "teacher" and q["kind"] not in ("tag", "echo")]
    assert questions["truth"] == pytest.approx(len(asked) / (run.truth["duration_s"] / 600), rel=0.1)
    for name in ("speakers.rttm", "lesson.eaf"):
        own = against(run.out / name)
        assert own["no_collar"]["der"] < 0.0005
        assert own["no_collar"]["confusion_s"] == 0
    turns = against(run.out / "turns.csv")  # turns hold their pauses
    assert turns["no_collar"]["false_alarm"] == pytest.approx(0, abs=0.0005)
    assert turns["no_collar"]["confusion_s"] == pytest.approx(0, abs=0.01)
    assert turns["roles"]["right"] == pytest.approx(1, abs=0.001)


def test_the_longest_stretch_of_teacher_talk(run):
    assert measure(run, "longest_teacher_talk")["value"] == pytest.approx(25.2, abs=1)


def test_questions_and_waits_come_out(run):
    asked = [q for q in run.truth["questions"] if q["kind"] not in ("tag", "echo")]
    questions = measure(run, "questions")
    assert questions["value"] == pytest.approx(len(asked) / (run.truth["duration_s"] / 600), rel=0.25)
    kinds = measure(run, "questions")["components"]
    true = [q["kind"] for q in run.truth["questions"] if q["speaker"] == "teacher"]
    for kind in ("open", "reason", "relating"):
        assert kinds[kind] == pytest.approx(true.count(kind), abs=1)


def test_waits_are_found_where_they_are(run):
    """Nine in ten of the true waits, each to within 0.25 s, at the right moment."""
    not_timed = ("management", "tag", "echo")
    answered = [q for q in run.truth["questions"] if q["speaker"] == "teacher" and q["then"] == "student"]
    true = [(q["end"], q["wait_s"]) for q in answered if q["kind"] not in not_timed]
    found = [(m["start"], m["value"]) for m in measure(run, "wait_time_1")["evidence"]]
    hits = [t for t in true if any(abs(t[0] - f[0]) < 0.3 and abs(t[1] - f[1]) < 0.25 for f in found)]
    assert len(true) == 12
    assert len(hits) >= 0.9 * len(true)
    median = statistics.median(s for _, s in true)
    assert measure(run, "wait_time_1")["value"] == pytest.approx(median, abs=0.5)


def test_the_report_stands_alone(run):
    page = (run.out / "report.html").read_text()
    assert "<script src" not in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//(?!creativecommons)|url\((?!["']?(data:|#))""", page)
    assert page.count("<h1") == 1


def test_rttm_labels_are_the_speaker_ids(run):
    annotation = next(iter(load_rttm(run.out / "speakers.rttm").values()))
    assert set(annotation.labels()) == {s["id"] for s in run.lesson["speakers"]}


def test_captions_in_other_parsers(run):
    captions = webvtt.read(str(run.out / "transcript.vtt"))
    said = [u for u in run.lesson["utterances"] if u["text"]]
    assert len(captions) >= len(said)
    assert {c.voice for c in captions} <= {s["name"] for s in run.lesson["speakers"]}
    assert len(pysubs2.load(str(run.out / "transcript.srt"))) == len(captions)


def test_elan_in_another_parser(run):
    eaf = pympi.Elan.Eaf(str(run.out / "lesson.eaf"))
    spoken = sum(len(eaf.get_annotation_data_for_tier(s["name"])) for s in run.lesson["speakers"])
    assert spoken == len(run.lesson["utterances"])


def test_tables(run):
    with (run.out / "turns.csv").open(newline="") as f:
        assert len(list(csv.DictReader(f))) == len(run.lesson["turns"])
    with (run.out / "measures.csv").open(newline="") as f:
        assert {row["name"] for row in csv.DictReader(f)} == {m["name"] for m in run.lesson["measures"]}


def test_running_again_replaces_the_results(run, sample):
    """With the teacher named by hand: roles change, and every file is of the second run."""
    student = next(s["id"] for s in run.lesson["speakers"] if s["role"] == "student")
    again = run.out.parent / "again"
    shutil.copytree(run.out, again)
    command = [sys.executable, "-m", "pipelines", "analyse", str(sample / "sample-lesson.mp4"), "--out", str(again)]
    subprocess.run([*command, "--teacher", student], cwd=ROOT, check=True, capture_output=True)
    assert {p.name for p in again.iterdir()} == FILES
    lesson = json.loads((again / "lesson.json").read_text())
    assert next(s for s in lesson["speakers"] if s["role"] == "teacher")["id"] == student
    assert lesson["roles"]["confidence"] == 1
    for name in FILES - {"speakers.rttm"}:
        assert (again / name).read_bytes() != (run.out / name).read_bytes(), name
