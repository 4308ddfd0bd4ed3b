"""What the command says: for people a bar and a summary, for programs one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import rich.console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from coaching.lesson import Lesson
from coaching.metrics.sentences import sentence
from coaching.spans import clock
from pipelines.progress import Step

STAGES = {
    "sound": "Taking the sound out",
    "speakers": "Finding who speaks when",
    "words": "Writing down what was said",
    "measures": "Measuring",
    "report": "Writing the report",
    "done": "Done",
}
"""What people read for each stage."""

SUMMARY = ("teacher_talk", "silence", "longest_teacher_talk", "questions", "open_share", "wait_time_1")
"""The measures of the one-screen summary; the report has all of them."""


class Console(Protocol):
    def progress(self, file: Path) -> AbstractContextManager[Callable[[Step], None]]:
        """Shows the steps of one lesson while it is analysed."""
        ...

    def done(self, file: Path, folder: Path, lesson: Lesson) -> None: ...

    def error(self, message: str) -> None: ...

    def failures(self, failed: Sequence[tuple[Path, str]], of: int) -> None: ...


class TextConsole:
    """For people. Results go to standard output, errors and the bar to standard error."""

    def __init__(self) -> None:
        self._out = rich.console.Console(highlight=False)
        self._err = rich.console.Console(stderr=True, highlight=False)

    @contextmanager
    def progress(self, file: Path) -> Iterator[Callable[[Step], None]]:
        columns = (
            TextColumn("{task.fields[name]}", style="bold"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}", style="dim"),
        )
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task("Opening", total=100, name=escape(_short(file.name)), left="")

            def tell(step: Step) -> None:
                left = (
                    ""
                    if step.seconds_left is None or step.stage == "done"
                    else f"about {_time(step.seconds_left)} left"
                )
                bar.update(task, completed=step.percent, description=STAGES[step.stage], left=left)

            yield tell

    def done(self, file: Path, folder: Path, lesson: Lesson) -> None:
        voices = _count(len(lesson.transcript.speakers), "voice")
        self._out.print(f"\n[bold]{escape(file.name)}[/bold]  {clock(lesson.recording.duration_s)}, {voices} heard")
        for note in (*lesson.recording.notes, *lesson.limits):
            self._say(f"[yellow]Note[/yellow]  {escape(note)}")
        for measure in lesson.measures:
            if measure.name in SUMMARY:
                self._say(escape(sentence(measure)))
        teacher = next((s for s in lesson.transcript.speakers if s.id == lesson.roles.teacher), None)
        if teacher:
            self._say(f"[dim]Taken for the teacher: {teacher.id}, because {escape(lesson.roles.why)}.[/dim]")
        else:
            self._say(f"[dim]No teacher was found: {escape(lesson.roles.why)}.[/dim]")
        self._out.print(f"  Report: {escape(str((folder / 'report.html').resolve()))}", soft_wrap=True)

    def _say(self, line: str) -> None:
        self._out.print(Padding(line, (0, 0, 0, 2)))

    def error(self, message: str) -> None:
        self._err.print(f"secondlook: {escape(message)}", soft_wrap=True)

    def failures(self, failed: Sequence[tuple[Path, str]], of: int) -> None:
        if of == 1:
            self.error(failed[0][1])
            return
        self._err.print(f"\n{len(failed)} of {of} recordings could not be analysed:")
        for _, message in failed:
            self._err.print(f"  {escape(message)}", soft_wrap=True)


class JsonConsole:
    """For programs: one JSON object a line on standard output, each with an `event`."""

    @contextmanager
    def progress(self, file: Path) -> Iterator[Callable[[Step], None]]:
        def tell(step: Step) -> None:
            self._say(
                event="progress", file=str(file), stage=step.stage, percent=step.percent, seconds_left=step.seconds_left
            )

        yield tell

    def done(self, file: Path, folder: Path, lesson: Lesson) -> None:
        self._say(
            event="done",
            file=str(file),
            out=str(folder),
            duration_s=lesson.recording.duration_s,
            speakers=len(lesson.transcript.speakers),
            teacher=lesson.roles.teacher,
            measures={m.name: m.value for m in lesson.measures},
            notes=[*lesson.recording.notes, *lesson.limits],
        )

    def error(self, message: str) -> None:
        self._say(event="error", file=None, message=message)

    def failures(self, failed: Sequence[tuple[Path, str]], of: int) -> None:
        for file, message in failed:
            self._say(event="error", file=str(file), message=message)

    @staticmethod
    def _say(**event: Any) -> None:
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _short(name: str, longest: int = 32) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _count(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _time(seconds: float) -> str:
    """Roughly, as people say it: 8 s, 2 min."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
