"""The speaker networks are taken out of the installed library once, whole, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from media_files import tiny_disk

from coaching.errors import BadInput, MissingEngine, OutOfSpace
from pipelines.speakers import networks
from pipelines.speakers.local import LocalDiarizer
from pipelines.speakers.networks import EMBEDDING, SEGMENTATION, Networks, fetch


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir()}


WHOLE = {SEGMENTATION.file: SEGMENTATION.size, EMBEDDING.file: EMBEDDING.size}


def test_both_networks_are_written_whole(tmp_path: Path) -> None:
    fetch(tmp_path / "models")
    assert files(tmp_path / "models") == WHOLE


def test_several_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fetch, [tmp_path] * 4))
    assert files(tmp_path) == WHOLE


def test_a_network_that_is_there_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(tmp_path)
    monkeypatch.setattr(networks, "find_spec", lambda _name: None)
    fetch(tmp_path)


def test_a_damaged_network_is_replaced(tmp_path: Path) -> None:
    fetch(tmp_path)
    path = tmp_path / SEGMENTATION.file
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    fetch(tmp_path)
    assert not path.read_bytes().endswith(b"?")


def test_another_library_is_refused_in_a_plain_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "libmoonshine.so"
    library.write_bytes(b"\0" * 100 + b"ORTM" + b"\0" * 100)
    monkeypatch.setattr(networks, "_library", lambda: library)
    with pytest.raises(MissingEngine, match=r"moonshine-voice 0\.0\.73"):
        fetch(tmp_path / "models")
    assert files(tmp_path / "models") == {}


def test_no_library_is_refused_in_a_plain_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda _name: None)
    with pytest.raises(MissingEngine, match="not installed"):
        fetch(tmp_path)


def test_a_folder_that_cannot_be_made_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    folder = tmp_path / "data" / "models"
    with pytest.raises(BadInput) as caught:
        fetch(folder)
    assert str(caught.value) == (
        f"The folder {folder} for the speaker networks cannot be used: not a directory. "
        "Name another one in the setting SECONDLOOK_DATA_DIR."
    )


def test_a_folder_where_none_can_be_is_refused() -> None:
    if not Path("/proc").is_dir():
        pytest.skip("only Linux has /proc, in which nobody can make a folder")
    with pytest.raises(BadInput, match=r"^The folder /proc/nope/models .* SECONDLOOK_DATA_DIR\.$"):
        fetch(Path("/proc/nope/models"))


def test_a_full_disk_is_named_and_nothing_half_written_stays(tmp_path: Path) -> None:
    """4 MB hold the one network (1.6 MB), not the other (7 MB)."""
    with tiny_disk(tmp_path / "disk", 4) as disk:
        with pytest.raises(OutOfSpace) as caught:
            fetch(disk / "models")
        assert str(caught.value) == (
            f"The disk of {disk / 'models'} is full, and the speaker networks need 9 MB there. "
            "Make space, or name another folder in the setting SECONDLOOK_DATA_DIR."
        )
        assert files(disk / "models") == {SEGMENTATION.file: SEGMENTATION.size}


def test_the_engine_says_whose_networks_and_whose_files_they_are(tmp_path: Path) -> None:
    engine = LocalDiarizer(tmp_path, 1)
    assert f"{engine.name} ({engine.version})" == "pyannote community-1 (ONNX, from moonshine-voice 0.0.73)"


def test_shapes(tmp_path: Path) -> None:
    both = Networks(tmp_path)
    noise = np.random.default_rng(1).normal(0, 0.05, 16_000).astype(np.float32)
    assert both.segment(noise).shape == (589, 3)
    voice = both.embed(noise)
    assert voice.shape == (256,)
    assert np.linalg.norm(voice) == pytest.approx(1, abs=1e-5)
