"""What every test may use."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import random_models
from argon2 import PasswordHasher

from models import accounts
from pipelines import hub

ROOT = Path(__file__).resolve().parents[1]

# Tests share the speaker models of the checkout, so that each run does not unpack them again.
os.environ.setdefault("SECONDLOOK_DATA_DIR", str(ROOT / "var"))

# What is started here again and again keeps what it compiled, also where the environment says otherwise.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A password costs a tenth of a second by design. The servers pay it, which are processes of their own; here, whoever
# only needs somebody who has one does not.
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

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


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """What `secondlook analyse` made of the sample lesson, in `results`, and said of it, in `said`: once for all
    helpers of pytest-xdist. To be read alone."""
    place = tmp_path_factory.getbasetemp()
    place = (place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "analysed"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "said").exists():
            asked = ["analyse", str(sample / "sample-lesson.mp4"), "--out", str(place / "results"), "--json"]
            done = subprocess.run(
                [sys.executable, "-m", "pipelines", *asked], stdout=subprocess.PIPE, cwd=ROOT, check=True
            )
            (place / "said").write_bytes(done.stdout)
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium: one for all tests of a file."""
    from browsing import started

    with started() as found:
        yield found


def pytest_sessionfinish() -> None:
    if databases := sys.modules.get("databases"):  # where a test has used one
        databases.close()
