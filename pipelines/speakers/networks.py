"""The two networks of pyannote's speaker-diarization-community-1 (CC BY 4.0).

Both lie as ONNX Runtime models inside the library of the wheel `moonshine-voice`: they are taken out
of it once, checked against a pinned hash, and written to the models folder. Nothing is downloaded.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import numpy.typing as npt
import onnxruntime

from coaching.errors import BadInput, MissingEngine, OutOfSpace
from pipelines.audio import RATE, Samples

Local = npt.NDArray[np.uint8]
Vector = npt.NDArray[np.float32]

FRAME = 270
"""Samples a frame of the segmentation network: 16.875 ms."""

WINDOW_FRAMES = 589
"""Frames that the segmentation network gives for a window of `WINDOW` samples."""

WINDOW = 10 * RATE
"""Samples of a window, as the segmentation network was trained: 10 s."""

LOCAL_SPEAKERS = 3
"""The segmentation network tells at most this many voices of one window apart."""

_ORT_MARK = b"ORTM"
"""The FlatBuffers identifier of an ONNX Runtime model; it stands 4 bytes after the model's first byte."""


@dataclass(frozen=True, slots=True)
class _Model:
    """A network as it lies in moonshine-voice 0.0.73: its bytes, their hash, and what it is fed."""

    file: str
    size: int
    sha256: str
    inputs: tuple[str, ...]


SEGMENTATION = _Model(
    "segmentation.ort",
    1_594_080,
    "9715e3996ef181252aa1cc0c9398060f42b2c984c2fb65e3604262555e2efb1a",
    ("waveforms",),
)
EMBEDDING = _Model(
    "embedding.ort",
    6_975_920,
    "6e4af7d49562e6e7042672e444d6394935cb2c23c3a7dd4919da45922b91735b",
    ("fbank", "weights"),
)


def fetch(models_dir: Path) -> None:
    """Put both networks into `models_dir`, unless they are there. Safe while others do the same.

    Raises MissingEngine where the installed moonshine-voice does not hold them, BadInput where `models_dir` cannot be
    made or written to, OutOfSpace where its disk is full.
    """
    with _sentences(models_dir):
        missing = [m for m in (SEGMENTATION, EMBEDDING) if not _is_whole(models_dir / m.file, m)]
        if missing:
            models_dir.mkdir(parents=True, exist_ok=True)
    if not missing:
        return
    library = _library()
    with library.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for model in missing:
            content = _find(data, model, library)
            with _sentences(models_dir):
                _write(models_dir / model.file, content)


@contextmanager
def _sentences(models_dir: Path) -> Iterator[None]:
    """What the system says about the models folder, as our errors."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(
                f"The disk of {models_dir} is full, and the speaker networks need 9 MB there. Make space, or name "
                "another folder in the setting SECONDLOOK_DATA_DIR."
            ) from None
        reason = (problem.strerror or "unknown reason").lower()
        raise BadInput(
            f"The folder {models_dir} for the speaker networks cannot be used: {reason}. Name another one in the "
            "setting SECONDLOOK_DATA_DIR."
        ) from None


def _library() -> Path:
    # find_spec does not import the package, which would load the whole library.
    spec = find_spec("moonshine_voice")
    folders = list(spec.submodule_search_locations or []) if spec else []
    names = ("libmoonshine.so", "libmoonshine.dylib", "moonshine.dll")
    for library in (Path(folder) / name for folder in folders for name in names):
        if library.is_file():
            return library
    raise MissingEngine("The speaker networks are not installed: install moonshine-voice 0.0.73, then try again.")


def _candidates(data: mmap.mmap) -> Iterator[int]:
    at = data.find(_ORT_MARK)
    while at >= 0:
        yield at - 4
        at = data.find(_ORT_MARK, at + 1)


def _find(data: mmap.mmap, model: _Model, library: Path) -> bytes:
    for start in _candidates(data):
        found = data[start : start + model.size]
        if hashlib.sha256(found).hexdigest() == model.sha256:
            return found
    raise MissingEngine(
        f"{library.name} does not hold the {model.file.removesuffix('.ort')} network of this version: "
        "install moonshine-voice 0.0.73, then try again."
    )


def _is_whole(path: Path, model: _Model) -> bool:
    if not path.is_file() or path.stat().st_size != model.size:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == model.sha256


def _write(path: Path, content: bytes) -> None:
    # Under another name first, so that a process that looks meanwhile sees the whole file or none.
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def session(path: Path, *, ort: bool) -> onnxruntime.InferenceSession:
    """A model ready to run on one thread; `ort` where it is in ONNX Runtime's own format."""
    options = onnxruntime.SessionOptions()
    # One thread a call: the work is spread over windows and pieces, and the result does not depend on the threads.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Arenas keep the largest buffer of every thread for good; without them memory stays flat.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    if ort:
        options.add_session_config_entry("session.load_model_format", "ORT")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Networks:
    """Both speaker networks, ready; every method may be called from several threads."""

    def __init__(self, models_dir: Path) -> None:
        """Load from `models_dir`, after putting them there if need be. Raises what `fetch` raises."""
        fetch(models_dir)
        self._segmentation = self._load(models_dir, SEGMENTATION)
        self._embedding = self._load(models_dir, EMBEDDING)

    @staticmethod
    def _load(models_dir: Path, model: _Model) -> onnxruntime.InferenceSession:
        loaded = session(models_dir / model.file, ort=True)
        if tuple(i.name for i in loaded.get_inputs()) != model.inputs:
            raise MissingEngine(f"{model.file} is not the network that this version of Second Look knows.")
        return loaded

    def segment(self, window: Samples) -> Local:
        """Which of three local voices talk in each frame: 0 or 1, shape [589, 3].

        `window` has at most `WINDOW` samples; a shorter one is filled up with silence.
        """
        wave = np.zeros((1, 1, WINDOW), np.float32)
        wave[0, 0, : len(window)] = window
        active = self._segmentation.run(None, {"waveforms": wave})[0][0]
        return np.asarray(active > 0.5, np.uint8)

    def embed(self, piece: Samples) -> Vector:
        """The voice in `piece` (at least 25 ms), unit length, shape [256]."""
        features = fbank(piece)
        weights = np.ones((1, len(features)), np.float32)
        voice = self._embedding.run(None, {"fbank": features[None], "weights": weights})[0][0]
        return np.asarray(voice / (np.linalg.norm(voice) + 1e-9), np.float32)


def fbank(samples: Samples) -> npt.NDArray[np.float32]:
    """80 log filter banks every 10 ms, as the embedding network was trained: Kaldi's, Hamming, mean removed."""
    options = knf.FbankOptions()
    options.frame_opts.dither = 0.0
    options.frame_opts.window_type = "hamming"
    options.mel_opts.num_bins = 80
    bank = knf.OnlineFbank(options)
    bank.accept_waveform(RATE, samples * 32768)
    bank.input_finished()
    features = np.stack([bank.get_frame(i) for i in range(bank.num_frames_ready)])
    return np.asarray(features - features.mean(axis=0), np.float32)
