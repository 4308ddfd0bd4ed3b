"""Which engines are taken, and what is said where one cannot be."""

from __future__ import annotations

import pytest

from coaching.errors import MissingEngine
from coaching.settings import Settings
from pipelines import adapters
from pipelines.gpu import Gpu


def settings(tmp_path, **given):
    return Settings(_env_file=None, data_dir=tmp_path, threads=1, **given)


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.setattr(adapters, "gpus", lambda: [Gpu("NVIDIA T4", 16 * 2**30, 0)])
    monkeypatch.setattr(adapters, "find_spec", lambda _name: object())
    monkeypatch.setattr(adapters, "version", lambda _name: "4.0.7")
    monkeypatch.setattr("pipelines.speakers.pyannote.version", lambda _name: "4.0.7")


def names(taken):
    return [e.name for e in taken.described()]


def test_a_model_in_a_folder_writes_down_words_without_a_gpu(tmp_path, whisper_model):
    taken = adapters.choose("auto", settings(tmp_path, whisper_model=str(whisper_model)))
    speakers, words = taken.described()
    assert speakers.name == "pyannote community-1"
    assert speakers.why == "it needs no GPU and nothing to download"
    assert words.name == f"whisper {whisper_model.name}"
    assert words.why == "SECONDLOOK_WHISPER_MODEL names it, and it runs on the processor too"
    assert taken.transcriber.speaks("de")
    assert taken.transcriber is taken.transcriber  # loaded once


def test_on_a_gpu_nothing_is_taken_that_nobody_named(tmp_path, gpu):
    assert [e.version.split()[0] for e in adapters.choose("auto", settings(tmp_path)).described()] == [
        "ONNX,",
        "0.0.73",
    ]


def test_on_a_gpu_both_are_taken_where_both_are_named(tmp_path, gpu):
    named = settings(tmp_path, whisper_model="large-v3-turbo", diarizer_model=adapters.COMMUNITY)
    for choice in ("auto", "gpu"):
        versions = [e.version for e in adapters.choose(choice, named).described()]
        assert versions == ["pyannote.audio 4.0.7", adapters.for_words(named)[0].version]
    assert names(adapters.choose("embedded", named)) == ["pyannote community-1", "moonshine-tiny-en"]


def test_a_folder_without_a_model_is_not_taken(tmp_path):
    broken = settings(tmp_path, whisper_model=str(tmp_path))
    assert names(adapters.choose("auto", broken))[1] == "moonshine-tiny-en"
    assert [m.what for m in adapters.for_words(broken)[0].missing] == [f"the folder {tmp_path} holds no model.bin"]


def test_what_is_missing_is_said_with_what_gives_it(tmp_path):
    with pytest.raises(MissingEngine) as refusal:
        adapters.choose("gpu", settings(tmp_path))
    said = str(refusal.value)
    assert "no NVIDIA GPU was found" in said
    assert "SECONDLOOK_WHISPER_MODEL is not set (set it to large-v3-turbo, or to a folder that holds it)" in said
    assert "accept its terms at https://huggingface.co/pyannote/speaker-diarization-community-1" in said
    assert "--engine embedded" in said


def test_a_library_that_is_not_installed_comes_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setattr(adapters, "find_spec", lambda _name: None)
    missing = adapters.for_speakers(settings(tmp_path))[0].missing
    commands = [m.remedy for m in missing if m.what == "pyannote.audio is not installed"]
    assert commands == [adapters.INSTALL]
    assert commands[0].endswith("[gpu]'")


def test_a_torch_without_cuda_is_not_taken_for_a_gpu(tmp_path, gpu, monkeypatch):
    monkeypatch.setattr(adapters, "version", lambda name: "2.13.0+cpu" if name == "torch" else "4.0.7")
    named = settings(tmp_path, diarizer_model=adapters.COMMUNITY)
    assert [m.what for m in adapters.for_speakers(named)[0].missing if "torch" in m.what] == [
        "torch is a build without CUDA"
    ]
    assert names(adapters.choose("auto", named))[0] == "pyannote community-1"
    assert adapters.choose("auto", named).speakers.candidate.kind == "embedded"
