"""What every test may use."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import random_models

from pipelines import hub

ROOT = Path(__file__).resolve().parents[1]

# Tests share the speaker models of the checkout, so that each run does not unpack them again.
os.environ.setdefault("SECONDLOOK_DATA_DIR", str(ROOT / "var"))

# Whoever starts the tests in the background may have these ignored, and what is started here would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real recordings with truth; they lie beside the checkout and are not part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real recordings is not there")
    return folder


@pytest.fixture(scope="session")
def whisper_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny recognizer with random weights, which writes the same words about any sound."""
    return random_models.write_whisper(tmp_path_factory.mktemp("whisper"))


@pytest.fixture(scope="session")
def diarizer_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diarization pipeline with small networks and random weights."""
    hub.no_telemetry()
    try:
        import pyannote.audio  # noqa: F401
    except (ImportError, OSError):
        pytest.skip("pyannote.audio is not installed: scripts/setup_gpu_tests does it")
    return random_models.write_diarizer(tmp_path_factory.mktemp("diarizer"))


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample lesson's folder."""
    return ROOT / "pipelines" / "sample"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium: one for all tests of a file."""
    from browsing import started

    with started() as found:
        yield found


def pytest_sessionfinish() -> None:
    if databases := sys.modules.get("databases"):  # where a test has used one
        databases.close()
