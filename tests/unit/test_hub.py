"""Models from a folder or by name: what is asked of the network, and what people read when it does not work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from huggingface_hub import constants, errors

from coaching.errors import Cancelled, MissingEngine
from pipelines import hub

SETTING = "SECONDLOOK_WHISPER_MODEL"


def refused(kind):
    return kind("no", response=SimpleNamespace(headers={}, request=None))


def test_a_folder_is_told_from_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert hub.folder("mine") is not None
    assert hub.folder(str(tmp_path / "not there")) is not None
    assert hub.folder("~/models/whisper") is not None
    assert hub.folder("large-v3-turbo") is None
    assert hub.folder("pyannote/speaker-diarization-community-1") is None


def test_a_folder_that_lacks_something_is_named(tmp_path):
    assert hub.lacks("large-v3-turbo", ("model.bin",)) is None
    assert "is not there" in (hub.lacks(str(tmp_path / "gone"), ("model.bin",)) or "")
    assert "holds no model.bin" in (hub.lacks(str(tmp_path), ("model.bin",)) or "")


def test_a_name_is_fetched_only_where_it_is_not_here_yet():
    network = []

    def make():
        network.append(not constants.HF_HUB_OFFLINE)
        if constants.HF_HUB_OFFLINE:
            raise errors.LocalEntryNotFoundError("not here")
        return "model"

    assert hub.load("large-v3-turbo", SETTING, make) == "model"
    assert network == [False, True]
    assert hub.load("large-v3-turbo", SETTING, lambda: constants.HF_HUB_OFFLINE) is True


def test_a_folder_is_no_reason_to_ask_the_network(tmp_path):
    calls = []

    def make():
        calls.append(constants.HF_HUB_OFFLINE)
        raise errors.OfflineModeIsEnabled("cannot reach")

    with pytest.raises(MissingEngine, match="used without network"):
        hub.load(str(tmp_path), SETTING, make)
    assert calls == [True]
    assert constants.HF_HUB_OFFLINE is False


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (refused(errors.GatedRepoError), "accept them at https://huggingface.co/a/b"),
        (refused(errors.RepositoryNotFoundError), "Correct SECONDLOOK_WHISPER_MODEL"),
        (ConnectionError("no route"), "Check the network"),
        (errors.LocalEntryNotFoundError("no network either"), "Check the network"),
        (ValueError("Invalid model size"), "could not be fetched"),
    ],
)
def test_a_name_that_cannot_be_fetched_says_what_to_do(error, says):
    def make():
        raise error

    with pytest.raises(MissingEngine, match=says):
        hub.load("a/b", SETTING, make)


def test_a_broken_folder_says_so(tmp_path):
    def make():
        print("a library's long story")
        raise RuntimeError("Unsupported model binary version")

    with pytest.raises(MissingEngine, match="cannot be loaded"):
        hub.load(str(tmp_path), SETTING, make)


@pytest.mark.parametrize("error", [Cancelled(), RuntimeError("CUDA failed with error out of memory")])
def test_a_stop_and_a_full_memory_pass_through(tmp_path, error):
    def make():
        raise error

    with pytest.raises(type(error)):
        hub.load(str(tmp_path), SETTING, make)
