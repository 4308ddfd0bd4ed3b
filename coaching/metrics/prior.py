"""How far off the machine's talk shares were on made lessons: the range of a lesson that is not calibrated."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.metrics.measure import Interval
from coaching.quality import AudioQuality


@dataclass(frozen=True, slots=True)
class Prior:
    """Percentage points by which a share may be off either way, and in words how that is known."""

    talk_points: float
    silence_points: float
    source: str

    def around(self, low: float, high: float, points: float) -> Interval:
        """From `low` to `high` percent, `points` wider on both sides, within 0 to 100."""
        return Interval(max(0.0, low - points), min(100.0, high + points), self.source)


MEASURED = "made lessons of 10 to 45 minutes with 5 to 17 students at signal-to-noise ratios of 20 to 8 dB"
"""What the table was measured on. Errors of the teacher's share there: -0.6 to +2.2 points (DIARIZATION.md)."""

MEASURED_ON = "2026-11"
"""When. Measure again (scripts/bench_speech.py) when the diarizer changes, and change the table with it."""

_SOURCE = (
    "the machine’s own error, as measured on made lessons with about this much noise; a real classroom can be harder"
)

BANDS: tuple[tuple[float, Prior], ...] = (
    # At 8 dB and above the share was at most 2.2 points off; 3 covers it. Silence is off by missed and invented speech
    # together: in net 0 to 8% of the speech, so up to 6 points in a lesson that is three quarters speech.
    (8.0, Prior(talk_points=3.0, silence_points=6.0, source=_SOURCE)),
    # Below, one stationary noise at 3 dB was tried: roles stayed right in .99 of the time. 5 and 10 leave room.
    (float("-inf"), Prior(talk_points=5.0, silence_points=10.0, source=_SOURCE)),
)
"""From this signal-to-noise ratio (dB) on, this prior; the first that fits is taken."""


def prior(quality: AudioQuality) -> Prior | None:
    """The prior for a recording of this quality; None where its signal-to-noise ratio could not be measured."""
    if quality.snr_db is None:
        return None
    return next(known for least, known in BANDS if quality.snr_db >= least)
