"""What the command says: for people a bar and a summary, for programs one JSON object a line.

A reader that is gone (a closed pipe, a full disk behind it) never costs a lesson its results.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import rich.console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from coaching.errors import one_line
from coaching.lesson import Lesson
from coaching.metrics.sentences import TITLES, sentence
from coaching.quality import quality_notes
from coaching.spans import clock
from pipelines.progress import Step

STAGES = {
    "sound": "Taking the sound out",
    "speakers": "Finding who speaks when",
    "words": "Writing down what was said",
    "measures": "Measuring",
    "report": "Writing the report",
    "web": "Making the video for the browser",
    "audio": "Making the sound for the browser",
    "poster": "Choosing a picture",
    "sprite": "Making small pictures to look through",
    "peaks": "Drawing the waveform",
    "done": "Done",
}
"""What people read for each stage."""

SUMMARY = ("teacher_talk", "silence", "longest_teacher_talk", "questions", "open_share", "wait_time_1")
"""The measures of the one-screen summary; the report has all of them."""

NARROW = 80
"""Columns below which the name of the file gives way to the bar."""


class Console(Protocol):
    def progress(self, file: Path) -> AbstractContextManager[Callable[[Step], None]]:
        """Shows the steps of one lesson while it is analysed."""
        ...

    def done(self, file: Path, folder: Path, lesson: Lesson) -> None: ...

    def error(self, message: str) -> None: ...

    def failures(self, failed: Sequence[tuple[Path, str]], of: int) -> None:
        """Names the recordings that could not be done, out of `of`; says nothing where there are none."""
        ...


class TextConsole:
    """For people. Results go to standard output, errors and the bar to standard error."""

    def __init__(self) -> None:
        self._out = _Terminal(forgiving(sys.stdout))
        self._err = _Terminal(forgiving(sys.stderr))

    @contextmanager
    def progress(self, file: Path) -> Iterator[Callable[[Step], None]]:
        columns = [
            TextColumn("{task.description}"),
            BarColumn(bar_width=28 if self._err.width >= NARROW else 12),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}", style="dim"),
        ]
        if self._err.width >= NARROW:
            columns.insert(0, TextColumn("{task.fields[name]}", style="bold"))
        with Progress(*columns, console=self._err, transient=True, disable=not self._err.is_terminal) as bar:
            task = bar.add_task("Opening", total=100, name=escape(_short(one_line(file.name))), left="")

            def tell(step: Step) -> None:
                left = f"{time_left(step.seconds_left)} left" if step.seconds_left else ""
                bar.update(task, completed=step.percent, description=STAGES[step.stage], left=left)

            yield tell

    def done(self, file: Path, folder: Path, lesson: Lesson) -> None:
        transcript = lesson.transcript
        voices = len(transcript.speakers)
        heard = "1 voice" if voices == 1 else f"{voices} voices"
        self._line(
            f"[bold]{escape(one_line(file.name))}[/bold]  {clock(lesson.recording.duration_s)}, {heard}", indent=0
        )
        # What was said belongs on a screen, not in a log that the output is sent to.
        self._line(f"[dim]{escape(_teacher(lesson, quote=self._out.is_terminal))}[/dim]")
        for note in (*lesson.recording.notes, *quality_notes(lesson.quality, transcript)):
            self._line(f"[yellow]Note:[/yellow] {escape(note)}")
        shown = [m for m in lesson.measures if m.name in SUMMARY]
        for measure in shown:
            if measure.value is not None:
                self._line(escape(sentence(measure)))
        for reason in dict.fromkeys(m.reason for m in shown if m.reason):
            titles = ", ".join(TITLES[m.name].lower() for m in shown if m.reason == reason)
            self._line(f"[dim]Not shown: {escape(titles)}. {escape(reason)}[/dim]")
        report = one_line(str((folder / "report.html").resolve()))
        self._out.print(f"  Report: {escape(report)}\n", soft_wrap=True)

    def _line(self, text: str, indent: int = 2) -> None:
        self._out.print(Padding(text, (0, 0, 0, indent), expand=False))

    def error(self, message: str) -> None:
        self._err.print(f"secondlook: {escape(one_line(message))}", soft_wrap=True)

    def failures(self, failed: Sequence[tuple[Path, str]], of: int) -> None:
        if failed and of == 1:
            self.error(failed[0][1])
        elif failed:
            self._err.print(f"{len(failed)} of {of} recordings could not be analysed:")
            for file, message in failed:
                self._err.print(f"  {escape(one_line(str(file)))}: {escape(one_line(message))}", soft_wrap=True)


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
            notes=[*lesson.recording.notes, *quality_notes(lesson.quality, lesson.transcript), *lesson.limits],
        )

    def error(self, message: str) -> None:
        self._say(event="error", file=None, message=message)

    def failures(self, failed: Sequence[tuple[Path, str]], of: int) -> None:
        for file, message in failed:
            self._say(event="error", file=str(file), message=message)

    @staticmethod
    def _say(**event: Any) -> None:
        try:
            sys.stdout.write(json.dumps(event) + "\n")
            sys.stdout.flush()
        except OSError:
            _detach(sys.stdout)


class _Terminal(rich.console.Console):
    """rich's console, which neither ends the program nor raises when nobody reads any more."""

    def __init__(self, file: Any) -> None:
        super().__init__(file=file, highlight=False)

    def print(self, *objects: Any, **options: Any) -> None:
        try:
            super().print(*objects, **options)
        except OSError:
            _detach(self.file)

    def on_broken_pipe(self) -> None:
        _detach(self.file)


def _detach(stream: Any) -> None:
    """Send what is still to come nowhere, so that the end of the program does not fail on it either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def forgiving(stream: Any) -> Any:
    """The same stream, with a `?` for what its encoding does not have."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def _teacher(lesson: Lesson, quote: bool) -> str:
    """Who "you" are below, and how to say otherwise."""
    if lesson.roles.teacher is None:
        return f"Nobody is taken for the teacher: {lesson.roles.why}."
    first = next(u for u in lesson.transcript.utterances if u.speaker == lesson.roles.teacher)
    words = f' and says "{_short(first.text, 48)}"' if first.text and quote else ""
    return (
        f"You are taken to be {first.speaker}, who begins at {clock(first.span.start)}{words}. "
        "If that is wrong, say who you are with --teacher."
    )


def _short(text: str, longest: int = 32) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def time_left(seconds: float) -> str:
    """Roughly, as people say it: 8 s, 2 min."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
