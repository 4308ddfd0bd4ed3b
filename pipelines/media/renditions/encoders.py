"""Which H.264 encoder this machine really has: a build lists many that then find no hardware."""

from __future__ import annotations

import subprocess
from functools import lru_cache

from pipelines.media.ffmpeg import starting

RATE_KBITS = 2500
"""Kilobits a second at most: 720p of a room needs about half of it, and 20 people watch through one 50 Mbit/s line."""

SOFTWARE = "libx264"

ENCODERS = {
    "h264_nvenc": ("-preset", "p4", "-rc", "vbr", "-cq", "25"),
    "h264_videotoolbox": ("-b:v", f"{RATE_KBITS}k"),
    "h264_qsv": ("-preset", "medium", "-global_quality", "25"),
    SOFTWARE: ("-preset", "veryfast", "-crf", "23"),
}
"""In the order in which they are tried, with their own options: constant quality where they know it."""

TRIAL_S = 20
"""Seconds that a trial may take; a driver that hangs is no encoder."""


def options(encoder: str, threads: int) -> list[str]:
    """ffmpeg's options for the picture: a key picture at least every 2 s or so, so that seeking is quick."""
    common = ["-c:v", encoder, *ENCODERS[encoder], "-maxrate", f"{RATE_KBITS}k", "-bufsize", f"{2 * RATE_KBITS}k"]
    common += ["-profile:v", "high", "-pix_fmt", "yuv420p", "-g", "60", "-threads", str(threads)]
    return [*common, "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]


@lru_cache(maxsize=1)
def encoder() -> str:
    """The first of `ENCODERS` that makes ten pictures here."""
    for name in ENCODERS:
        if name == SOFTWARE or _works(name):
            return name
    raise AssertionError  # SOFTWARE is among them


def _works(name: str) -> bool:
    command = [*starting(TRIAL_S), "-f", "lavfi", "-i", "color=size=1280x720:rate=30", "-frames:v", "10"]
    try:
        command += [*options(name, 1), "-f", "null", "-"]
        return subprocess.run(command, capture_output=True, timeout=TRIAL_S, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
