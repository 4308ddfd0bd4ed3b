"""A school in which everybody wrote something everywhere: for the tests of what lies in whose archive.

Every word that is written is one of its own, so that it is found, or missed, by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date

from lessons import lesson
from stores import School

from coaching.access import Grant
from coaching.clips import NewClip
from coaching.coached import Look, NewCycle
from coaching.codebooks import Codebook, Label
from coaching.comments import Audience, NewComment
from coaching.consents import Agreed
from coaching.corrections import Correction
from coaching.corrections import Kind as Put
from coaching.cycles import Kind, Step
from coaching.exemplars import NewExemplar
from coaching.recordings import new_id
from coaching.services.archive import Doors
from coaching.walks import NewWalk, Seen

COACH, COLLEAGUE, OWNER = (f"{who}@school.org" for who in ("coach", "colleague", "owner"))

OWNERS = {
    "ownlesson",
    "ownnote",
    "ownsecret",
    "ownclip",
    "ownname",
    "coachnote",
    "owngoal",
    "ownreflection",
    "ownshared",
    "ownprivate",
    "coachshared",
    "seenhere",
    "owntext",
    "ownlabel",
    "ownclass",
    "ownstudent",
    "ownform",
    "ownexample",
    "colleaguesaid",
    "ownsaid",
    "ownelsewhere",
    "reasoned",
    "owndeleted",
}
"""What the owner wrote, and what others wrote for them to read."""

NOT_OWNERS = {
    "coachsecret",
    "coachprivate",
    "coachtext",
    "colleaguenote",
    "colleaguesecret",
    "colleaguetext",
    "colleaguelabel",
    "colleagueclass",
    "seenthere",
}


def doors(cast: School) -> Doors:
    return Doors(**{field.name: getattr(cast, field.name) for field in fields(Doors)})


@contextmanager
def teaching(cast: School, who: str) -> Iterator[str]:
    """Whose lessons the cast brings meanwhile; their id."""
    before, cast.cast["owner"] = cast.cast["owner"], cast.cast[who]
    yield cast.cast[who]
    cast.cast["owner"] = before


def write_everything(cast: School) -> str:
    """The owner's lesson. Of it and of a colleague's everybody writes whatever they can."""
    coach, colleague, owner = cast.cast["coach"], cast.cast["colleague"], cast.owner
    recording, _ = cast.ready("ownlesson", lesson(name="ownlesson"))
    with teaching(cast, "colleague"):
        theirs, _ = cast.ready("colleaguelesson", lesson(name="colleaguelesson"))
    school = cast.cycles.schools(coach)[0]
    cast.cycles.coach_so(coach, replace(school, covers_faces=False))
    examples = {}
    for who, of, name in (("own", recording, owner), ("colleague", theirs, colleague)):
        cast.lessons.describe(name, of, f"{who}class", date(2020, 9, 1), ())
        (period,) = cast.consents.classes(name)
        cast.consents.write(name, period.id, Agreed.SCHOOL, date(2020, 8, 1), date(2021, 7, 31), f"{who}form")
        clip = cast.lessons.clip(name, of, NewClip(0.0, 6.0, f"{who}clip"))
        examples[who] = cast.exemplars.publish(name, NewExemplar(clip, school.id, f"{who}example", "How long?"))
        cast.templates.keep(name, f"{who}text")
        cast.codebooks.make(name, None, Codebook(f"{who}book", (Label("Talk", f"{who}label"),)))
        for audience, word in ((Audience.LESSON, "note"), (Audience.AUTHOR, "secret")):
            cast.lessons.comment(name, of, NewComment(1.0, f"{who}{word}", audience=audience))
    cast.exemplars.say(colleague, examples["own"], "colleaguesaid")
    cast.exemplars.say(owner, examples["colleague"], "ownsaid")
    cast.lessons.grant(owner, recording, COACH, list(Grant))
    cast.lessons.grant(colleague, theirs, OWNER, list(Grant))
    cast.lessons.comment(owner, theirs, NewComment(2.0, "ownelsewhere"))
    cast.lessons.comment(coach, recording, NewComment(3.0, "coachnote"))
    cast.lessons.comment(coach, recording, NewComment(3.0, "coachsecret", audience=Audience.AUTHOR))
    cast.templates.keep(coach, "coachtext")
    first = lesson().transcript.utterances[0].span
    cast.lessons.correct(owner, recording, Correction(Put.NAME, (first,), text="ownname"))
    _coach(cast, recording)
    for to, word in ((owner, "seenhere"), (colleague, "seenthere")):
        visit = NewWalk(new_id(), school.id, to, "Room 2", (Seen("Choice", f"{word} chose."),))
        cast.walks.add(cast.cast["leader"], visit)
    cast.openings.open(cast.cast["admin"], recording, "A parent asked, reasoned at length.")
    (period,) = cast.consents.classes(owner)
    deleted = cast.bring("owndeleted")
    cast.lessons.delete(owner, deleted, 1, 1000)
    return recording


def _coach(cast: School, recording: str) -> None:
    owner, store = cast.owner, cast.cycles
    cycle = store.begin(owner, NewCycle(Kind.OBSERVE, "Waits", COACH))
    store.set_goal(owner, cycle, "owngoal", ["Pauses"], None)
    store.move(owner, cycle, Step.ON)
    store.take_in(owner, cycle, recording, Look.FIRST)
    store.move(owner, cycle, Step.ON)
    store.reflect(owner, cycle, [("What surprised you?", "ownreflection")])
    store.move(owner, cycle, Step.ON)
    store.move(owner, cycle, Step.ON)
    store.write(owner, cycle, "ownshared", "ownprivate")
    store.write(cast.cast["coach"], cycle, "coachshared", "coachprivate")
