"""Who is the teacher, by what people call them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coaching.errors import BadInput
from coaching.readers.lines import Line
from coaching.transcript import Role

TEACHER = frozenset(
    "teacher teachers tutor tutors instructor educator lecturer professor teach lehrer lehrerin lehrkraft profesor "
    "profesora maestro maestra docente".split()
)
STUDENT = frozenset(
    "student students pupil pupils learner learners child children kid kids class stud schüler schülerin schülerinnen "
    "alumno alumna alumnos alumnas estudiante estudiantes".split()
)
SHORT = {"t": Role.TEACHER, "tch": Role.TEACHER, "s": Role.STUDENT, "ss": Role.STUDENT}
SHORT |= {"st": Role.STUDENT, "sts": Role.STUDENT, "stu": Role.STUDENT, "sn": Role.STUDENT}
"""What stands for a role where it is all that is written, numbers apart: T, S3."""

SHOWN = 8
"""How many names a sentence lists."""


def role_of(name: str) -> Role:
    """What a name says of its role, in any case: a word for teachers first, then one for students, else unknown.

    >>> [str(role_of(name)) for name in ("Teacher", "STUDENT_2", "s 3", "Ms. Hill (tutor)", "Anna")]
    ['teacher', 'student', 'student', 'teacher', 'unknown']
    """
    words = re.findall(r"[^\W\d_]+", name.casefold())
    if len(words) == 1 and words[0] in SHORT:
        return SHORT[words[0]]
    if TEACHER & set(words):
        return Role.TEACHER
    return Role.STUDENT if STUDENT & set(words) else Role.UNKNOWN


def roles(lines: Sequence[Line], name: str, teacher: str | None = None, *, rest: bool) -> list[Role]:
    """The role of each line: by its role, else by the name of its voice.

    `teacher` is who a person says is the teacher: then everybody else with a name is a student. Without it, `rest`
    makes those students whose names say nothing, if somebody's says teacher. Raises BadInput where nobody is called
    `teacher`.
    """
    if teacher is not None:
        asked = teacher.strip().casefold()
        mine = [asked in (line.role.casefold(), line.speaker.casefold()) for line in lines]
        if not any(mine) or not asked:
            raise BadInput(f"Nobody in {name} is called {teacher}. {called(lines)}")
        return [
            Role.TEACHER if is_mine else Role.STUDENT if line.who else Role.UNKNOWN
            for is_mine, line in zip(mine, lines, strict=True)
        ]
    said = {(line.role, line.speaker): _said(line) for line in lines}
    students = rest and Role.TEACHER in said.values()
    found = [said[line.role, line.speaker] for line in lines]
    return [
        Role.STUDENT if students and role is Role.UNKNOWN and line.who else role
        for role, line in zip(found, lines, strict=True)
    ]


def called(lines: Sequence[Line]) -> str:
    """A sentence with the names that a file holds, for who must choose one of them."""
    found = list(dict.fromkeys(line.who for line in lines if line.who))
    if not found:
        return "It names nobody."
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"It names: {', '.join(who[:40] for who in found[:SHOWN])}{more}."


def _said(line: Line) -> Role:
    by_role = role_of(line.role)
    return by_role if by_role is not Role.UNKNOWN else role_of(line.speaker)
