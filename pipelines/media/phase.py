"""Stereo whose channels are each other's opposite, as by a balanced cable in a stereo jack: mixed, they are silent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.media.ffmpeg import Child, reading
from pipelines.media.probe import AudioTrack, MediaInfo

LOOK_S = 180
"""Seconds looked at, from the start: a wrong cable is wrong from the start."""

LOST_DB = 12.0
"""How far the mean falls under the louder channel before it is taken to cancel. One silent channel costs 6 dB, two that
have nothing in common 3; 12 means that they are opposite but for a few percent."""

RATE = 8000
"""Samples a second that are looked at: voices are all in there."""


def opposite(info: MediaInfo, track: AudioTrack, turn: Callable[[], None]) -> int | None:
    """The channel of a stereo track to use alone, 0 or 1 (the louder), where both cancel; else None.

    `turn` is called every piece of sound, and may raise to stop.
    """
    if track.channels != 2:
        return None
    command = [*reading(info.path, "-t", str(LOOK_S)), "-map", f"0:{track.index}"]
    command += ["-f", "s16le", "-c:a", "pcm_s16le", "-ar", str(RATE), "-flush_packets", "0", "pipe:1"]
    power, mean, rest = np.zeros(2), 0.0, b""
    with Child(command) as child:
        for data in child.chunks():
            turn()
            data = rest + data
            whole = len(data) // 4 * 4
            rest = data[whole:]
            both = np.frombuffer(data[:whole], "<i2").astype(np.float64).reshape(-1, 2)
            power += np.square(both).sum(axis=0)
            mean += float(np.square(both.mean(axis=1)).sum())
    lost = power.max() > 0 and mean < power.max() * 10 ** (-LOST_DB / 10)
    return int(power.argmax()) if lost else None
