"""What a file that cannot be opened is, from its bytes."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.media import printable
from pipelines.media.sniff import ends_early, names_other_files, unfinished_mp4

ROOT = Path(__file__).parents[2]
PLAYLISTS = {
    "hls": "#EXTM3U\n#EXTINF:10,\n/etc/passwd\n",
    "m3u without its mark": "lesson one.mp3\nlesson two.mp3\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>',
    "concat": "ffconcat version 1.0\nfile '/etc/passwd'\n",
    "concat without its mark": "# parts\n  file /etc/passwd\n",
    "shotcut": '<mlt LC_NUMERIC="C"><producer><property name="resource">a</property></producer></mlt>',
    "kdenlive": '<?xml version="1.0"?>\n<mlt producer="main_bin"><kdenlivedoc/></mlt>',
    "edit list": "TITLE: LESSON\nFCM: NON-DROP FRAME\n001  AX V C 00:00:00:00 00:00:05:00\n",
    "mpv edit list": "# mpv EDL v0\na,0,10\n",
    "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 97\r\n",
    "pls": "[playlist]\nFile1=x\n",
    "asx": '<asx version="3.0"><entry><ref href="x"/></entry></asx>',
    "smil": "<smil><body><audio src='x'/></body></smil>",
    "openshot": '{"files": [{"path": "/home/me/lesson.mov"}]}',
    "a link": "https://example.org/watch?v=1",
    "another protocol": "concat:a|b",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_playlists_and_project_files(kind: str, encoding: str):
    assert names_other_files(PLAYLISTS[kind].encode(encoding))


@pytest.mark.parametrize(
    "head",
    [
        b"Today the class talked about fractions: one half, one third.\n",
        b"speaker,start,end\nTeacher,0.0,1.5\n",
        b"\x00\x00\x00\x18ftypmp42 see also lesson.mp4 and https://example.org",  # binary, so no playlist
        b"\xff\xfb\x90\x00 lesson.mp3",
        b"",
    ],
)
def test_other_files(head: bytes):
    assert not names_other_files(head)


def test_text_cut_inside_a_character_is_still_text():
    assert names_other_files("#EXTM3U é".encode()[:-1])


def box(name: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(body) + 8 if size is None else size, name) + body


FTYP = box(b"ftyp", b"isom0000")
LARGE_MDAT = struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100)  # 16 bytes of header with the 64-bit size

MP4S = {
    # name: (bytes, unfinished, ends early)
    "whole": (FTYP + box(b"mdat", bytes(100)) + box(b"moov", bytes(50)), False, False),
    "whole, long sizes": (FTYP + LARGE_MDAT + box(b"moov", bytes(50)), False, False),
    "index never written": (FTYP + box(b"mdat", bytes(100)), True, False),
    "cut in its pictures": (FTYP + box(b"mdat", bytes(100), size=5000), True, True),
    "pictures without end": (FTYP + box(b"mdat", bytes(100), size=0), True, False),
    "cut in its index": (FTYP + box(b"mdat", bytes(100)) + box(b"moov", bytes(50), size=900), True, True),
    "index first, then cut": (FTYP + box(b"moov", bytes(50)) + box(b"mdat", bytes(100), size=5000), False, True),
    "old camera, no ftyp": (box(b"wide") + box(b"mdat", bytes(100)), True, False),
    "a picture (HEIC)": (box(b"ftyp", b"heic0000") + box(b"meta", bytes(50)), False, False),
    "something else": (b"PK\x03\x04" + bytes(100), False, False),
    "a box smaller than its header": (FTYP + box(b"mdat", bytes(100), size=4), True, False),
}


@pytest.mark.parametrize("name", MP4S)
def test_walking_the_boxes_of_an_mp4(tmp_path: Path, name: str):
    data, unfinished, early = MP4S[name]
    (tmp_path / "x.mp4").write_bytes(data)
    assert unfinished_mp4(tmp_path / "x.mp4") is unfinished
    assert ends_early(tmp_path / "x.mp4") is early


def riff(size: int, body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", size) + body


@pytest.mark.parametrize(
    ("data", "early"),
    [
        (riff(100, bytes(100)), False),
        (riff(100, bytes(60)), True),
        (riff(99, bytes(100)), False),  # an odd size has a byte of padding
        (riff(100, bytes(100)) + riff(200, bytes(150)), True),  # a large AVI goes on in a second RIFF
        (riff(0, bytes(100)), False),  # written as a stream: nobody said how long it is
        (riff(0xFFFFFFFF, bytes(100)), False),
    ],
)
def test_walking_the_pieces_of_a_wav_or_avi(tmp_path: Path, data: bytes, early: bool):
    (tmp_path / "x.wav").write_bytes(data)
    assert ends_early(tmp_path / "x.wav") is early


def test_names_are_printed_on_one_line():
    assert printable(Path("a/two\nlines\x1b[31m.mp4")) == "two?lines?[31m.mp4"
    assert printable(Path("урок 授業.mp4")) == "урок 授業.mp4"
    assert printable(Path("/")) == "/"


def test_a_name_can_be_printed_without_loading_what_reads_films():
    code = (
        "import sys; from pipelines.media import printable; print('av' in sys.modules, 'imageio_ffmpeg' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False False\n"
