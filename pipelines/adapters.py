"""Which engines run here: `auto` takes the best that can, part by part, and says which it took and why.

Nothing is loaded by choosing: an engine is when it is first used, and stays warm. `auto` never fetches anything of its
own accord: an engine that needs a model from elsewhere runs where a setting names that model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

from coaching.errors import MissingEngine
from coaching.lesson import Engine
from coaching.settings import Settings
from pipelines import hub
from pipelines.gpu import gpus
from pipelines.speakers import Diarizer
from pipelines.speech import Transcriber

CHOICES = ("auto", "embedded", "gpu")

ROOT = Path(__file__).parents[1]
INSTALL = f"{sys.executable} -m pip install '{ROOT if (ROOT / 'pyproject.toml').exists() else 'secondlook'}[gpu]'"
"""What installs the GPU engines beside this Second Look."""

WITH_CUDA = f"{sys.executable} -m pip install --force-reinstall torch torchaudio pyannote.audio"

COMMUNITY = "pyannote/speaker-diarization-community-1"
WHISPER = "large-v3-turbo"
"""The models that we would take on a GPU; they are named in what people read, and never taken unasked."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Missing:
    """What an engine lacks here, in words, and the exact command or setting that gives it; "" where nothing does."""

    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """An engine for one part, `speakers` or `words`: what it lacks to run here at all, and how it is made."""

    part: str
    kind: str
    name: str
    version: str
    missing: tuple[Missing, ...]
    make: Callable[[], T]
    why: str


@dataclass(frozen=True)
class Taken(Generic[T]):
    """An engine that was chosen, and why. It is loaded when `engine` is first asked for."""

    candidate: Candidate[T]
    why: str

    @cached_property
    def engine(self) -> T:
        return self.candidate.make()

    def described(self) -> Engine:
        c = self.candidate
        return Engine(c.part, c.name, c.version, self.why)


@dataclass(frozen=True)
class Adapters:
    """One engine for speakers, one for words."""

    speakers: Taken[Diarizer]
    words: Taken[Transcriber]

    @property
    def diarizer(self) -> Diarizer:
        return self.speakers.engine

    @property
    def transcriber(self) -> Transcriber:
        return self.words.engine

    def described(self) -> tuple[Engine, Engine]:
        return self.speakers.described(), self.words.described()


def choose(choice: str, settings: Settings) -> Adapters:
    """The engines for `choice`, one of CHOICES. Raises MissingEngine where this machine cannot run them."""
    speakers, words = for_speakers(settings), for_words(settings)
    if choice == "gpu":
        lacking = [*_without_gpu(), *speakers[0].missing, *words[0].missing]
        if lacking:
            raise MissingEngine(
                "The GPU engines cannot run here: "
                + "; ".join(dict.fromkeys(m.what + (f" ({m.remedy})" if m.remedy else "") for m in lacking))
                + ". Or use --engine embedded, which needs none of it."
            )
    return Adapters(_take(choice, speakers), _take(choice, words))


def _take(choice: str, candidates: list[Candidate[T]]) -> Taken[T]:
    """Of `candidates`, best first and the embedded one last."""
    if choice != "auto":
        return Taken(candidates[0 if choice == "gpu" else -1], "you asked for it")
    taken = next((c for c in candidates[:-1] if not c.missing), candidates[-1])
    return Taken(taken, taken.why)


def for_speakers(settings: Settings) -> list[Candidate[Diarizer]]:
    """The engines that tell speakers apart, best first."""
    model = settings.diarizer_model

    def pyannote() -> Diarizer:
        from pipelines.speakers.pyannote import PyannoteDiarizer

        return PyannoteDiarizer(
            model or "", models_dir=settings.models_dir, threads=settings.threads, token=settings.hf_token
        )

    def local() -> Diarizer:
        from pipelines.speakers.local import LocalDiarizer

        return LocalDiarizer(settings.models_dir, settings.threads)

    from pipelines.speakers import local as ours
    from pipelines.speakers import pyannote as theirs

    missing = [*_without_gpu()]
    if find_spec("torch") is None or not _installed("pyannote.audio"):
        missing.append(Missing("pyannote.audio is not installed", INSTALL))
    elif gpus() and version("torch").endswith("+cpu"):
        missing.append(Missing("torch is a build without CUDA", WITH_CUDA))
    terms = f" (accept its terms at https://huggingface.co/{COMMUNITY} and set SECONDLOOK_HF_TOKEN)"
    missing += _without_model(model, theirs.SETTING, theirs.FILES, COMMUNITY + terms)
    return [
        Candidate(
            "speakers",
            "gpu",
            theirs.engine_name(model or COMMUNITY),
            theirs.engine_version() if _installed("pyannote.audio") else "",
            tuple(missing),
            pyannote,
            f"{theirs.SETTING} names it, and there is a GPU",
        ),
        Candidate("speakers", "embedded", ours.LocalDiarizer.name, ours.engine_version(), (), local, EMBEDDED),
    ]


def for_words(settings: Settings) -> list[Candidate[Transcriber]]:
    """The engines that write down words, best first."""
    model = settings.whisper_model

    def whisper() -> Transcriber:
        from pipelines.speech.whisper import Whisper

        return Whisper(
            model or "",
            models_dir=settings.models_dir,
            threads=settings.threads,
            token=settings.hf_token,
            batch=settings.whisper_batch,
        )

    def moonshine() -> Transcriber:
        from pipelines.speech.moonshine import Moonshine

        return Moonshine(settings.threads)

    from pipelines.speech import moonshine as ours
    from pipelines.speech import whisper as theirs

    where = "there is a GPU" if gpus() else "it runs on the processor too"
    return [
        Candidate(
            "words",
            "gpu",
            theirs.engine_name(model or WHISPER),
            theirs.engine_version(),
            tuple(_without_model(model, theirs.SETTING, theirs.FILES, WHISPER)),
            whisper,
            f"{theirs.SETTING} names it, and {where}",
        ),
        Candidate("words", "embedded", ours.Moonshine.name, ours.engine_version(), (), moonshine, EMBEDDED),
    ]


EMBEDDED = "it needs no GPU and nothing to download"


def _without_gpu() -> list[Missing]:
    return [] if gpus() else [Missing("no NVIDIA GPU was found")]


def _without_model(model: str | None, setting: str, files: tuple[str, ...], name: str) -> list[Missing]:
    if model is None:
        return [Missing(f"{setting} is not set", f"set it to {name}, or to a folder that holds it")]
    lacks = hub.lacks(model, files)
    return [Missing(lacks, f"correct {setting}")] if lacks else []


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True
