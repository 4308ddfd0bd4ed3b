"""The NVIDIA GPUs of this machine, asked of the driver's own library: no engine is loaded for the question.

Not through CUDA: a process that has started CUDA can no longer fork a child that uses it.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass

from coaching.errors import MissingEngine


@dataclass(frozen=True, slots=True)
class Gpu:
    """Bytes of its memory: all, and what every process together uses."""

    name: str
    memory: int
    used: int


FULL = ("out of memory", "cublas_status_alloc_failed", "invalid device ordinal")
"""The last is what CTranslate2's allocator leaves behind where it found no room: seen on an H200."""


class _Memory(ctypes.Structure):
    _fields_ = [("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong)]


def gpus() -> list[Gpu]:
    """The GPUs that engines may use; none where there is no driver, or CUDA_VISIBLE_DEVICES hides them all."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in ("", "-1"):
        return []
    try:
        nvml = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return []
    count = ctypes.c_uint()
    if nvml.nvmlInit_v2() or nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)):
        return []
    found = []
    for n in range(count.value):
        device, name, memory = ctypes.c_void_p(), ctypes.create_string_buffer(96), _Memory()
        if not (
            nvml.nvmlDeviceGetHandleByIndex_v2(n, ctypes.byref(device))
            or nvml.nvmlDeviceGetName(device, name, len(name))
            or nvml.nvmlDeviceGetMemoryInfo(device, ctypes.byref(memory))
        ):
            found.append(Gpu(name.value.decode(errors="replace"), memory.total, memory.used))
    return found


def device(usable: bool, engine: str, remedy: str) -> str:
    """`cuda` or `cpu`: the first GPU where there is one. Raises MissingEngine where `engine` cannot use it."""
    if gpus() and not usable:
        raise MissingEngine(
            f"There is an NVIDIA GPU here, but {engine} cannot use it. {remedy} To do without the GPU, set "
            "CUDA_VISIBLE_DEVICES=-1."
        )
    return "cuda" if usable else "cpu"


def out_of_memory(error: BaseException) -> bool:
    """Whether `error` is an engine's way to say that a batch did not fit.

    CTranslate2 says one of FULL in a RuntimeError, torch "CUDA out of memory" in a RuntimeError of its own, and
    pyannote.audio makes a MemoryError of that.
    """
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in FULL)
    )
