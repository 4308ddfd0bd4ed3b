"""What the person who asks knows of a lesson: the options that `analyse` and `import` share."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from coaching.errors import BadInput
from pipelines.adapters import CHOICES
from pipelines.speakers import SpeakerCount
from pipelines.speech import check_vocabulary


def add(parser: argparse.ArgumentParser, voice: str = "--teacher") -> None:
    """Add the options to a command; `voice` is what it calls the one that says which voice is the teacher's.

    An option that was not given is no attribute of the arguments: what was not said stays as it was.
    """

    def option(name: str, **more: Any) -> None:
        parser.add_argument(name, default=argparse.SUPPRESS, **more)

    option("--track", type=_track, metavar="N", help="use this sound track only (default: all of them, mixed)")
    option("--engine", choices=CHOICES, help="default: the best that runs here; see `engines`")
    option("--language", type=language, metavar="XX", help="the lesson's language (default: en)")
    option("--vocabulary", type=Path, metavar="FILE", help="names and terms of the lesson, one a line")
    option("--speakers", type=_speakers, metavar="MIN-MAX", help="how many people speak, if known")
    help_ = "who the teacher is, where the guess is wrong"
    option(voice, dest="voice", type=_teacher, metavar="first|most|SPEAKER", help=help_)


def kept(arguments: argparse.Namespace) -> dict[str, Any]:
    """What was said, as it is kept with a run for the workers (`pipelines.lesson.asked` reads it).

    Raises BadInput for a vocabulary that cannot be used.
    """
    said = {name: getattr(arguments, name) for name in ("language", "track", "engine") if name in arguments}
    if "vocabulary" in arguments:
        said["vocabulary"] = list(vocabulary(arguments.vocabulary))
    if "speakers" in arguments:
        said |= {"speakers_least": arguments.speakers.least, "speakers_most": arguments.speakers.most}
    if "voice" in arguments:
        said["teacher"] = arguments.voice
    return said


def folder(text: str) -> Path:
    """The folder for results, as an option's type."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it needs the name of a folder.")
    return Path(text)


def vocabulary(path: Path | None) -> tuple[str, ...]:
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


def language(text: str) -> str:
    short = re.split("[-_]", text.lower())[0]  # en-US and EN are English
    if not re.fullmatch(r"[a-z]{2,3}", short):
        raise argparse.ArgumentTypeError(f"{text!r} is not a language. Write its two letters, as en or de.")
    return short


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
