"""Sound and frames into one MP4 as a phone writes it, and the check that no sound has moved on the way."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import correlate

from .sound import RATE, Samples


def write(out: Path, ffmpeg: str, sound: Samples, frames: Iterable[bytes], fps: int, title: str) -> None:
    """H.264 and AAC, index first, in `out`, which appears only when it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        wav, video = Path(folder) / "sound.wav", Path(folder) / "video.mp4"
        soundfile.write(wav, sound, RATE, subtype="PCM_16")
        drawn = ["-f", "image2pipe", "-c:v", "png", "-framerate", str(fps), "-i", "-"]
        h264 = ["-c:v", "libx264", "-preset", "slow", "-crf", "23", "-tune", "animation", "-g", str(10 * fps)]
        # Phones write BT.709, and say so: without the tags players guess the colours.
        bt709 = "colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
        colours = ["-vf", f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams={bt709}"]
        aac = ["-c:a", "aac", "-b:a", "80k", "-ac", "1"]
        exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]  # no versions, no dates
        header = ["-movflags", "+faststart", "-metadata", f"title={title}"]
        command = [ffmpeg, "-v", "error", "-y", *drawn, "-i", str(wav), *colours, *h264, *aac, *exact, *header]
        with subprocess.Popen([*command, str(video)], stdin=subprocess.PIPE) as process:
            assert process.stdin
            for frame in frames:
                process.stdin.write(frame)
            process.stdin.close()
            if process.wait():
                raise SystemExit(f"ffmpeg could not write {out.name}; see its message above.")
        out.write_bytes(video.read_bytes())


def decoded(path: Path, ffmpeg: str) -> Samples:
    """The sound as a player hears it: mono samples at RATE."""
    command = [ffmpeg, "-v", "error", "-i", str(path), "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<f4").astype(np.float64)


def shift(original: Samples, heard: Samples, at: float, seconds: float = 5.0, most: float = 0.2) -> float:
    """By how many seconds `heard` lags behind `original` in the `seconds` from `at`, by cross-correlation."""
    first, length, reach = round(at * RATE), round(seconds * RATE), round(most * RATE)
    window = original[first : first + length]
    around = np.pad(heard, reach)[first : first + length + 2 * reach]
    return (int(np.argmax(correlate(around, window, mode="valid"))) - reach) / RATE
