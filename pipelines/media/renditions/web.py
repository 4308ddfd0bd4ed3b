"""The video that browsers play, and the sound alone: on the clock of the sound that is analysed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pipelines.media.disk import check_room
from pipelines.media.extract import choose
from pipelines.media.ffmpeg import source
from pipelines.media.phase import opposite
from pipelines.media.probe import MediaInfo
from pipelines.media.renditions import encoders
from pipelines.media.renditions.make import OUT, Unmade, make
from pipelines.media.renditions.picture import Part, Picture, fit, inside, parts_of, unreadable
from pipelines.media.sound import HOLE_S, ahead, mixed
from pipelines.progress import Progress

SOUND_RATE = 48_000
SOUND_KBITS = 64
"""One channel of AAC at this rate is as good as a classroom's microphone; an hour is 29 MB."""

SOUND = ("-c:a", "aac", "-b:a", f"{SOUND_KBITS}k", "-ar", str(SOUND_RATE), "-ac", "1")

LONG_SIDE, SHORT_SIDE = 1280, 720
"""Pixels that an encoded picture has at most."""

COPY_LONG, COPY_SHORT = 1920, 1088
"""Pixels of a picture that is left as it is, at most: phones decode this, and no more, in hardware everywhere."""

COPY_MBITS = 10
"""Megabits a second that are left as they are, at most: a tablet's own 720p (8) passes; a phone's 1080p (17) does not,
with which five viewers would fill a school's access point."""

COPY_FROM = {"mov", "mp4", "mkv"}
"""Containers with a time on every picture, which a copy needs."""

_PROFILES = {"Baseline", "Constrained Baseline", "Main", "High"}
_COPY_SOUND = {"aac", "mp3"}


@dataclass(frozen=True, slots=True)
class WebVideo:
    """`web.mp4`: its size as seen (a copy keeps its turn beside the picture), how it came about, its length in seconds.

    `how` is "remuxed" (the picture is the recorder's own) or "encoded"; `encoder` made the picture ("copy" for none).
    """

    path: Path
    width: int
    height: int
    how: str
    encoder: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class AudioOnly:
    """`audio.m4a`, one channel of AAC, and its length in seconds."""

    path: Path
    duration_s: float


def web_video(
    files: Sequence[MediaInfo],
    folder: Path,
    progress: Progress,
    *,
    threads: int = 1,
    lengths: Sequence[float] | None = None,
) -> WebVideo | None:
    """Write `web.mp4` into `folder`; None where no file has a picture. Its index lies in front, so it plays at once.

    H.264 that browsers play is copied; everything else becomes H.264, upright, at most 720p and 30 pictures a second.
    Several files are always encoded, because each is cut or held where its sound is joined (`lengths`: see
    `parts_of`). Raises BadRecording where a picture cannot be decoded, OutOfSpace, and what `progress` raises.
    """
    if not any(info.video for info in files):
        return None
    out, progress = folder / "web.mp4", _rising(progress)
    parts = parts_of(files, lengths, progress)
    total = parts[-1].start_s + parts[-1].length_s
    alone = [[opposite(p.info, t, lambda: progress(0.0)) for t in choose(p.info, None)] for p in parts]
    picture = parts[0].picture
    if len(parts) == 1 and picture and _copied(parts[0], picture):
        check_room(out, parts[0].info.size + int(total * SOUND_KBITS * 125), "video")
        try:
            make(out, _copy(parts[0], picture, alone[0]), total, progress)
            return WebVideo(out, picture.width, picture.height, "remuxed", "copy", _facts(out)[2])
        except Unmade:  # what the header promised does not hold: encoding sorts it out
            pass
    check_room(out, int(total * (encoders.RATE_KBITS + SOUND_KBITS) * 125), "video")
    for encoder in dict.fromkeys((encoders.encoder(), encoders.SOFTWARE)):  # hardware can be taken, or refuse a size
        try:
            make(out, _encode(parts, alone, encoder, threads), total, progress)
            width, height, duration = _facts(out)
            return WebVideo(out, width, height, "encoded", encoder, duration)
        except Unmade:
            continue
    raise unreadable(next(p.info for p in parts if p.picture), "picture")


def audio_only(
    files: Sequence[MediaInfo], folder: Path, progress: Progress, *, lengths: Sequence[float] | None = None
) -> AudioOnly:
    """Write `audio.m4a` into `folder`: all tracks of all files, mixed and joined as in the sound that is analysed."""
    out = folder / "audio.m4a"
    parts = parts_of(files, lengths, progress, pictures=False)
    total = parts[-1].start_s + parts[-1].length_s
    check_room(out, int(total * SOUND_KBITS * 125), "sound")
    alone = [[opposite(p.info, t, lambda: progress(0.0)) for t in choose(p.info, None)] for p in parts]
    graph = [*_sound(parts, alone), "[a]asplit[sound][beat]"]
    command = [*_inputs(parts, 1), "-filter_complex", ";".join(graph), "-map", "[sound]", *SOUND]
    try:
        make(out, [*command, OUT, "-map", "[beat]", "-ar", "8000"], total, progress)
    except Unmade:
        raise unreadable(files[0], "sound") from None
    return AudioOnly(out, _facts(out)[2])


def _copied(part: Part, picture: Picture) -> bool:
    """Whether browsers play this picture as it is, over a school's network."""
    info = part.info
    small = max(picture.width, picture.height) <= COPY_LONG and min(picture.width, picture.height) <= COPY_SHORT
    thin = info.duration_s is not None and info.size * 8 <= info.duration_s * COPY_MBITS * 1e6
    plays = picture.codec == "h264" and picture.profile in _PROFILES and picture.plain
    return info.container in COPY_FROM and plays and small and thin


def _copy(part: Part, picture: Picture, alone: Sequence[int | None]) -> list[str]:
    """ffmpeg's arguments to copy the picture, and the sound too where it is one track that plays."""
    tracks = choose(part.info, None)
    copied = ["-map", f"0:{picture.index}", "-c:v", "copy"]
    beat = [OUT, "-map", f"0:{picture.index}", "-c", "copy"]
    if len(tracks) == 1 and tracks[0].codec in _COPY_SOUND and tracks[0].channels <= 2 and alone[0] is None:
        return [*_inputs([part], 1), *copied, "-map", f"0:{tracks[0].index}", "-c:a", "copy", *beat]
    graph = ";".join(_sound([part], [alone]))
    return [*_inputs([part], 1), "-filter_complex", graph, *copied, "-map", "[a]", *SOUND, *beat]


def _encode(parts: Sequence[Part], alone: Sequence[Sequence[int | None]], encoder: str, threads: int) -> list[str]:
    """ffmpeg's arguments to encode everything, all parts on a canvas of the first picture's size."""
    first = next(p.picture for p in parts if p.picture)
    width, height = fit(first.width, first.height, LONG_SIDE, SHORT_SIDE)
    graph, done = [], 0
    for i, part in enumerate(parts):
        until = round((part.start_s + part.length_s) * first.rate)  # counted from the start, so that nothing adds up
        # The last goes on for as long as it has pictures: its header may promise more.
        frames = None if part.picture and part is parts[-1] else until - done
        done = until
        graph.append(f"{_seen(i, part, width, height, first.rate, frames)}[v{i}]")
    every = "".join(f"[v{i}]" for i in range(len(parts)))
    graph.append(f"{every}concat=n={len(parts)}:v=1:a=0,split[v][b];[b]fps=1,scale=16:16[beat]")
    command = [*_inputs(parts, threads), "-filter_complex", ";".join(graph)]
    # The sound has a graph of its own: a picture that changes its size in the middle must not begin it anew.
    command += ["-filter_complex", ";".join(_sound(parts, alone)), "-map", "[v]", "-map", "[a]"]
    command += [*encoders.options(encoder, threads), "-fps_mode", "passthrough", *SOUND]
    return [*command, OUT, "-map", "[beat]"]


def _inputs(parts: Sequence[Part], threads: int) -> list[str]:
    return [
        option
        for part in parts
        for option in source(
            part.info.path, "-dts_error_threshold", str(HOLE_S), "-reinit_filter:v", "0", threads=threads
        )
    ]


def _seen(i: int, part: Part, width: int, height: int, rate: Fraction, frames: int | None) -> str:
    """The filters of one part's picture: on the clock from 0 on, at `rate`, inside the canvas, `frames` long."""
    picture = part.picture
    if picture is None:
        return f"color=size={width}x{height}:rate={rate},trim=end_frame={frames},setsar=1,format=yuv420p"
    tracks = choose(part.info, None)
    late = ahead(part.info, [picture.start_s, *(t.start_s for t in tracks)])
    w, h = inside(picture.width, picture.height, (width, height))
    chain = [f"setpts=PTS+{late}/TB"] if late else []
    chain += ["bwdif=deint=interlaced:mode=send_frame"] if picture.interlaced else []
    chain += [f"fps={rate}:start_time=0", f"scale={w}:{h}:out_color_matrix=bt709:out_range=tv", "setsar=1"]
    chain += ["format=yuv420p", f"pad={width}:{height}:-1:-1"]
    if frames is not None:
        chain += ["tpad=stop=-1:stop_mode=clone", f"trim=end_frame={frames}"]
    return f"[{i}:{picture.index}]" + ",".join(chain)


def _sound(parts: Sequence[Part], alone: Sequence[Sequence[int | None]]) -> list[str]:
    """The filters of the whole sound, `[a]`: each part from 0 on; those before the last exactly as long as they are."""
    graph = []
    for i, (part, channels) in enumerate(zip(parts, alone, strict=True)):
        tracks = choose(part.info, None)
        starts = [t.start_s for t in tracks] + ([part.picture.start_s] if part.picture else [])
        chain = mixed(tracks, channels, rate=SOUND_RATE, ahead_s=ahead(part.info, starts), source=i)
        chain += ",asetpts=N/SR/TB"
        if part is not parts[-1]:
            samples = round((part.start_s + part.length_s) * SOUND_RATE) - round(part.start_s * SOUND_RATE)
            chain += f",apad=whole_len={samples},atrim=end_sample={samples}"
        graph.append(f"{chain}[a{i}]")
    every = "".join(f"[a{i}]" for i in range(len(parts)))
    return [*graph, f"{every}concat=n={len(parts)}:v=0:a=1[a]"]


def _rising(progress: Progress) -> Progress:
    """`progress` that never falls, where a second try begins anew."""
    highest = 0.0

    def tell(share: float) -> None:
        nonlocal highest
        highest = max(highest, share)
        progress(highest)

    return tell


def _facts(path: Path) -> tuple[int, int, float]:
    """Width, height (0 for sound alone) and seconds of a file that we made."""
    import av

    with av.open(f"file:{path.absolute()}", format="mp4") as container:
        video = next(iter(container.streams.video), None)
        size = (video.codec_context.width, video.codec_context.height) if video else (0, 0)
        return *size, (container.duration or 0) / 1e6
