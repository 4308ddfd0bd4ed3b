"""What each page, and each route that a page asks, wants of the database: the very calls that it makes."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from bench_store_drawn import Made, Somebody

from coaching.access import COLLEAGUES, NotThere
from coaching.audit import Deed
from coaching.library import Filter, Shown, Whose
from coaching.oversight import Kind as JobKind
from coaching.people import Membership
from coaching.services import cycles as in_cycles
from coaching.services.calibrating import calibrating
from coaching.services.given_clips import see
from coaching.services.insights import insights, lately
from coaching.services.lessons import spoken
from coaching.services.moments import offered
from coaching.services.progress import look_back
from coaching.services.review import look
from models import Stores

A_PAGE, MORE = 24, 96
"""Cards of the library: at once, and after three times "Show more"."""

ANYBODY = frozenset(Membership)
VISITORS = frozenset({Membership.TEACHER, Membership.COACH, Membership.LEADER})
ADMINS, LEADERS = frozenset({Membership.ADMIN}), frozenset({Membership.LEADER})

Ask = Callable[[Stores, Somebody, random.Random], object]


@dataclass(frozen=True, slots=True)
class Page:
    """`asked_by` are whose navigation leads there; of these, whoever has what `needs` says."""

    name: str
    ask: Ask
    asked_by: Collection[Membership] = ANYBODY
    needs: Callable[[Somebody], object] = lambda _: True

    def is_for(self, who: Somebody) -> bool:
        return not who.roles.isdisjoint(self.asked_by) and bool(self.needs(who))


def _own(who: Somebody, rng: random.Random) -> Made:
    """One of their newest, or the one of these of which most was said."""
    newest = who.lessons[:8]
    return max(newest, key=lambda m: m.comments) if rng.random() < 0.5 else rng.choice(newest)


def _seen(who: Somebody, rng: random.Random) -> Made:
    return _own(who, rng) if who.lessons else rng.choice(who.given)


def _frame(s: Stores, who: Somebody, _: random.Random) -> None:
    s.accounts.session(who.cookie)
    s.notifications.at(who.id, "UTC")
    s.notifications.unread(who.id)


def _library(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.clips_for_me(who.id)
    s.lessons.newest(who.id)
    s.uploads.mine(who.id)
    s.lessons.library(who.id, Filter(), A_PAGE)


def _searched(s: Stores, who: Somebody, rng: random.Random) -> None:
    s.lessons.labels(who.id)
    s.lessons.library(who.id, Filter("fraction"), A_PAGE)
    s.lessons.library(who.id, Filter(tag="homework", whose=Whose.SHARED, shown=Shown.READY), A_PAGE)
    year = date.fromtimestamp(who.lessons[0].added if who.lessons else 0.0) - timedelta(days=365)
    s.lessons.library(who.id, Filter(since=year, zone=UTC), A_PAGE)


def _review(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = _seen(who, rng)
    s.lessons.listed(who.id, lesson.id)
    s.cycles.tried_in(who.id, lesson.id)


def _stage(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = _seen(who, rng)
    seen = look(s.lessons, who.id, lesson.id)
    s.lessons.done(who.id, lesson.id, Deed.OPENED)
    s.lessons.views(who.id, lesson.id)
    if who is lesson.owner:
        s.lessons.grants(who.id, lesson.id)
    offered(s.lessons, who.id, seen)
    s.codebooks.offered(who.id, lesson.id)


def _notes(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = _seen(who, rng)
    s.lessons.noted(who.id, lesson.id)
    s.lessons.comments(who.id, lesson.id)
    if who is lesson.owner:
        s.lessons.clips_given(who.id, lesson.id)
    s.lessons.clips(who.id, lesson.id)


def _sharing(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = _own(who, rng).id
    s.lessons.grants(who.id, lesson)
    s.lessons.clips_given(who.id, lesson)
    s.lessons.colleagues(who.id)
    s.lessons.comments(who.id, lesson)
    s.lessons.clips(who.id, lesson)
    s.lessons.taken_back(who.id, lesson)
    s.lessons.views(who.id, lesson)
    s.lessons.listed(who.id, lesson)
    s.openings.of(who.id, lesson)


def _captions(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = _seen(who, rng).id
    s.lessons.recording(who.id, lesson)
    s.lessons.corrections(who.id, lesson)
    spoken(s.lessons, who.id, lesson)


def _coaching(s: Stores, who: Somebody, _: random.Random) -> None:
    s.cycles.cycles(who.id)
    s.cycles.schools(who.id)


def _cycle(s: Stores, who: Somebody, rng: random.Random) -> None:
    whole = s.cycles.cycle(who.id, rng.choice(who.cycles))
    for one in whole.lessons:
        in_cycles.lesson_of(s.lessons, who.id, one.recording)
    in_cycles.agenda(s.lessons, who.id, whole.conference.agenda if whole.conference else ())
    in_cycles.to_choose(s.lessons, who.id, whole)
    in_cycles.predicted(s.lessons, who.id, whole)
    in_cycles.evidence(s.lessons, who.id, whole)


def _progress(s: Stores, who: Somebody, _: random.Random) -> None:
    look_back(s.progress, s.cycles, s.lessons, who.id, who.id)
    s.progress.readers(who.id)
    s.progress.to_keep(who.id)
    s.progress.shown_by(who.id)
    s.lessons.colleagues(who.id)


def _jobs(s: Stores, who: Somebody, _: random.Random) -> None:
    s.jobs.overseen(who.id)
    s.jobs.workers()
    s.jobs.load()


def _ready(s: Stores, who: Somebody, _: random.Random) -> None:
    s.jobs.overseen(who.id, kind=JobKind.READY, skip=50)


def _people(s: Stores, who: Somebody, _: random.Random) -> None:
    s.staff.schools(who.id)
    s.staff.members(who.id)


def _walks(s: Stores, who: Somebody, _: random.Random) -> None:
    s.walks.mine(who.id)
    s.walks.months(who.id)


def _upload(s: Stores, who: Somebody, _: random.Random) -> None:
    s.uploads.classes(who.id)
    s.uploads.teaches_at(who.id)
    s.uploads.look_fors(who.id)
    s.uploads.kept(who.id)
    s.uploads.standing()


def _codebooks(s: Stores, who: Somebody, _: random.Random) -> None:
    found = s.codebooks.mine(who.id)
    s.codebooks.places(who.id)
    if found:
        s.codebooks.one(who.id, found[0].id)
        s.codebooks.versions(who.id, found[0].id)


def _notifications(s: Stores, who: Somebody, _: random.Random) -> None:
    s.notifications.mine(who.id)
    s.notifications.preferences(who.id)


def _clips(s: Stores, who: Somebody, rng: random.Random) -> None:
    s.lessons.clips_for_me(who.id)
    see(s.lessons, who.id, rng.choice(who.clips))


def _opened(s: Stores, who: Somebody, _: random.Random) -> None:
    s.openings.mine(who.id)


def _left(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.receipts(who.id)
    s.lessons.rounds(who.id)
    s.templates.mine(who.id)


def _films(s: Stores, who: Somebody, rng: random.Random) -> None:
    with suppress(NotThere):  # where nobody may keep files of it
        s.handouts.mine(who.id, _seen(who, rng).id)


def _has_lesson(who: Somebody) -> object:
    return who.lessons or who.given


PAGES = (
    Page("the frame around every page", _frame),
    Page("lessons", _library),
    Page("lessons, “Show more” three times", lambda s, w, _: s.lessons.library(w.id, Filter(), MORE)),
    Page("lessons, searched and filtered", _searched),
    Page("deleted lessons, rounds, texts of one’s own", _left),
    Page("bring a lesson", _upload, (Membership.TEACHER,)),
    Page("a lesson", _review, needs=_has_lesson),
    Page("a lesson: transcript and measures", _stage, needs=_has_lesson),
    Page("a lesson: comments and clips", _notes, needs=_has_lesson),
    Page("a lesson: is there news", lambda s, w, r: s.lessons.noted(w.id, _seen(w, r).id), needs=_has_lesson),
    Page("a lesson: captions, ribbon", _captions, needs=_has_lesson),
    Page("a lesson: what is made of it", _films, needs=_has_lesson),
    Page("a lesson: who sees it", _sharing, needs=lambda who: who.lessons),
    Page("insights", lambda s, w, r: insights(s.lessons, w.id, _seen(w, r).id), needs=_has_lesson),
    Page("insights: the trend", lambda s, w, r: lately(s.lessons, w.id, _own(w, r).id), needs=lambda who: who.lessons),
    Page("checked by ear", lambda s, w, r: calibrating(s.lessons, w.id, _own(w, r).id), needs=lambda who: who.lessons),
    Page("clips that were given", _clips, needs=lambda who: who.clips),
    Page("coaching", _coaching, COLLEAGUES),
    Page("a coaching cycle, conference", _cycle, needs=lambda who: who.cycles),
    Page("progress", _progress, COLLEAGUES),
    Page("codebooks", _codebooks),
    Page("notifications", _notifications),
    Page("learning walks", _walks, VISITORS),
    Page("learning walks: the phone", lambda s, w, _: s.walks.rooms(w.id), VISITORS),
    Page("where coaching stands", lambda s, w, _: s.leadership.boards(w.id), VISITORS),
    Page("people", _people, ADMINS),
    Page("jobs", _jobs, ADMINS),
    Page("jobs, the third page of what is ready", _ready, ADMINS),
    Page("what an administrator opened", _opened, ADMINS),
)
