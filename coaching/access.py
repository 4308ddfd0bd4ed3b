"""The only gate: who may do what to which thing, and why. Asked before a byte is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from coaching.errors import BadInput
from coaching.people import Membership


class NotThere(BadInput):
    """There is no such thing, or it is not yours."""


class Action(StrEnum):
    """SEE is facts, media and what was said; MEASURE is the measures, and the talk ribbon, which shows shares of talk;
    DOWNLOAD is files made of it to keep; CHANGE is its name, tags, class and day."""

    SEE = "see"
    MEASURE = "measure"
    COMMENT = "comment"
    DOWNLOAD = "download"
    CORRECT = "correct"
    REPROCESS = "reprocess"
    CHANGE = "change"
    SHARE = "share"
    DELETE = "delete"


class Grant(StrEnum):
    """What an owner may give somebody of a lesson: each is given, and taken back, by itself."""

    SEE = "see"
    MEASURES = "measures"
    COMMENT = "comment"
    DOWNLOAD = "download"


COLLEAGUES = (Membership.TEACHER, Membership.COACH)
"""What somebody must be, at a school of the owner's, to be given a lesson, and for as long as they shall see it. Who
only leads or administers it can be given none: coaching is not evaluation.

A grant is good while it could be given anew: it sleeps while its holder has left, works at no school of the owner's, or
is neither of these there, and while the lesson may not be shown to them for its class's sake (`decide_shown`). It is as
before when that is over. Only its owner ends it for good.
"""

NEEDS: Mapping[Action, frozenset[Grant]] = {
    Action.SEE: frozenset({Grant.SEE}),
    Action.MEASURE: frozenset({Grant.SEE, Grant.MEASURES}),
    Action.COMMENT: frozenset({Grant.SEE, Grant.COMMENT}),
    Action.DOWNLOAD: frozenset({Grant.SEE, Grant.DOWNLOAD}),
}
"""What must have been given for an action; what does not stand here is the owner's alone, whatever was given."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done, and why, in words for the log of whoever asks."""

    allowed: bool
    why: str


def decide(viewer: str, action: Action, owner: str, grants: Set[Grant] = frozenset(), opened: bool = False) -> Decision:
    """May the person `viewer` do `action` to a recording of `owner`, of whose good `grants` they hold these?

    It is the teacher's recording: nobody else may anything, whatever they are at the school, but what the owner granted
    to them by name. A leader and an admin are nobody in particular here: coaching is not evaluation
    (docs/architecture.md). What an admin `opened` with a reason they see while that lasts, and may nothing else with
    (coaching.openings).
    """
    if viewer == owner:
        return Decision(True, f"the owner may {action}")
    if opened and action is Action.SEE:
        return Decision(True, "an admin opened it with a reason, and its owner was told")
    if action not in NEEDS:
        return Decision(False, f"only the owner may {action}")
    if lacking := sorted(NEEDS[action] - grants):
        return Decision(False, f"the owner did not grant {', '.join(lacking)}")
    return Decision(True, f"the owner granted {', '.join(sorted(NEEDS[action]))}")


def require(
    viewer: str, action: Action, owner: str | None, grants: Set[Grant] = frozenset(), opened: bool = False
) -> None:
    """Raises NotThere, the same for what is not there and for what is somebody else's, so that neither tells."""
    if owner is None or not decide(viewer, action, owner, grants, opened).allowed:
        raise NotThere


def decide_shown(coach: bool, coach_only: bool, opted_out: bool, covered: bool = False) -> Decision:
    """May a lesson, or a part of it, be shown to a colleague of its owner, for the sake of the children in it?

    `coach`: whom it is shown to coaches at a school of the owner's, or is the partner of a cycle of the owner's that
    this lesson belongs to and that is not closed. `coach_only`: the families agreed to no more than that.
    `opted_out`: a student is in it who may not be seen by others; `covered`: but no face can be. It says nothing about
    whether anything was granted. An admin's opening does not ask it: that has a reason, an hour and a line in the log.
    """
    if coach:
        return Decision(True, "a coach sees what a class's families agreed to have filmed")
    if coach_only:
        return Decision(False, "the families agreed to teacher and coach")
    if opted_out and not covered:
        return Decision(False, "a student who is opted out is in it")
    return Decision(True, "nothing that was written down about the class keeps it")


def require_class(own: bool) -> None:
    """What is written down of a class, its families and its students is its teacher's alone.

    Raises NotThere, the same for what is not there and for what is others'.
    """
    if not own:
        raise NotThere


def require_clip(given: bool) -> None:
    """A clip that its owner gave somebody by itself opens these seconds to them, and nothing else of the lesson.

    Raises NotThere, the same for what is not there and for what was not given.
    """
    if not given:
        raise NotThere


def require_part(takes_part: bool) -> None:
    """A coaching cycle is its teacher's and its partner's, the partner's while they are colleagues. Taking part in one
    opens no lesson: that is shared by itself.

    Raises NotThere, the same for what is not there and for what is others'.
    """
    if not takes_part:
        raise NotThere


def require_shown(shown: bool) -> None:
    """A teacher's page of progress is theirs, and whom they show it to by name, while these are colleagues. It opens no
    lesson and no cycle.

    Raises NotThere, the same for what is not there and for what is not shown to them.
    """
    if not shown:
        raise NotThere


def sees_of_coaching(roles: Collection[Membership]) -> bool | None:
    """What somebody who is `roles` at a school sees of where coaching stands there: True, all of it, in stages and
    days; False, what is about themselves; None, nothing. It opens no cycle and no lesson to anybody."""
    if Membership.LEADER in roles:
        return True
    return None if set(COLLEAGUES).isdisjoint(roles) else False


def may_administer(roles: Collection[Membership]) -> Decision:
    """May somebody who is `roles` at a school say who works there and as what; see where the work on the lessons of
    those who do stands, start it again, and stop it?

    It is no way to lessons: whatever an admin makes of themselves, no role sees what its owner has not granted.
    """
    if Membership.ADMIN in roles:
        return Decision(True, "an admin of this school may")
    return Decision(False, "only this school's admins may")


def require_admin(roles: Collection[Membership]) -> None:
    """Raises NotThere: other schools and their people are not there, whoever asks."""
    if not may_administer(roles).allowed:
        raise NotThere


VISITORS = (Membership.TEACHER, Membership.COACH, Membership.LEADER)
"""Who visits classrooms of their school without a camera: who only administers it has no call to."""


def decide_visit(visitor: Collection[Membership], teacher: Collection[Membership], own: bool) -> Decision:
    """May somebody who is `visitor` at a school leave what they saw with somebody who is `teacher` there? `own`: these
    are one person."""
    if own:
        return Decision(False, "nobody visits themselves")
    if set(VISITORS).isdisjoint(visitor):
        return Decision(False, "only teachers, coaches and leaders of the school visit")
    return Decision(Membership.TEACHER in teacher, "who is visited teaches at the school")


class Part(StrEnum):
    """What somebody is to a visit: whom it was to, who wrote it, or to whom the teacher passed it on by name."""

    TEACHER = "teacher"
    VISITOR = "visitor"
    READER = "reader"


class OfVisit(StrEnum):
    """What is done with a visit. The teacher deletes it for good; who wrote it takes it back while it is new."""

    SEE = "see"
    ANSWER = "answer"
    PASS_ON = "pass on"  # noqa: S105
    DELETE = "delete"
    TAKE_BACK = "take back"


def decide_visited(part: Part | None, what: OfVisit) -> Decision:
    """A visit is the visited teacher's. Who wrote it reads on; nobody else does, whatever they are at the school,
    unless the teacher passed it on to them."""
    if part is None:
        return Decision(False, "it was neither theirs to write nor to have, and nobody passed it on to them")
    if part is Part.TEACHER:
        return Decision(what is not OfVisit.TAKE_BACK, "it is the teacher's")
    if part is Part.VISITOR and what is OfVisit.TAKE_BACK:
        return Decision(True, "they wrote it")
    return Decision(what is OfVisit.SEE, "they read it")


def require_visited(part: Part | None, what: OfVisit) -> None:
    """Raises NotThere, the same for what is not there and for what is others'."""
    if not decide_visited(part, what).allowed:
        raise NotThere


class OfExemplar(StrEnum):
    """What is done with a clip in a school's library of exemplars. TAKE_BACK is of a comment."""

    SEE = "see"
    SAY = "say"
    TAKE_BACK = "take back"
    PUBLISH = "publish"


def decide_exemplar(what: OfExemplar, own: bool, roles: Collection[Membership], asleep: bool, wrote: bool) -> Decision:
    """May somebody who is `roles` at the school do this with a clip in its library? `own`: they published it;
    `asleep`: it is not shown now; `wrote`: the comment is theirs.

    A school's leaders and admins see none: a teacher publishes for colleagues, and not to be looked at from above.
    """
    if own:
        return Decision(what is not OfExemplar.SAY or not asleep, "they published it")
    if asleep or set(COLLEAGUES).isdisjoint(roles):
        return Decision(False, "it is for the school's teachers and coaches, while it is shown")
    if what is OfExemplar.TAKE_BACK:
        return Decision(wrote, "a comment is its author's, and the teacher's on whose clip it is")
    return Decision(what is not OfExemplar.PUBLISH, "it was published for colleagues")


def require_exemplar(
    what: OfExemplar, own: bool, roles: Collection[Membership], asleep: bool, wrote: bool = False
) -> None:
    """Raises NotThere, the same for what is not there, is not shown, and is another school's."""
    if not decide_exemplar(what, own, roles, asleep, wrote).allowed:
        raise NotThere


KEEPERS = (Membership.COACH, Membership.ADMIN)
"""Who changes a school's codebooks: coaches work with them, admins answer for the school. Teachers have their own
beside it, and leaders read: what is looked for in lessons is not theirs to set."""


def decide_codebook(change: bool, own: bool, roles: Collection[Membership]) -> Decision:
    """May somebody read this codebook, or `change` it? `own`: it is theirs; `roles`: what they are at its school."""
    if own:
        return Decision(True, "their own")
    if not roles:
        return Decision(False, "neither theirs nor their school's")
    if change and not set(KEEPERS) & set(roles):
        return Decision(False, "a school's codebooks are changed by its coaches and admins")
    return Decision(True, "it is their school's")


def require_codebook(change: bool, own: bool, roles: Collection[Membership]) -> None:
    """Raises NotThere."""
    if not decide_codebook(change, own, roles).allowed:
        raise NotThere


ASKERS = (Membership.COACH, Membership.LEADER, Membership.ADMIN)
"""Who asks the staff of their school in a survey."""


class OfSurvey(StrEnum):
    """What is done with a school's survey. SEE is also what was answered, once it is over."""

    SEE = "see"
    ANSWER = "answer"
    DELETE = "delete"


def may_ask(roles: Collection[Membership]) -> Decision:
    """May somebody who is `roles` at a school make a survey there?"""
    return Decision(not set(ASKERS).isdisjoint(roles), "a school’s coaches, leaders and admins ask")


def decide_survey(
    what: OfSurvey, own: bool, left: bool, roles: Collection[Membership], asked: Collection[Membership]
) -> Decision:
    """May somebody who is `roles` at its school do this with a survey that asks those who are `asked`? `own`: they made
    it; `left`: nobody is left who did. Whoever asks does not answer: they would know one of the five."""
    is_asked = not own and not set(asked).isdisjoint(roles)
    if what is OfSurvey.ANSWER:
        return Decision(is_asked, "who is asked answers")
    if own:
        return Decision(may_ask(roles).allowed, "they made it, and may still ask there")
    if what is OfSurvey.DELETE:
        return Decision(left and Membership.ADMIN in roles, "nobody is left who made it")
    return Decision(is_asked or Membership.LEADER in roles or (left and Membership.ADMIN in roles), "who is asked sees")


def require_survey(
    what: OfSurvey, own: bool, left: bool, roles: Collection[Membership], asked: Collection[Membership]
) -> None:
    """Raises NotThere, the same for what is not there and for another school's."""
    if not decide_survey(what, own, left, roles, asked).allowed:
        raise NotThere
