"""A lesson as people see it: what the machine found, with what was put right on top."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coaching import originals
from coaching.access import Action, require
from coaching.by_ear import fingerprint, unchecked
from coaching.calibrations import corrected_by
from coaching.corrections import Correction, Kind, apply
from coaching.jobs import Jobs
from coaching.lesson import Lesson, RoleGuess
from coaching.library import Receipt
from coaching.metrics import Measured, measure_lesson
from coaching.ports import Lessons, Numbers
from coaching.quality import limits, unsure_share
from coaching.transcript import Role, Transcript

log = logging.getLogger(__name__)

SAID = "you said who the teacher is"
"""Why the teacher is the teacher, where a person said so."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Both values of everything: `machine` as it was found, `lesson` as it is with what people put right.

    `not_carried` are the corrections that found no place in this run; they are kept, and may in another one.
    """

    machine: Lesson
    lesson: Lesson
    not_carried: tuple[Correction, ...] = ()


def corrected(lessons: Lessons, viewer: str, recording: str) -> Corrected:
    """The run that is shown, corrected, measured again, and as its owner's ear has it.

    Raises NotThere where there is nothing to see for them.
    """
    found = unheard(lessons, viewer, recording)
    return replace(found, lesson=corrected_by(found.lesson, lessons.heard(viewer, recording)))


def corrected_of(one: Numbers) -> Lesson:
    """The same of what was read together with others, without what it was before. Of its transcript there is only what
    its numbers were made of anew."""
    return corrected_by(_put_right(one.machine, one.corrections).lesson, one.heard)


def unheard(lessons: Lessons, viewer: str, recording: str) -> Corrected:
    """The same, without what was heard."""
    run = lessons.recording(viewer, recording).run
    return _put_right(lessons.machine(viewer, run.id), lessons.corrections(viewer, recording))


def _put_right(machine: Lesson, corrections: Sequence[Correction]) -> Corrected:
    applied = apply(machine.transcript, corrections)
    if not applied.carried:
        return Corrected(machine, machine, applied.not_carried)
    told = any(c.kind is Kind.ROLE and c.role is Role.TEACHER for c in applied.carried)
    return Corrected(machine, measured_again(machine, applied.transcript, told), applied.not_carried)


def spoken(lessons: Lessons, viewer: str, recording: str) -> Transcript:
    """What was said in the run that is shown, corrected; nothing is measured. Raises NotThere."""
    heard = lessons.transcript(viewer, lessons.recording(viewer, recording).run.id)
    return apply(heard, lessons.corrections(viewer, recording)).transcript


def retry(lessons: Lessons, jobs: Jobs, viewer: str, recording: str) -> None:
    """Do again what failed of the run that is shown. Raises NotThere; BadInput where there is nothing to do."""
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.REPROCESS, facts.owner, facts.given)
    jobs.retry(facts.run.id)


def delete(lessons: Lessons, data: Path, viewer: str, recording: str) -> Receipt:
    """First its rows, then its files; the receipt stays. Raises NotThere.

    Killed in between, the receipt says of which recording files may still lie there: the server at its start, and every
    worker, remove them.
    """
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.DELETE, facts.owner, facts.given)
    receipt = lessons.delete(viewer, facts.id, *originals.measured(data, facts.id))
    originals.remove(data, facts.id)
    log.info("recording deleted", extra={"person": viewer, "recording": facts.id, "count": receipt.files})
    return receipt


def measured_again(machine: Lesson, transcript: Transcript, told: bool) -> Lesson:
    """The lesson with another transcript. `told`: a person said who the teacher is.

    Only the measures are computed that are made of something that differs; the others stay the machine's, as they are.
    Where the voices were not told apart, no role that a person gives makes a measure of anybody's talk. How loud
    teacher and students are was measured for the teacher of before, so it is not known of another one. What an ear said
    of the machine falls away with the roles and times that it was asked about.
    """
    if machine.checked and fingerprint(machine.transcript) != fingerprint(transcript):
        machine = unchecked(machine)
    if not machine.voices_known:
        return replace(machine, transcript=transcript)
    teacher = next((s.id for s in transcript.speakers if s.role is Role.TEACHER), None)
    told = told or teacher != machine.roles.teacher
    roles = RoleGuess(teacher, 1.0, SAID) if told else machine.roles
    quality = machine.quality
    if quality.unsure is not None and [u.text for u in transcript.utterances] != [
        u.text for u in machine.transcript.utterances
    ]:
        quality = replace(quality, unsure=unsure_share(transcript))  # what a person wrote is sure
    if teacher != machine.roles.teacher:
        quality = replace(quality, teacher_db=None, student_db=None)
    return replace(
        machine,
        transcript=transcript,
        quality=quality,
        roles=roles,
        measures=measure_lesson(transcript, quality, Measured(machine.transcript, machine.quality, machine.measures)),
        limits=tuple(dict.fromkeys(limits(quality, transcript).values())),
    )
