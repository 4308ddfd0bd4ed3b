"""How far off the machine's talk shares were on made lessons: the range of a lesson that is not calibrated."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.metrics.measure import Interval
from coaching.quality import UNSURE_FLOOR, AudioQuality


@dataclass(frozen=True, slots=True)
class Prior:
    """Percentage points by which a share may be off either way, and in words how that is known."""

    talk_points: float
    silence_points: float
    source: str

    def around(self, low: float, high: float, points: float) -> Interval:
        """From `low` to `high` percent, `points` wider on both sides, within 0 to 100."""
        return Interval(max(0.0, low - points), min(100.0, high + points), self.source)


MEASURED_OVER_S = 600.0
"""The made lessons are this long. In a shorter recording fewer errors average out; a longer one was not measured."""

SHORTEST_S = 1.0
"""Nothing shorter is measured, so that no range is infinite."""

UNSURE_FACTOR = 1.5
"""Where the recognizer was unsure of most of the speech, the voices are hard to tell apart too."""

BANDS: tuple[tuple[float, float, float], ...] = (
    # Eight lessons: teacher's share -0.3 to +2.7 points off, silence +0.1 to +2.3.
    (8.0, 3.0, 6.0),
    # Four lessons at 3 to 8 dB: +0.8 to +3.3 points, silence -1.2 to +1.4.
    (2.0, 5.0, 8.0),
    # Two lessons at 0 and -2.5 dB: +10.2 and +5.8 points, silence +4.2 and +3.0. Lessons such as these are mostly
    # withheld anyway, because their students are fainter than the noise (coaching/quality.py).
    (float("-inf"), 10.0, 12.0),
)
"""From this signal-to-noise ratio (dB) on, so many points of talk and of silence; the first that fits is taken. Errors
on made lessons of ten minutes (docs/benchmarks.md); measure again (scripts/bench_speech.py) when the diarizer changes.
"""


def prior(quality: AudioQuality, duration: float) -> Prior | None:
    """The prior for a recording of this quality and length (s); None where its noise could not be measured.

    In a recording of under ten minutes the points are multiplied by the square root of 600 s / its length, since fewer
    errors average out, and by 1.5 where most of the speech was unsure. Tried on seven real meetings of 30 s, taking who
    talks most for the teacher: two gave no range; in the other five the true share lay in it, in two of these (15 and
    16 points off) only because of the factor for unsure speech.
    """
    if quality.snr_db is None:
        return None
    talk, silence = next((talk, silence) for least, talk, silence in BANDS if quality.snr_db >= least)
    source = (
        "the machine’s own error on made lessons of ten minutes with about this much noise; a real classroom can be "
        "harder"
    )
    factor = 1.0
    if duration < MEASURED_OVER_S:
        factor = (MEASURED_OVER_S / max(duration, SHORTEST_S)) ** 0.5
        source += "; wider here, because the recording is shorter"
    if quality.unsure is not None and quality.unsure > UNSURE_FLOOR:
        factor *= UNSURE_FACTOR
        source += "; wider here, because most of the words were unsure"
    return Prior(talk * factor, silence * factor, source)
