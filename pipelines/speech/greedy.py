"""Moonshine's two networks, run directly: sound in, word pieces and their probabilities out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from pipelines.audio import RATE, Samples
from pipelines.speech.tokens import BEGIN, END

PIECES_PER_S = 8.0
"""The most word pieces decoded per second of sound: fast speech has 6, and what is longer is a loop."""
SPARE_PIECES = 6
"""And so many more, since a short stretch may hold a whole phrase."""
SHORTEST = RATE // 10
"""In samples: the encoder needs some frames to see anything."""
SILENCE_S = 0.5
"""Silence set before and after the sound. Measured on 608 single words: without it, 1 in 15 ends in a stuttered loop
("three three three"), with it none does, and the share of wrong words falls from 0.62 to 0.44."""
LEAST_S = 2.0
"""Silence is added up to this length: invented text falls by half again."""

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sound:
    """What the encoder made of a stretch: `frames` [1, n, 288], and the most word pieces it can hold."""

    frames: Floats
    most: int


@dataclass(frozen=True, slots=True)
class Guess:
    """What the decoder wrote: `ids` of its pieces, the natural logarithm of each one's probability.

    `ended`: whether it came to an end by itself, and `end_log` the same logarithm for that; else it was stopped.
    `watched`: [pieces, m], the logarithms of m other pieces that the caller asked about, at each place.
    """

    ids: tuple[int, ...] = ()
    logs: tuple[float, ...] = ()
    ended: bool = True
    end_log: float = 0.0
    watched: Floats | None = None

    @property
    def total(self) -> float:
        """The logarithm of the whole guess's probability."""
        return sum(self.logs) + self.end_log


class Network:
    """The encoder and the decoder, loaded once, and safe to share between threads (each call uses one thread)."""

    def __init__(self, folder: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._encoder = ort.InferenceSession(str(folder / "encoder_model.ort"), options)
        self._decoder = ort.InferenceSession(str(folder / "decoder_model_merged.ort"), options)
        past = [i for i in self._decoder.get_inputs() if i.name.startswith("past_key_values.")]
        self._past = {i.name: (i.shape[1], i.shape[3]) for i in past}
        self._outputs = ["logits", *(name.replace("past_key_values", "present") for name in self._past)]

    def encode(self, samples: Samples) -> Sound:
        """`samples` [n] of 16 kHz sound, as the decoder reads it."""
        silence = round(max(SILENCE_S * RATE, (LEAST_S * RATE - len(samples)) / 2))
        sound = np.pad(samples, silence)[None, :]
        (frames,) = self._encoder.run(None, {"input_values": sound, "attention_mask": np.ones(sound.shape, np.int64)})
        return Sound(frames, math.ceil(len(samples) / RATE * PIECES_PER_S) + SPARE_PIECES)

    def write(self, sound: Sound, given: Sequence[int] = (), watch: Ids | None = None, floor: float = -1e9) -> Guess:
        """The pieces of `given`, then always the likeliest next one, until the end or until `total` falls to `floor`.

        `watch` [m]: pieces whose logarithms are wanted at every place written after `given`.
        """
        # A single 1 holds for all of the encoder's frames: nothing is padded, so nothing is masked.
        fixed = {"encoder_hidden_states": sound.frames, "encoder_attention_mask": np.ones((1, 1), np.int64)}
        past = {
            name: np.zeros((1, heads, sound.frames.shape[1] if ".encoder." in name else 0, width), np.float32)
            for name, (heads, width) in self._past.items()
        }
        watch = np.zeros(0, np.intp) if watch is None else watch
        ids, logs, watched = list(given), list[float](), list[Floats]()
        feed = np.array([[BEGIN, *given]])
        first = True
        while len(ids) < sound.most:
            run = {"input_ids": feed, "use_cache_branch": np.array([not first])}
            scores, *present = self._decoder.run(self._outputs, fixed | run | past)
            new = dict(zip(past, present, strict=True))
            # What the decoder keeps of the encoder's frames comes out of the first run only.
            past |= new if first else {name: array for name, array in new.items() if ".decoder." in name}
            chances = _log_softmax(scores[0])
            if first:
                logs = [float(chances[place, piece]) for place, piece in enumerate(given)]
            first = False
            last = chances[-1]
            best = int(last.argmax())
            watched.append(last[watch])
            if best == END:
                return Guess(tuple(ids), tuple(logs), True, float(last[END]), np.stack(watched))
            ids.append(best)
            logs.append(float(last[best]))
            if sum(logs) <= floor:
                break
            feed = np.array([[best]])
        return Guess(tuple(ids), tuple(logs), ended=False)


def _log_softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted: Floats = scores - scores.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted
