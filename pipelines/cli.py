"""The command's options, its errors and its exit codes."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from coaching.errors import BadInput, Cancelled, SecondLookError
from coaching.settings import load_settings
from pipelines.adapters import CHOICES, choose
from pipelines.console import Console, JsonConsole, TextConsole
from pipelines.speakers import SpeakerCount
from pipelines.speech import check_vocabulary


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 cannot run here, 2 what the person who asks can mend."""
    arguments = _parser().parse_args(argv)
    console: Console = JsonConsole() if arguments.json else TextConsole()
    try:
        code: int = arguments.run(arguments, console)
        return code
    except KeyboardInterrupt:
        console.error(str(Cancelled()))
        return Cancelled.exit_code
    except Exception as error:
        message, code = _sentence(error)
        console.error(message)
        return code


def analyse(arguments: argparse.Namespace, console: Console) -> int:
    """`secondlook analyse`: the good files are done, the bad ones are named at the end."""
    from pipelines import lesson  # loads numpy: not for --help

    options = lesson.Options(
        language=arguments.language,
        vocabulary=_vocabulary(arguments.vocabulary),
        speakers=arguments.speakers,
        teacher=arguments.teacher,
        track=arguments.track,
    )
    adapters = choose(arguments.engine, load_settings())
    jobs = [arguments.files] if arguments.join else [[f] for f in arguments.files]
    folders = [arguments.out] if len(jobs) == 1 else _folders(arguments.out, [job[0] for job in jobs])
    failed: list[tuple[Path, str]] = []
    worst = 0
    for n, (job, folder) in enumerate(zip(jobs, folders, strict=True)):
        try:
            with console.progress(job[0]) as tell:
                done = lesson.analyse(job, folder, options, adapters, tell)
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
        f"Second Look made a mistake of its own ({type(error).__name__}). Nothing was written. "
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


def _vocabulary(path: Path | None) -> tuple[str, ...]:
    """Names and terms, one a line; empty lines and lines that start with # are left out."""
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BadInput(
            f"The vocabulary {path} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        ) from None
    except UnicodeDecodeError:
        raise BadInput(
            f"The vocabulary {path} is not a text file in UTF-8. Save it as plain text, a term a line."
        ) from None
    terms = tuple(term for line in lines if (term := line.strip()) and not term.startswith("#"))
    check_vocabulary(terms)
    return terms


def _speakers(text: str) -> SpeakerCount:
    match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", text)
    if match:
        least, most = int(match[1]), int(match[2] or match[1])
        if 1 <= least <= most:
            return SpeakerCount(least, most)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of speakers. Write it as 2-12, or as 4.")


def _language(text: str) -> str:
    language = re.split("[-_]", text.lower())[0]  # en-US and EN are English
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise argparse.ArgumentTypeError(f"{text!r} is not a language. Write its two letters, as en or de.")
    return language


def _teacher(text: str) -> str:
    if not re.fullmatch(r"first|most|speaker_\d+", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is nobody. Write first, most, or a voice of the report, as speaker_2."
        )
    return text


def _track(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a track. Write its number, counted from 1.")
    return int(text)


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("it needs the name of a folder.")
    return Path(text)


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
        "--out", required=True, type=_folder, metavar="DIR", help="where the results go; several files: DIR/<name>"
    )
    a.add_argument("--join", action="store_true", help="the files are parts of one lesson, in this order")
    a.add_argument("--track", type=_track, metavar="N", help="use this sound track only (default: all of them, mixed)")
    a.add_argument("--engine", choices=CHOICES, default="auto", help="default: the best that runs here")
    a.add_argument("--language", type=_language, default="en", metavar="XX", help="the lesson's language (default: en)")
    a.add_argument("--vocabulary", type=Path, metavar="FILE", help="names and terms of the lesson, one a line")
    a.add_argument(
        "--speakers", type=_speakers, default=SpeakerCount(), metavar="MIN-MAX", help="how many people speak, if known"
    )
    a.add_argument(
        "--teacher", type=_teacher, metavar="first|most|SPEAKER", help="who the teacher is, where the guess is wrong"
    )
    a.add_argument("--json", action="store_true", help="progress and results as one JSON object a line")
    a.set_defaults(run=analyse)
    return p
