"""A photo that somebody sends, drawn anew: `python -m ui.photo < theirs > ours`. That is a process of its own, since
nobody knows what a stranger's file makes of the program that looks into it.

What comes out is a JPEG of pixels alone: upright, small, and without where and when it was taken.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from contextlib import suppress

from coaching.errors import BadInput

KINDS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
LARGEST_SIDE = 1600
QUALITY = 82
LONGEST_S = 20
MOST_MEMORY = 1024**3
"""Bytes."""


class NoPhoto(BadInput):
    """This is no photo that can be used: send a JPEG, a PNG or a WebP. The visit is there without it."""


def drawn_anew(theirs: bytes) -> bytes:
    """Raises NoPhoto."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ui.photo"], input=theirs, capture_output=True, timeout=LONGEST_S, check=True
        )
    except (subprocess.SubprocessError, OSError):
        raise NoPhoto from None
    return done.stdout


def _draw(theirs: bytes) -> bytes:
    """In the other process."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(theirs), formats=KINDS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise ValueError
        upright = ImageOps.exif_transpose(found).convert("RGB")
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    plain = Image.new("RGB", upright.size)  # nothing but the pixels goes over
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _main() -> int:
    limits = {resource.RLIMIT_CPU: LONGEST_S, resource.RLIMIT_AS: MOST_MEMORY, resource.RLIMIT_CORE: 0}
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(kind, (most, most))
    try:
        sys.stdout.buffer.write(_draw(sys.stdin.buffer.read()))
    except Exception:  # whatever a strange file is answered with: it is none
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
