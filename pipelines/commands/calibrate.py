"""`secondlook calibrate`: a person says who speaks in a few clips, and the lesson's totals are corrected by that."""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coaching.by_ear import checked, fingerprint, unfit
from coaching.checked_sentences import answers_sentence, right_sentence
from coaching.errors import BadInput, Cancelled, one_line
from coaching.lesson import Lesson
from coaching.metrics.sentences import sentence
from coaching.settings import load_settings
from pipelines.commands.reading import read_lesson
from pipelines.folder import OURS, work_folder

if TYPE_CHECKING:
    from pipelines.calibrating.listening import Listening

REWRITTEN = (OURS, "measures.csv", "report.html")
"""What a correction changes of a lesson's files."""


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "calibrate",
        help="check a lesson by ear, five minutes: how right is the machine in this room?",
        description="Opens a page on this machine that plays about forty clips of a lesson, five seconds each, and "
        "asks who speaks at their middle. The lesson's talk and silence are corrected by the answers, with ranges that "
        "hold in this room. docs/calibration.md says more.",
    )
    p.add_argument("lesson", type=Path, metavar="LESSON", help="a folder that `analyse` has written")
    p.add_argument(
        "--recording", nargs="+", type=Path, default=(), metavar="FILE", help="the recording, if not beside the results"
    )
    p.add_argument("--track", type=int, metavar="N", help="the sound track that was analysed, if one was named")
    p.add_argument("--room", type=room, metavar="NAME", help="keep the answers for later lessons of this room")
    p.add_argument("--anew", action="store_true", help="throw earlier answers away and draw other clips")
    p.add_argument("--port", type=_port, default=0, metavar="N", help="the page's port (default: one that is free)")
    p.add_argument("--no-open", action="store_true", help="do not open the browser, only say the address")
    p.add_argument("--seed", type=int, help=argparse.SUPPRESS)  # which clips are drawn: for tests
    p.set_defaults(run=run, json=False)


def room(text: str) -> str:
    """A room's name, as an option's type."""
    if not text.strip() or len(text) > 100 or not text.isprintable():
        raise argparse.ArgumentTypeError("it needs a name for the room, as 'Room 12, phone on the desk'.")
    return " ".join(text.split())


def run(arguments: argparse.Namespace, _console: object) -> int:
    from pipelines import outputs  # these load numpy and jinja2: not for --help
    from pipelines.calibrating import listening, rooms, server, sound
    from pipelines.report import calibrate as page

    folder, lesson = _lesson(arguments.lesson)
    settings = load_settings()
    begun, notes = _begun(folder, lesson, arguments)
    ended: list[Lesson] = []

    def finish(done: Listening) -> str:
        """Correct the lesson, write it, and say what was found."""
        if read_lesson(folder) != lesson:
            raise BadInput("The lesson was analysed again meanwhile. End this, and start again.")
        given = done.answers(lesson.recording.recorded or date.today().isoformat())
        new = checked(lesson, given)
        if new.checked is None:
            ended.append(lesson)
            return page.render_too_few(given.usable)
        told = [f"Written: {one_line(str(folder.resolve() / 'report.html'))}"]
        if arguments.room:  # first: what fails here can be tried again while the lesson is as it was
            rooms.keep(settings.data_dir, arguments.room, new, given)
            told.append(f"Kept for later lessons: analyse them with --room “{arguments.room}”.")
        outputs.write(new, folder, work, REWRITTEN)
        ended.append(new)
        return page.render_found(new, new.checked, [*told, "You can close this page."])

    with _alone(folder), work_folder(folder, outputs.FILES) as work:
        files = sound.find(lesson, folder, arguments.recording)
        audio = sound.extract(lesson, files, work / "sound.wav", arguments.track)
        asking = server.Asking(folder, begun, audio, page.render_clips(lesson, notes), page.policy(), finish)
        web, address = server.listen(asking, arguments.port)
        with web:
            listening.save(folder, begun)
            print("\n".join([*notes, f"Open this page to hear the clips: {address}", "Ctrl-C ends it."]), flush=True)
            if _has_a_screen() and not arguments.no_open:
                webbrowser.open(address)
            try:
                web.serve_forever(poll_interval=0.1)
            except KeyboardInterrupt:
                raise Cancelled("Stopped. Every answer is saved; start again to go on.") from None
    print("\n".join(_said(ended[-1])))
    return 0


def _has_a_screen() -> bool:
    """Without one, a browser for terminals would open, which plays nothing."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _lesson(path: Path) -> tuple[Path, Lesson]:
    """The folder and the lesson in it. Raises BadInput where it is none that can be checked by ear."""
    if not path.exists():
        raise BadInput(
            f"{one_line(str(path))} is not there. Name a folder that `secondlook analyse` has written; lessons of "
            "`secondlook import`, in the database, cannot be calibrated yet."
        )
    lesson = read_lesson(path)
    if reason := unfit(lesson):
        raise BadInput(reason)
    return (path if path.is_dir() else path.parent), lesson


def _begun(folder: Path, lesson: Lesson, arguments: argparse.Namespace) -> tuple[Listening, list[str]]:
    """What was answered before, if it is about this lesson still, or a beginning; and what to know of it."""
    from pipelines.calibrating import listening

    before = None if arguments.anew else listening.load(folder)
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    if before is None:
        return listening.begin(lesson, seed), []
    if before.of == fingerprint(lesson.transcript):
        return before, []
    note = (
        "The lesson was analysed again since you answered, and the machine now thinks otherwise who speaks when: your "
        "earlier answers were about something else, and no longer count."
    )
    return listening.begin(lesson, seed), [note] if before.said else []


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else calibrates this lesson meanwhile: two would undo each other's answers."""
    with (folder / OURS).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                f"{one_line(str(folder))} is being calibrated in another window. Go on there, or end that one first."
            ) from None
        except OSError:  # some shared disks know no locks
            pass
        yield


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Write a number up to 65535, or leave it out.")
    return int(text)


def _said(lesson: Lesson) -> list[str]:
    if lesson.checked is None:
        return ["Too few clips could be told; the lesson was not changed. The answers are kept."]
    corrected = [sentence(m) for m in lesson.measures if m.corrected is not None]
    return [right_sentence(lesson.checked), answers_sentence(lesson.checked), *corrected]
