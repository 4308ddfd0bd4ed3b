"""The whole lesson's sound, once, at 16 kHz, in one file, on the clock of its picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coaching.errors import BadInput, BadRecording
from coaching.spans import clock
from pipelines.audio import RATE
from pipelines.media import sniff
from pipelines.media.ffmpeg import Child, reading
from pipelines.media.phase import opposite
from pipelines.media.probe import AudioTrack, MediaInfo
from pipelines.media.sound import HOLE_S, ahead, mixed
from pipelines.media.wav import WavFile, check_space
from pipelines.progress import Progress

SHORTEST_S = 5
"""Seconds below which there is no lesson to speak of, and no speaker can be told from another."""

LONGEST_S = 12 * 3600
"""Seconds: twelve hours is longer than any school day; a longer recording is a mistake or made to fill the disk."""

MATTERS_S = 2.0
"""Seconds by which a header may be wrong before it is mentioned: picture and sound never end at the same moment."""

LEAST_RATE = 500
"""Bytes a second of the thinnest speech codec (AMR at 4.75 kbit/s), which bounds what a lying header may claim."""

_DAMAGE = re.compile(r"Error submitting packet to decoder|Error while decoding stream")
_NO_CLOCK = {"mp3", "aac", "amr", "flac"}
"""Containers without time stamps: after a piece that is lost, nobody can say how long it was."""

_GUESSED = {"mp3", "mpegts", "mpeg"}
"""Containers whose length libav works out from what is there, so a wrong one is no sign of a missing end."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The sound that was written: its length, that of each part (seconds), and what people should know."""

    duration_s: float
    notes: tuple[str, ...]
    lengths: tuple[float, ...] = ()


def extract_audio(files: Sequence[MediaInfo], out: Path, *, track: int | None, progress: Progress) -> Extracted:
    """Write the sound of `files`, joined in this order, to `out`: WAV, 16 kHz, mono, 16 bits. Memory stays flat.

    `track` None mixes all sound tracks at equal weight (their mean, which cannot clip); N takes the N-th, from 1.
    Several channels become one: stereo is averaged; surround keeps its centre loudest, where the speaker is; other
    sets (several microphones) are averaged. Sound that starts after the picture, or pauses, keeps its time.

    Raises BadInput for a track that is not there, BadRecording where less than `SHORTEST_S` or more than `LONGEST_S`
    can be read, OutOfSpace for a full disk, and lets through what `progress` raises. `out` is then as it was before.
    """
    if not files:
        raise BadInput("There is no recording to read; name at least one file.")
    chosen = [choose(info, track) for info in files]
    lengths = [expected(info) for info in files]
    check_space(out, sum(length or 0 for length in lengths))
    shares = _Shares(progress, [length or info.size / 16_000 for info, length in zip(files, lengths, strict=True)])
    notes: list[str] = []
    parts: list[float] = []
    with WavFile(out) as wav:
        for i, (info, tracks) in enumerate(zip(files, chosen, strict=True)):
            start = wav.seconds
            about = _decode(info, tracks, wav, shares)
            shares.finish_part()
            parts.append(wav.seconds - start)
            notes += [f"{info.name}: {note}" if len(files) > 1 else note for note in about]
            if i:
                notes.append(f"{info.name} was joined at {clock(start)}.")
            if wav.seconds == start:
                raise BadRecording(
                    f"No sound could be read from {info.name}; it is damaged, or its sound lies in another file."
                )
        if wav.seconds < SHORTEST_S:
            raise BadRecording(_too_short(files, wav.seconds))
        progress(1.0)
    return Extracted(wav.seconds, tuple(notes), tuple(parts))


def sound_length(info: MediaInfo, turn: Callable[[], None]) -> float:
    """How many seconds `extract_audio` makes of this file's sound; all of it is decoded, because headers are wrong.

    `turn` is called every piece of sound, and may raise to stop.
    """
    tracks, size = choose(info, None), 0
    with Child(_command(info, tracks, [None] * len(tracks))) as child:
        for data in child.chunks():
            size += len(data)
            turn()
    return size // 2 / RATE


def choose(info: MediaInfo, track: int | None) -> list[AudioTrack]:
    """The tracks to read. Raises BadInput for one that is not there or has no decoder."""
    tracks = info.audio_tracks
    if track is None:
        return [t for t in tracks if t.readable]
    if not 1 <= track <= len(tracks):
        there = "only one sound track" if len(tracks) == 1 else f"sound tracks 1 to {len(tracks)}"
        raise BadInput(f"{info.name} has {there}, and no track {track}.")
    if not tracks[track - 1].readable:
        good = ", ".join(str(i) for i, t in enumerate(tracks, 1) if t.readable)
        raise BadInput(f"Sound track {track} of {info.name} is in a format that cannot be read; choose {good}.")
    return [tracks[track - 1]]


def expected(info: MediaInfo) -> float | None:
    """How long the file probably is, seconds; None where its header does not say. A header's lie is bounded."""
    return None if info.duration_s is None else min(info.duration_s, LONGEST_S, info.size / LEAST_RATE + SHORTEST_S)


def _decode(info: MediaInfo, tracks: Sequence[AudioTrack], wav: WavFile, shares: _Shares) -> list[str]:
    """Append one file's sound to `wav`; returns what people should know about it."""
    start, rest = wav.seconds, b""
    alone = [opposite(info, track, lambda: shares.tell(0.0)) for track in tracks]
    with Child(_command(info, tracks, alone)) as child:
        for data in child.chunks():
            data = rest + data
            whole = len(data) // 2 * 2
            rest = data[whole:]
            wav.write(data[:whole])
            if wav.seconds > LONGEST_S:
                raise BadRecording(
                    f"{info.name} is longer than {LONGEST_S // 3600} hours; cut it into lessons, and give one."
                )
            shares.tell(wav.seconds - start)
    notes = _notes(info, tracks, wav.seconds - start, child)
    if any(channel is not None for channel in alone):
        notes.append("The two channels of the sound cancel each other out; the louder one was used. Check the cable.")
    return notes


def _command(info: MediaInfo, tracks: Sequence[AudioTrack], alone: Sequence[int | None]) -> list[str]:
    """ffmpeg's command: only the chosen tracks are decoded, each put on the recording's clock before they are mixed."""
    ahead_s = ahead(info, [t.start_s for t in tracks])
    graph = mixed(tracks, alone, rate=RATE, ahead_s=ahead_s) + "[out]"
    command = [*reading(info.path, "-dts_error_threshold", str(HOLE_S)), "-filter_complex_threads", "1"]
    command += ["-filter_complex", graph, "-map", "[out]"]
    # Larger pieces than a packet each: for 45 minutes that is 130,000 fewer turns of ours.
    command += ["-f", "s16le", "-c:a", "pcm_s16le", "-ar", str(RATE), "-ac", "1", "-flush_packets", "0", "pipe:1"]
    return command


def _notes(info: MediaInfo, tracks: Sequence[AudioTrack], heard: float, child: Child) -> list[str]:
    notes = []
    unreadable = sum(not t.readable for t in info.audio_tracks)
    if len(tracks) > 1:
        notes.append(f"{len(tracks)} sound tracks were mixed into one.")
    if unreadable and len(tracks) + unreadable == len(info.audio_tracks):
        which = "1 more sound track" if unreadable == 1 else f"{unreadable} more sound tracks"
        notes.append(f"{which} could not be read and had to be left out.")
    ends = [t.end_s for t in tracks if t.end_s is not None]
    header = max(ends) if len(ends) == len(tracks) else info.duration_s
    short = header is not None and info.container not in _GUESSED and heard < header - MATTERS_S
    if header is not None and short:
        notes.append(
            f"The file ends early: its header says {clock(header)}, but only {clock(heard)} could be read. "
            "What is there was analysed."
        )
    elif sniff.ends_early(info.path):
        notes.append(f"The file ends early: its last part is missing. The {clock(heard)} that are there were analysed.")
    elif info.duration_s is not None and heard > info.duration_s + MATTERS_S:
        notes.append(f"The file's header says {clock(info.duration_s)}, but {clock(heard)} could be read, and was.")
    elif header is not None and info.video and info.duration_s is not None and info.duration_s > header + MATTERS_S:
        notes.append(
            f"The sound ends at {clock(heard)}, before the picture, which goes on to {clock(info.duration_s)}."
        )
    damaged = len(_DAMAGE.findall(child.log))
    if damaged:
        lost = "times after them are early" if info.container in _NO_CLOCK else "they are silent here"
        notes.append(f"Damaged pieces of the sound were skipped; {lost}.")
    elif child.failed and not short:
        notes.append(f"The file is damaged after {clock(heard)}. What comes before was analysed.")
    return notes


def _too_short(files: Sequence[MediaInfo], seconds: float) -> str:
    who = f"{files[0].name} is" if len(files) == 1 else f"{files[0].name} and what was joined to it are"
    whole = min(round(seconds), SHORTEST_S - 1)
    return f"{who} {whole} second{'s' * (whole != 1)} long; a lesson needs at least {SHORTEST_S} seconds."


class _Shares:
    """Seconds of sound, part by part, as one share that never falls; below 1 until everything is written."""

    def __init__(self, progress: Progress, expected: Sequence[float]) -> None:
        self._progress = progress
        self._expected = [max(e, 1.0) for e in expected]
        self._part = 0
        self._told = 0.0

    def tell(self, seconds: float) -> None:
        """`seconds` of this part are written. Past what was expected, the rest is approached and never reached."""
        length = self._expected[self._part]
        part = min(seconds, 0.99 * length + 0.01 * length * seconds / (seconds + length))
        done = sum(self._expected[: self._part]) + part
        self._told = max(self._told, min(done / sum(self._expected), 0.999))
        self._progress(self._told)

    def finish_part(self) -> None:
        self._part += 1
