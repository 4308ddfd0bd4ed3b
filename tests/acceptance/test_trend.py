"""`secondlook trend` as a person runs it, on lessons as `analyse` writes them, and on what is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lessons import CLEAR, HARM, hostile, long_lesson

from coaching.exports.document import to_json
from coaching.lesson import Lesson
from coaching.quality import STUDENTS_TOO_FAR
from pipelines.cli import main


def results(folder: Path, lesson: Lesson, name: str, day: str | None) -> str:
    folder.mkdir()
    named = replace(lesson, recording=replace(lesson.recording, name=name, recorded=day))
    (folder / "lesson.json").write_text(to_json(named), encoding="utf-8")
    return str(folder)


@pytest.fixture
def three(tmp_path: Path) -> list[str]:
    far = replace(CLEAR, student_db=-58.0)
    return [
        results(tmp_path / "b", long_lesson(20, 2), "Second", "2026-11-09"),
        results(tmp_path / "a", long_lesson(15, 1), "First", "2026-11-02"),
        results(tmp_path / "c", long_lesson(20, 3, quality=far), "Third", "2026-11-16"),
    ]


def test_three_lessons_side_by_side(three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trend", *three]) == 0
    said = capsys.readouterr().out
    assert said.index("First") < said.index("Second") < said.index("Third")
    assert f"Without “Third”. {STUDENTS_TOO_FAR}" in said
    assert "No detectable change" in said


def test_for_programs(three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trend", *three, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(o["name"], o["group"]) for o in told["lessons"]] == [
        ("First", "before"),
        ("Second", "after"),
        ("Third", "after"),
    ]
    talk = told["measures"][0]
    first, second, third = talk["lessons"]
    assert third["value"] is None
    assert third["reason"] == STUDENTS_TOO_FAR
    seconds = {c: first["components"][c] + second["components"][c] for c in ("teacher_s", "student_s")}
    assert talk["together"]["components"] == pytest.approx(seconds)
    assert talk["change"]["value"] == pytest.approx(second["value"] - first["value"])


def test_a_lesson_without_its_day_leaves_the_order_as_named(
    three: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undated = results(tmp_path / "d", long_lesson(15, 4), "Undated", None)
    assert main(["trend", *three, undated, "--before", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [o["name"] for o in told["lessons"]] == ["Second", "First", "Third", "Undated"]
    assert told["notes"][0].endswith("in which they were named.")


class Seen(HTMLParser):
    """The tags of a page, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]


def test_a_page_that_runs_nothing_and_loads_nothing(three: list[str], tmp_path: Path) -> None:
    harm = results(tmp_path / "h", hostile(), HARM, "2026-11-20")
    page = tmp_path / "trend.html"
    assert main(["trend", *three, harm, "--out", str(page)]) == 0
    assert page.stat().st_mode & 0o077 == 0, "for nobody else's eyes"
    seen = Seen()
    seen.feed(page.read_text(encoding="utf-8"))
    assert "script" not in seen.tags
    assert "img" not in seen.tags
    assert seen.links == ["#main"]
    assert seen.tags.count("article") == 10


def test_what_cannot_be_compared_is_one_sentence(
    three: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    damaged = {"half": to_json(long_lesson(12))[:5000], "bytes": "\udcff"}
    wrong = json.loads(to_json(long_lesson(12)))
    wrong["measures"][0]["value"] = "62"
    damaged["edited"] = json.dumps(wrong)
    wrong["measures"][0]["value"] = 1e999
    damaged["endless"] = json.dumps(wrong)
    for name, text in damaged.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "lesson.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    pipe = tmp_path / "pipe"
    pipe.mkdir()
    os.mkfifo(pipe / "lesson.json")
    out = tmp_path / "page.html"
    refused = [
        [three[0]],
        [three[0], three[0]],
        [*three, "--before", "3"],
        [*three, "--before", "0"],
        [*three, "--out", str(tmp_path / "page.txt")],
        [*three, "--out", str(tmp_path / "none" / "page.html")],
        *([three[0], str(tmp_path / name), "--out", str(out)] for name in ("empty", "gone", "pipe", *damaged)),
    ]
    for arguments in refused:
        assert main(["trend", *arguments]) == 2, arguments
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.strip().count("\n") <= 2
        assert "Traceback" not in said.err
        assert "mistake of its own" not in said.err, said.err
    assert not out.exists()


def test_whoever_reads_may_have_read_enough(three: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as nobody:  # noqa: PTH123 - a pipe, not a path
        command = [sys.executable, "-m", "pipelines", "trend", *three]
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
