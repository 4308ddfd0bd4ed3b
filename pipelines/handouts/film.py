"""The film of a clip: cut exactly, H.264 and AAC in an MP4 that plays everywhere, captions drawn in or beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from coaching.errors import BadRecording
from coaching.exports.captions import Caption, stretches
from coaching.handouts import Captions
from coaching.originals import SPARE
from coaching.spans import Span
from pipelines.handouts import lettering
from pipelines.media.disk import check_room, whole_file
from pipelines.media.ffmpeg import source
from pipelines.media.probe import MediaInfo, url
from pipelines.media.renditions import encoders
from pipelines.media.renditions.make import OUT, Unmade, make
from pipelines.media.renditions.picture import Picture, fit, look
from pipelines.media.renditions.web import LONG_SIDE, SHORT_SIDE, SOUND, SOUND_KBITS
from pipelines.progress import Progress

UNREADABLE = "The film of this lesson can’t be read any more. What you wrote is safe. Have its pictures made again."

NEEDED_KBITS = encoders.RATE_KBITS + SOUND_KBITS


def film(
    lesson: MediaInfo,
    part: Span,
    captions: Sequence[Caption],
    how: Captions,
    out: Path,
    progress: Progress,
    *,
    threads: int = 1,
) -> None:
    """Write the `part` of a `lesson` (its web video, or its sound) as the file `out`; `captions` are on its own clock.

    What has no picture becomes sound alone, whose captions can only be beside it. Raises BadInput where captions cannot
    be drawn, BadRecording where the lesson cannot be read, OutOfSpace, and what `progress` raises.
    """
    check_room(out, int(part.duration * NEEDED_KBITS * 125), "film", SPARE)
    picture = look(lesson)
    with beside(out, "captions.vtt") as sign, beside(out, "captions.mov") as drawn:
        cut, heard = sound_of(lesson, part, picture)
        if picture is not None:
            cut += source(lesson.path, *seconds(part), "-an", threads=threads)
        text: list[str] = []
        if captions and how is Captions.SOFT:
            sign.write_text("WEBVTT\n\n00:00.000 --> 00:00.001\n.\n", encoding="ascii")
            cut += ["-protocol_whitelist", "file", "-f", "webvtt", "-i", url(sign)]
            which = "1:s" if picture is None else "2:s"
            text = ["-map", which, "-c:s", "mov_text", "-disposition:s:0", "default"]
        try:
            if picture is None:
                make(out, [*cut, "-map", "0:a:0", *SOUND, *text, OUT, "-map", "0:a:0"], part.duration, progress)
            else:
                width, height = fit(picture.width, picture.height, LONG_SIDE, SHORT_SIDE)
                graph = f"[1:{picture.index}]trim=end={part.duration:.3f},"  # ffmpeg counts from the first
                graph += f"scale={width}:{height}:out_color_matrix=bt709:out_range=tv,setsar=1"
                if captions and how is Captions.BURNED:
                    lettering.write(captions, width, height, part.duration, drawn)
                    cut += ["-protocol_whitelist", "file", "-f", "mov", "-i", url(drawn)]
                    graph += "[bare];[bare][2:v]overlay=0:H-h"
                graph += ",format=yuv420p,split[v][b];[b]fps=1,scale=16:16[beat]"
                command = [*cut, "-filter_complex", graph, "-map", "[v]", "-map", "0:a:0?", *text]
                command += ["-fps_mode", "passthrough", *heard, *SOUND]
                encode(out, command, part.duration, progress, threads)
        except Unmade:
            raise BadRecording(UNREADABLE) from None
    if text:
        _fill(out, captions, part.duration)


def seconds(part: Span) -> tuple[str, ...]:
    return "-ss", f"{part.start:.3f}", "-t", f"{part.duration:.3f}"


def sound_of(lesson: MediaInfo, part: Span, picture: Picture | None) -> tuple[list[str], list[str]]:
    """ffmpeg's first input of a film of this `part`, its sound, and how it is cut."""
    if picture is None or part.start >= picture.start_s:
        return source(lesson.path, *seconds(part), "-vn"), []
    # ffmpeg goes to the first picture, however early it is told to begin, and the sound before it would be lost.
    cut = f"atrim=start={part.start:.3f},asetpts=PTS-{part.start:.3f}/TB"
    return source(lesson.path, "-t", f"{part.end:.3f}", "-vn"), ["-af", cut]


def encode(out: Path, command: Sequence[str], length_s: float, progress: Progress, threads: int) -> None:
    try:
        encoder = encoders.encoder()
        make(out, [*command, *encoders.options(encoder, threads), OUT, "-map", "[beat]"], length_s, progress)
    except Unmade:  # hardware can be taken, or refuse a size
        if encoder == encoders.SOFTWARE:
            raise
        make(out, [*command, *encoders.options(encoders.SOFTWARE, threads), OUT, "-map", "[beat]"], length_s, progress)


def _fill(out: Path, captions: Sequence[Caption], length_s: float) -> None:
    """Put the captions into the film's track of text, whatever stands in it, letter by letter: every way through ffmpeg
    takes something in a text for markup, and loses captions that are shown at once."""
    import av

    with (
        whole_file(out) as filled,
        av.open(url(out), format="mp4") as given,
        av.open(url(filled), "w", format="mp4", options={"movflags": "+faststart"}) as container,
    ):
        into = {stream: container.add_stream_from_template(stream) for stream in given.streams}
        track = into[given.streams.subtitles[0]]
        for span, shown in stretches(captions, length_s):
            text = "\n".join(f"{one.called}: {one.text}" for one in shown).encode()
            said = av.Packet(len(text).to_bytes(2) + text)
            said.stream, said.time_base = track, Fraction(1, 1000)
            said.pts = said.dts = round(span.start * 1000)
            said.duration = round(span.end * 1000) - said.pts
            container.mux(said)
        for packet in given.demux(*given.streams.video, *given.streams.audio):
            if packet.dts is not None:
                packet.stream = into[packet.stream]
                container.mux(packet)


@contextmanager
def beside(out: Path, name: str) -> Iterator[Path]:
    """A place for a helper, which is gone afterwards."""
    helper = out.with_name(f".{out.stem}.{name}")
    try:
        yield helper
    finally:
        helper.unlink(missing_ok=True)
