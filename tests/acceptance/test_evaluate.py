"""`secondlook evaluate`: what a school reads, and what it is told of files that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lessons import DRAWN, lesson

from coaching.exports.document import to_json
from coaching.exports.elan import eaf
from pipelines.cli import main


@pytest.fixture
def results(tmp_path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    made = lesson(DRAWN)
    (folder / "lesson.json").write_text(to_json(made), encoding="utf-8")
    (folder / "lesson.eaf").write_text(eaf(made), encoding="utf-8")
    return folder


def run(results: Path, truth: Path, *more: str) -> int:
    return main(["evaluate", str(results), "--truth", str(truth), *more])


def test_for_people(results, capfd):
    assert run(results, results / "lesson.eaf") == 0
    said = capfd.readouterr().out
    assert "Comparing fractions against lesson.eaf, 0:00 to 1:00" in said
    rate = next(line for line in said.splitlines() if "(DER)" in line)
    assert rate.split()[-2:] == ["0.0%", "0.0%"]
    talk = next(line for line in said.splitlines() if "Your talk" in line)
    assert talk.split()[-1] == "+0.0"
    assert max(len(line) for line in said.splitlines() if "Not compared" not in line) <= 80


def test_for_programs(results, capfd):
    truth = results / "truth.csv"
    truth.write_text("start;end;speaker\n0;6;Ms Hill\n8,5;10;Ana\n")
    assert run(results / "lesson.json", truth, "--teacher", "Ms Hill", "--part", "0-10", "--json") == 0
    said = json.loads(capfd.readouterr().out)
    assert said["no_collar"] == {
        "der": 0, "miss": 0, "false_alarm": 0, "confusion": 0, "miss_s": 0, "false_alarm_s": 0, "confusion_s": 0,
        "speech_s": 7.5,
    }  # fmt: skip
    assert said["collar_0.25_s"]["speech_s"] == pytest.approx(7.5 - 4 * 0.25)  # at each edge that lies inside
    assert said["roles"]["right"] == 1
    talk = next(m for m in said["measures"] if m["name"] == "teacher_talk")
    assert (talk["ours"], talk["truth"], talk["difference"], talk["reason"]) == (80, 80, 0, None)
    questions = next(m for m in said["measures"] if m["name"] == "questions")
    assert (questions["truth"], questions["difference"]) == (None, None)
    assert questions["reason"] == "The truth has no words of the teacher."


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("truth.rttm", b"", "truth.rttm is empty"),
        ("truth.rttm", b"SPEAKER a 1 x y", "line 1"),
        ("truth.eaf", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ("truth.eaf", b"<a", "damaged"),
        ("truth.csv", b"start,end,speaker\n5,4,Ana\n", "row 2: it ends"),
        ("truth.csv", b"start,end,speaker\n5,6,Ana\n", "Nobody in truth.csv is called Ms Hill. It names: Ana."),
        ("truth.csv", None, "cannot be read: no such file"),
        ("truth.mp4", b"x", "must end in"),
    ],
)
def test_one_plain_sentence(name, data, says, results, capfd):
    if data is not None:
        (results / name).write_bytes(data)
    assert run(results, results / name, "--teacher", "Ms Hill") == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert says in said.err


@pytest.mark.parametrize(
    ("lesson_json", "says"),
    [
        (None, "holds no lesson.json"),
        (b"{", "damaged"),
        (b"[]", "not a lesson.json"),
        (b"\xff", "damaged"),
        (b"{}", "damaged"),
    ],
)
def test_a_lesson_that_is_none(lesson_json, says, results, capfd):
    (results / "lesson.json").unlink()
    if lesson_json is not None:
        (results / "lesson.json").write_bytes(lesson_json)
    assert run(results, results / "lesson.eaf") == 2
    said = capfd.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert says in said.err


@pytest.mark.parametrize("part", ["5", "9-3", "3-3", "a-b", "0-1-2"])
def test_a_part_that_is_none(part, results, capfd):
    with pytest.raises(SystemExit):
        run(results, results / "lesson.eaf", "--part", part)
    assert "Write it as 0:00-5:00" in capfd.readouterr().err


def test_a_part_after_the_end(results, capfd):
    assert run(results, results / "lesson.eaf", "--part", "5:00-6:00") == 2
    assert "ends at 1:00, before the part" in capfd.readouterr().err
