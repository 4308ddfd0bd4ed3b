"""Which engines run here: `auto` takes the best that can, and says which it took and why."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.errors import MissingEngine
from coaching.lesson import Engine
from coaching.settings import Settings
from pipelines.speakers import Diarizer
from pipelines.speech import Transcriber

CHOICES = ("auto", "embedded", "gpu")


@dataclass(frozen=True, slots=True)
class Adapters:
    """One engine for speakers, one for words, and why they were taken."""

    diarizer: Diarizer
    transcriber: Transcriber
    why: str

    def described(self) -> tuple[Engine, Engine]:
        return (
            Engine("speakers", self.diarizer.name, self.diarizer.version, self.why),
            Engine("words", self.transcriber.name, self.transcriber.version, self.why),
        )


def choose(choice: str, settings: Settings) -> Adapters:
    """The engines for `choice`, one of CHOICES. Raises MissingEngine where this machine cannot run them."""
    if choice == "gpu":
        raise MissingEngine("The GPU engines are not part of this version. Use --engine embedded, which needs no GPU.")
    # Imported here: a command that only prints its help must not load a model's library.
    from pipelines.speakers.local import LocalDiarizer
    from pipelines.speech.moonshine import Moonshine

    why = "you asked for it" if choice == "embedded" else "it needs no GPU and nothing to download"
    return Adapters(LocalDiarizer(settings.models_dir, settings.threads), Moonshine(settings.threads), why)
