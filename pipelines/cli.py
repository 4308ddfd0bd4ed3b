"""The command's options, its errors and its exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from coaching.errors import BadInput, Cancelled, SecondLookError
from coaching.settings import load_settings
from pipelines.adapters import choose
from pipelines.commands import (
    audit,
    backup,
    calibrate,
    db,
    demo,
    engines,
    evaluate,
    importing,
    jobs,
    measure,
    options,
    people,
    probe,
    restore,
    serve,
    trend,
    worker,
)
from pipelines.console import Console, JsonConsole, TextConsole


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 cannot run here, 2 what the person who asks can mend."""
    arguments = _parser().parse_args(argv)
    console: Console = JsonConsole() if arguments.json else TextConsole()
    if arguments.run is not analyse:
        os.umask(0o077)  # what is kept in the data folder is for no other account of the machine
    try:
        code: int = arguments.run(arguments, console)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        console.error(str(Cancelled()))
        return Cancelled.exit_code
    except BrokenPipeError:  # whoever reads what is printed has read enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SecondLookError.exit_code
    except Exception as error:
        message, code = _sentence(error)
        console.error(message)
        return code


def analyse(arguments: argparse.Namespace, console: Console) -> int:
    """`secondlook analyse`: the good files are done, the bad ones are named at the end."""
    from pipelines import lesson  # loads numpy: not for --help

    kept = options.kept(arguments)
    settings = load_settings()
    asked, adapters = lesson.asked(kept), choose(kept.get("engine", "auto"), settings)
    correct = None
    if arguments.room:
        from pipelines.calibrating import rooms

        correct = rooms.corrector(settings.data_dir, arguments.room, date.today())
    jobs = [arguments.files] if arguments.join else [[f] for f in arguments.files]
    folders = [arguments.out] if len(jobs) == 1 else _folders(arguments.out, [job[0] for job in jobs])
    failed: list[tuple[Path, str]] = []
    worst = 0
    for n, (job, folder) in enumerate(zip(jobs, folders, strict=True)):
        try:
            with console.progress(job[0]) as tell:
                done = lesson.analyse(job, folder, asked, adapters, tell, correct)
        except KeyboardInterrupt:
            if n == 0:
                raise
            console.failures(failed, of=len(jobs))
            finished = n - len(failed)
            before = "1 recording before it is" if finished == 1 else f"{finished} recordings before it are"
            raise Cancelled(f"Stopped at {job[0]}. {before} finished.") from None
        except Exception as error:
            message, code = _sentence(error)
            failed.append((job[0], message))
            worst = max(worst, code)
        else:
            console.done(job[0], folder, done)
    console.failures(failed, of=len(jobs))
    return worst


def _sentence(error: Exception) -> tuple[str, int]:
    """What people read of an error, and the exit code. A stack trace is for those who ask for it."""
    if isinstance(error, SecondLookError):
        return str(error), error.exit_code
    if os.environ.get("SECONDLOOK_DEBUG"):
        raise error
    if isinstance(error, OSError):
        reason = (error.strerror or str(error)).lower()
        return f"{error.filename or 'A file'} could not be read or written: {reason}.", BadInput.exit_code
    return (
        f"Second Look made a mistake of its own ({type(error).__name__}). "
        "Please report it, with what SECONDLOOK_DEBUG=1 prints.",
        SecondLookError.exit_code,
    )


def _folders(out: Path, files: Sequence[Path]) -> list[Path]:
    """`out/<stem>` for each file; files of one stem get `-2`, `-3`, so that none overwrites another."""
    taken: set[str] = set()
    folders = []
    for f in files:
        stem = f.stem.strip(".") or "lesson"  # "...mp4" has the stem "..", which lies outside
        name, n = stem, 1
        while name.casefold() in taken:
            n += 1
            name = f"{stem}-{n}"
        taken.add(name.casefold())
        folders.append(out / name)
    return folders


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="secondlook", description="Video-based teacher coaching and self-reflection, on your own machine."
    )
    p.add_argument("--version", action="version", version=f"Second Look {version('secondlook')}")
    commands = p.add_subparsers(title="commands", required=True, metavar="COMMAND")
    a = commands.add_parser(
        "analyse",
        help="a lesson recording in; speakers, transcript and talk measures out",
        description="Find who spoke when, what was said, and the talk and questioning measures of a lesson recording.",
        epilog="A file whose name begins with a dash is written as ./-name.mp4.",
    )
    a.add_argument("files", nargs="+", type=Path, metavar="FILE", help="video or sound of a lesson")
    a.add_argument(
        "--out",
        required=True,
        type=options.folder,
        metavar="DIR",
        help="where the results go; several files: DIR/<name>",
    )
    a.add_argument("--join", action="store_true", help="the files are parts of one lesson, in this order")
    a.add_argument(
        "--room", type=calibrate.room, metavar="NAME", help="correct by what `calibrate --room NAME` found there"
    )
    options.add(a)
    a.add_argument("--json", action="store_true", help="progress and results as one JSON object a line")
    a.set_defaults(run=analyse)
    for command in (
        calibrate,
        measure,
        evaluate,
        trend,
        importing,
        serve,
        worker,
        jobs,
        people,
        probe,
        engines,
        db,
        backup,
        restore,
        audit,
        demo,
    ):
        command.add(commands)
    return p
