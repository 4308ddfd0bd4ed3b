"""Models of the real formats and the real networks, but filled with random weights: they lack nothing but sense.

With them the adapters are tested, and a GPU is timed, where no trained model can be fetched.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import hub

WORDS = "What do you notice about these fractions?".split()
"""What the random recognizer writes about any sound: a piece decides the next one. Where more are wanted, numbered."""

PLAIN = 50257
"""Pieces before the special ones. The last is empty in a multilingual Whisper, and CTranslate2 tells it by that."""


@dataclass(frozen=True, slots=True)
class WhisperShape:
    width: int
    encoder_layers: int
    decoder_layers: int
    heads: int
    mels: int = 80


TINY = WhisperShape(width=64, encoder_layers=1, decoder_layers=1, heads=2)
LARGE_V3_TURBO = WhisperShape(width=1280, encoder_layers=32, decoder_layers=4, heads=20, mels=128)


def write_whisper(folder: Path, shape: WhisperShape = TINY, words: int = len(WORDS)) -> Path:
    """A folder as faster-whisper reads it. The model writes so many words about any stretch of sound, surely."""
    from ctranslate2.specs import WhisperSpec

    rng = np.random.default_rng(1)
    wide = shape.width

    def noise(*size: int) -> np.ndarray:
        return 0.02 * rng.standard_normal(size, dtype=np.float32)

    def linear(spec: Any, rows: int, columns: int) -> None:
        spec.weight, spec.bias = noise(rows, columns), np.zeros(rows, np.float32)

    def norm(spec: Any) -> None:
        spec.gamma, spec.beta = np.ones(wide, np.float32), np.zeros(wide, np.float32)

    def attention(spec: Any, *rows: int) -> None:
        norm(spec.layer_norm)
        for part, n in zip(spec.linear, rows, strict=True):
            linear(part, n, wide)

    def block(layer: Any) -> None:
        attention(layer.self_attention, 3 * wide, wide)
        if hasattr(layer, "attention"):
            attention(layer.attention, wide, 2 * wide, wide)
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, 4 * wide, wide)
        linear(layer.ffn.linear_1, wide, 4 * wide)

    spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    for conv, channels in ((spec.encoder.conv1, shape.mels), (spec.encoder.conv2, wide)):
        conv.weight, conv.bias = noise(wide, channels, 3), np.zeros(wide, np.float32)
    spec.encoder.position_encodings.encodings = noise(1500, wide)
    spec.decoder.position_encodings.encodings = noise(448, wide)
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        block(layer)
    norm(spec.encoder.layer_norm)
    norm(spec.decoder.layer_norm)

    tokens, said = _pieces(words)
    known = rng.standard_normal((len(tokens), wide), dtype=np.float32)
    wanted = noise(len(tokens), wide)
    for before, after in pairwise([tokens.index("<|notimestamps|>"), *said, tokens.index("<|endoftext|>")]):
        wanted[after] = known[before]
    spec.decoder.embeddings.weight = known
    spec.decoder.projection.weight, spec.decoder.projection.bias = wanted, np.zeros(len(tokens), np.float32)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.lang_ids = list(range(PLAIN + 2, tokens.index("<|translate|>")))
    spec.config.alignment_heads = [(shape.decoder_layers - 1, head) for head in range(shape.heads)]
    spec.validate()
    spec.optimize(quantization="float16")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    _write_tokenizer(folder / "tokenizer.json", tokens)
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": shape.mels}))
    return folder


def _pieces(words: int) -> tuple[list[str], list[int]]:
    """The vocabulary in Whisper's order, and which of it are the words that are written, in order."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES
    from tokenizers.pre_tokenizers import ByteLevel

    said = [f"Ġ{WORDS[n % len(WORDS)]}{n // len(WORDS) or ''}" for n in range(words)]
    plain = [*sorted(ByteLevel.alphabet()), *said]
    plain += [*(f"unused{n}" for n in range(PLAIN - 1 - len(plain))), ""]
    tasks = "translate transcribe startoflm startofprev nospeech notimestamps".split()
    names = ["endoftext", "startoftranscript", *_LANGUAGE_CODES[:100], *tasks]
    times = [f"<|{n * 0.02:.2f}|>" for n in range(1501)]
    tokens = [*plain, *(f"<|{name}|>" for name in names), *times]
    return tokens, [tokens.index(word) for word in said]


def _write_tokenizer(path: Path, tokens: list[str]) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens[:PLAIN])}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in tokens[PLAIN:]])
    tokenizer.save(str(path))


def write_diarizer(folder: Path, *, lstm: tuple[int, int] = (8, 1), step: float = 1.0, batch: int = 4) -> Path:
    """A folder as pyannote.audio 4 reads community-1: segmentation, embedding, PLDA, and the configuration.

    `lstm` is the width and the number of layers of segmentation's recurrent part, 128 and 4 in community-1; the
    embedding network has one size only. `step` is that of the windows, as a share of their 10 s; community-1's is 0.1.
    """
    hub.no_telemetry()
    import torch

    with warnings.catch_warnings(action="ignore"):  # of decoding files, which nothing here does
        from pyannote.audio.core.task import Problem, Resolution, Specifications
        from pyannote.audio.models.embedding import WeSpeakerResNet34
        from pyannote.audio.models.segmentation import PyanNet

    torch.manual_seed(1)
    width, layers = lstm
    segmentation = PyanNet(lstm={"hidden_size": width, "num_layers": layers}, linear={"hidden_size": width})
    segmentation.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=10.0,
        warm_up=(0.0, 0.0),
        classes=["speaker#1", "speaker#2", "speaker#3"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    segmentation.build()
    with torch.no_grad():  # Random weights hear nothing in any sound: loud ones change their mind with it.
        for weight in segmentation.parameters():
            weight.mul_(8)
    embedding = WeSpeakerResNet34()
    embedding.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=10.0, classes=[]
    )
    for model, name in ((segmentation, "segmentation"), (embedding, "embedding")):
        _write_checkpoint(model, folder / name)
    rng = np.random.default_rng(1)
    (folder / "plda").mkdir()
    tall, short = rng.standard_normal((256, 128)), rng.standard_normal((128, 128))
    np.savez(folder / "plda" / "xvec_transform.npz", mean1=np.zeros(256), mean2=np.zeros(128), lda=tall)
    np.savez(folder / "plda" / "plda.npz", mu=np.zeros(128), tr=short, psi=rng.uniform(0.5, 2, 128))
    (folder / "config.yaml").write_text(CONFIG.format(step=step, batch=batch))
    return folder


CONFIG = """\
dependencies:
  pyannote.audio: 4.0.0
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    clustering: VBxClustering
    segmentation: $model/segmentation
    segmentation_step: {step}
    segmentation_batch_size: {batch}
    embedding: $model/embedding
    embedding_batch_size: {batch}
    embedding_exclude_overlap: true
    plda: $model/plda
params:
  clustering: {{threshold: 0.6, Fa: 0.07, Fb: 0.8}}
  segmentation: {{min_duration_off: 0.0}}
"""


def _write_checkpoint(model: Any, folder: Path) -> None:
    import lightning
    import torch

    checkpoint = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": lightning.__version__,
        "epoch": 0,
        "global_step": 0,
    }
    model.on_save_checkpoint(checkpoint)
    folder.mkdir(parents=True)
    torch.save(checkpoint, folder / "pytorch_model.bin")
