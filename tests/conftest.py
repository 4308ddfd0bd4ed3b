"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Tests share the speaker models of the checkout, so that each run does not unpack them again.
os.environ.setdefault("SECONDLOOK_DATA_DIR", str(ROOT / "var"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real recordings with truth; they lie beside the checkout and are not part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real recordings is not there")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample lesson's folder."""
    return ROOT / "pipelines" / "sample"
