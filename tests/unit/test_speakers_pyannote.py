"""The pyannote adapter itself, with the real pipeline and random networks: a full memory, and what must not stay."""

from __future__ import annotations

import shutil
import warnings

import numpy as np
import pytest
import soundfile as sf

from coaching.errors import MissingEngine, OutOfMemory
from pipelines.audio import RATE, Audio
from pipelines.progress import silent
from pipelines.speakers import SpeakerCount
from pipelines.speakers.pyannote import PyannoteDiarizer


@pytest.fixture(scope="module")
def folder(diarizer_model):
    return diarizer_model


@pytest.fixture
def engine(folder):
    return PyannoteDiarizer(str(folder), models_dir=folder, threads=1, token=None)


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "noise.wav"
    sf.write(path, np.random.default_rng(1).normal(0, 0.1, 20 * RATE), RATE, subtype="PCM_16")
    return Audio(path)


def listen(engine, audio, progress=silent):
    return engine.diarize(audio, speakers=SpeakerCount(), progress=progress)


@pytest.mark.parametrize("network", ["segmentation", "embedding"])
def test_a_full_memory_halves_the_batch_and_starts_again(engine, audio, monkeypatch, network):
    import torch

    pipeline = engine._pipeline
    model = pipeline._segmentation.model if network == "segmentation" else pipeline._embedding.model_
    forward, sizes = model.forward, []

    def small(waveforms, *others, **named):
        sizes.append(len(waveforms))
        if len(waveforms) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.50 GiB.")
        return forward(waveforms, *others, **named)

    monkeypatch.setattr(model, "forward", small)
    shares: list[float] = []
    assert listen(engine, audio, shares.append)
    assert max(sizes) > 1
    assert sizes[-1] == 1
    assert shares == sorted(shares)


def test_a_memory_too_small_for_anything_is_said_plainly(engine, audio, monkeypatch):
    def full(*_):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.50 GiB.")

    monkeypatch.setattr(engine._pipeline._segmentation.model, "forward", full)
    with pytest.raises(OutOfMemory, match="--engine embedded"):
        listen(engine, audio)


def test_no_voice_print_stays(engine, audio):
    listen(engine, audio)
    kept = [v for v in vars(engine).values() if isinstance(v, np.ndarray)]
    assert not kept
    assert not [k for k, v in vars(engine._pipeline).items() if isinstance(v, np.ndarray)]


def test_its_libraries_give_no_advice(engine, audio):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        listen(engine, audio)


def test_a_folder_that_names_a_model_of_the_hub_is_not_completed_from_it(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "model")
    config = tmp_path / "model" / "config.yaml"
    config.write_text(config.read_text().replace("$model/embedding", "pyannote/wespeaker-voxceleb-resnet34-LM"))
    with pytest.raises(MissingEngine, match="used without network"):
        PyannoteDiarizer(str(tmp_path / "model"), models_dir=tmp_path, threads=1, token=None)
