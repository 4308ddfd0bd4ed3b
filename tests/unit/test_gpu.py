"""The question for a GPU, and the errors that mean a full one."""

from __future__ import annotations

import ctypes

import pytest

from coaching.errors import MissingEngine
from pipelines import gpu
from pipelines.gpu import Gpu, device, gpus, out_of_memory


def test_without_a_driver_there_is_none(monkeypatch):
    def missing(_name):
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert gpus() == []


@pytest.mark.parametrize("hidden", ["", "-1"])
def test_hidden_ones_are_not_asked_for(monkeypatch, hidden):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: pytest.fail("the driver was asked"))
    assert gpus() == []


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA failed with error out of memory"),
        RuntimeError("cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED"),
        RuntimeError("parallel_for failed: cudaErrorInvalidDevice: invalid device ordinal"),
        RuntimeError("CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of 7.79 GiB"),
        MemoryError("batch_size ( 32) is probably too large."),
    ],
)
def test_a_full_memory_is_known_by_its_words(error):
    assert out_of_memory(error)


@pytest.mark.parametrize("error", [RuntimeError("CUDA driver version is insufficient"), ValueError("out of memory")])
def test_other_troubles_are_not_taken_for_it(error):
    assert not out_of_memory(error)


def test_a_gpu_that_an_engine_cannot_use_is_not_replaced_in_silence(monkeypatch):
    monkeypatch.setattr(gpu, "gpus", lambda: [Gpu("NVIDIA T4", 16 * 2**30, 0)])
    assert device(True, "torch", "Update it.") == "cuda"
    with pytest.raises(MissingEngine, match=r"torch cannot use it\. Update it\. .* CUDA_VISIBLE_DEVICES=-1"):
        device(False, "torch", "Update it.")
    monkeypatch.setattr(gpu, "gpus", list)
    assert device(False, "torch", "Update it.") == "cpu"
