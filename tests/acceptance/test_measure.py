"""`secondlook measure`, as a school uses it on transcripts that it already has."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.cli import main

ROOT = Path(__file__).parents[2]
FILES = {"measures.csv", "utterances.csv"}
TALK = """role,text,start,end
Teacher,"Look, two bars. What do you notice?",0:00:01.5,0:00:04
student,The pieces are bigger when you cut it in fewer.,6,9
T,The pieces are bigger. Why?,9.8,11
pupil,=2+5,12,13
"""


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def test_a_transcript_becomes_two_tables(tmp_path):
    path, out = write(tmp_path / "a.csv", TALK), tmp_path / "new" / "out"
    command = [sys.executable, "-m", "pipelines", "measure", str(path), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 rows (2 teacher, 2 student)" in done.stdout
    assert "spreadsheet may take 1 text for a formula (the first: row 5)" in done.stdout
    assert {p.name for p in out.iterdir()} == FILES
    assert out.stat().st_mode & 0o077 == 0
    rows = table(out / "utterances.csv")
    assert list(rows[0]) == ["role", "text", "question", "kind", "decided_by", "restating", "uptake"]
    assert [row["role"] for row in rows] == ["teacher", "student", "teacher", "student"]
    assert rows[3]["text"] == "=2+5"
    assert [(row["question"], row["kind"], row["restating"]) for row in rows] == [
        ("1", "open", "0"), ("0", "", "0"), ("1", "reason", "1"), ("0", "", "0"),
    ]  # fmt: skip
    assert [bool(row["uptake"]) for row in rows] == [False, False, True, False]
    measures = {row["name"]: row for row in table(out / "measures.csv")}
    assert float(measures["teacher_talk"]["value"]) == pytest.approx(100 * 3.7 / 7.7, abs=0.001)
    assert measures["wait_time_1"]["value"] == ""
    assert measures["wait_time_1"]["reason"]


def test_again_into_the_same_folder(tmp_path, capfd):
    path = write(tmp_path / "a.csv", TALK)
    for _ in range(2):
        assert main(["measure", str(path), "--out", str(tmp_path), "--json"]) == 0
    said = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert said["rows"] == {"teacher": 2, "student": 2, "unknown": 0}
    assert said["measures"]["reason_questions"]["value"] == 1
    assert said["measures"]["wait_time_1"]["reason"]


def test_tens_of_thousands_of_rows_of_real_lessons(shared, tmp_path):
    """TalkMoves, all lessons in one file: every row comes back, its text to the letter."""
    with gzip.open(shared / "text" / "talkmoves" / "lessons.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [(row["role"], row["sentence"]) for row in csv.DictReader(file, delimiter="\t")]
    path = tmp_path / "lessons.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("role", "text"), *rows])
    assert len(rows) > 50_000
    began = time.process_time()
    assert main(["measure", str(path), "--out", str(tmp_path / "out")]) == 0
    assert time.process_time() - began < 60  # 9 s on two cores; a rule that goes wrong on length takes minutes
    found = table(tmp_path / "out" / "utterances.csv")
    assert [(row["role"], row["text"]) for row in found] == rows
    teacher = [row for row in found if row["role"] == "teacher"]
    marked = [row for row in teacher if row["text"].rstrip().endswith("?")]
    assert all(row["question"] == "1" and row["kind"] and row["decided_by"] for row in marked)
    assert {row["question"] for row in found if row["role"] == "student"} == {"0"}
    assert 0.005 < sum(row["restating"] == "1" for row in teacher) / len(teacher) < 0.2
    for row in table(tmp_path / "out" / "measures.csv"):
        timeless = ("open_share", "reason_questions", "uptake", "restating", "follow_up")
        assert bool(row["value"]) == (row["name"] in timeless), row["name"]
        assert row["value"] or row["reason"]


VTT = """WEBVTT

00:01.000 --> 00:03.000
<v Ms Hill>What do you notice?

00:05.000 --> 00:07.000
<v Ana>They have the same top number.
"""


def test_captions_ask_who_the_teacher_is(tmp_path, capfd):
    path, out = write(tmp_path / "a.vtt", VTT), tmp_path / "out"
    assert main(["measure", str(path), "--out", str(out)]) == 2
    assert "--teacher NAME. It names: Ms Hill, Ana." in capfd.readouterr().err
    assert not out.exists()
    assert main(["measure", str(path), "--out", str(out), "--teacher", "ms hill"]) == 0
    assert [row["role"] for row in table(out / "utterances.csv")] == ["teacher", "student"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "a.csv is empty"),
        ("a.csv", b"\xff\xfe\x00", "cannot be read"),
        ("a.csv", "role,text\nt,Für\n".encode("cp1252"), "a.csv is not text in UTF-8: line 2"),
        ("a.csv", b"role,text\nt,a\0b\n", "NUL character in line 2"),
        ("a.csv", b"role;words\nt;x\n", "no column called text"),
        ("a.csv", b"role,text\nt,x\nt," + b"y" * 200_000, "row 3: a cell has more than"),
        ("a.csv", b"role,text\nt," + b"y" * 100_000, "row 2 has a word of more than"),
        ("a.csv", b'role,text\nt,"x\n', "row 2: the quotation marks do not add up"),
        ("a.csv", b"role,text,start,end\nt,x,5,4\n", "row 2: it ends (4 s) before it starts (5 s)"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", "names no voices"),
        ("a.csv", None, "cannot be read: no such file"),
    ],
)
def test_one_plain_sentence_and_nothing_written(name, data, says, tmp_path, capfd):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    assert main(["measure", str(path), "--out", str(tmp_path / "new" / "out")]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert says in said.err
    assert not (tmp_path / "new").exists()


def test_a_pipe_is_not_waited_for(tmp_path, capfd):
    os.mkfifo(tmp_path / "a.csv")
    assert main(["measure", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out")]) == 2
    assert "is not a file" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("there", "holds", "says"),
    [
        ("measures.csv", "mine", "already holds measures.csv"),
        ("utterances.csv", "mine", "already holds utterances.csv"),
        ("lesson.json", "{}", "holds the results of an analysis"),
    ],
)
def test_what_it_did_not_write_it_does_not_replace(there, holds, says, tmp_path, capfd):
    path, out = write(tmp_path / "a.csv", TALK), tmp_path / "out"
    out.mkdir()
    write(out / there, holds)
    assert main(["measure", str(path), "--out", str(out)]) == 2
    assert says in capfd.readouterr().err
    assert {p.name: p.read_text() for p in out.iterdir()} == {there: holds}


def test_it_does_not_write_over_the_transcript_itself(tmp_path, capfd):
    path = write(tmp_path / "a.csv", TALK)
    assert main(["measure", str(path), "--out", str(tmp_path)]) == 0
    mine = tmp_path / "utterances.csv"
    before = mine.read_bytes()
    assert main(["measure", str(mine), "--out", str(tmp_path)]) == 2
    assert "would be written over" in capfd.readouterr().err
    assert mine.read_bytes() == before
    assert main(["measure", str(mine), "--out", str(tmp_path / "again")]) == 0
    assert [r["text"] for r in table(tmp_path / "again" / "utterances.csv")] == [r["text"] for r in table(mine)]
