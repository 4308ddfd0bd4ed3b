"""The pages of which a district's database is asked, and whose navigation leads to each."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass

import bench_store_asking as ask
from bench_store_drawn import Somebody

from coaching.access import ASKERS, COLLEAGUES, VISITORS
from coaching.people import Membership
from coaching.services.insights import lately
from models import Stores

TEACHERS, ADMINS = (Membership.TEACHER,), (Membership.ADMIN,)

Ask = Callable[[Stores, Somebody, random.Random], object]


@dataclass(frozen=True, slots=True)
class Page:
    """`asked_by` are whose navigation leads there; of these, whoever has what `needs` says."""

    name: str
    ask: Ask
    asked_by: Collection[Membership] = frozenset(Membership)
    needs: Callable[[Somebody], object] = lambda _: True

    def is_for(self, who: Somebody) -> bool:
        return not who.roles.isdisjoint(self.asked_by) and bool(self.needs(who))


def _has_lesson(who: Somebody) -> object:
    return who.lessons or who.given


def _owns(who: Somebody) -> object:
    return who.lessons


PAGES = (
    Page("the frame around every page", ask.frame),
    Page("lessons", ask.library),
    Page("lessons, “Show more” three times", ask.more),
    Page("lessons, searched for a word", ask.searched),
    Page("lessons, shared and ready ones with a tag", ask.filtered),
    Page("lessons of a year", ask.of_a_year),
    Page("deleted lessons, rounds, texts of one’s own", ask.left),
    Page("bring a lesson", ask.upload, TEACHERS),
    Page("a lesson", ask.review, needs=_has_lesson),
    Page("a lesson: transcript and measures", ask.stage, needs=_has_lesson),
    Page("a lesson: comments and clips", ask.notes, needs=_has_lesson),
    Page("a lesson: is there news", ask.news, needs=_has_lesson),
    Page("a lesson: captions, ribbon", ask.captions, needs=_has_lesson),
    Page("a lesson: what is made of it", ask.handouts, needs=_has_lesson),
    Page("a lesson: who sees it", ask.sharing, needs=_owns),
    Page("a lesson: who was not there", ask.not_there, needs=_owns),
    Page("a lesson: how long its film is kept", ask.its_film, needs=_owns),
    Page("insights", ask.measures, needs=_has_lesson),
    Page("insights: the trend", lambda s, w, r: lately(s.lessons, w.id, ask.own(w, r).id), needs=_owns),
    Page("checked by ear", ask.by_ear, needs=_owns),
    Page("clips that were given", ask.given, needs=lambda who: who.clips),
    Page("faces in a clip", ask.faces, needs=lambda who: who.covered),
    Page("classes", lambda s, w, _: s.consents.classes(w.id), TEACHERS),
    Page("exemplars", ask.exemplars, COLLEAGUES),
    Page("an exemplar, with its comments", ask.exemplar, COLLEAGUES, lambda who: who.exemplars),
    Page("exemplars: what can be published", ask.publishing, COLLEAGUES),
    Page("coaching", ask.coaching, COLLEAGUES),
    Page("a coaching cycle", ask.cycle, needs=lambda who: who.cycles),
    Page("a coaching cycle: what its agenda could have", ask.to_choose, needs=lambda who: who.cycles),
    Page("a coaching cycle: the conference", ask.conference, needs=lambda who: who.cycles),
    Page("progress", ask.progress, COLLEAGUES),
    Page("codebooks", ask.codebooks),
    Page("notifications", ask.notifications),
    Page("learning walks", ask.walks, VISITORS),
    Page("learning walks: the phone", lambda s, w, _: s.walks.rooms(w.id), VISITORS),
    Page("surveys", ask.surveys),
    Page("surveys: asking", lambda s, w, _: s.surveys.places(w.id), ASKERS),
    Page("a survey that is open", ask.survey, needs=lambda who: who.asked),
    Page("a survey that is over: what was answered", ask.answers, needs=lambda who: who.surveys),
    Page("where coaching stands, also as a table", lambda s, w, _: s.leadership.boards(w.id), VISITORS),
    Page("people, and how long films are kept", ask.people, ADMINS),
    Page("how long films are kept: deciding it", ask.keeping, ADMINS),
    Page("jobs, and what an administrator opened", ask.jobs, ADMINS),
    Page("jobs, the third page of what is ready", ask.ready_jobs, ADMINS),
)
