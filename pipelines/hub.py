"""Models that are not part of Second Look: from a folder, or by name from the Hugging Face hub.

A folder is never a reason to ask the network. A name is fetched once, when it is first used, and kept in the models
folder. Whatever the libraries would tell their makers stays untold.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from coaching.errors import MissingEngine, SecondLookError, one_line
from pipelines.gpu import out_of_memory

T = TypeVar("T")

UNTOLD = {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
"""What turns the libraries' reports off; they read it when they are imported."""

_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


def no_telemetry() -> None:
    """Call this before the first import of a library that knows the hub."""
    os.environ.update(UNTOLD)


def folder(model: str) -> Path | None:
    """`model` as a folder on this machine, or None where it is a name of the hub."""
    path = Path(model).expanduser()
    return path if path.is_dir() or not _NAME.fullmatch(model) else None


def lacks(model: str, files: tuple[str, ...]) -> str | None:
    """What keeps the folder `model` from being used, or None. A name of the hub is not looked up here."""
    if (place := folder(model)) is None:
        return None
    if not place.is_dir():
        return f"the folder {one_line(str(place))} is not there"
    missing = [name for name in files if not (place / name).exists()]
    return f"the folder {one_line(str(place))} holds no {missing[0]}" if missing else None


def load(model: str, setting: str, make: Callable[[], T]) -> T:
    """What `make()` loads of `model`, which the setting `setting` names: without network where that is possible.

    Raises MissingEngine with what to do.
    """
    from huggingface_hub import errors

    place = folder(model)
    try:
        try:
            with _hushed(), _offline():
                return make()
        except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled):
            if place is not None:
                raise MissingEngine(
                    f"The model in {one_line(str(place))} needs another one of the hub, and a folder is used without "
                    "network. Fetch it again, whole: `secondlook engines` says how."
                ) from None
        with _hushed():
            return make()
    except SecondLookError:
        raise
    except errors.GatedRepoError:
        raise MissingEngine(
            f"The model {model} is given to those who accept its terms: accept them at https://huggingface.co/{model}, "
            "make a token at https://huggingface.co/settings/tokens, and set SECONDLOOK_HF_TOKEN to it."
        ) from None
    except errors.RepositoryNotFoundError:
        raise MissingEngine(f"The hub has no model {model}, or hides it. Correct {setting}.") from None
    except Exception as error:
        if out_of_memory(error):
            raise
        if place is None and not isinstance(error, RuntimeError):
            raise MissingEngine(
                f"The model {model} could not be fetched ({type(error).__name__}). Check the network, or fetch it "
                f"elsewhere and set {setting} to its folder."
            ) from None
        raise MissingEngine(
            f"The model {one_line(str(place or model))} cannot be loaded "
            f"({one_line(str(error)) or 'no reason given'}). Fetch it again, or correct {setting}."
        ) from None


@contextlib.contextmanager
def _offline() -> Iterator[None]:
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """What a library prints of its troubles would stand between our lines, or between a program's JSON."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield
