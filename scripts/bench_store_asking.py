"""What pages ask of the database, and the routes that their scripts ask: the very calls that each makes. Not here: an
archive, which asks all of this of each lesson while it is sent, and signing in, which is slow by intent."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, date, timedelta

from bench_store_drawn import Made, Somebody

from coaching.access import Action, NotThere
from coaching.audit import Deed
from coaching.library import Filter, Shown, Whose
from coaching.oversight import Kind as JobKind
from coaching.retention import Policy
from coaching.services import cycles as in_cycles
from coaching.services.calibrating import calibrating
from coaching.services.exemplars import heard
from coaching.services.given_clips import see
from coaching.services.insights import insights
from coaching.services.lessons import spoken
from coaching.services.moments import offered
from coaching.services.progress import look_back
from coaching.services.review import look
from models import Stores

A_PAGE, MORE = 24, 96
"""Cards of the library: at once, and after three times "Show more"."""

A_POLICY = Policy(365)


def own(who: Somebody, rng: random.Random) -> Made:
    """One of their newest, or the one of these of which most was said."""
    newest = who.lessons[:8]
    return max(newest, key=lambda m: m.comments) if rng.random() < 0.5 else rng.choice(newest)


def seen(who: Somebody, rng: random.Random) -> Made:
    return own(who, rng) if who.lessons else rng.choice(who.given)


def frame(s: Stores, who: Somebody, _: random.Random) -> None:
    for _ in range(3):  # the frame, the bell and the page each want to know who looks
        s.accounts.session(who.cookie)
    s.notifications.at(who.id, "UTC")
    s.notifications.unread(who.id)


def library(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.clips_for_me(who.id)
    s.lessons.newest(who.id)
    s.uploads.mine(who.id)
    _cards(s, who, Filter(), A_PAGE)
    s.lessons.clips_for_me(who.id)
    s.lessons.receipts(who.id)


def more(s: Stores, who: Somebody, _: random.Random) -> None:
    _cards(s, who, Filter(), MORE)


def _cards(s: Stores, who: Somebody, filter: Filter, many: int) -> None:
    found = s.lessons.library(who.id, filter, many)
    s.uploads.mine(who.id)
    if found.shown.get(Shown.AT_WORK):
        s.jobs.workers()
    s.retention.films(who.id, [one.id for one in found.lessons])


def searched(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.labels(who.id)
    _cards(s, who, Filter("fraction"), A_PAGE)


def filtered(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.labels(who.id)
    _cards(s, who, Filter(tag="homework", whose=Whose.SHARED, shown=Shown.READY), A_PAGE)


def of_a_year(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.labels(who.id)
    year = date.fromtimestamp(who.lessons[0].added if who.lessons else 0.0) - timedelta(days=365)
    _cards(s, who, Filter(since=year, zone=UTC), A_PAGE)


def review(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = seen(who, rng).id
    s.lessons.listed(who.id, lesson)
    s.cycles.tried_in(who.id, lesson)
    s.retention.film(who.id, lesson)


def stage(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = seen(who, rng)
    found = look(s.lessons, who.id, lesson.id)
    s.lessons.done(who.id, lesson.id, Deed.OPENED)
    s.lessons.views(who.id, lesson.id)
    if who is lesson.owner:
        s.lessons.grants(who.id, lesson.id)
    offered(s.lessons, who.id, found)
    if Action.COMMENT in found.may:
        s.codebooks.offered(who.id, lesson.id)


def notes(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = seen(who, rng)
    s.lessons.noted(who.id, lesson.id)
    s.lessons.comments(who.id, lesson.id)
    if who is lesson.owner:
        s.lessons.clips_given(who.id, lesson.id)
    s.retention.kept_clips(who.id, lesson.id)
    s.lessons.clips(who.id, lesson.id)


def news(s: Stores, who: Somebody, rng: random.Random) -> None:
    s.lessons.noted(who.id, seen(who, rng).id)


def sharing(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = own(who, rng).id
    given, gave = s.lessons.grants(who.id, lesson), s.lessons.clips_given(who.id, lesson)
    s.lessons.listed(who.id, lesson)
    s.consents.standing(who.id, lesson)
    s.consents.present(who.id, lesson)
    if given or gave:
        s.lessons.takers(who.id, lesson)
        s.lessons.clips(who.id, lesson)
    if given:
        s.lessons.comments(who.id, lesson)
    if s.lessons.taken_back(who.id, lesson) or given:
        s.lessons.views(who.id, lesson)
        s.lessons.listed(who.id, lesson)
    if gave:
        s.lessons.clips(who.id, lesson)
        s.lessons.clip_takers(who.id, lesson)
    if s.openings.of(who.id, lesson):
        s.lessons.views(who.id, lesson)
        s.lessons.listed(who.id, lesson)


def not_there(s: Stores, who: Somebody, rng: random.Random) -> None:
    s.consents.present(who.id, own(who, rng).id)


def its_film(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = own(who, rng).id
    s.retention.film(who.id, lesson)
    s.lessons.listed(who.id, lesson)


def captions(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = seen(who, rng).id
    s.lessons.recording(who.id, lesson)
    s.lessons.corrections(who.id, lesson)
    spoken(s.lessons, who.id, lesson)


def handouts(s: Stores, who: Somebody, rng: random.Random) -> None:
    with suppress(NotThere):  # where nobody may keep files of it
        s.handouts.mine(who.id, seen(who, rng).id)


def measures(s: Stores, who: Somebody, rng: random.Random) -> None:
    lesson = seen(who, rng).id
    s.lessons.listed(who.id, lesson)
    insights(s.lessons, who.id, lesson)


def by_ear(s: Stores, who: Somebody, rng: random.Random) -> None:
    calibrating(s.lessons, who.id, own(who, rng).id)


def given(s: Stores, who: Somebody, rng: random.Random) -> None:
    clip = rng.choice(who.clips)
    s.lessons.clips_for_me(who.id)
    see(s.lessons, who.id, clip)
    s.lessons.given_clip(who.id, clip)  # its film
    see(s.lessons, who.id, clip)  # its captions


def faces(s: Stores, who: Somebody, rng: random.Random) -> None:
    clip = rng.choice(who.covered)
    s.faces.faces(who.id, clip)
    s.faces.faces(who.id, clip)  # its film


def exemplars(s: Stores, who: Somebody, _: random.Random) -> None:
    s.exemplars.all(who.id)


def exemplar(s: Stores, who: Somebody, rng: random.Random) -> None:
    one = rng.choice(who.exemplars)
    s.exemplars.one(who.id, one)
    s.exemplars.said(who.id, one)
    s.exemplars.one(who.id, one)  # its film
    heard(s.exemplars, who.id, one)  # its captions


def publishing(s: Stores, who: Somebody, _: random.Random) -> None:
    for place in s.exemplars.places(who.id)[:1]:
        s.exemplars.choices(who.id, place.school)


def coaching(s: Stores, who: Somebody, _: random.Random) -> None:
    s.cycles.cycles(who.id)
    s.cycles.schools(who.id)


def cycle(s: Stores, who: Somebody, rng: random.Random) -> None:
    whole = s.cycles.cycle(who.id, rng.choice(who.cycles))
    for one in whole.lessons:
        in_cycles.name_of(s.lessons, who.id, one.recording)
    in_cycles.agenda(s.lessons, who.id, whole.conference.agenda if whole.conference else ())
    in_cycles.predicted(s.lessons, who.id, whole)
    in_cycles.evidence(s.lessons, who.id, whole)
    s.exemplars.tied(who.id, whole.cycle.id)


def to_choose(s: Stores, who: Somebody, rng: random.Random) -> None:
    in_cycles.to_choose(s.lessons, who.id, s.cycles.cycle(who.id, rng.choice(who.cycles)))


def conference(s: Stores, who: Somebody, rng: random.Random) -> None:
    whole = s.cycles.cycle(who.id, rng.choice(who.cycles))
    moments = in_cycles.agenda(s.lessons, who.id, whole.conference.agenda if whole.conference else ())
    for one in moments[:1]:
        if one.title is not None and s.lessons.recording(who.id, one.item.recording).gone:
            s.retention.kept_clips(who.id, one.item.recording)


def progress(s: Stores, who: Somebody, _: random.Random) -> None:
    look_back(s.progress, s.cycles, s.lessons, who.id, who.id)
    s.progress.readers(who.id)
    s.progress.to_keep(who.id)
    s.progress.shown_by(who.id)
    s.lessons.colleagues(who.id)


def codebooks(s: Stores, who: Somebody, _: random.Random) -> None:
    found = s.codebooks.mine(who.id)
    s.codebooks.places(who.id)
    if found:
        s.codebooks.one(who.id, found[0].id)
        s.codebooks.versions(who.id, found[0].id)


def notifications(s: Stores, who: Somebody, _: random.Random) -> None:
    s.notifications.mine(who.id)
    s.notifications.preferences(who.id)


def walks(s: Stores, who: Somebody, _: random.Random) -> None:
    s.walks.mine(who.id)
    s.walks.months(who.id)


def surveys(s: Stores, who: Somebody, _: random.Random) -> None:
    s.surveys.mine(who.id)
    s.surveys.places(who.id)


def survey(s: Stores, who: Somebody, rng: random.Random) -> None:
    s.surveys.one(who.id, rng.choice(who.asked))


def answers(s: Stores, who: Somebody, rng: random.Random) -> None:
    one = rng.choice(who.surveys)
    s.surveys.one(who.id, one)
    s.surveys.results(who.id, one)


def left(s: Stores, who: Somebody, _: random.Random) -> None:
    s.lessons.receipts(who.id)
    s.lessons.rounds(who.id)
    s.templates.mine(who.id)


def upload(s: Stores, who: Somebody, _: random.Random) -> None:
    s.uploads.classes(who.id)
    s.uploads.teaches_at(who.id)
    s.uploads.look_fors(who.id)
    s.uploads.kept(who.id)
    s.uploads.standing()
    s.uploads.mine(who.id)


def people(s: Stores, who: Somebody, _: random.Random) -> None:
    s.staff.schools(who.id)
    s.staff.members(who.id)
    s.retention.schools(who.id)


def keeping(s: Stores, who: Somebody, rng: random.Random) -> None:
    s.retention.schools(who.id)
    s.retention.forecast(who.id, rng.choice(who.works)[0], A_POLICY)


def jobs(s: Stores, who: Somebody, _: random.Random) -> None:
    s.jobs.overseen(who.id)
    s.jobs.workers()
    s.openings.mine(who.id)
    s.jobs.load()


def ready_jobs(s: Stores, who: Somebody, _: random.Random) -> None:
    s.jobs.overseen(who.id, kind=JobKind.READY, skip=50)
    s.jobs.workers()
    s.openings.mine(who.id)
    s.jobs.load()
