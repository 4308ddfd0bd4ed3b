"""What checking by ear found, as the report and the page of the clips show it."""

from __future__ import annotations

from coaching.calibration import Checked, Estimate, Who
from coaching.checked_sentences import CLASSES, answers_sentence, notes, right_sentence


class Ear:
    """What checked.html asks for."""

    def __init__(self, found: Checked) -> None:
        self._found = found
        self.sentence = right_sentence(found)
        self.answers = answers_sentence(found)
        self.notes = notes(found)
        self.columns = list(CLASSES.values())

    @property
    def right(self) -> Estimate:
        return self._found.right

    @property
    def rows(self) -> list[tuple[str, str, str, list[tuple[int, bool]]]]:
        """Of each class: its name, the machine's share, the corrected one, and how often each answer was given.

        The second of each pair says whether ear and machine agree there.
        """
        return [
            (
                CLASSES[machine],
                f"{self._found.machine[machine]:.0f}%",
                _ranged(self._found.share[machine]),
                [(self._found.answers.counts[machine][said], said is machine) for said in Who],
            )
            for machine in Who
        ]


def _ranged(e: Estimate) -> str:
    return f"{e.value:.0f}% ({e.low:.0f}–{e.high:.0f}%)"
