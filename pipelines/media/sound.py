"""ffmpeg's filters that put a recording's sound tracks on its clock and mix them into one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.media.probe import AudioTrack, MediaInfo

HOLE_S = 900
"""A hole in the time stamps up to this many seconds is kept as silence; a longer one is damage, and is closed."""

SHIFT_S = 0.03
"""Sound that runs this many seconds off its time stamps is put right: more than a frame of sound, less than a word."""


def ahead(info: MediaInfo, starts: Sequence[float]) -> float:
    """How many seconds ffmpeg's clock is ahead of the recording's, where it reads only the streams with these starts.

    In transport streams ffmpeg's clock starts with the first stream that it uses, not with the recording.
    """
    first = min(starts) if info.container in ("mpegts", "mpeg") else 0.0
    return first if first < HOLE_S else 0.0


def mixed(
    tracks: Sequence[AudioTrack], alone: Sequence[int | None], *, rate: int, ahead_s: float, source: int = 0
) -> str:
    """The graph, without its last label: each track on the recording's clock, mono at `rate`, then their mean.

    `alone` is for each track its only channel to use, or None for all of them; `source` is the input's number.
    """
    n, zero = len(tracks), -round(ahead_s * rate)
    graph = [
        f"[{source}:{t.index}]{_on_the_clock(t, c, rate, zero)}[s{source}t{i}]"
        for i, (t, c) in enumerate(zip(tracks, alone, strict=True))
    ]
    labels = "".join(f"[s{source}t{i}]" for i in range(n))
    return ";".join(graph) + f";{labels}" + (f"amix=inputs={n}:normalize=0,volume=1/{n}" if n > 1 else "anull")


def _on_the_clock(track: AudioTrack, channel: int | None, rate: int, zero: int) -> str:
    """The filters that make a track mono at `rate`, silent from sample `zero` until its start, with its pauses."""
    channels = ""
    if channel is not None:
        channels = f"pan=mono|c0=c{channel},"
    elif track.layout.startswith("ambisonic"):
        channels = "pan=mono|c0=c0,"  # the first is what a plain microphone would hear
    elif track.channels > 2 and not re.match(r"[567]\.", track.layout):
        channels = "pan=mono|c0<" + "+".join(f"c{i}" for i in range(track.channels)) + ","  # `<` averages
    # To 16 bits at once: only then are the weights of channels scaled so that their sum cannot clip.
    mono = f"aformat=sample_fmts=s16:sample_rates={rate}:channel_layouts=mono"
    return f"{channels}{mono},aresample=async=1:min_hard_comp={SHIFT_S}:first_pts={zero}"
