"""The section on questions: the list, and how many there are of each kind where the kinds can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coaching.exports.questions import kinds_are_known, listed_questions
from coaching.lesson import Lesson
from coaching.metrics.question_kinds import Kind
from coaching.metrics.questions import Question
from coaching.spans import clock
from pipelines.report.wording import KINDS


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a row of the list; no kind where the words were too unsure to tell."""

    id: str
    time: str
    text: str
    kind: str
    kind_id: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many questions there are of a kind; `width` in percent of the most frequent one."""

    id: str
    label: str
    count: int
    width: float


class Questions:
    """What may be shown of the teacher's questions: nothing, the list, or the list with its kinds."""

    def __init__(self, lesson: Lesson) -> None:
        found: Sequence[Question] = listed_questions(lesson)
        self._kinds_known = kinds_are_known(lesson)
        self.found = [(f"q{n}", KINDS[q.kind] if self._kinds_known else "", q) for n, q in enumerate(found, 1)]
        """(id in the page, kind in words or empty, question)"""

    @property
    def rows(self) -> list[Asked]:
        return [Asked(i, clock(q.span.start), q.text, kind, _id(q.kind) if kind else "") for i, kind, q in self.found]

    @property
    def kinds(self) -> list[KindCount]:
        """Empty where the kinds cannot be told."""
        if not self._kinds_known:
            return []
        counts = Counter(q.kind for _, _, q in self.found)
        most = max(counts.values(), default=1)
        return [KindCount(_id(k), word, counts[k], 100 * counts[k] / most) for k, word in KINDS.items() if counts[k]]

    @property
    def uncounted(self) -> bool:
        """Whether some of the questions that are listed are not counted."""
        return any(q.kind in (Kind.TAG, Kind.ECHO) for _, _, q in self.found)


def _id(kind: Kind) -> str:
    return str(kind.value).replace("_", "-").replace("/", "-")
