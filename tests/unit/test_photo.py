"""A stranger's photo is drawn anew: upright, small, pixels alone; or it is none."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from ui.photo import LARGEST_SIDE, NoPhoto, drawn_anew


def packed(picture: Image.Image, kind: str, **more) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def test_it_comes_out_upright_small_and_without_a_word():
    picture, exif = Image.new("RGB", (4000, 1000), "white"), Image.Exif()
    picture.paste("black", (0, 0, 2000, 1000))
    exif[0x0112], exif[0x013B] = 6, "Whisperwood"  # turned by a quarter
    ours = drawn_anew(packed(picture, "JPEG", exif=exif))
    found = Image.open(io.BytesIO(ours))
    assert found.size == (LARGEST_SIDE // 4, LARGEST_SIDE)
    assert (found.getpixel((200, 100)), found.getpixel((200, 1500))) == ((0, 0, 0), (255, 255, 255))
    assert not found.getexif()
    assert b"Whisperwood" not in ours


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_become_the_same(kind):
    ours = drawn_anew(packed(Image.new("RGBA", (30, 20), (255, 0, 0, 255)), kind))
    assert (Image.open(io.BytesIO(ours)).format, ours[:2]) == ("JPEG", b"\xff\xd8")


def bomb() -> bytes:
    """A PNG of a few bytes that says that it has 100,000 by 100,000 pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize("theirs", [b"", b"words", b"%PDF-1.7", bomb(), packed(Image.new("RGB", (9, 9)), "GIF")])
def test_what_is_none_is_refused(theirs):
    with pytest.raises(NoPhoto):
        drawn_anew(theirs)
